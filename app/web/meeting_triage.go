package web

import (
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// sameRequests are the person's other requests, shown while this one is decided.
func (r *req) sameRequests(m *views.MeetingFile) (err error) {
	if m.State == meetings.Requested {
		m.Same, err = meetings.SamePerson(r.ctx, r.db, &m.Meeting, m.Citizen.NationalID)
	}
	return err
}

func isAmong(list []meetings.Listed, id int64) bool {
	return slices.ContainsFunc(list, func(m meetings.Listed) bool { return m.ID == id })
}

// triageFile adds what the office decides a request by.
func (r *req) triageFile(m *views.MeetingFile) error {
	if m.Outcome == meetings.Routed {
		return r.routedCase(m)
	}
	if m.State != meetings.Requested || !r.can("complaint:register") {
		return nil
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Topics = r.topicOptions(topics, formID(m.Form.Typed.Get("topic")))
	if !r.can("complaint:refer") {
		return nil
	}
	units, err := tenants.Units(r.ctx, r.db)
	units = slices.DeleteFunc(units, func(u tenants.Unit) bool { return u.Kind != tenants.UnitExecutive })
	m.Units = choose(units, m.Form.Typed.Get("unit"), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	return err
}

func formID(typed string) int64 { return deskQuery{"id": typed}.number("id") }

// routedCase is the case that a request became, as far as the reader may see it.
func (r *req) routedCase(m *views.MeetingFile) error {
	id, err := meetings.CaseOf(r.ctx, r.db, m.ID)
	if err != nil || id == nil || !r.can("complaint:read") {
		return err
	}
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, *id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m.Routed = &views.DeskOther{Code: persian.ShowCode(c.Code), Href: casePath(c.ID)}
	return nil
}

// routedCode is the code of the case that the citizen's request became.
func (r *req) routedCode(m *meetings.Listed) (string, error) {
	if m.Outcome != meetings.Routed {
		return "", nil
	}
	id, err := meetings.CaseOf(r.ctx, r.db, m.ID)
	if err != nil || id == nil {
		return "", err
	}
	c, err := complaints.Plain(r.ctx, r.db, *id)
	if err != nil {
		return "", err
	}
	return c.Code, nil
}

// triageActs are the ways to settle a request beside approval and refusal, and
// those to decide an appeal.
func (r *req) triageActs(m *views.MeetingFile) []views.OfficeAct {
	path := meetingPath(m.ID)
	var acts []views.OfficeAct
	if m.State == meetings.Requested && r.can("meeting:review") {
		acts = append(acts, views.OfficeAct{Name: "answer", Path: path + "/answer", Icon: "message-square"})
		if len(m.Topics) > 0 {
			acts = append(acts, views.OfficeAct{Name: "routing", Path: path + "/routing", Icon: "forward"})
		}
		if !m.Waiting() && m.StartsAt.After(r.now()) {
			acts = append(acts, views.OfficeAct{Name: "asking", Path: path + "/asking", Icon: "file-text"})
		}
	}
	if m.AppealState == meetings.AppealOpen && r.can("meeting:run") {
		acts = append(acts,
			views.OfficeAct{Name: "appeal_acceptance", Path: path + "/appeal-acceptance", Icon: "user-check", Plain: true},
			views.OfficeAct{Name: "appeal_refusal", Path: path + "/appeal-refusal", Icon: "circle-x", Danger: true})
	}
	return acts
}

// meetingAnswerCreate answers a request without a meeting.
func (w *web) meetingAnswerCreate(r *req) error {
	return w.meetingOffice(r, "answer", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.AnswerRequest(r.ctx, tx, id, f.text("text"))
	})
}

// meetingAskingCreate has the citizen bring documents first.
func (w *web) meetingAskingCreate(r *req) error {
	return w.meetingOffice(r, "asking", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.Ask(r.ctx, tx, id, f.text("text"))
	})
}

// meetingRoutingCreate makes a case of a request and sends it to a unit.
func (w *web) meetingRoutingCreate(r *req) error {
	return w.meetingOffice(r, "routing", r.routeRequest)
}

// routeRequest registers the case, refers it and ends the request in one transaction.
func (r *req) routeRequest(tx *tenants.Tx, id int64, f form) error {
	if !r.can("complaint:register") || f.id("unit") != 0 && !r.can("complaint:refer") {
		return fault.New(fault.Forbidden, "error.forbidden")
	}
	m, err := meetings.ByID(r.ctx, tx, id)
	if err != nil {
		return err
	}
	if m.State != meetings.Requested {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	got, err := complaints.Register(r.ctx, tx, complaints.Registration{
		Kind: complaints.KindRequest, Channel: "meeting", CitizenID: &m.CitizenID, TopicID: f.id("topic"),
		Text: m.Subject + "\n\n" + m.Text, Place: complaints.Place{Address: f.text("address")},
	})
	if err != nil {
		return atAddress(err)
	}
	if _, err := files.Move(r.ctx, tx, files.Subject{Kind: "meeting", ID: id}, files.Subject{Kind: "complaint", ID: got.Complaint.ID}, &got.Event.ID); err != nil {
		return err
	}
	if err := r.passOn(tx, got.Complaint.ID, f.id("unit"), f.text("note")); err != nil {
		return err
	}
	return meetings.Route(r.ctx, tx, id, got.Complaint.ID, "")
}

// passOn sends the new case to a unit with the note, or leaves the note on the
// case when the office keeps it.
func (r *req) passOn(tx *tenants.Tx, id, unit int64, note string) error {
	if unit != 0 {
		_, err := complaints.Refer(r.ctx, tx, id, complaints.Order{UnitID: unit, Note: note})
		return err
	}
	if note == "" {
		return nil
	}
	_, err := complaints.Note(r.ctx, tx, id, note)
	return err
}

// atAddress brings what a topic asks of the place to the one field there is.
func atAddress(err error) error {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		return err
	}
	bad := fault.Fields{}
	for field, key := range e.Fields {
		if !slices.Contains([]string{"topic", "unit", "note"}, field) {
			field = "address"
		}
		bad.Add(field, key)
	}
	return bad.Err()
}

// meetingAppeals lists the explanations of absences that wait for the office.
func (w *web) meetingAppeals(r *req) error {
	rows, more, err := meetings.Appeals(r.ctx, r.db, r.officeQuery("after").number("after"), 50)
	if err != nil {
		return err
	}
	m := views.MeetingAppeals{Rows: rows}
	if more {
		m.Next = deskQuery{"after": idText(rows[len(rows)-1].ID)}.to("/desk/meetings/appeals")
	}
	p := r.frame("appeal.list")
	return r.page(parts.Desk, p, views.MeetingAppealsPage(p, m))
}

func (w *web) meetingAppealAcceptanceCreate(r *req) error {
	return w.meetingOffice(r, "appeal_acceptance", func(tx *tenants.Tx, id int64, _ form) error {
		return meetings.AcceptAppeal(r.ctx, tx, id)
	})
}

func (w *web) meetingAppealRefusalCreate(r *req) error {
	return w.meetingOffice(r, "appeal_refusal", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.RefuseAppeal(r.ctx, tx, id, f.text("reason"))
	})
}

