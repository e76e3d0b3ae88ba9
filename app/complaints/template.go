package complaints

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// TemplateKind says where a template is offered.
type TemplateKind string

// The kinds. Scripts are read out by whoever calls or is called.
const (
	TemplateAnswer   TemplateKind = "answer"
	TemplateInterim  TemplateKind = "interim"
	TemplateQuestion TemplateKind = "question"
	TemplateGuidance TemplateKind = "guidance"
	TemplateRefusal  TemplateKind = "refusal"
	ScriptCall       TemplateKind = "call_script"
	ScriptIntake     TemplateKind = "intake_script"
)

// TemplateKinds lists the kinds in the order they are offered.
func TemplateKinds() []TemplateKind {
	return []TemplateKind{TemplateAnswer, TemplateInterim, TemplateQuestion, TemplateGuidance, TemplateRefusal, ScriptCall, ScriptIntake}
}

// KindsFor are the templates that an act's form offers.
func KindsFor(act Action) []TemplateKind {
	switch act {
	case ActAnswer:
		return []TemplateKind{TemplateAnswer}
	case ActReport:
		return []TemplateKind{TemplateInterim}
	case ActAsk:
		return []TemplateKind{TemplateQuestion}
	case ActSettle:
		return []TemplateKind{TemplateGuidance, TemplateRefusal}
	case ActClose:
		return []TemplateKind{TemplateRefusal}
	}
	return nil
}

// Template is a text that the organization has ready, for every topic or for
// one, with fields in braces.
type Template struct {
	tenants.BaseModel `bun:"table:text_templates,alias:text_template"`
	tenants.Owned
	ID      int64 `bun:",pk"`
	Kind    TemplateKind
	TopicID *int64
	Title   string
	Body    string
	Active  bool
}

// The fields that a template may have.
const (
	FieldName     = "name"     // of the citizen
	FieldCode     = "code"     // of the case, grouped
	FieldTopic    = "topic"    // in Persian
	FieldPromised = "promised" // when the citizen was promised an answer
	FieldUnit     = "unit"     // that has the case
)

// TemplateFields lists the fields in the order they are explained.
func TemplateFields() []string {
	return []string{FieldName, FieldCode, FieldTopic, FieldPromised, FieldUnit}
}

var braces = regexp.MustCompile(`\{([^{}\n]*)\}`)

const (
	maxTemplateTitle = 120
	maxTemplates     = 500
)

// Check normalises a template and finds what is wrong with its fields kind,
// title and body: a field that no case has would go to a citizen unfilled.
func (t *Template) Check() error {
	t.Title, t.Body = persian.CleanLine(t.Title), persian.Clean(t.Body)
	wrong := fault.Fields{}
	if !slices.Contains(TemplateKinds(), t.Kind) {
		wrong.Add("kind", "template.error.kind")
	}
	if n := utf8.RuneCountInString(t.Title); n == 0 || n > maxTemplateTitle {
		wrong.Add("title", "template.error.title")
	}
	if n := utf8.RuneCountInString(t.Body); n == 0 {
		wrong.Add("body", "template.error.body")
	} else if n > MaxText {
		wrong.Add("body", "complaint.error.text_long")
	}
	if !t.fieldsKnown() {
		wrong.Add("body", "template.error.field")
	}
	return wrong.Err()
}

// fieldsKnown tells whether every brace opens a known field and closes it.
func (t *Template) fieldsKnown() bool {
	for _, m := range braces.FindAllStringSubmatch(t.Body, -1) {
		if !slices.Contains(TemplateFields(), m[1]) {
			return false
		}
	}
	return !strings.ContainsAny(braces.ReplaceAllString(t.Body, ""), "{}")
}

// Fill writes the values of a case into the text.
func (t *Template) Fill(values map[string]string) string {
	return braces.ReplaceAllStringFunc(t.Body, func(field string) string {
		if v, ok := values[field[1:len(field)-1]]; ok {
			return v
		}
		return field
	})
}

// Values are what templates say of a case, in Persian: that is what goes to
// the citizen, whatever language the desk is read in. nameless stands where no
// name is known, in Persian, too.
func (f *Folder) Values(nameless string) map[string]string {
	return map[string]string{
		FieldName: cmp.Or(f.Name, nameless), FieldCode: persian.ShowCode(f.Code), FieldTopic: f.TopicFA, FieldUnit: f.UnitFA,
		FieldPromised: persian.LongDateTime(f.PromisedAt),
	}
}

