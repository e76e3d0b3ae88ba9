package complaints

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Why a case is proposed to a committee.
const (
	ProposedOverdue  = "overdue"  // past its due time
	ProposedReopened = "reopened" // in its second cycle or later
	ProposedRepeated = "repeated" // one more of the same person or station about the same
	ProposedSource   = "source"   // came from elsewhere: 137, 1888, inspection
)

// repeatedDays is how far back a case counts as one about the same.
const repeatedDays = 90

// Proposals lists open cases for the agenda of a committee, the longest due
// first. source narrows those that came from elsewhere; empty = all. Confidential
// cases are proposed to nobody.
func Proposals(ctx context.Context, r tenants.Reader, actor tenants.Actor, why, source string, limit int) ([]Complaint, error) {
	var list []Complaint
	q := visible(r, r.Select(&list), actor).
		Where("c.state <> 'closed' AND NOT c.confidential AND c.lead_id IS NULL").Order("c.due_at", "c.id").Limit(int64(limit))
	switch why {
	case ProposedOverdue:
		q.Where("c.due_at <= ?", r.Now())
	case ProposedReopened:
		q.Where("c.cycle >= 2")
	case ProposedRepeated:
		since := r.Now().Add(-repeatedDays * 24 * time.Hour)
		before := func() *tenants.Query {
			return r.Select((*sooner)(nil)).ColumnExpr("1").
				Where("earlier.topic_id = c.topic_id AND earlier.id < c.id AND earlier.registered_at > ? AND NOT earlier.confidential", since)
		}
		q.Where("(EXISTS (?) OR EXISTS (?))",
			before().Where("earlier.citizen_id = c.citizen_id"),
			before().Where("earlier.district_id = c.district_id OR earlier.place ->> 'station' = c.place ->> 'station' AND c.place ->> 'station' <> ''"))
	case ProposedSource:
		if q.Where("c.source <> ''"); source != "" {
			q.Where("c.source = ?", source)
		}
	default:
		return nil, nil
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "complaints.Proposals")
}

// sooner is a case beside another one of the same query.
type sooner struct {
	tenants.BaseModel `bun:"table:complaints,alias:earlier"`
	tenants.Owned
	ID ID `bun:",pk"`
}

// Shown gives those of the cases that the actor may see, by their ids.
func Shown(ctx context.Context, r tenants.Reader, actor tenants.Actor, ids []int64) (map[int64]Complaint, error) {
	found := make(map[int64]Complaint, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var list []Complaint
	q := visible(r, r.Select(&list), actor).Where("c.id IN (?)", tenants.In(ids))
	err := q.Scan(ctx)
	for _, c := range list {
		found[c.ID] = c
	}
	return found, fault.Wrap(tenants.Err(err), "complaints.Shown")
}

// MayWait tells whether a directive that is being issued can hold the case: it
// is open, and stays so until the transaction ends. What a directive tells its
// unit is for the caller to know.
func MayWait(ctx context.Context, tx *tenants.Tx, id ID) (bool, error) {
	c := new(Complaint)
	err := tx.Lock(ctx, c, "c.id = ?", id)
	return c.Open(), err
}
