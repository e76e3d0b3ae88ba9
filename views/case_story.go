package views

import (
	"context"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// citizenStory tells the events in the citizen's words.
func citizenStory(ctx context.Context, m Case) []parts.TimelineItem {
	items := make([]parts.TimelineItem, 0, len(m.Events))
	said := map[string]bool{} // by the unit and the visit: a closure that repeats it says it once
	for i := range m.Events {
		e := &m.Events[i]
		item := parts.TimelineItem{
			ID: "event-" + itoa(e.ID), What: citizenEvent(ctx, m, i), When: e.At, Text: e.Text, Icon: eventIcon(e.Kind),
			Who: citizenWho(ctx, m, e), Attachments: FileItems("/case/files/", filesOfEvent(m.Files, e.ID)),
		}
		switch e.Kind {
		case "complaint.registered":
			item.Text = m.Complaint.Text
		case "complaint.referred", "complaint.child_opened":
			item.Text = "" // the note is for the unit
		case "complaint.answered", "complaint.visited":
			said[e.Text] = true
		case "complaint.closed":
			if said[e.Text] {
				item.Text = ""
			}
		}
		switch {
		case e.DueAt == nil || e.Kind == "complaint.referred" || e.Kind == "complaint.merged":
		case e.Kind == "complaint.visit_planned":
			item.Body = visitDayLine(*e.DueAt)
		default:
			item.Body = promise(*e.DueAt)
		}
		items = append(items, item)
	}
	return items
}

// citizenEvent says what happened to whoever it happened for. The first of its
// like and those that follow are told apart.
func citizenEvent(ctx context.Context, m Case, i int) string {
	e := &m.Events[i]
	name, ok := strings.CutPrefix(e.Kind, "complaint.")
	if !ok {
		return EventName(ctx, e)
	}
	key := "case.event." + name
	switch name {
	case "taken":
		if complaints.State(e.ToState) == complaints.Triage {
			key += "_office"
		}
	case "referred":
		if before(m.Events[:i], e) {
			key += "_again"
		}
	case "completed":
		if e.ActorKind == tenants.Staff {
			key += "_phone"
		}
	case "dissatisfied", "denied":
		if e.ActorKind == tenants.Staff {
			key += "_phone"
		}
	}
	if !messages.Has(messages.Of(ctx), key) {
		return EventName(ctx, e)
	}
	return messages.T(ctx, key, "n", max(1, e.Cycle), "unit", eventUnit(ctx, m, e))
}

func eventUnit(ctx context.Context, m Case, e *timeline.Event) string {
	if e.UnitID == nil {
		return ""
	}
	return UnitName(ctx, m.Units, *e.UnitID)
}

// before tells whether an event of the kind came earlier.
func before(events []timeline.Event, e *timeline.Event) bool {
	for i := range events {
		if events[i].Kind == e.Kind {
			return true
		}
	}
	return false
}

// citizenWho names a unit, never a clerk.
func citizenWho(ctx context.Context, m Case, e *timeline.Event) string {
	switch {
	case e.ActorKind == tenants.Citizen:
		return messages.T(ctx, "case.you")
	case e.Kind == "complaint.referred", e.Kind == "complaint.taken", e.Kind == "complaint.answered", e.Kind == "complaint.child_opened", e.Kind == "complaint.merged": // the unit is in the words
		return ""
	case e.UnitID != nil:
		return UnitName(ctx, m.Units, *e.UnitID)
	default:
		return ""
	}
}
