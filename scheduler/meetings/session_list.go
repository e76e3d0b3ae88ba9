package meetings

import (
	"context"

	"pasokh/tenants"
)

// ComingSession is a session to come with the number of its bookings.
type ComingSession struct {
	Session `bun:",extend"`
	Booked  int `bun:"booked,scanonly"`
}

// ComingSessions lists the sessions that have not ended, cancelled ones too.
func ComingSessions(ctx context.Context, r tenants.Reader) ([]ComingSession, error) {
	var list []ComingSession
	booked := r.Select((*Meeting)(nil)).ColumnExpr("COUNT(*)").
		Where("meeting.session_id = session.id AND meeting.state NOT IN (?, ?)", Refused, Cancelled)
	err := r.Select(&list).ColumnExpr("session.*").ColumnExpr("(?) AS booked", booked).
		Where("session.starts_at > ? AND session.ends_at > ?", r.Now().Add(-day), r.Now()).Order("session.starts_at", "session.id").Limit(500).Scan(ctx)
	return list, tenants.Err(err)
}

// OfSession lists the meetings of one session that stand, in the order of their
// slots.
func OfSession(ctx context.Context, r tenants.Reader, id int64) ([]Listed, error) {
	var list []Listed
	err := listed(r, &list).Where("meeting.session_id = ? AND meeting.state NOT IN (?, ?)", id, Refused, Cancelled).
		Order("meeting.starts_at", "meeting.queue_number", "meeting.id").Limit(1000).Scan(ctx)
	return list, tenants.Err(err)
}
