package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	notificationsPath = "/desk/notifications"
	settingsPath      = "/desk/settings"
)

// deskNotifications lists what the system has told the person.
func (w *web) deskNotifications(r *req) error {
	all := r.query("tab") == "all"
	list, more, err := notify.Notifications(r.ctx, r.db, r.principal.actor.ID, !all, number(r.query("before")))
	if err != nil {
		return err
	}
	unread, err := notify.Unread(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	p := r.frame("notification.title")
	m := &views.DeskNotifications{Unread: unread, Now: r.now(), Rows: list, Tabs: []parts.Tab{
		{Label: r.t("notification.tab.unread"), Href: notificationsPath, Count: unread, Current: !all},
		{Label: r.t("notification.tab.all"), Href: notificationsPath + "?tab=all", Current: all},
	}}
	if r.can("complaint:read") {
		m.Tabs = append(m.Tabs, parts.Tab{Label: r.t("notification.mentions"), Href: "/desk/mentions"})
	}
	if more {
		m.Next = notificationsPath + "?before=" + idText(list[len(list)-1].ID)
		if all {
			m.Next += "&tab=all"
		}
	}
	return r.page(parts.Desk, p, views.DeskNotificationsPage(p, m))
}

// deskNotificationReading marks one as read, and leads to what it is about when
// it is opened.
func (w *web) deskNotificationReading(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	var n *notify.Notification
	if err := r.write(func(tx *tenants.Tx) (err error) { n, err = notify.MarkRead(r.ctx, tx, id); return err }); err != nil {
		return err
	}
	if f.yes("open") && safeNext(n.Link) != "" {
		return r.done(n.Link)
	}
	return r.done(notificationsPath)
}

// deskNotificationReadings marks all of them as read.
func (w *web) deskNotificationReadings(r *req) error {
	if err := r.write(func(tx *tenants.Tx) error { _, err := notify.MarkRead(r.ctx, tx, 0); return err }); err != nil {
		return err
	}
	r.flash(parts.Success, "notification.all_read")
	return r.done(notificationsPath)
}

// deskSettings is the person's own page: how they want to be told.
func (w *web) deskSettings(r *req) error {
	me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	return r.settingsForm(staff.Preferences{Email: me.Email, Language: me.Language, Digest: me.Digest, Extension: me.Extension}, nil)
}

func (r *req) settingsForm(in staff.Preferences, cause error) error {
	m := &views.Preferences{Email: in.Email, Digest: in.Digest, Extension: in.Extension, Phones: r.can("complaint:register"), Languages: r.languages(in.Language), Errors: views.ErrorsOf(cause)}
	p := r.frame("me.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.DeskSettingsPage(p, m))
	}
	return r.page(parts.Desk, p, views.DeskSettingsPage(p, m))
}

func (r *req) languages(chosen messages.Lang) []parts.Option {
	return choose(messages.Langs, string(messages.Parse(string(chosen))), func(l messages.Lang) (string, string) {
		return string(l), r.t("message.language." + string(l))
	})
}

func (w *web) deskSettingsSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := staff.Preferences{Email: f.text("email"), Language: messages.Parse(f.text("language")), Digest: f.yes("digest"), Extension: f.text("extension")}
	err = r.write(func(tx *tenants.Tx) error { return staff.Prefer(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.settingsForm(in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "me.saved")
	return r.done(settingsPath)
}

// mySettings is the citizen's page: how they want to be told.
func (w *web) mySettings(r *req) error {
	in, err := citizens.PreferencesOf(r.ctx, r.db, r.principal.mobile)
	if err != nil {
		return err
	}
	return r.mySettingsForm(in, nil)
}

func (r *req) mySettingsForm(in citizens.Preferences, cause error) error {
	m := &views.Preferences{Email: in.Email, Courtesy: !in.CourtesyOff, Languages: r.languages(in.Language), Errors: views.ErrorsOf(cause)}
	p := r.frame("my.prefer.title")
	if cause != nil {
		return r.again(cause, parts.Citizen, p, views.MySettingsPage(p, m))
	}
	return r.page(parts.Citizen, p, views.MySettingsPage(p, m))
}

func (w *web) mySettingsSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := citizens.Preferences{Email: f.text("email"), Language: messages.Parse(f.text("language")), CourtesyOff: !f.yes("courtesy")}
	err = r.write(func(tx *tenants.Tx) error { return citizens.Prefer(r.ctx, tx, r.principal.mobile, in) })
	if fault.Is(err, fault.Invalid) {
		return r.mySettingsForm(in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "me.saved")
	return r.done("/my/settings")
}
