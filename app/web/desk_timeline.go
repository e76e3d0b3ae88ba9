package web

import (
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// eventLooks gives the events of a case their sign and their tone; what is not
// here is quiet.
var eventLooks = map[string]struct {
	icon string
	tone parts.Tone
}{
	"registered": {"flag", parts.Info}, "taken": {"user-check", parts.Neutral}, "leg_taken": {"user-check", parts.Neutral},
	"referred": {"forward", parts.Info}, "returned": {"undo-2", parts.Warning}, "asked": {"circle-question-mark", parts.Warning},
	"invited":   {"calendar-plus", parts.Accent},
	"completed": {"paperclip", parts.Accent}, "interim": {"hourglass", parts.Warning}, "answered": {"message-square", parts.Success},
	"leg_answered": {"git-merge", parts.Neutral}, "call_no_answer": {"phone-off", parts.Neutral}, "call_wrong_number": {"phone-off", parts.Neutral},
	"call_refuses": {"phone-off", parts.Neutral}, "dissatisfied": {"thumbs-down", parts.Danger}, "visited": {"map-pin", parts.Info},
	"denied": {"thumbs-down", parts.Danger}, "reopened": {"refresh-cw", parts.Warning}, "signed_off": {"stamp", parts.Neutral},
	"assigned": {"user-plus", parts.Neutral}, "closed": {"circle-check", parts.Success}, "noted": {"pencil", parts.Neutral}, "escalated": {"triangle-alert", parts.Danger},
	"number_corrected": {"phone", parts.Neutral}, "call_again": {"phone-call", parts.Neutral}, "ask_over": {"hourglass", parts.Warning},
	"visit_planned": {"calendar-days", parts.Info}, "visit_unplanned": {"undo-2", parts.Neutral}, "confirmed_by_code": {"thumbs-up", parts.Success},
	"rated":    {"star", parts.Neutral},
	"recalled": {"undo-2", parts.Warning}, "sealed": {"lock", parts.Warning}, "lifted": {"shield-check", parts.Warning}, "named": {"user-x", parts.Warning},
	"unnamed": {"undo-2", parts.Neutral}, "identity_shown": {"eye", parts.Warning}, "rehoused": {"forward", parts.Warning},
	"merged": {"git-merge", parts.Accent}, "unmerged": {"undo-2", parts.Warning},
	"member_joined": {"users", parts.Accent}, "member_left": {"users", parts.Neutral}, "member_completed": {"paperclip", parts.Accent}, "promoted": {"users", parts.Warning},
	"lead_changed": {"users", parts.Neutral}, "child_opened": {"split", parts.Info}, "child_answered": {"message-square", parts.Success},
	"child_closed": {"archive", parts.Neutral}, "transfer_arrived": {"send", parts.Success}, "transfer_in": {"send", parts.Info},
	"transfer_refused": {"undo-2", parts.Warning},
	"papers":           {"file-text", parts.Neutral}, "source_due": {"calendar-clock", parts.Warning}, "source_near": {"hourglass", parts.Warning}, "source_passed": {"triangle-alert", parts.Danger},
	"taken_over": {"shield-check", parts.Warning}, "given_back": {"undo-2", parts.Info},
	"reclassified": {"list-checks", parts.Info}, "unmasked": {"eye", parts.Warning},
	"stuck": {"triangle-alert", parts.Danger}, "legal_near": {"gavel", parts.Warning}, "legal_passed": {"gavel", parts.Danger},
	"score_objected": {"message-square", parts.Warning}, "score_upheld": {"stamp", parts.Neutral}, "score_reversed": {"undo-2", parts.Neutral},
}

// fillTimeline tells the story of the case. What came with the message itself
// stands beside the message.
func (r *req) fillTimeline(d *dossier, m *views.DeskCase) {
	attached := map[int64][]parts.FileItem{}
	for i := range d.files {
		item, event := fileItem(d.ID, &d.files[i]), int64(0)
		if d.files[i].EventID != nil {
			event = *d.files[i].EventID
		}
		attached[event] = append(attached[event], item)
	}
	m.Files = attached[0]
	for i := range d.events {
		e := &d.events[i]
		if e.Kind == "complaint.registered" {
			m.Files = append(m.Files, attached[e.ID]...)
			delete(attached, e.ID)
		}
		m.Timeline = append(m.Timeline, r.timelineItem(d, e, attached[e.ID]))
	}
}

func fileItem(id int64, f *files.File) parts.FileItem {
	item := parts.FileItem{ID: idText(f.ID), Name: f.Name, Size: f.Size, Href: casePath(id) + "/files/" + idText(f.ID)}
	if f.IsImage() {
		item.Thumb = item.Href
	}
	return item
}

func (r *req) timelineItem(d *dossier, e *timeline.Event, attached []parts.FileItem) parts.TimelineItem {
	kind := strings.TrimPrefix(e.Kind, "complaint.")
	look := eventLooks[kind]
	item := parts.TimelineItem{
		ID: "event-" + idText(e.ID), What: r.what(d, e, kind), When: e.At, Text: e.Text, Internal: !e.Public,
		Icon: look.icon, Tone: look.tone, Attachments: attached,
	}
	item.Who, item.Role = r.who(d, e)
	if kind == "escalated" || kind == "assigned" || kind == "stuck" || strings.HasPrefix(kind, "legal_") {
		item.Text = ""
	}
	if kind == "reclassified" {
		item.Text = r.correction(d, e)
	}
	if kind == "closed" {
		item.Text = d.Result
	}
	if link := r.relationLink(d, e); link != nil {
		item.Body = link
		return item
	}
	switch {
	case kind == "referred" && e.DueAt != nil: // its text is for the units only
		item.Text, item.Body = "", views.DeskReferral(r.t("desk.due.referred"), *e.DueAt, e.Text)
	case e.DueAt != nil:
		item.Body = views.DeskDue(r.t("desk.due."+kind), *e.DueAt)
	}
	return item
}

// since tells what happened after an event that somebody has seen, newest last;
// nothing when it is not known what was seen.
func (r *req) since(d *dossier, seen int64) []parts.TimelineItem {
	var list []parts.TimelineItem
	for i := range d.events {
		if e := &d.events[i]; seen != 0 && e.ID > seen {
			list = append(list, r.timelineItem(d, e, nil))
		}
	}
	return list
}

// what names the event; where a unit belongs to it, with the unit's name.
func (r *req) what(d *dossier, e *timeline.Event, kind string) string {
	switch {
	case kind == "escalated":
		return r.t("complaint.event.escalated", "text", messages.Digits(r.ctx, e.Text))
	case kind == "closed" && d.Fact != "":
		return r.t("desk.event.closed", "fact", r.t("complaint.fact."+string(d.Fact)))
	case kind == "reopened":
		return r.t("desk.event.reopened", "n", e.Cycle)
	case kind == "taken" && complaints.State(e.ToState) == complaints.Triage:
		return r.t("desk.event.taken_office")
	case kind == "referred" && e.UnitID != nil:
		return r.t("desk.event.referred", "unit", r.unitName(d, *e.UnitID))
	case kind == "child_opened" && e.UnitID != nil:
		return r.t("desk.event.child_opened", "unit", r.unitName(d, *e.UnitID))
	case kind == "assigned":
		return r.t("desk.event.assigned", "name", e.Text)
	case kind == "recalled" && e.UnitID != nil:
		return r.t("desk.event.recalled", "unit", r.unitName(d, *e.UnitID))
	case kind == "taken_over" && e.UnitID != nil:
		return r.t("desk.event.taken_over", "unit", r.unitName(d, *e.UnitID))
	case kind == "given_back" && e.UnitID != nil:
		return r.t("desk.event.given_back", "unit", r.unitName(d, *e.UnitID))
	case kind == "returned" && e.UnitID != nil:
		return r.t("desk.event.returned", "unit", r.unitName(d, *e.UnitID))
	}
	return r.t("complaint.event." + kind)
}

// who acted: by name, and from which unit.
func (r *req) who(d *dossier, e *timeline.Event) (name, role string) {
	switch e.ActorKind {
	case tenants.Citizen:
		return r.t("desk.by_citizen"), ""
	case tenants.System:
		return r.t("desk.by_system"), ""
	}
	person, known := d.people[e.ActorID]
	if !known {
		return e.ActorName, ""
	}
	if person.UnitID != nil {
		role = r.unitName(d, *person.UnitID)
	}
	return r.in(person.NameFA, person.NameEN), role
}
