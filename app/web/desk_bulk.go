package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// One act on several cases. Each case runs through the command of the single
// act, in a transaction of its own: the same rules, and one that fails holds
// up no other.

// maxBulk is a page of the inbox.
const maxBulk = 50

// byRoute is the choice of a unit that leaves each case to the routing rules.
const byRoute = "route"

// pick is one chosen case as the list showed it.
type pick struct {
	id      int64
	version int
}

// picks reads what was chosen: "id.version" each.
func (f form) picks() ([]pick, error) {
	var all []pick
	for _, v := range f.list("ids") {
		id, version, _ := strings.Cut(v, ".")
		n, err := strconv.Atoi(version)
		if p := (pick{number(id), n}); err == nil && p.id != 0 && !slices.ContainsFunc(all, func(q pick) bool { return q.id == p.id }) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil, fault.Field("ids", "bulk.error.none")
	}
	if len(all) > maxBulk {
		return nil, fault.Field("ids", "bulk.error.many")
	}
	return all, nil
}

// listOf is the inbox that the selection came from.
func (f form) listOf() string {
	_, query, _ := strings.Cut(f.text("list"), "?")
	return queryOf(query).to("/desk")
}

// deskBulk asks what to do with the cases that were selected in the inbox.
func (w *web) deskBulk(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	switch f.text("do") {
	case "answer":
		return r.bulkForm(complaints.ActAnswer, f, nil)
	case "recall":
		return r.bulkForm(complaints.ActRecall, f, nil)
	}
	return r.bulkForm(complaints.ActRefer, f, nil)
}

// bulkPermission is what the single act asks for.
var bulkPermission = map[complaints.Action]string{complaints.ActRefer: "complaint:refer", complaints.ActAnswer: "complaint:answer", complaints.ActRecall: "complaint:refer"}

// bulkPath is where the form of an act leads.
var bulkPath = map[complaints.Action]string{complaints.ActRefer: "/desk/bulk/referrals", complaints.ActAnswer: "/desk/bulk/answers", complaints.ActRecall: "/desk/bulk/recalls"}

// bulkForm shows the chosen cases and what the act asks for.
func (r *req) bulkForm(act complaints.Action, f form, wrong error) error {
	if !r.can(bulkPermission[act]) {
		return fault.New(fault.Forbidden, "error.forbidden")
	}
	chosen, err := f.picks()
	if err != nil {
		r.flash(parts.Warning, "bulk.error.none")
		return r.done(f.listOf())
	}
	m, list, err := r.bulk(act, f, chosen)
	if err != nil {
		return err
	}
	if err := r.bulkChoices(m, list, f); err != nil {
		return err
	}
	p := r.frame("bulk." + string(act))
	if wrong != nil {
		m.Errors = views.ErrorsOf(wrong)
		return r.again(wrong, parts.Desk, p, views.DeskBulkPage(p, m))
	}
	return r.page(parts.Desk, p, views.DeskBulkPage(p, m))
}

// bulk reads the chosen cases that the person may see.
func (r *req) bulk(act complaints.Action, f form, chosen []pick) (*views.DeskBulk, []complaints.Folder, error) {
	m := &views.DeskBulk{Act: act, Path: bulkPath[act], Back: f.listOf(), Typed: f.values}
	ids := make([]int64, len(chosen))
	for i, p := range chosen {
		ids[i] = p.id
	}
	list, err := complaints.Picked(r.ctx, r.db, r.principal.actor, ids)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 {
		return nil, nil, fault.New(fault.NotFound, "error.not_found")
	}
	for i := range list {
		c := &list[i]
		at := slices.IndexFunc(chosen, func(p pick) bool { return p.id == c.ID })
		m.Cases = append(m.Cases, views.BulkCase{
			Value: idText(c.ID) + "." + strconv.Itoa(chosen[at].version), Code: persian.ShowCode(c.Code), Href: casePath(c.ID), Topic: r.in(c.TopicFA, c.TopicEN),
			Citizen: cmp.Or(c.Name, r.nobody(c)), Unit: r.in(c.UnitFA, c.UnitEN),
		})
	}
	return m, list, nil
}

// bulkChoices offers the units, and says where routing would send each case; or
// the answer templates, filled for the first case.
func (r *req) bulkChoices(m *views.DeskBulk, list []complaints.Folder, f form) error {
	switch m.Act {
	case complaints.ActAnswer:
		return r.bulkTemplates(m, &list[0], f)
	case complaints.ActRecall:
		return nil
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	atlas, err := complaints.AtlasOf(r.ctx, r.db, complaints.AtHand{Units: units})
	if err != nil {
		return err
	}
	names := make(map[int64]string, len(units))
	for i := range units {
		names[units[i].ID] = r.in(units[i].NameFA, units[i].NameEN)
	}
	for i := range list {
		m.Cases[i].Route = names[atlas.Route(&list[i].Complaint).UnitID]
	}
	executing := slices.DeleteFunc(slices.Clone(units), func(u tenants.Unit) bool { return u.Kind != tenants.UnitExecutive })
	chosen := f.text("unit")
	m.Units = append([]parts.Option{{Value: byRoute, Label: r.t("bulk.by_route"), Selected: chosen == byRoute || chosen == ""}},
		choose(executing, chosen, func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })...)
	return nil
}

