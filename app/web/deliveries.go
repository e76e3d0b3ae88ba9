package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const deliveriesPath = "/desk/deliveries"

// deliveryDays are the times that the list can be narrowed to.
var deliveryDays = []string{"1", "7", "30"}

// deliveryQuery is what the address of the list says.
type deliveryQuery struct{ channel, state, days, handled string }

func (r *req) deliveryQuery() deliveryQuery {
	q := deliveryQuery{channel: r.query("channel"), state: r.query("state"), days: r.query("days"), handled: r.query("handled")}
	if !slices.Contains(notify.TroubleChannels(), q.channel) {
		q.channel = ""
	}
	if !slices.Contains(notify.TroubleStates(), q.state) {
		q.state = ""
	}
	if !slices.Contains(deliveryDays, q.days) {
		q.days = ""
	}
	if q.handled != "yes" {
		q.handled = ""
	}
	return q
}

func (q deliveryQuery) to(before int64) string {
	v := url.Values{}
	for key, value := range map[string]string{"channel": q.channel, "state": q.state, "days": q.days, "handled": q.handled} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if before != 0 {
		v.Set("before", idText(before))
	}
	if len(v) == 0 {
		return deliveriesPath
	}
	return deliveriesPath + "?" + v.Encode()
}

func (q deliveryQuery) filter(now time.Time) notify.TroubleFilter {
	f := notify.TroubleFilter{Channel: q.channel, State: q.state, Handled: q.handled != ""}
	if days, err := strconv.Atoi(q.days); err == nil {
		f.Since = now.AddDate(0, 0, -days)
	}
	return f
}

// deliveries lists the messages that did not arrive, newest first.
func (w *web) deliveries(r *req) error {
	q := r.deliveryQuery()
	f := q.filter(r.now())
	f.Before = number(r.query("before"))
	list, more, err := notify.Troubles(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	m := &views.Troubles{Clear: deliveriesPath}
	for i := range list {
		m.Rows = append(m.Rows, r.troubleRow(&list[i]))
	}
	if more {
		m.Next = q.to(list[len(list)-1].ID)
	}
	if f.Before != 0 {
		m.Previous = q.to(0)
	}
	r.deliveryChoices(m, q)
	p := r.frame("deliveries.title")
	return r.page(parts.Desk, p, views.TroublesPage(p, m))
}

func (r *req) deliveryChoices(m *views.Troubles, q deliveryQuery) {
	choose := func(list []string, key, chosen string, without deliveryQuery) (options []parts.Option) {
		for _, v := range list {
			options = append(options, parts.Option{Value: v, Label: r.t("deliveries." + key + "." + v), Selected: v == chosen})
		}
		if chosen != "" {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("deliveries." + key), Value: r.t("deliveries." + key + "." + chosen), Remove: without.to(0)})
		}
		return options
	}
	m.Channels = choose(notify.TroubleChannels(), "channel", q.channel, deliveryQuery{"", q.state, q.days, q.handled})
	m.States = choose(notify.TroubleStates(), "state", q.state, deliveryQuery{q.channel, "", q.days, q.handled})
	m.Days = choose(deliveryDays, "days", q.days, deliveryQuery{q.channel, q.state, "", q.handled})
	m.Handled = choose([]string{"yes"}, "handled", q.handled, deliveryQuery{q.channel, q.state, q.days, ""})
}

func (r *req) troubleRow(t *notify.Troubled) views.TroubleRow {
	row := views.TroubleRow{Message: t.Message, Href: deliveriesPath + "/" + idText(t.ID), Name: r.in(t.Name, t.NameEN), About: r.t("deliveries.about." + aboutKey(t.SubjectKind))}
	if t.Mobile != "" {
		row.Mobile = messages.Digits(r.ctx, persian.MaskMobile(t.Mobile))
	}
	switch t.SubjectKind {
	case "complaint":
		row.About, row.AboutHref = r.t("deliveries.case", "code", persian.ShowCode(t.CaseCode)), casePath(t.SubjectID)
	case "meeting":
		row.AboutHref = "/desk/meetings/" + idText(t.SubjectID)
	}
	return row
}

// aboutKey says what a message is about, in a word of the catalogue.
func aboutKey(kind string) string {
	if slices.Contains([]string{"complaint", "meeting", "directive"}, kind) {
		return kind
	}
	return "other"
}

// delivery is one message that did not arrive, with what can be done.
func (w *web) delivery(r *req) error { return w.deliveryPage(r, views.TroubleForm{}, nil) }

func (w *web) deliveryPage(r *req, typed views.TroubleForm, cause error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	t, err := r.troubled(id)
	if err != nil {
		return err
	}
	m := &views.Trouble{TroubleRow: r.troubleRow(t), Form: typed, Correctable: r.correctable(t)}
	m.Form.Errors = views.ErrorsOf(cause)
	if refused := t.MayResend(); refused != nil {
		m.Refused = r.t(fault.As(refused).Key)
	}
	m.Text = t.Text
	p := r.frame("deliveries.one")
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.TroublePage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.TroublePage(p, m))
	}
	return r.page(parts.Desk, p, views.TroublePage(p, m))
}

// troubled reads a message as far as the person may see what it is about.
func (r *req) troubled(id int64) (*notify.Troubled, error) {
	list, _, err := notify.Troubles(r.ctx, r.db, notify.TroubleFilter{ID: id, Handled: true})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return &list[0], nil
}

// correctable tells whether a wrong number may be what is amiss, and this person
// may mend it.
func (r *req) correctable(t *notify.Troubled) bool {
	return t.SubjectKind == "complaint" && t.CitizenID != nil && r.can("complaint:note") && r.can("complaint:register")
}

// deliveryResendingCreate sends the message again.
func (w *web) deliveryResendingCreate(r *req) error {
	return w.deliveryAct(r, "deliveries.resent", func(tx *tenants.Tx, t *notify.Troubled, typed views.TroubleForm) error {
		_, err := notify.Resend(r.ctx, tx, t.ID, typed.Reason)
		return err
	})
}

// deliveryClosureCreate takes the message off the list.
func (w *web) deliveryClosureCreate(r *req) error {
	return w.deliveryAct(r, "deliveries.put_aside", func(tx *tenants.Tx, t *notify.Troubled, typed views.TroubleForm) error {
		return notify.PutAside(r.ctx, tx, t.ID, typed.Reason)
	})
}

// deliveryNumberCreate gives the citizen of the case the right mobile number.
func (w *web) deliveryNumberCreate(r *req) error {
	return w.deliveryAct(r, "deliveries.corrected", func(tx *tenants.Tx, t *notify.Troubled, typed views.TroubleForm) error {
		if !r.correctable(t) {
			return fault.New(fault.NotFound, "error.not_found")
		}
		return eventless(complaints.CorrectContact(r.ctx, tx, t.SubjectID, typed.Mobile))
	})
}

func (w *web) deliveryAct(r *req, done string, act func(*tenants.Tx, *notify.Troubled, views.TroubleForm) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	t, err := r.troubled(id)
	if err != nil {
		return err
	}
	typed := views.TroubleForm{Reason: f.text("reason"), Mobile: f.text("mobile")}
	err = r.write(func(tx *tenants.Tx) error { return act(tx, t, typed) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.deliveryPage(r, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	if done == "deliveries.corrected" {
		return r.done(deliveriesPath + "/" + idText(id))
	}
	return r.done(deliveriesPath)
}
