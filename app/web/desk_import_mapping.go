package web

import (
	"github.com/a-h/templ"

	"pasokh/app/complaints"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// templComponent keeps a long signature short.
type templComponent = templ.Component

// importMapping is the form in which the columns are given their meaning.
func (r *req) importMapping(m *views.DeskImport, b *complaints.Batch) error {
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	forms, err := complaints.FormsByTopic(r.ctx, r.db)
	if err != nil {
		return err
	}
	leaves, _ := complaints.Leaves(topics)
	for i, header := range b.Mapping.Headers {
		c := views.ImportColumn{Header: header}
		for _, row := range b.Mapping.Sample {
			if i < len(row) && row[i] != "" {
				c.Samples = append(c.Samples, row[i])
			}
		}
		if c.Header == "" {
			c.Header = r.t("import.nameless", "n", i+1)
		}
		name := complaints.ColumnField(i)
		c.Select = parts.SelectOpts{
			Name: name, Label: r.t("import.meaning_of", "column", c.Header), LabelHidden: true, Small: true, Empty: r.t("import.ignored"), Optional: true,
			Error: m.Errors.Of(r.ctx, name), Options: r.columnOptions(b.Mapping.Columns[i], leaves, forms),
		}
		m.Columns = append(m.Columns, c)
	}
	for _, name := range b.Mapping.Names {
		m.Sheets = append(m.Sheets, parts.Option{Value: name, Label: name, Selected: name == b.Sheet})
	}
	return r.importFixed(m, b, leaves)
}

// columnOptions lists what a column can mean: the fields, and the topics' own
// questions.
func (r *req) columnOptions(chosen complaints.Column, topics []tenants.Topic, forms map[int64]complaints.Form) []parts.Option {
	var list []parts.Option
	for _, c := range complaints.Columns() {
		list = append(list, parts.Option{Value: string(c), Label: r.t("import.field." + string(c)), Selected: c == chosen, Group: r.t("import.group.case")})
	}
	for _, t := range topics {
		for _, q := range forms[t.ID].Questions {
			value := complaints.AnswerField(q.Key)
			list = append(list, parts.Option{
				Value: value, Label: r.in(q.LabelFA, q.LabelEN), Selected: value == string(chosen), Group: r.t("import.group.answers", "topic", r.in(t.NameFA, t.NameEN)),
			})
		}
	}
	return list
}

// importFixed are the values for lines that do not say.
func (r *req) importFixed(m *views.DeskImport, b *complaints.Batch, topics []tenants.Topic) error {
	lists := map[complaints.Column][]parts.Option{}
	for _, k := range complaints.Kinds() {
		lists[complaints.ColumnKind] = append(lists[complaints.ColumnKind], parts.Option{Value: string(k), Label: r.t("complaint.kind." + string(k))})
	}
	for _, c := range complaints.Channels() {
		lists[complaints.ColumnChannel] = append(lists[complaints.ColumnChannel], parts.Option{Value: c, Label: r.t("complaint.channel." + c)})
	}
	for _, t := range topics {
		lists[complaints.ColumnTopic] = append(lists[complaints.ColumnTopic], parts.Option{Value: t.Code, Label: r.in(t.NameFA, t.NameEN)})
	}
	sources, err := tenants.Sources(r.ctx, r.db)
	for _, s := range sources {
		lists[complaints.ColumnSource] = append(lists[complaints.ColumnSource], parts.Option{Value: s.Code, Label: r.in(s.NameFA, s.NameEN)})
	}
	for _, c := range complaints.FixedColumns() {
		name := "fixed-" + string(c)
		for i := range lists[c] {
			lists[c][i].Selected = lists[c][i].Value == b.Mapping.Fixed[c]
		}
		m.Fixed = append(m.Fixed, parts.SelectOpts{
			Name: name, Label: r.t("import.field." + string(c)), Options: lists[c], Empty: r.t("import.from_file"), Error: m.Errors.Of(r.ctx, name), Optional: true,
		})
	}
	return err
}
