package web

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskImport shows one batch; while a job works on it, it refreshes itself.
func (w *web) deskImport(r *req) error {
	b, err := r.batch()
	if err != nil {
		return err
	}
	return r.importPage(b, nil, "")
}

func (r *req) batch() (*complaints.Batch, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return complaints.BatchByID(r.ctx, r.db, id)
}

func (r *req) importPage(b *complaints.Batch, cause error, reason string) error {
	m, err := r.importModel(b, cause)
	if err != nil {
		return err
	}
	m.Reason = reason
	p := r.frame("import.page", "file", b.FileName)
	switch {
	case cause != nil:
		return r.again(cause, parts.Desk, p, views.DeskImportPage(p, m, nil))
	case b.Busy():
		m.Done, m.Total = r.w.importProgress(r, b)
		o := views.LiveOpts{ID: "import-live", Every: 1, Stale: r.t("import.stale")}
		return r.livePage(parts.Desk, p, importPath(b.ID), o, views.ImportProgress(m), func(live templComponent) templComponent {
			return views.DeskImportPage(p, m, live)
		})
	case r.fragment() && r.query("v") != "": // the job has ended while the page was watching
		return r.done(importPath(b.ID))
	}
	return r.page(parts.Desk, p, views.DeskImportPage(p, m, nil))
}

// importProgress is how far the job is, as it last said.
func (w *web) importProgress(r *req, b *complaints.Batch) (done, total int) {
	if w.Redis == nil {
		return b.Done, b.Total
	}
	word, err := w.Redis.Get(r.ctx, ImportKey(r.tenant.ID, b.ID)).Result()
	if err != nil {
		return b.Done, b.Total // nothing was said yet
	}
	d, t, _ := strings.Cut(word, "/")
	return int(number(d)), int(number(t))
}

// ImportKey is where the worker says how far an import is.
func ImportKey(tenant, batch int64) string {
	return "pasokh:import:" + strconv.FormatInt(tenant, 10) + ":" + strconv.FormatInt(batch, 10)
}

func (r *req) importModel(b *complaints.Batch, cause error) (*views.DeskImport, error) {
	m := &views.DeskImport{
		Path: importPath(b.ID), File: b.FileName, State: b.State, At: b.CreatedAt, EndedAt: b.EndedAt, Gone: b.PurgedAt != nil, Mappable: b.Mappable(),
		Total: b.Total, Wrong: b.Wrong, Done: b.Done, Ready: b.Ready(), Errors: views.ErrorsOf(cause),
	}
	if b.Refused != "" {
		m.Refused = r.t(b.Refused)
	}
	people, err := staff.Names(r.ctx, r.db, []int64{b.StaffID})
	if err != nil {
		return nil, err
	}
	m.Who = r.in(people[b.StaffID].FA, people[b.StaffID].EN)
	if b.Wrong > 0 && !b.Busy() {
		if err := r.importProblems(m, b); err != nil {
			return nil, err
		}
	}
	if b.State == complaints.BatchApplied || b.State == complaints.BatchUndone {
		if err := r.importCases(m, b); err != nil {
			return nil, err
		}
	}
	if m.Mappable {
		return m, r.importMapping(m, b)
	}
	return m, nil
}

func (r *req) importProblems(m *views.DeskImport, b *complaints.Batch) error {
	list, more, err := complaints.Problems(r.ctx, r.db, b.ID, number(r.query("after")), importRows)
	if err != nil {
		return err
	}
	for i := range list {
		m.Problems = append(m.Problems, r.importProblem(&list[i]))
	}
	if more {
		m.Next = m.Path + "?after=" + idText(list[len(list)-1].ID)
	}
	return nil
}

func (r *req) importProblem(p *complaints.Problem) views.ImportProblem {
	key := p.Key
	for _, own := range []string{"import." + key, "desk." + key} { // said to whoever types for somebody
		if messages.Has(r.lang, own) {
			key = own
			break
		}
	}
	x := views.ImportProblem{Line: p.Line, Column: p.Header, Value: p.Value, Wrong: r.t(key, "line", p.Other)}
	if x.Column == "" {
		x.Column = r.columnName(complaints.Column(p.Field))
	}
	return x
}

// columnName is the name of a field of a registration; an answer is named by
// its question elsewhere.
func (r *req) columnName(c complaints.Column) string {
	if key := "import.field." + string(c); messages.Has(r.lang, key) {
		return r.t(key)
	}
	return r.t("import.field.answer")
}

