package web

import (
	"net/url"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const inboundPath = "/desk/inbound"

// inboundList shows what came in by text message, mail and voice, and waits for
// somebody.
func (w *web) inboundList(r *req) error { return w.inboundPage(r, 0, views.InboundForm{}, nil) }

func (w *web) inboundPage(r *req, failed int64, typed views.InboundForm, cause error) error {
	kind, all := r.query("kind"), r.query("all") == "yes"
	if !slices.Contains([]string{inbound.SMS, inbound.Mail, inbound.Voicemail}, kind) {
		kind = ""
	}
	before := number(r.query("before"))
	list, more, err := inbound.List(r.ctx, r.db, kind, all, before)
	if err != nil {
		return err
	}
	m := &views.Inbound{Kind: kind, All: all, Failed: failed, Form: typed, Now: r.now()}
	if m.Rows, err = r.inboundRows(list); err != nil {
		return err
	}
	if more {
		m.Next = m.Link(kind, all, idText(list[len(list)-1].ID))
	}
	if before != 0 {
		m.Previous = m.Link(kind, all, "")
	}
	m.Form.Errors = views.ErrorsOf(cause)
	p := r.frame("inbound.title")
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.InboundPage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.InboundPage(p, m))
	}
	return r.page(parts.Desk, p, views.InboundPage(p, m))
}

func (r *req) inboundRows(list []inbound.Message) ([]views.InboundRow, error) {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	held, err := files.OfEach(r.ctx, r.db, inbound.FileKind, ids, false)
	var rows []views.InboundRow
	for i := range list {
		m := &list[i]
		row := views.InboundRow{Message: *m, Path: inboundPath + "/" + idText(m.ID), Sender: persian.ShowMobile(m.Sender), Intake: "/desk/intake?inbound=" + idText(m.ID)}
		for _, f := range held {
			if f.SubjectID != m.ID {
				continue
			}
			href := "/desk/files/" + idText(f.ID)
			if f.Sound() {
				row.Sounds = append(row.Sounds, href)
				continue
			}
			row.Files = append(row.Files, parts.FileItem{ID: idText(f.ID), Name: f.Name, Size: f.Size, Href: href})
		}
		rows = append(rows, row)
	}
	return rows, err
}

// inboundAttachmentCreate puts what came in to a case.
func (w *web) inboundAttachmentCreate(r *req) error {
	return w.inboundAct(r, "inbound.attached", func(tx *tenants.Tx, id int64, typed views.InboundForm) error {
		_, err := inbound.Attach(r.ctx, tx, id, typed.Code)
		return err
	})
}

// inboundClosureCreate takes it off the list.
func (w *web) inboundClosureCreate(r *req) error {
	return w.inboundAct(r, "inbound.finished", func(tx *tenants.Tx, id int64, typed views.InboundForm) error {
		return inbound.Finish(r.ctx, tx, id, typed.Note)
	})
}

func (w *web) inboundAct(r *req, done string, act func(*tenants.Tx, int64, views.InboundForm) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.InboundForm{Code: f.text("code"), Note: f.text("note")}
	err = r.write(func(tx *tenants.Tx) error { return act(tx, id, typed) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.inboundPage(r, id, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(inboundPath)
}

// inboundIntake is the intake form filled from what came in.
func (r *req) inboundIntake(id int64) (form, error) {
	m, err := inbound.ByID(r.ctx, r.db, id)
	if err != nil {
		return form{}, err
	}
	v := url.Values{"inbound": {idText(m.ID)}, "text": {m.Text}, "channel": {map[string]string{inbound.SMS: "sms", inbound.Mail: "email", inbound.Voicemail: "voicemail"}[m.Kind]}}
	if m.Text == "" {
		v.Set("text", m.Title)
	}
	if mobile, ok := persian.Mobile(m.Sender); ok {
		v.Set("lookup", mobile)
	}
	return form{values: v}, nil
}
