package web

import (
	"bytes"
	"io"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	importsPath = "/desk/imports"
	importRows  = 50
)

// deskImports lists the imports, and takes a new file.
func (w *web) deskImports(r *req) error { return r.importsPage(nil) }

func (r *req) importsPage(cause error) error {
	list, more, err := complaints.Batches(r.ctx, r.db, number(r.query("before")), importRows)
	if err != nil {
		return err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].StaffID
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	if err != nil {
		return err
	}
	m := &views.DeskImports{Errors: views.ErrorsOf(cause)}
	for i := range list {
		b := &list[i]
		who := people[b.StaffID]
		m.Rows = append(m.Rows, views.ImportRow{
			Href: importPath(b.ID), File: b.FileName, Who: r.in(who.FA, who.EN), State: b.State, Lines: b.Total, Wrong: b.Wrong, At: b.CreatedAt,
		})
	}
	if more {
		m.Next = importsPath + "?before=" + idText(list[len(list)-1].ID)
	}
	p := r.frame("import.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.DeskImportsPage(p, m))
	}
	return r.page(parts.Desk, p, views.DeskImportsPage(p, m))
}

func importPath(id int64) string { return importsPath + "/" + idText(id) }

// deskImportCreate keeps a file and reads its beginning.
func (w *web) deskImportCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	b, err := r.keepImport(f)
	if fault.Is(err, fault.Invalid) {
		return r.importsPage(err)
	}
	if err != nil {
		return err
	}
	return r.done(importPath(b.ID))
}

func (r *req) keepImport(f form) (*complaints.Batch, error) {
	sent := f.uploads("file")
	if len(sent) != 1 {
		return nil, fault.Field("file", "sheet.error.empty")
	}
	body, err := sent[0].Open()
	if err != nil {
		return nil, fault.Wrap(err, "web.keepImport")
	}
	defer body.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(body, sheet.MaxBytes+1))
	if err != nil {
		return nil, fault.Wrap(err, "web.keepImport")
	}
	format, err := sheet.FormatOf(sent[0].Filename, raw)
	if err != nil {
		return nil, err
	}
	r.db.Release()
	if err := r.infected(r.w.Files.Inspect(r.ctx, raw)); err != nil {
		return nil, err
	}
	table, err := sheet.Read(r.ctx, format, raw, "", complaints.SampleRows)
	if err != nil {
		return nil, err
	}
	key, err := r.w.Files.Keep(r.db, raw)
	if err != nil {
		return nil, err
	}
	var b *complaints.Batch
	err = r.write(func(tx *tenants.Tx) (err error) {
		b, err = complaints.Upload(r.ctx, tx, files.CleanName(sent[0].Filename), format, key, table)
		return err
	})
	return b, err
}

// deskImportSampleCSV and deskImportSampleXLSX are files to begin with.
func (w *web) deskImportSampleCSV(r *req) error {
	pages, err := r.sample()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, pages[0].Rows); err != nil {
		return fault.Wrap(err, "web.sample")
	}
	return r.download("sample.csv", "text/csv; charset=utf-8", b.Bytes())
}

func (w *web) deskImportSampleXLSX(r *req) error {
	pages, err := r.sample()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, r.lang == messages.FA, pages...); err != nil {
		return fault.Wrap(err, "web.sample")
	}
	return r.download("sample.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

// sample is the sheet to fill in, with one line, and the sheet of codes.
func (r *req) sample() ([]sheet.Page, error) {
	s, err := complaints.SampleOf(r.ctx, r.db, r.in)
	if err != nil {
		return nil, err
	}
	var head, line []string
	for _, c := range complaints.Columns() {
		head = append(head, r.t("import.field."+string(c)))
		value := ""
		if key := "import.sample." + string(c); messages.Has(r.lang, key) {
			value = r.t(key)
		}
		if c == complaints.ColumnTopic && len(s.Topics) > 0 {
			value = s.Topics[0][0]
		}
		line = append(line, value)
	}
	codes := [][]string{{r.t("import.list"), r.t("org.code"), r.t("import.list_name")}}
	for _, list := range []struct {
		key  string
		rows [][2]string
	}{{"topic", s.Topics}, {"unit", s.Units}, {"source", s.Sources}, {"district", s.Districts}} {
		for _, row := range list.rows {
			codes = append(codes, []string{r.t("import.field." + list.key), row[0], row[1]})
		}
	}
	for _, k := range complaints.Kinds() {
		codes = append(codes, []string{r.t("import.field.kind"), string(k), r.t("complaint.kind." + string(k))})
	}
	for _, c := range complaints.Channels() {
		codes = append(codes, []string{r.t("import.field.channel"), c, r.t("complaint.channel." + c)})
	}
	return []sheet.Page{{Name: r.t("import.sample_cases"), Rows: [][]string{head, line}}, {Name: r.t("import.sample_codes"), Rows: codes}}, nil
}

// download answers with a file that the browser saves.
func (r *req) download(name, mediaType string, content []byte) error {
	r.c.Set(fiber.HeaderContentType, mediaType)
	r.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	r.c.Set(fiber.HeaderCacheControl, "private, no-store")
	r.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return r.c.Send(content)
}
