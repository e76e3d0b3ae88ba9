package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/sheet"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	// auditYear is the longest period that one file holds.
	auditYear = 366 * 24 * time.Hour
	// auditSheetLines is how many lines go on paper.
	auditSheetLines = 500
	// auditExportTime is how long a slow reader may take for a file.
	auditExportTime = 10 * time.Minute
)

// bounded is the filter with a period: as typed, else the year that ends now. A
// longer one is an error at its beginning.
func (r *req) bounded(q auditQuery) (audit.Filter, error) {
	f, err := r.auditFilter(q)
	if err != nil {
		return f, err
	}
	f.Before = audit.Cursor{}
	if f.Until.IsZero() {
		f.Until = r.now().Add(time.Second)
	}
	if f.From.IsZero() {
		f.From = f.Until.AddDate(-1, 0, 0)
	}
	if f.Until.Sub(f.From) > auditYear {
		return f, fault.Field("from", "audit.error.year")
	}
	return f, nil
}

// auditExport sends the lines as a file, as they are read. That it was taken is
// on record before the first of them leaves.
func (w *web) auditExport(r *req) error {
	q := r.auditQuery()
	f, err := r.bounded(q)
	if err != nil {
		return r.auditAgain(q, err)
	}
	names, err := r.auditNames()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		return audit.Record(r.ctx, tx, "audit.exported", "audit", 0, exported(q, f))
	})
	if err != nil {
		return err
	}
	r.c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	r.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	r.c.Set(fiber.HeaderCacheControl, "private, no-store")
	r.c.Set(fiber.HeaderContentDisposition, `attachment; filename="audit.csv"`)
	if r.c.Method() == fiber.MethodHead {
		return nil
	}
	x := &auditFile{words: r.outliving(), names: names, filter: f}
	r.c.Context().SetBodyStreamWriter(x.send)
	return nil
}

// exported says for the record what was taken.
func exported(q auditQuery, f audit.Filter) string {
	detail := f.From.Format(time.DateOnly) + " " + f.Until.Format(time.DateOnly)
	for name, value := range map[string]string{"who": q.who, "act": q.act, "kind": q.kind} {
		if value != "" {
			detail += " " + name + "=" + value
		}
	}
	return detail
}

// outliving is what of a request is still there when it has ended: language and
// organization, and a door of its own.
func (r *req) outliving() *req {
	return &req{w: r.w, lang: r.lang, tenant: r.tenant, principal: r.principal, ctx: messages.With(context.Background(), r.lang)}
}

// auditFile is a file that is being sent; it holds nothing of its request.
type auditFile struct {
	words  *req
	names  []auditName
	filter audit.Filter
}

func (x *auditFile) send(out *bufio.Writer) {
	ctx, cancel := context.WithTimeout(x.words.ctx, auditExportTime)
	defer cancel()
	db := x.words.w.Root.For(x.words.tenant)
	defer db.Release()
	table := csv.NewWriter(out)
	table.UseCRLF = true
	_, err := out.WriteString("\ufeff")
	if err == nil {
		err = table.Write(x.head())
	}
	if err == nil {
		err = audit.Each(ctx, db, x.filter, func(list []audit.Entry) error { return x.rows(table, list) })
	}
	if err != nil {
		x.words.w.Log.Error("the export of the audit was cut short", "error", err)
		_ = table.Write([]string{x.words.t("audit.incomplete")}) // whoever reads the file sees that it ends early
	}
	table.Flush()
}

func (x *auditFile) head() (cells []string) {
	for _, key := range []string{"number", "day", "time", "who", "what", "code", "about", "object_id", "detail", "hash"} {
		cells = append(cells, x.words.t("audit."+key))
	}
	return cells
}

func (x *auditFile) rows(table *csv.Writer, list []audit.Entry) error {
	r := x.words
	for i := range list {
		e := &list[i]
		at, object := e.At.In(persian.Tehran), ""
		if e.ObjectID != 0 && !r.closed(e) {
			object = idText(e.ObjectID)
		}
		cells := []string{
			strconv.FormatInt(e.Seq, 10), persian.DateOf(at).String(), at.Format(time.TimeOnly), r.whoWord(e, x.names), r.actWord(e.Act), e.Act,
			r.kindWord(e.ObjectKind), object, r.auditDetail(e), e.Hash,
		}
		for n := range cells {
			cells[n] = sheet.Safe(cells[n])
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// auditSheet is the record on paper.
func (w *web) auditSheet(r *req) error {
	q := r.auditQuery()
	f, err := r.bounded(q)
	if err != nil {
		return r.auditAgain(q, err)
	}
	var list []audit.Entry
	for len(list) <= auditSheetLines {
		part, more, err := audit.Search(r.ctx, r.db, f)
		if err != nil {
			return err
		}
		if list = append(list, part...); !more {
			break
		}
		f.Before = list[len(list)-1].Cursor()
	}
	m, err := r.auditModel(q, list[:min(len(list), auditSheetLines)])
	if err != nil {
		return err
	}
	m.More = len(list) > auditSheetLines
	m.Note = r.t("audit.sheet_note", "from", messages.Date(r.ctx, f.From), "until", messages.Date(r.ctx, f.Until.Add(-time.Minute)), "n", messages.Number(r.ctx, auditSheetLines))
	err = r.write(func(tx *tenants.Tx) error {
		return audit.Record(r.ctx, tx, "audit.printed", "audit", 0, exported(q, f))
	})
	if err != nil {
		return err
	}
	p := r.frame("audit.title")
	p.Paths.Home = q.to(m.Base, audit.Cursor{})
	return r.page(parts.Print, p, views.AuditSheet(p, m, messages.ShortDate(r.ctx, r.now())))
}
