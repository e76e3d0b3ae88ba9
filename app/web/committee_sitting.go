package web

import (
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

func sittingPath(id int64) string { return "/desk/committees/sittings/" + idText(id) }

// proposalRows is how much is proposed for one reason.
const proposalRows = 8

// sittingOf reads the sitting of the address with its committee, when it is
// shown to the person.
func (r *req) sittingOf() (*committees.Sitting, *committees.Committee, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, nil, err
	}
	s, err := committees.SittingByID(r.ctx, r.db, id)
	if err != nil {
		return nil, nil, err
	}
	if err := committees.Sees(r.ctx, r.db, r.committeeViewer(), s.CommitteeID); err != nil {
		return nil, nil, err
	}
	c, err := committees.ByID(r.ctx, r.db, s.CommitteeID)
	return s, c, err
}

func (w *web) sittingShow(r *req) error { return w.sittingPage(r, views.OfficeForm{}, nil) }

func (w *web) sittingPage(r *req, form views.OfficeForm, cause error) error {
	m, err := r.sitting()
	if err != nil {
		return err
	}
	if m.Manage && m.Sitting.Open() {
		if err := r.proposals(m); err != nil {
			return err
		}
	}
	m.Form = r.cameBack(form, cause)
	p := r.frame("committee.one", "name", m.Committee)
	return r.page(parts.Desk, p, views.SittingShowPage(p, m))
}

// sittingSheet is agenda and minutes on paper.
func (w *web) sittingSheet(r *req) error {
	m, err := r.sitting()
	if err != nil {
		return err
	}
	p := r.frame("committee.one", "name", m.Committee)
	p.Paths.Home = sittingPath(m.ID)
	return r.page(parts.Print, p, views.SittingSheet(p, m))
}

// sitting reads what the page and the paper show.
func (r *req) sitting() (*views.SittingPage, error) {
	s, c, err := r.sittingOf()
	if err != nil {
		return nil, err
	}
	m := &views.SittingPage{Sitting: *s, Committee: r.in(c.NameFA, c.NameEN), Manage: r.can("committee:manage"), Now: r.now()}
	if err := r.agenda(m); err != nil {
		return nil, err
	}
	if err := r.attending(m); err != nil {
		return nil, err
	}
	m.Acts = r.sittingActs(m)
	return m, r.decisions(m)
}

func (r *req) sittingActs(m *views.SittingPage) []views.OfficeAct {
	if !m.Manage {
		return nil
	}
	var acts []views.OfficeAct
	path, begun := sittingPath(m.ID), m.Begun(m.Now)
	if m.Sitting.Open() && !begun {
		acts = append(acts, views.OfficeAct{Name: "invitation", Path: path + "/invitation", Icon: "send", Plain: true})
	}
	if m.Sitting.Open() && begun {
		acts = append(acts, views.OfficeAct{Name: "attendance", Path: path + "/attendance", Icon: "user-check"},
			views.OfficeAct{Name: "conclusion", Path: path + "/conclusion", Icon: "file-text"})
	}
	if m.State != committees.Cancelled && begun {
		acts = append(acts, views.OfficeAct{Name: "directive", Href: path + "/directives/new", Icon: "stamp"})
	}
	if m.Sitting.Open() {
		acts = append(acts, views.OfficeAct{Name: "item", Path: path + "/items", Icon: "plus", Aside: true},
			views.OfficeAct{Name: "calling_off", Path: path + "/calling-off", Icon: "x", Aside: true, Danger: true})
	}
	return acts
}

