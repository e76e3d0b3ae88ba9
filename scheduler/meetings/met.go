package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// talked are the states of a meeting that took place.
var talked = []State{Held, FollowUp, Closed}

// Met counts what a session has held so far, companions included among the people.
func (s *DaySession) Met() Met {
	var met Met
	for i := range s.Meetings {
		if m := &s.Meetings[i]; slices.Contains(talked, m.State) {
			met.Meetings, met.People = met.Meetings+1, met.People+m.PeopleMet
		}
	}
	return met
}

// MetBySession counts what each session held from one instant to another, the
// last excluded; sessions that held nothing are absent.
func MetBySession(ctx context.Context, r tenants.Reader, from, until time.Time) (map[int64]Met, error) {
	var rows []struct {
		SessionID int64
		Met
	}
	err := r.Select((*Meeting)(nil)).ColumnExpr("meeting.session_id").
		ColumnExpr("COUNT(*) AS meetings, COALESCE(SUM(meeting.people_met), 0) AS people").
		Where("meeting.state IN (?)", tenants.In(talked)).
		Where("meeting.starts_at >= ? AND meeting.starts_at < ?", from, until).GroupExpr("meeting.session_id").Scan(ctx, &rows)
	met := make(map[int64]Met, len(rows))
	for _, row := range rows {
		met[row.SessionID] = row.Met
	}
	return met, tenants.Err(err)
}
