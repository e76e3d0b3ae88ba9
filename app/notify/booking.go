package notify

import (
	"context"
	"strconv"

	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// MeetingAnswered tells the citizen that the request was answered without a
// meeting.
func (p *Post) MeetingAnswered(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	return p.visitor(ctx, db, cause, m, "sms.meeting.answered")
}

// MeetingRouted tells the citizen that a unit settles the request; the case
// tells its own code.
func (p *Post) MeetingRouted(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	return p.visitor(ctx, db, cause, m, "sms.meeting.routed")
}

// MeetingAsked tells the citizen that documents are asked for.
func (p *Post) MeetingAsked(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if !m.Waiting() {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.asked", "date", day(*m.AskedUntil))
}

// AppealDecided tells the citizen what the office thinks of the explanation.
func (p *Post) AppealDecided(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.AppealState == meetings.AppealAccepted {
		return p.visitor(ctx, db, cause, m, "sms.meeting.appeal_accepted")
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.appeal_refused")
}

// WaitJoined gives the tracking code of a place in the line.
func (p *Post) WaitJoined(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_joined")
}

// DrawEntered gives the tracking code and the ticket.
func (p *Post) DrawEntered(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	ticket := 0
	if w.Ticket != nil {
		ticket = *w.Ticket
	}
	return p.waiting(ctx, db, cause, w, "sms.meeting.draw_entered", "number", strconv.Itoa(ticket))
}

// DrawLost tells who got no seat that they stand in the line now.
func (p *Post) DrawLost(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	if !w.Live() {
		return movedOn, nil
	}
	return p.waiting(ctx, db, cause, w, "sms.meeting.draw_lost")
}

// WaitOffered offers the seat, unless it was taken or given up meanwhile.
func (p *Post) WaitOffered(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	if !w.Open(db.Now()) {
		return movedOn, nil
	}
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_offered", "day", day(*w.StartsAt), "time", clock(*w.StartsAt), "until", clock(*w.OfferUntil))
}

// WaitLapsed tells that the offer went to the next.
func (p *Post) WaitLapsed(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_lapsed")
}

// WaitOver tells that the session has gone by without a free seat.
func (p *Post) WaitOver(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_over")
}

// WaitKept tells that the session waited for is not what it was, and that the
// place in the line stays.
func (p *Post) WaitKept(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	if !w.Live() {
		return movedOn, nil
	}
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_kept")
}

// WaitChanged tells the new time or place of the session waited for.
func (p *Post) WaitChanged(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait) (string, error) {
	if !w.Live() {
		return movedOn, nil
	}
	return p.waiting(ctx, db, cause, w, "sms.meeting.wait_changed")
}

// waiting tells somebody in the line: for whom, under which code.
func (p *Post) waiting(ctx context.Context, db *tenants.DB, cause Cause, w *meetings.ListedWait, key string, args ...any) (string, error) {
	args = append(args, "post", named(w.PostFA, w.PostEN), "code", persian.ShowCode(w.Code), "link", p.track(db.Tenant(), w.Code))
	t := told{subject: timeline.Subject{Kind: "meeting", ID: w.ID}, key: key, args: args}
	if key == "sms.meeting.wait_offered" {
		t.before = *w.OfferUntil
	}
	return p.citizen(ctx, db, cause, &w.CitizenID, t)
}