// Templates lists the templates in force of the kinds (all kinds when none is
// given) that suit a topic (any topic when 0), those of the topic first.
func Templates(ctx context.Context, r tenants.Reader, topic int64, kinds ...TemplateKind) ([]Template, error) {
	var list []Template
	q := r.Select(&list).Where("text_template.active").OrderExpr("text_template.topic_id IS NULL, text_template.title, text_template.id")
	if len(kinds) > 0 {
		q = q.Where("text_template.kind IN (?)", tenants.In(kinds))
	}
	if topic != 0 {
		group := r.Select((*tenants.Topic)(nil)).Column("parent_id").Where("topic.id = ? AND topic.parent_id IS NOT NULL", topic)
		q = q.Where("(text_template.topic_id IS NULL OR text_template.topic_id = ? OR text_template.topic_id IN (?))", topic, group)
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "complaints.Templates")
}

// Script is a text to be read out, its fields filled.
type Script struct {
	ID          int64
	Title, Text string
}

// Scripts are the organization's texts of one kind for a case, its values
// filled in: what the caller of the feedback reads out (ScriptCall). For nameless
// see Values.
func Scripts(ctx context.Context, r tenants.Reader, f *Folder, nameless string, kind TemplateKind) ([]Script, error) {
	list, err := Templates(ctx, r, f.TopicID, kind)
	if err != nil {
		return nil, err
	}
	values, scripts := f.Values(nameless), make([]Script, len(list))
	for i := range list {
		scripts[i] = Script{ID: list[i].ID, Title: list[i].Title, Text: list[i].Fill(values)}
	}
	return scripts, nil
}

// AllTemplates lists every template, those out of use too, by kind and title.
func AllTemplates(ctx context.Context, r tenants.Reader) ([]Template, error) {
	var list []Template
	err := r.Select(&list).Order("text_template.kind", "text_template.title", "text_template.id").Limit(maxTemplates).Scan(ctx)
	return list, tenants.Err(err)
}

// TemplateByID reads one template.
func TemplateByID(ctx context.Context, r tenants.Reader, id int64) (*Template, error) {
	t := new(Template)
	return t, tenants.Err(r.Select(t).Where("text_template.id = ?", id).Scan(ctx))
}

// SaveTemplate writes a new template (ID 0) or rewrites one.
func SaveTemplate(ctx context.Context, tx *tenants.Tx, t Template) (*Template, error) {
	act := "template:change"
	if t.ID != 0 {
		if err := tx.Lock(ctx, new(Template), "text_template.id = ?", t.ID); err != nil {
			return nil, err
		}
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	if t.TopicID != nil {
		if _, err := tenants.TopicByID(ctx, tx, *t.TopicID); fault.Is(err, fault.NotFound) {
			return nil, fault.Field("topic", "complaint.error.topic")
		} else if err != nil {
			return nil, err
		}
	}
	var err error
	if t.ID == 0 {
		t.ID, t.Active, act = tenants.NewID(), true, "template:add"
		err = tx.Insert(ctx, &t)
	} else {
		err = tx.Update(ctx, &t, "kind", "topic_id", "title", "body")
	}
	if err != nil {
		return nil, fault.Wrap(err, "complaints.SaveTemplate")
	}
	return &t, audit.Record(ctx, tx, act, "text_template", t.ID, "")
}

// SwitchTemplate puts a template into use or out of it.
func SwitchTemplate(ctx context.Context, tx *tenants.Tx, id int64, on bool) error {
	t := new(Template)
	if err := tx.Lock(ctx, t, "text_template.id = ?", id); err != nil {
		return err
	}
	t.Active = on
	if err := tx.Update(ctx, t, "active"); err != nil {
		return fault.Wrap(err, "complaints.SwitchTemplate")
	}
	act := "template:off"
	if on {
		act = "template:on"
	}
	return audit.Record(ctx, tx, act, "text_template", id, "")
}

// Setting implements tenants.Setting.
func (t *Template) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaTexts, NameFA: t.Title, NameEN: t.Title}
}
