package web

import (
	"slices"
	"strconv"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	announcementsPath  = "/platform/announcements"
	announcementsShown = 30
)

// announcements lists what the platform told organizations, above the form of
// another.
func (w *web) announcements(r *req) error { return r.announcementsPage(views.AnnouncementForm{}, nil) }

func (r *req) announcementsPage(typed views.AnnouncementForm, cause error) error {
	before, _ := strconv.ParseInt(r.query("before"), 10, 64)
	r.db.Release()
	list, err := r.w.Root.UnscopedAnnouncements(r.ctx, max(0, before), announcementsShown+1)
	if err != nil {
		return err
	}
	all, err := r.w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	m := views.AnnouncementList{Now: r.now(), Form: typed, Edit: r.can("platform:onboard"), Names: map[int64]string{}}
	m.Form.Errors = views.ErrorsOf(cause)
	for _, t := range all {
		if t.IsPlatform() {
			continue
		}
		m.Names[t.ID] = r.in(t.NameFA, t.NameEN)
		m.Form.Choices = append(m.Form.Choices, parts.Choice{Value: idText(t.ID), Label: m.Names[t.ID], Checked: slices.Contains(typed.Chosen, idText(t.ID))})
	}
	if len(list) > announcementsShown {
		list = list[:announcementsShown]
		m.Next = announcementsPath + "?before=" + idText(list[announcementsShown-1].ID)
	}
	m.Rows = list
	p := r.frame("announce.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.AnnouncementsPage(p, m))
	}
	return r.page(parts.Desk, p, views.AnnouncementsPage(p, m))
}

// announcementCreate tells organizations something, from now on or from a day.
func (w *web) announcementCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.AnnouncementForm{TextFA: f.text("text_fa"), TextEN: f.text("text_en"), From: f.text("from"), Until: f.text("until"), Chosen: f.list("organizations")}
	a := &tenants.Announcement{TextFA: persian.Clean(typed.TextFA), TextEN: persian.Clean(typed.TextEN), FromAt: r.now()}
	if typed.From != "" {
		from, err := persian.ParseDate(typed.From)
		if err != nil {
			return r.announcementsPage(typed, fault.Field("from", "complaint.error.due_unreadable"))
		}
		a.FromAt = from.Time(0, 0, persian.Tehran).UTC()
	}
	if a.UntilAt, err = f.moment("until"); err != nil {
		return r.announcementsPage(typed, err)
	}
	for _, id := range typed.Chosen {
		if n := number(id); n > 0 {
			a.Organizations = append(a.Organizations, n)
		}
	}
	err = r.operate("announcement:create", "announcement", 0, "", func() error { return w.Root.UnscopedAnnounce(r.ctx, a) })
	if fault.Is(err, fault.Invalid) {
		return r.announcementsPage(typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "announce.created")
	return r.done(announcementsPath)
}

// announcementWithdraw takes one back.
func (w *web) announcementWithdraw(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.operate("announcement:withdraw", "announcement", id, "", func() error { return w.Root.UnscopedWithdrawAnnouncement(r.ctx, id) })
	if err != nil {
		return err
	}
	r.flash(parts.Success, "announce.withdrawn")
	return r.done(announcementsPath)
}

// announcementDismiss puts one away for whoever has read it.
func (w *web) announcementDismiss(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		if err := tenants.Dismiss(r.ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "announcement:dismiss", "announcement", id, "")
	})
	if err != nil {
		return err
	}
	return r.done(r.landing())
}
