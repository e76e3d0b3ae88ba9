package web

import (
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const noticesPath = "/desk/notices"

// deskNotices lists the known issues that are shown before a case is
// registered.
func (w *web) deskNotices(r *req) error {
	list, more, err := complaints.Notices(r.ctx, r.db, cursorOf(r.query("after")))
	if err != nil {
		return err
	}
	topics, districts, err := r.noticeLists()
	if err != nil {
		return err
	}
	m := &views.DeskNotices{}
	if m.Guided, err = complaints.Guided(r.ctx, r.db, r.now().AddDate(0, 0, -30), r.now()); err != nil {
		return err
	}
	for i := range list {
		n := &list[i]
		m.Rows = append(m.Rows, views.DeskNotice{
			Path: noticesPath + "/" + idText(n.ID), Text: r.in(n.TextFA, n.TextEN), About: r.noticeAbout(&n.Notice, topics, districts),
			From: n.StartsAt, Until: n.EndsAt, Answered: n.Answered, Running: n.Running(r.now()), Ahead: n.StartsAt.After(r.now()),
		})
	}
	if more {
		last := list[len(list)-1]
		m.Next = noticesPath + "?after=" + strconv.FormatInt(last.EndsAt.UnixMicro(), 10) + "." + idText(last.ID)
	}
	p := r.frame("org.notices")
	return r.page(parts.Desk, p, views.DeskNoticesPage(p, m))
}

func (r *req) noticeLists() (topics []tenants.Topic, districts []tenants.District, err error) {
	if topics, err = complaints.AllTopics(r.ctx, r.db); err != nil {
		return nil, nil, err
	}
	districts, err = tenants.AllDistricts(r.ctx, r.db)
	return topics, districts, err
}

// noticeAbout names the topic and the district of a notice.
func (r *req) noticeAbout(n *complaints.Notice, topics []tenants.Topic, districts []tenants.District) string {
	about := r.t("org.notice.every_topic")
	if t := topicIn(topics, idOf(n.TopicID)); t != nil {
		about = r.in(t.NameFA, t.NameEN)
	}
	if n.DistrictID != nil {
		about += " · " + views.DistrictName(r.ctx, districts, *n.DistrictID)
	}
	return about
}

func (w *web) deskNoticeNew(r *req) error {
	now := r.now().In(persian.Tehran)
	m := &views.DeskNoticeForm{Fresh: true, From: persian.ShortDateEN(persian.DateOf(now)), FromTime: persian.ClockEN(now)}
	return r.noticeForm(&complaints.Notice{}, m, nil)
}

func (w *web) deskNotice(r *req) error {
	n, err := r.noticeOfPath()
	if err != nil {
		return err
	}
	m := &views.DeskNoticeForm{TextFA: n.TextFA, TextEN: n.TextEN}
	m.From, m.FromTime = typedMoment(n.StartsAt)
	m.Until, m.UntilTime = typedMoment(n.EndsAt)
	return r.noticeForm(n, m, nil)
}

func (r *req) noticeOfPath() (*complaints.Notice, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return complaints.NoticeByID(r.ctx, r.db, id)
}

// typedMoment writes an instant as the fields take it.
func typedMoment(t time.Time) (day, clock string) {
	t = t.In(persian.Tehran)
	return persian.ShortDateEN(persian.DateOf(t)), persian.ClockEN(t)
}

func (r *req) noticeForm(n *complaints.Notice, m *views.DeskNoticeForm, cause error) error {
	m.Action, m.Errors = noticesPath, views.ErrorsOf(cause)
	title := "org.notice.new"
	if n.ID != 0 {
		m.Action, title = noticesPath+"/"+idText(n.ID), "org.notice.edit"
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Topics = r.topicOptions(topics, idOf(n.TopicID))
	districts, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Districts = views.DistrictOptions(r.ctx, districts, idOf(n.DistrictID))
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.DeskNoticePage(p, m))
	}
	return r.page(parts.Desk, p, views.DeskNoticePage(p, m))
}

func (w *web) deskNoticeCreate(r *req) error { return r.saveNotice(&complaints.Notice{}) }

func (w *web) deskNoticeSave(r *req) error {
	n, err := r.noticeOfPath()
	if err != nil {
		return err
	}
	return r.saveNotice(n)
}

func (r *req) saveNotice(n *complaints.Notice) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m := &views.DeskNoticeForm{
		Fresh: n.ID == 0, TextFA: f.text("text_fa"), TextEN: f.text("text_en"), From: f.text("from"), FromTime: f.text("from_time"),
		Until: f.text("until"), UntilTime: f.text("until_time"),
	}
	n.TextFA, n.TextEN, n.TopicID, n.DistrictID = m.TextFA, m.TextEN, idOrNil(f.id("topic")), idOrNil(f.id("district"))
	var unread, late error
	if n.StartsAt, unread = f.beginning("from"); unread == nil {
		n.EndsAt, late = f.moment("until")
	} else {
		_, late = f.moment("until")
	}
	typed := *n
	if err := both(unread, late); err != nil {
		return r.noticeForm(&typed, m, err)
	}
	err = r.write(func(tx *tenants.Tx) error {
		*n = typed // the transaction may run again
		return complaints.SaveNotice(r.ctx, tx, n)
	})
	if fault.Is(err, fault.Invalid) {
		return r.noticeForm(&typed, m, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.notice.saved")
	return r.done(noticesPath)
}

// beginning is moment, where a day without an hour begins at midnight.
func (f form) beginning(field string) (time.Time, error) {
	t, err := f.moment(field)
	if err != nil || t.IsZero() || f.text(field+"_time") != "" {
		return t, err
	}
	return persian.DateOf(t.In(persian.Tehran)).Time(0, 0, persian.Tehran).UTC(), nil
}

func (w *web) deskNoticeEnd(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.EndNotice(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "org.notice.ended")
	return r.done(noticesPath)
}
