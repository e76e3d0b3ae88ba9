package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskCalls is the list of feedback calls, next to call first.
func (w *web) deskCalls(r *req) error {
	list := complaints.CallsDue
	if r.query("list") == string(complaints.CallsLater) {
		list = complaints.CallsLater
	}
	rows, more, err := complaints.CallTasks(r.ctx, r.db, r.principal.actor, list, rowFrom(r.query("after")), 0)
	if err != nil {
		return err
	}
	m := views.Calls{List: list, Now: r.now(), Attempts: r.tenant.Settings.FeedbackAttempts}
	if m.Counts, err = complaints.CallCounts(r.ctx, r.db, r.principal.actor); err != nil {
		return err
	}
	topics, err := r.topicNames()
	if err != nil {
		return err
	}
	for i := range rows {
		m.Rows = append(m.Rows, r.callRow(&rows[i], topics))
	}
	if more {
		last := rows[len(rows)-1]
		m.Next = "/desk/calls?list=" + string(list) + "&after=" + rowPlace(*last.CallAt, last.ID)
	}
	p := r.frame("call.title")
	return r.page(parts.Desk, p, views.CallsPage(p, m))
}

// callRow is one row of the lists of calls.
func (r *req) callRow(t *complaints.CallTask, topics map[int64]string) views.CallRow {
	row := views.CallRow{
		ID: t.ID, Code: persian.ShowCode(t.Code), Topic: topics[t.TopicID], Name: t.Citizen, Text: t.Text, Cycle: t.Cycle,
		Href: callPath(t.ID), CaseHref: casePath(t.ID), Tries: t.Tries, DueAt: t.DueAt, Nameless: t.Nameless(),
	}
	if t.Secret {
		row.Name = r.t("confidential.masked")
	} else if !t.Nameless() {
		row.Mobile = isolated(messages.Digits(r.ctx, r.mobile(t.Mobile)))
	}
	if t.Last != "" {
		row.Last = r.t("complaint.outcome." + t.Last)
	}
	if t.CallAt != nil {
		row.CallAt = *t.CallAt
	}
	if t.HolderID != nil && t.CallAt != nil && t.CallAt.After(r.now()) {
		row.Holder = r.in(t.HolderFA, t.HolderEN)
		row.Mine = *t.HolderID == r.principal.actor.ID
	}
	return row
}

func callPath(id int64) string { return "/desk/calls/" + idText(id) }

// topicNames are the topics' names by their id, also of those not offered any more.
func (r *req) topicNames() (map[int64]string, error) {
	list, err := tenants.Topics(r.ctx, r.db)
	names := make(map[int64]string, len(list))
	for i := range list {
		names[list[i].ID] = r.in(list[i].NameFA, list[i].NameEN)
	}
	return names, err
}

// rowPlace writes the place of a row in a list by time, and rowFrom reads it.
func rowPlace(at time.Time, id int64) string {
	return strconv.FormatInt(at.UnixMicro(), 36) + "." + strconv.FormatInt(id, 36)
}

func rowFrom(s string) complaints.Cursor {
	left, right, _ := strings.Cut(s, ".")
	at, err := strconv.ParseInt(left, 36, 64)
	id, err2 := strconv.ParseInt(right, 36, 64)
	if err != nil || err2 != nil {
		return complaints.Cursor{}
	}
	return complaints.Cursor{Due: instant(at), ID: id}
}

// deskCallNextCreate hands out the call that has waited longest.
func (w *web) deskCallNextCreate(r *req) error { return w.nextCall(r, "call.none") }

