package web

import (
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// fillFacts fills what stands at the side of a case.
func (r *req) fillFacts(d *dossier, m *views.DeskCase) {
	m.Citizen = r.citizenFacts(d)
	m.Facts = r.caseFacts(d)
	for _, leg := range d.Legs {
		m.Legs = append(m.Legs, views.DeskLeg{
			Unit: r.unitName(d, leg.UnitID), Lead: leg.Lead, State: leg.State, Cycle: leg.Cycle, Running: leg.Running(),
			Note: leg.Note, Answer: leg.Answer, ReferredAt: leg.ReferredAt, DueAt: leg.DueAt, EndedAt: leg.EndedAt,
		})
	}
	for _, call := range d.Calls {
		m.Calls = append(m.Calls, r.callFact(&call))
	}
	for _, v := range d.visits {
		m.Visits = append(m.Visits, parts.Fact{Label: messages.DateTime(r.ctx, v.VisitedAt), Value: r.t("desk.visit." + yesNo(v.Resolved))})
	}
	for _, s := range d.scores {
		m.Scores = append(m.Scores, parts.Fact{Label: r.unitName(d, s.UnitID), Value: r.t("desk.points", "n", s.Points)})
	}
	for i := range d.others {
		if o := &d.others[i]; o.ID != d.ID {
			m.Others = append(m.Others, other(o))
		}
	}
	r.fillDirectives(d, m)
}

// fillPromises tells every date the citizen was given, when there were several.
func (r *req) fillPromises(d *dossier, m *views.DeskCase) error {
	if d.Cycle == 1 && !d.happened("complaint.interim") && !d.happened(complaints.KindReclassified) {
		return nil
	}
	list, err := complaints.PromisesOf(r.ctx, r.db, &d.Complaint, d.events)
	for _, one := range list {
		m.Promises = append(m.Promises, parts.Fact{Label: r.t("desk.promise_on", "date", messages.Date(r.ctx, one.At)), Value: messages.DateTime(r.ctx, one.Until)})
	}
	return err
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func (r *req) citizenFacts(d *dossier) []parts.Fact {
	if d.Anonymous() {
		return nil
	}
	shown := d.ShownTo(r.can)
	facts := []parts.Fact{{Label: r.t("desk.fact.name"), Value: d.Name}, views.MobileFact(r.ctx, d.Mobile, shown.Mobile)}
	if d.NationalID != "" {
		person, number := citizens.Citizen{NationalID: d.NationalID}, d.NationalID
		if !shown.NationalID {
			number = person.MaskedNationalID()
		}
		facts = append(facts, parts.Fact{Label: r.t("desk.fact.national_id"), Value: messages.Digits(r.ctx, number), Dir: "ltr"})
	}
	return facts
}

func (r *req) caseFacts(d *dossier) []parts.Fact {
	facts := []parts.Fact{
		{Label: r.t("desk.kind"), Value: r.t("complaint.kind." + string(d.Kind))},
		{Label: r.t("desk.topic"), Value: r.in(d.TopicFA, d.TopicEN)},
		{Label: r.t("desk.unit"), Value: r.in(d.UnitFA, d.UnitEN)},
	}
	if d.HolderFA != "" {
		facts = append(facts, parts.Fact{Label: r.t("desk.fact.holder"), Value: r.in(d.HolderFA, d.HolderEN)})
	}
	facts = append(facts,
		parts.Fact{Label: r.t("desk.fact.class"), Value: r.in(d.Class.NameFA, d.Class.NameEN)},
		parts.Fact{Label: r.t("desk.channel"), Value: r.t("complaint.channel." + d.Channel)},
		parts.Fact{Label: r.t("desk.fact.registered"), Value: messages.DateTime(r.ctx, d.RegisteredAt)},
	)
	if d.BatchID != nil {
		facts = append(facts, r.batchFact(*d.BatchID))
	}
	if d.Source != "" {
		facts = append(facts, parts.Fact{Label: r.t("desk.fact.source"), Value: r.in(d.source.NameFA, d.source.NameEN)})
	}
	if d.ExternalNumber != "" {
		facts = append(facts, parts.Fact{Label: r.t("desk.fact.external"), Value: d.ExternalNumber, Dir: "ltr"})
	}
	facts = append(facts, r.paperFacts(&d.Complaint)...)
	count := func(key string, n, of int) {
		if n > 0 {
			facts = append(facts, parts.Fact{Label: r.t(key), Value: r.t("desk.n_of", "n", n, "of", of)})
		}
	}
	count("desk.fact.interims", d.Interims, d.Class.InterimLimit)
	count("desk.fact.bounces", d.Bounces, r.tenant.Settings.BounceLimit)
	return facts
}

// placeFacts is where the matter is, as far as it was told.
func (r *req) placeFacts(p complaints.Place) []parts.Fact {
	var facts []parts.Fact
	add := func(field, value, dir string) {
		if value != "" {
			facts = append(facts, parts.Fact{Label: r.t("complaint.place." + field), Value: value, Dir: dir})
		}
	}
	add("address", p.Address, "")
	add("postal_code", messages.Digits(r.ctx, p.PostalCode), "ltr")
	add("station", p.Station, "")
	add("line", p.Line, "")
	add("subscription", messages.Digits(r.ctx, p.Subscription), "ltr")
	return facts
}

func (r *req) callFact(call *complaints.Call) parts.Fact {
	what := r.t("complaint.outcome." + call.Outcome)
	if call.ByCitizen {
		what = r.t("desk.call.by_citizen", "what", what)
	}
	if call.Conduct != "" {
		what += " · " + r.t("desk.call.conduct", "how", r.t("complaint.conduct."+call.Conduct))
	}
	return parts.Fact{Label: messages.DateTime(r.ctx, call.At), Value: what}
}

// fillDirectives lists the orders that hold the case.
func (r *req) fillDirectives(d *dossier, m *views.DeskCase) {
	if d.Open() && !d.Confidential && r.can("directive:issue") && r.w.router.has("/desk/complaints/:id/directives/new") {
		m.OrderHref = casePath(d.ID) + "/directives/new"
	}
	if !d.Confidential && d.Mobile != "" && d.ShownTo(r.can).Mobile && !d.Masked() && r.can("meeting:book") {
		m.MeetHref = deskQuery{"case": persian.ShowCode(d.Code)}.to("/desk/meetings/new")
	}
	linked := r.w.router.has("/desk/directives/:id") && r.can("directive:read")
	for i := range d.directives {
		o := &d.directives[i]
		line := views.DeskDirective{
			Unit: r.in(o.UnitFA, o.UnitEN), Text: o.Text, State: r.t("directive.state." + string(o.State)), DueAt: o.DueAt,
			Open: o.Open(), Overdue: o.Overdue(r.now()),
		}
		if linked {
			line.Href = "/desk/directives/" + idText(o.ID)
		}
		m.Directives = append(m.Directives, line)
	}
}

// batchFact is the import that the case came with, linked for who may open it.
func (r *req) batchFact(id int64) parts.Fact {
	f := parts.Fact{Label: r.t("desk.fact.batch"), Value: r.t("desk.fact.batch_value")}
	if r.can("import:create") {
		f.Body = views.FactLink(r.t("desk.fact.batch_open"), "/desk/imports/"+idText(id))
	}
	return f
}
