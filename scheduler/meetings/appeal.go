package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// AppealState is how far the explanation of an absence is.
type AppealState string

// The states; the empty one is no explanation.
const (
	AppealNone     AppealState = ""
	AppealOpen     AppealState = "open"
	AppealAccepted AppealState = "accepted"
	AppealRefused  AppealState = "refused"
)

// CanAppeal tells whether the citizen may explain the absence now: once, within
// the days that the organization gives.
func (m *Meeting) CanAppeal(now time.Time, s tenants.Settings) bool {
	return m.State == Absent && m.Reason == "" && m.AppealState == AppealNone &&
		now.Before(m.StartsAt.Add(time.Duration(s.Booking.Appeal())*day))
}

// Appeal is the citizen's word on why they were absent. Field error: reason.
// Conflict: booking.conflict.appeal.
func Appeal(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !m.CanAppeal(tx.Now(), tx.Tenant().Settings) {
		return fault.New(fault.Conflict, "booking.conflict.appeal")
	}
	if m.AppealText, err = reasoned(persian.Clean(reason)); err != nil {
		return err
	}
	now := tx.Now()
	m.AppealState, m.AppealedAt = AppealOpen, &now
	return m.write(ctx, tx, &step{
		act:   "meeting:appeal",
		event: timeline.Event{Kind: "meeting.appealed", FromState: string(Absent), Text: m.AppealText, Public: true},
	}, "appeal_state", "appeal_text", "appealed_at")
}

// AcceptAppeal excuses the absence for the reason that the citizen gave, which
// ends the cool-down. Fact: meeting.appeal_decided.
func AcceptAppeal(ctx context.Context, tx *tenants.Tx, id int64) error {
	m, err := lockAppeal(ctx, tx, id)
	if err != nil {
		return err
	}
	m.AppealState, m.Reason = AppealAccepted, m.AppealText
	return m.write(ctx, tx, &step{
		act: "meeting:excuse", detail: "appeal", fact: "meeting.appeal_decided",
		event: timeline.Event{Kind: "meeting.excused", FromState: string(Absent), Public: true},
	}, "appeal_state", "reason")
}

// RefuseAppeal leaves the absence as it is, with a reason that the citizen
// reads. Field error: reason. Fact: meeting.appeal_decided.
func RefuseAppeal(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lockAppeal(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.AppealAnswer, err = reasoned(reason); err != nil {
		return err
	}
	m.AppealState = AppealRefused
	return m.write(ctx, tx, &step{
		act: "meeting:appeal_refuse", fact: "meeting.appeal_decided",
		event: timeline.Event{Kind: "meeting.appeal_refused", FromState: string(Absent), Text: m.AppealAnswer, Public: true},
	}, "appeal_state", "appeal_answer")
}

func lockAppeal(ctx context.Context, tx *tenants.Tx, id int64) (*Meeting, error) {
	m, err := lock(ctx, tx, id)
	if err == nil && (m.State != Absent || m.AppealState != AppealOpen) {
		err = fault.New(fault.Conflict, "meeting.conflict.state")
	}
	return m, err
}

// Appeals lists a page of the appeals that wait for the office, the oldest
// first, and tells whether more follow.
func Appeals(ctx context.Context, r tenants.Reader, after int64, limit int) ([]Listed, bool, error) {
	var list []Listed
	q := listed(r, &list).Where("meeting.appeal_state = 'open'")
	if after != 0 {
		q.Where("(meeting.appealed_at, meeting.id) > (?)", r.Select((*Meeting)(nil)).Column("appealed_at", "id").Where("meeting.id = ?", after))
	}
	err := q.Order("meeting.appealed_at", "meeting.id").Limit(int64(limit) + 1).Scan(ctx)
	if err != nil || len(list) <= limit {
		return list, false, tenants.Err(err)
	}
	return list[:limit], true, nil
}

// CountAppeals counts them.
func CountAppeals(ctx context.Context, r tenants.Reader) (int, error) {
	n, err := r.Select((*Meeting)(nil)).Where("meeting.appeal_state = 'open'").Count(ctx)
	return int(n), tenants.Err(err)
}
