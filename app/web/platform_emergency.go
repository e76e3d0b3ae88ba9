package web

import (
	"pasokh/app/emergency"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// emergencies shows the platform the grants of one organization and asks for one.
func (w *web) emergencies(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	return r.emergenciesPage(t, views.EmergencyForm{}, nil)
}

func (r *req) emergenciesPage(t *tenants.Tenant, typed views.EmergencyForm, cause error) error {
	r.db.Release()
	db := r.w.Root.For(t)
	defer db.Release()
	list, more, err := emergency.List(r.ctx, db, max(0, number(r.query("before"))))
	if err != nil {
		return err
	}
	m := views.Emergencies{
		Base: views.ConsolePath(t.ID) + "/emergency", Organization: r.in(t.NameFA, t.NameEN), Back: views.ConsolePath(t.ID), Own: r.principal.actor.ID,
		Rows: list, Form: typed, Errors: views.ErrorsOf(cause), Now: r.now(),
	}
	for _, h := range emergency.Hours() {
		m.Hours = append(m.Hours, parts.Option{Value: idText(int64(h)), Label: r.t("emergency.hours_n", "n", h), Selected: typed.Hours == h})
	}
	if more {
		m.Next = m.Base + "?before=" + idText(list[len(list)-1].ID)
	}
	p := r.frame("emergency.title")
	if fault.Is(cause, fault.Conflict) {
		m.Notice, m.Errors = r.t(fault.As(cause).Key), nil
		r.c.Status(byKind[fault.Conflict].status)
		cause = nil
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.EmergenciesPage(p, m))
	}
	return r.page(parts.Desk, p, views.EmergenciesPage(p, m))
}

// emergencyCreate opens a grant for who asks; the organization is told at once.
func (w *web) emergencyCreate(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	in := emergency.Ask{HolderID: r.principal.actor.ID, HolderFA: r.principal.nameFA, HolderEN: r.principal.nameEN, Reason: f.text("reason"), Ticket: f.text("ticket")}
	in.Hours, _ = f.number("hours")
	err = r.operate("emergency:begin", "tenant", t.ID, t.Slug, func() error {
		return w.within(r, t, func(tx *tenants.Tx) error { _, err := emergency.Begin(r.ctx, tx, in); return err })
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return r.emergenciesPage(t, views.EmergencyForm{Reason: in.Reason, Ticket: in.Ticket, Hours: in.Hours}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "emergency.begun")
	return r.done(views.ConsolePath(t.ID) + "/emergency")
}

// emergencyEntryCreate leads the holder over to the organization's host.
func (w *web) emergencyEntryCreate(r *req) error {
	t, id, err := r.emergencyOf()
	if err != nil {
		return err
	}
	word := ""
	err = r.operate("emergency:enter", "tenant", t.ID, t.Slug, func() error {
		return w.within(r, t, func(tx *tenants.Tx) (err error) {
			word, err = emergency.Word(r.ctx, tx, id, r.principal.actor.ID)
			return err
		})
	})
	if err != nil {
		return err
	}
	return r.cross(w.links.Home(t)+"/emergency/"+word, r.in(t.NameFA, t.NameEN))
}

// cross leads to another host. A form must not be answered with another host's
// address (form-action), so the page goes on by itself and has the link besides.
func (r *req) cross(to, name string) error {
	r.c.Set("Refresh", "0; url="+to)
	r.c.Set("Referrer-Policy", "no-referrer")
	p := r.frame("cross.title")
	return r.page(parts.Plain, p, views.CrossPage(p, to, name))
}

// emergencyOf reads the organization and the grant of the path.
func (r *req) emergencyOf() (*tenants.Tenant, int64, error) {
	t, err := r.organizationOf()
	if err != nil {
		return nil, 0, err
	}
	id, err := r.id("grant")
	return t, id, err
}

// emergencyEnd gives the own grant back before its time.
func (w *web) emergencyEnd(r *req) error {
	t, id, err := r.emergencyOf()
	if err != nil {
		return err
	}
	err = r.operate("emergency:end", "tenant", t.ID, t.Slug, func() error {
		return w.within(r, t, func(tx *tenants.Tx) error {
			return emergency.End(r.ctx, tx, id, emergency.ByHolder, r.principal.actor.ID)
		})
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "emergency.ended")
	return r.done(views.ConsolePath(t.ID) + "/emergency")
}