// meetingAppealCreate is the citizen's word on an absence.
func (w *web) meetingAppealCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.MeetingForms{Appeal: f.text("appeal")}
	return w.meetingAct(r, typed, "appeal.sent", func(tx *tenants.Tx, m *meetings.Listed) error {
		return renamed(meetings.Appeal(r.ctx, tx, m.ID, typed.Appeal), "reason", "appeal")
	})
}

// meetingDocumentsCreate brings what the office asked for.
func (w *web) meetingDocumentsCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.MeetingForms{Documents: f.text("documents")}
	got, refused := r.receive(f, files.Field)
	if refused == nil && len(got) == 0 && typed.Documents == "" {
		refused = fault.Field("file", "booking.error.documents")
	}
	if refused != nil {
		if !fault.Is(refused, fault.Invalid) {
			return refused
		}
		return w.meetingPage(r, typed, refused)
	}
	return w.meetingAct(r, typed, "triage.citizen.sent", func(tx *tenants.Tx, m *meetings.Listed) error {
		e, err := meetings.Bring(r.ctx, tx, m.ID, typed.Documents)
		if err != nil {
			return renamed(err, "text", "documents")
		}
		return r.saveFiles(tx, got, files.Place{Subject: files.Subject{Kind: "meeting", ID: m.ID}, EventID: &e.ID, Public: true, Limit: 2 * files.CitizenFiles})
	})
}
