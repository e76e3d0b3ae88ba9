package tenants

import (
	"context"
	"time"
)

// ChildFigures are the figures of one organization below another, over a period:
// numbers and the name, and nothing of what they count.
type ChildFigures struct {
	ID        int64
	NameFA    string `bun:"name_fa"`
	NameEN    string `bun:"name_en"`
	Received  int
	Answered  int // of the received, those that have an answer now
	Closed    int
	Confirmed int // of the closed, those that the citizen confirmed
	Open      int // now
	Overdue   int // of the open
	People    int // met in public meetings
}

// Answers is the share of the received that were answered, in hundredths of a
// percent; -1 when nothing was received.
func (f *ChildFigures) Answers() int {
	if f.Received == 0 {
		return -1
	}
	return f.Answered * 10000 / f.Received
}

// UnscopedChildFigures counts, for each organization below this one, what came in
// and ended between the instants, and what is open now. It takes the parent as
// the door knows it, so nobody asks for children of another.
func (r *Root) UnscopedChildFigures(ctx context.Context, parent *Tenant, from, until time.Time) ([]ChildFigures, error) {
	var list []ChildFigures
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewRaw("SELECT t.id, t.name_fa, t.name_en,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.registered_at >= ? AND c.registered_at < ?) AS received,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.registered_at >= ? AND c.registered_at < ? AND c.state IN ('feedback','special_followup','awaiting_confirmation','closed')) AS answered,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.state = 'closed' AND c.closed_at >= ? AND c.closed_at < ?) AS closed,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.state = 'closed' AND c.closed_at >= ? AND c.closed_at < ? AND c.fact = 'confirmed_by_citizen') AS confirmed,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.state <> 'closed') AS open,"+
			" (SELECT COUNT(*) FROM complaints c WHERE c.tenant_id = t.id AND c.state <> 'closed' AND c.due_at < ?) AS overdue,"+
			" (SELECT COALESCE(SUM(m.people_met), 0) FROM meetings m WHERE m.tenant_id = t.id AND m.starts_at >= ? AND m.starts_at < ?) AS people"+
			" FROM tenants t WHERE t.parent_id = ? AND t.deleted_at IS NULL ORDER BY t.name_fa, t.id",
			from, until, from, until, from, until, from, until, r.clock(), from, until, parent.ID).Conn(c).Scan(ctx, &list)
	})
	return list, err
}