// nextCall leads to the next task, or to the list when there is none.
func (w *web) nextCall(r *req, none string) error {
	var id complaints.ID
	err := r.write(func(tx *tenants.Tx) (err error) {
		id, err = complaints.NextTask(r.ctx, tx)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		r.flash(parts.Info, none)
		return r.done("/desk/calls")
	}
	if err != nil {
		return err
	}
	return r.done(callPath(id))
}

// deskCallTurnCreate puts one call into the hands of whoever asks.
func (w *web) deskCallTurnCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	mine := false
	err = r.write(func(tx *tenants.Tx) (err error) {
		mine, err = complaints.BeginCall(r.ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if !mine {
		r.flash(parts.Warning, "call.taken")
		return r.done("/desk/calls")
	}
	return r.done(callPath(id))
}

// deskCall is the page of one call: whom, what to say, what was heard.
func (w *web) deskCall(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.callPage(r, id, views.CallForm{}, nil)
}

func (w *web) callPage(r *req, id int64, typed views.CallForm, cause error) error {
	m, err := r.call(id)
	if err != nil {
		return err
	}
	m.Form = typed
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
	} else {
		m.Form.Errors = r.deskWords(views.ErrorsOf(cause))
	}
	p := r.frame("call.task_title", "code", m.Code)
	switch {
	case cause == nil:
		return r.page(parts.Desk, p, views.CallPage(p, *m))
	case m.Moved != "":
		r.c.Status(409)
		return r.page(parts.Desk, p, views.CallPage(p, *m))
	}
	return r.again(cause, parts.Desk, p, views.CallPage(p, *m))
}

// call reads what the caller has to know, the same number of statements
// whatever happened.
func (r *req) call(id int64) (*views.Call, error) {
	f, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return nil, err
	}
	k, err := complaints.KnownOf(r.ctx, r.db, &f.Complaint)
	if err != nil {
		return nil, err
	}
	counts, err := complaints.CallCounts(r.ctx, r.db, r.principal.actor)
	if err != nil {
		return nil, err
	}
	scripts, err := r.scripts(f, k)
	if err != nil {
		return nil, err
	}
	m := &views.Call{
		ID: f.ID, Code: persian.ShowCode(f.Code), Path: callPath(f.ID), CaseHref: casePath(f.ID), Now: r.now(), State: f.State,
		Topic: r.in(f.TopicFA, f.TopicEN), Name: f.Name, Text: f.Text, Answer: f.Result, Cycle: f.Cycle, Waiting: counts[complaints.CallsDue],
		Tries: k.Tries(&f.Complaint), Attempts: r.tenant.Settings.FeedbackAttempts, Scripts: scripts, DueAt: f.DueAt,
		Unit: r.leadUnit(k), Held: f.HeldByOther(r.principal.actor, r.now()), Holder: r.in(f.HolderFA, f.HolderEN),
		Mine: f.HolderID != nil && *f.HolderID == r.principal.actor.ID, Can: r.mayCall(f, k),
	}
	if m.Masked = f.Masked(); m.Masked {
		m.Name = r.t("confidential.masked")
	}
	if f.Mobile != "" && f.ShownTo(r.can).Mobile {
		m.Mobile, m.Dial = persian.ShowMobile(f.Mobile), f.Mobile
	}
	if f.CallAt != nil {
		m.CallAt = *f.CallAt
	}
	for i := range k.Calls {
		m.Calls = append(m.Calls, r.callFact(&k.Calls[i]))
	}
	return m, nil
}

// mayCall tells whether the person may record what is heard.
func (r *req) mayCall(f *complaints.Folder, k complaints.Known) bool {
	for _, act := range k.Actions(&f.Complaint, r.tenant.Settings, r.principal.actor, r.can) {
		if act == complaints.ActHear {
			return true
		}
	}
	return false
}

// leadUnit is the name of the unit whose answer is judged.
func (r *req) leadUnit(k complaints.Known) string {
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return "" // the page says less, and is still right
	}
	for i := len(k.Legs) - 1; i >= 0; i-- {
		for _, u := range units {
			if k.Legs[i].Lead && u.ID == k.Legs[i].UnitID {
				return r.in(u.NameFA, u.NameEN)
			}
		}
	}
	return ""
}

// scripts are the organization's own call scripts, or the usual one.
func (r *req) scripts(f *complaints.Folder, k complaints.Known) ([]complaints.Script, error) {
	own, err := complaints.Scripts(r.ctx, r.db, f, nameless(), complaints.ScriptCall)
	if err != nil || len(own) > 0 {
		return own, err
	}
	name := f.Name
	if name == "" {
		name = r.t("call.script_nobody")
	}
	text := r.t("call.script_text", "name", name, "office", r.in(r.tenant.NameFA, r.tenant.NameEN), "caller", r.in(r.principal.nameFA, r.principal.nameEN),
		"topic", r.in(f.TopicFA, f.TopicEN), "unit", r.leadUnit(k), "date", messages.Date(r.ctx, f.RegisteredAt))
	return []complaints.Script{{Title: r.t("call.script"), Text: text}}, nil
}

// deskCallOutcomeCreate records what a call heard, and hands out the next.
func (w *web) deskCallOutcomeCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.CallForm{Outcome: f.text("outcome"), Conduct: f.text("conduct"), Reason: f.text("reason"), Mobile: f.text("mobile")}
	v := complaints.Verdict{Outcome: typed.Outcome, Conduct: typed.Conduct, Reason: typed.Reason, Mobile: typed.Mobile}
	if v.Outcome != "wrong_number" {
		v.Mobile = "" // the field stands on the page for every outcome
	}
	err = r.hear(id, v)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.callPage(r, id, typed, err)
	}
	if err != nil {
		return err
	}
	if f.text("then") == "next" {
		return w.nextCall(r, "call.recorded_last")
	}
	r.flash(parts.Success, "call.recorded")
	return r.done("/desk/calls")
}

func (r *req) hear(id int64, v complaints.Verdict) error {
	return r.write(func(tx *tenants.Tx) error { return eventless(complaints.Hear(r.ctx, tx, id, v)) })
}

// eventless drops the event of a command whose page does not need it.
func eventless(_ *timeline.Event, err error) error { return err }

// caseConductCreate takes the citizen's answer about conduct.
func (w *web) caseConductCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	return w.caseAct(r, views.CaseForms{}, "case.rated", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		return complaints.Rate(ctx, tx, id, f.text("conduct"))
	})
}