func (r *req) importCases(m *views.DeskImport, b *complaints.Batch) error {
	list, more, err := complaints.BatchCases(r.ctx, r.db, r.principal.actor, b.ID, number(r.query("after")), importRows)
	if err != nil {
		return err
	}
	topics, err := complaints.AllTopics(r.ctx, r.db)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, t := range topics {
		names[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	for i := range list {
		m.Cases = append(m.Cases, r.importCase(&list[i], names))
	}
	if more {
		m.Next = m.Path + "?after=" + idText(list[len(list)-1].ID)
	}
	if b.State != complaints.BatchApplied {
		return nil
	}
	hands, err := complaints.Touched(r.ctx, r.db, r.principal.actor, b, importRows)
	for i := range hands {
		m.Touched = append(m.Touched, r.importCase(&hands[i], names))
	}
	return err
}

func (r *req) importCase(c *complaints.Complaint, topics map[int64]string) views.ImportCase {
	x := views.ImportCase{Code: persian.ShowCode(c.Code), Topic: topics[c.TopicID], Number: c.ExternalNumber, State: r.t("complaint.state." + string(c.State))}
	if r.can("complaint:read") {
		x.Href = casePath(c.ID)
	}
	return x
}

// deskImportSheet reads the batch from another sheet of its workbook.
func (w *web) deskImportSheet(r *req) error {
	f, b, err := r.batchForm()
	if err != nil {
		return err
	}
	raw, err := w.Files.Kept(r.db, b.Blob)
	if err != nil {
		return err
	}
	table, err := b.Peek(r.ctx, raw, f.text("sheet"))
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.ChooseSheet(r.ctx, tx, b.ID, table) }); err != nil {
		return err
	}
	return r.done(importPath(b.ID))
}

func (r *req) batchForm() (f form, b *complaints.Batch, err error) {
	if f, err = r.form(); err == nil {
		b, err = r.batch()
	}
	return f, b, err
}

// deskImportTrialCreate orders the trial with what the columns mean.
func (w *web) deskImportTrialCreate(r *req) error {
	f, b, err := r.batchForm()
	if err != nil {
		return err
	}
	columns, fixed := make([]complaints.Column, len(b.Mapping.Headers)), map[complaints.Column]string{}
	for i := range columns {
		columns[i] = complaints.Column(f.text(complaints.ColumnField(i)))
	}
	for _, c := range complaints.FixedColumns() {
		if value := f.text("fixed-" + string(c)); value != "" {
			fixed[c] = value
		}
	}
	err = r.write(func(tx *tenants.Tx) error { return complaints.CheckBatch(r.ctx, tx, b.ID, columns, fixed) })
	if fault.Is(err, fault.Invalid) {
		b.Mapping.Columns, b.Mapping.Fixed = columns, fixed
		return r.importPage(b, err, "")
	}
	if err != nil {
		return err
	}
	return r.done(importPath(b.ID))
}

// deskImportApplicationCreate orders the registration of all lines.
func (w *web) deskImportApplicationCreate(r *req) error {
	f, b, err := r.batchForm()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.ImportBatch(r.ctx, tx, b.ID, f.yes("tell")) }); err != nil {
		return err
	}
	return r.done(importPath(b.ID))
}

// undoTime is longer than a request's: a batch has up to 20,000 cases, closed
// together or not at all.
const undoTime = time.Minute

// deskImportUndoingCreate takes the import back.
func (w *web) deskImportUndoingCreate(r *req) error {
	f, b, err := r.batchForm()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(tenants.WithPatience(context.WithoutCancel(r.ctx), 0), undoTime)
	defer cancel()
	err = r.db.Write(ctx, r.principal.actor, func(tx *tenants.Tx) error { return complaints.UndoBatch(ctx, tx, b.ID, f.text("reason")) })
	switch {
	case fault.Is(err, fault.Invalid):
		return r.importPage(b, err, f.text("reason"))
	case fault.Is(err, fault.Conflict) && fault.As(err).Key == "import.conflict.touched":
		r.flash(parts.Warning, "import.touched") // the page lists the cases
	case err != nil:
		return err
	default:
		r.flash(parts.Success, "import.undone_flash")
	}
	return r.done(importPath(b.ID))
}

// deskImportProblems is the list of what is wrong as a file.
func (w *web) deskImportProblems(r *req) error {
	b, err := r.batch()
	if err != nil {
		return err
	}
	list, _, err := complaints.Problems(r.ctx, r.db, b.ID, 0, complaints.MaxProblems)
	if err != nil {
		return err
	}
	rows := [][]string{{r.t("import.line"), r.t("import.column"), r.t("import.value"), r.t("import.problem")}}
	for i := range list {
		x := r.importProblem(&list[i])
		rows = append(rows, []string{strconv.Itoa(x.Line), x.Column, x.Value, x.Wrong})
	}
	var out bytes.Buffer
	if err := sheet.WriteCSV(&out, rows); err != nil {
		return fault.Wrap(err, "web.deskImportProblems")
	}
	return r.download("problems.csv", "text/csv; charset=utf-8", out.Bytes())
}