// agenda reads the items; a case or directive that the person may not see keeps
// its place and says nothing.
func (r *req) agenda(m *views.SittingPage) error {
	items, err := committees.Agenda(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	var cases, orders []int64
	for _, item := range items {
		if item.ComplaintID != nil {
			cases = append(cases, *item.ComplaintID)
		}
		if item.DirectiveID != nil {
			orders = append(orders, *item.DirectiveID)
		}
	}
	shown, err := complaints.Shown(r.ctx, r.db, r.memberActor(), cases)
	if err != nil {
		return err
	}
	given, err := directives.Shown(r.ctx, r.db, r.principal.actor, orders)
	for i, item := range items {
		row := views.SittingItem{ID: item.ID, Reason: item.Reason, Title: item.Title, First: i == 0, Last: i == len(items)-1}
		r.agendaWords(&row, item, shown, given)
		if m.Manage && m.Sitting.Open() {
			row.Path = sittingPath(m.ID) + "/items/" + idText(item.ID)
		}
		if m.Manage && m.State != committees.Cancelled && m.Begun(m.Now) && !row.Quiet {
			row.Decide = sittingPath(m.ID) + "/directives/new?item=" + idText(item.ID)
		}
		m.Items = append(m.Items, row)
	}
	return err
}

// memberActor is the person as a member: what stands on the agenda is open to
// the members, but for what is confidential.
func (r *req) memberActor() tenants.Actor {
	a := r.principal.actor
	a.SeesAll = true
	return a
}

func (r *req) agendaWords(row *views.SittingItem, item committees.Item, cases map[int64]complaints.Complaint, orders map[int64]directives.Listed) {
	if item.ComplaintID != nil {
		c, ok := cases[*item.ComplaintID]
		if row.Quiet = !ok; ok {
			row.Title, row.Note = r.caseTitle(&c), views.Snippet(c.Text)
			if r.can("complaint:read") && (r.principal.actor.SeesAll || r.principal.actor.Covers(c.UnitID)) {
				row.Href = casePath(c.ID)
			}
		}
	}
	if item.DirectiveID != nil {
		d, ok := orders[*item.DirectiveID]
		if row.Quiet = !ok; ok {
			row.Title, row.Note = r.t("directive_desk.heading", "post", r.in(d.PostFA, d.PostEN), "unit", r.in(d.UnitFA, d.UnitEN)), views.Snippet(d.Text)
			if r.can("directive:read") && r.maySee(&d.Directive) == nil {
				row.Href = directivePath(d.ID)
			}
		}
	}
	if row.Quiet {
		row.Title = r.t("committee.kept")
	}
}

func (r *req) caseTitle(c *complaints.Complaint) string {
	return r.t("directive_desk.origin.complaint") + " " + persian.ShowCode(c.Code)
}

// attending reads who was invited; before the invitation, who will be.
func (r *req) attending(m *views.SittingPage) error {
	list, err := committees.AttendancesOf(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		members, err := committees.MembersOf(r.ctx, r.db, m.CommitteeID)
		if err != nil {
			return err
		}
		for _, one := range members {
			list = append(list, committees.Attendance{StaffID: one.StaffID, Role: one.Role, State: committees.NotNoted})
		}
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].StaffID
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	for _, a := range list {
		who := people[a.StaffID]
		m.Attending = append(m.Attending, views.AttendingRow{Attendance: a, Name: r.in(who.NameFA, who.NameEN)})
	}
	return err
}

func (r *req) decisions(m *views.SittingPage) error {
	list, err := directives.Of(r.ctx, r.db, r.principal.actor, directives.OnCommittee, m.ID)
	for i := range list {
		d := &list[i]
		m.Decisions = append(m.Decisions, views.DecisionRow{
			Href: directivePath(d.ID), Text: d.Text, Unit: r.in(d.UnitFA, d.UnitEN), Due: d.DueAt, State: views.DirectiveBadge(r.ctx, d.State),
		})
	}
	return err
}

// proposals reads what could be put on the agenda and does not stand on it.
func (r *req) proposals(m *views.SittingPage) error {
	items, err := committees.Agenda(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	known := map[int64]bool{}
	for _, item := range items {
		for _, id := range []*int64{item.ComplaintID, item.DirectiveID} {
			if id != nil {
				known[*id] = true
			}
		}
	}
	sources, err := tenants.Sources(r.ctx, r.db)
	if err != nil {
		return err
	}
	chosen := r.query("source")
	m.Sources = choose(sources, chosen, func(s tenants.Source) (string, string) { return s.Code, r.in(s.NameFA, s.NameEN) })
	for _, reason := range committees.Reasons() {
		group, err := r.proposed(reason, chosen, known)
		if err != nil {
			return err
		}
		if len(group.Rows) > 0 {
			m.Proposals = append(m.Proposals, group)
		}
	}
	return nil
}

func (r *req) proposed(reason committees.Reason, source string, known map[int64]bool) (views.ProposalGroup, error) {
	group := views.ProposalGroup{Reason: reason}
	if reason == committees.Directive {
		late, _, err := directives.OfExecutive(r.ctx, r.db, 0, directives.Filter{View: directives.Late, Limit: proposalRows, Actor: r.principal.actor})
		for i := range late {
			if d := &late[i]; !known[d.ID] && !d.Confidential {
				group.Rows = append(group.Rows, views.Proposal{Value: string(reason) + "-" + idText(d.ID), Title: r.in(d.UnitFA, d.UnitEN), Note: views.Snippet(d.Text)})
			}
		}
		return group, err
	}
	list, err := complaints.Proposals(r.ctx, r.db, r.memberActor(), string(reason), source, proposalRows)
	for i := range list {
		if c := &list[i]; !known[c.ID] {
			known[c.ID] = true
			group.Rows = append(group.Rows, views.Proposal{Value: string(reason) + "-" + idText(c.ID), Title: r.caseTitle(c), Note: views.Snippet(c.Text)})
		}
	}
	return group, err
}

// sittingCalendar is the invitation as a calendar file.
func (w *web) sittingCalendar(r *req) error {
	m, err := r.sitting()
	if err != nil {
		return err
	}
	in := meetings.Invitation{
		UID: m.CalendarUID, Sequence: m.CalendarSequence, Cancelled: m.State == committees.Cancelled, Starts: m.StartsAt, Ends: m.EndsAt,
		Summary: m.Committee, Place: m.Place, Page: w.links.Sitting(r.tenant, m.ID),
		Description: r.t("committee.calendar_text", "n", len(m.Items)),
	}
	for i := range m.Attending {
		in.Guests = append(in.Guests, meetings.Guest{Name: m.Attending[i].Name, Chair: m.Attending[i].Role == committees.Chair})
	}
	file, err := meetings.InvitationFile(r.db, in, r.lang)
	if err != nil {
		return err
	}
	r.c.Attachment("committee-" + idText(m.ID) + ".ics")
	r.c.Set("Content-Type", file.ContentType)
	return r.c.Send(file.Body)
}