func (r *req) bulkTemplates(m *views.DeskBulk, first *complaints.Folder, f form) error {
	list, err := complaints.Templates(r.ctx, r.db, 0, complaints.TemplateAnswer)
	if err != nil {
		return err
	}
	values := first.Values(nameless())
	for i := range list {
		t := &list[i]
		m.Templates = append(m.Templates, views.Ready{ID: idText(t.ID), Title: t.Title, Text: t.Fill(values), Chosen: f.text("template") == idText(t.ID)})
	}
	return nil
}

// deskBulkReferralCreate refers every chosen case.
func (w *web) deskBulkReferralCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	unit := f.id("unit")
	if unit == 0 && f.text("unit") != byRoute {
		return r.bulkForm(complaints.ActRefer, f, fault.Field("unit", "complaint.error.unit"))
	}
	return r.forEach(complaints.ActRefer, f, func(tx *tenants.Tx, c *complaints.Folder) error {
		to := unit
		if to == 0 {
			route, err := complaints.RouteOf(r.ctx, tx, &c.Complaint)
			if err != nil {
				return err
			}
			if route.Why == complaints.WhyOffice {
				return fault.New(fault.Conflict, "bulk.error.no_route")
			}
			to = route.UnitID
		}
		_, err := complaints.Refer(r.ctx, tx, c.ID, complaints.Order{UnitID: to, Note: f.text("note")})
		return err
	})
}

// deskBulkAnswerCreate answers every chosen case with one template, filled for
// each.
func (w *web) deskBulkAnswerCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id := f.id("template")
	if id == 0 {
		return r.bulkForm(complaints.ActAnswer, f, fault.Field("template", "bulk.error.template"))
	}
	return r.forEach(complaints.ActAnswer, f, func(tx *tenants.Tx, c *complaints.Folder) error {
		suiting, err := complaints.Templates(r.ctx, tx, c.TopicID, complaints.TemplateAnswer)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(suiting, func(t complaints.Template) bool { return t.ID == id })
		if at < 0 {
			return fault.New(fault.Conflict, "bulk.error.other_topic")
		}
		_, err = complaints.Answer(r.ctx, tx, c.ID, suiting[at].Fill(c.Values(nameless())))
		return err
	})
}

// deskBulkRecallCreate takes every chosen case back, each for the same reason.
func (w *web) deskBulkRecallCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if f.text("reason") == "" {
		return r.bulkForm(complaints.ActRecall, f, fault.Field("reason", "complaint.error.reason"))
	}
	return r.forEach(complaints.ActRecall, f, func(tx *tenants.Tx, c *complaints.Folder) error {
		_, err := complaints.Recall(r.ctx, tx, c.ID, f.text("reason"))
		return err
	})
}

// nobody says why a case has no name: its person gave none, or is not told.
func (r *req) nobody(c *complaints.Folder) string {
	if c.Masked() {
		return r.t("confidential.masked")
	}
	return r.t("desk.nameless")
}

// forEach runs the act on every chosen case and shows what became of each.
func (r *req) forEach(act complaints.Action, f form, do func(*tenants.Tx, *complaints.Folder) error) error {
	chosen, err := f.picks()
	if err != nil {
		return r.bulkForm(act, f, err)
	}
	m, list, err := r.bulk(act, f, chosen)
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		at := slices.IndexFunc(chosen, func(p pick) bool { return p.id == c.ID })
		err := r.write(func(tx *tenants.Tx) error {
			if err := complaints.Unchanged(r.ctx, tx, c.ID, chosen[at].version); err != nil {
				return err
			}
			return do(tx, c)
		})
		m.Cases[i].OK, m.Cases[i].Note = err == nil, r.whyNot(err)
		if err == nil {
			m.Done++
		} else {
			m.Failed++
		}
	}
	p := r.frame("bulk." + string(act))
	return r.page(parts.Desk, p, views.DeskBulkDone(m))
}

// whyNot says in words why a case was left as it is.
func (r *req) whyNot(err error) string {
	if err == nil {
		return ""
	}
	if r.ctx.Err() != nil || fault.Is(err, fault.Internal) {
		r.w.Log.Error("bulk", "request_id", requestID(r.c), "error", err)
		return messages.T(messages.With(context.Background(), r.lang), "bulk.error.not_now")
	}
	e := fault.As(err)
	for _, key := range e.Fields {
		return r.t(key)
	}
	if key := inBulk[e.Key]; key != "" {
		return r.t(key)
	}
	return r.t(e.Key, e.Args...)
}

// inBulk are the words for what a single case's page says otherwise.
var inBulk = map[string]string{"complaint.conflict.state": "bulk.error.state", "complaint.conflict.version": "bulk.error.changed"}
