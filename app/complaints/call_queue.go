package complaints

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// CallList is one of the lists of feedback tasks.
type CallList string

// The lists. A case in the feedback stage stands in exactly one of the first
// two, or in the third.
const (
	CallsDue     CallList = "due"     // to be called now, the longest wait first
	CallsLater   CallList = "later"   // planned, or in somebody's hands at this moment
	CallsSignOff CallList = "signoff" // no further call: the supervisor's word
)

// CallTask is one row of the feedback lists.
type CallTask struct {
	ID        ID
	Code      string
	TopicID   int64
	Cycle     int
	Text      string // its beginning
	CitizenID *int64
	Citizen   string     `sealed:"citizens.name,row=CitizenID"`
	Mobile    string     `sealed:"citizens.mobile,row=CitizenID"` // E.164; empty for a nameless report, and in a confidential case
	Secret    bool       // confidential: the caller asks for the identity on the page of the case
	CallAt    *time.Time // nil in CallsSignOff
	DueAt     time.Time  // of the feedback stage
	HolderID  *int64
	HolderFA  string `bun:"holder_fa"`
	HolderEN  string `bun:"holder_en"`
	Tries     int    // attempts of this cycle
	Last      string // outcome of the last one, or empty
}

// Nameless tells whether there is nobody to call.
func (t *CallTask) Nameless() bool { return t.Mobile == "" && !t.Secret }

// CallLease is how long a call that somebody has begun is kept from the others.
const CallLease = 15 * time.Minute

// CallTasks reads one page of a list, next to call first, and tells whether
// there is more. Cases that the actor's own unit worked on are left out
// (product.md, rule 2). One statement.
func CallTasks(ctx context.Context, r tenants.Reader, actor tenants.Actor, list CallList, after Cursor, limit int) (rows []CallTask, more bool, err error) {
	if limit == 0 {
		limit = pageSize
	}
	tries := r.Select((*Call)(nil)).Where("call.complaint_id = c.id AND call.cycle = c.cycle AND NOT call.by_citizen")
	last := r.Select((*Call)(nil)).Column("outcome").Where("call.complaint_id = c.id AND call.cycle = c.cycle AND NOT call.by_citizen").Order("call.id DESC").Limit(1)
	q := callable(r, actor, list).
		ColumnExpr("c.id, c.code, c.topic_id, c.cycle, substr(c.text, 1, ?) AS text, c.call_at, c.due_at, c.holder_id, c.citizen_id, c.confidential AND c.citizen_id IS NOT NULL AS secret", snippetRunes).
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen, "+tenants.SubjectColumn("citizen", "mobile_sealed")+" AS mobile").
		ColumnExpr("coalesce(staff.name_fa, '') AS holder_fa, coalesce(staff.name_en, '') AS holder_en").
		ColumnExpr("(?) AS tries, coalesce((?), '') AS last", tries.ColumnExpr("count(*)"), last).
		Join("LEFT JOIN ? ON citizen.id = c.citizen_id AND NOT c.confidential", r.From((*citizens.Citizen)(nil))).
		Join("LEFT JOIN ? ON staff.id = c.holder_id", r.From((*staff.Staff)(nil))).
		Limit(int64(limit) + 1)
	column := "c.call_at"
	if list == CallsSignOff {
		column = "c.due_at"
	}
	if !after.Due.IsZero() {
		q = q.Where("("+column+", c.id) > (?, ?)", after.Due, after.ID)
	}
	if err := q.Order(column, "c.id").Scan(ctx, &rows); err != nil {
		return nil, false, fault.Wrap(err, "complaints.CallTasks")
	}
	tenants.Reveal(r, rows)
	if len(rows) > limit {
		return rows[:limit], true, nil
	}
	return rows, false, nil
}

// callable is the query that a list and its count share.
func callable(r tenants.Reader, actor tenants.Actor, list CallList) *tenants.Query {
	own := r.Select((*Referral)(nil)).Column("complaint_id").Where("leg.unit_id = ?", actor.UnitID)
	q := worked(visible(r, r.Select((*Complaint)(nil)), actor), actor).Where("c.state = 'feedback' AND c.parent_id IS NULL").
		Where("(c.confidential OR (c.id NOT IN (?) AND (c.lead_id IS NULL OR c.lead_id NOT IN (?))))", own, own)
	switch list {
	case CallsLater:
		return q.Where("c.call_at > ?", r.Now())
	case CallsSignOff:
		return q.Where("c.call_at IS NULL")
	default:
		return q.Where("c.call_at <= ?", r.Now())
	}
}

// CallCounts counts the lists for the actor, each up to 1000, in one statement.
func CallCounts(ctx context.Context, r tenants.Reader, actor tenants.Actor) (map[CallList]int, error) {
	lists := []CallList{CallsDue, CallsLater, CallsSignOff}
	q, dest, refs := r.Select((*tenants.Unit)(nil)), make([]int, len(lists)), make([]any, len(lists))
	for i, list := range lists {
		sub := callable(r, actor, list).ColumnExpr("1").Limit(countLimit)
		q = q.ColumnExpr("(SELECT count(*) FROM (?) AS t)", sub)
		refs[i] = &dest[i]
	}
	if err := q.Limit(1).Scan(ctx, refs...); err != nil {
		return nil, fault.Wrap(err, "complaints.CallCounts")
	}
	counts := make(map[CallList]int, len(lists))
	for i, list := range lists {
		counts[list] = dest[i]
	}
	return counts, nil
}

// NextTask puts the call that has waited longest into the actor's hands for
// CallLease and gives the case; NotFound when there is none. Two agents never
// get the same one.
func NextTask(ctx context.Context, tx *tenants.Tx) (ID, error) {
	var ids []ID
	err := callable(tx, tx.Actor(), CallsDue).Column("id").Order("c.call_at", "c.id").Limit(taskTries).Scan(ctx, &ids)
	if err != nil {
		return 0, fault.Wrap(err, "complaints.NextTask")
	}
	for _, id := range ids {
		mine, err := begin(ctx, tx, id)
		if err != nil || mine {
			return id, err
		}
	}
	return 0, fault.New(fault.NotFound, "call.none")
}

// taskTries is how many tasks are looked at when others take them at the same
// moment.
const taskTries = 20

// BeginCall puts one call into the actor's hands, unless somebody else has it.
func BeginCall(ctx context.Context, tx *tenants.Tx, id ID) (bool, error) {
	return begin(ctx, tx, id)
}

// begin takes the call unless it has moved on or somebody was first.
func begin(ctx context.Context, tx *tenants.Tx, id ID) (bool, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return false, err
	}
	if c.State != Feedback || c.CallAt == nil || c.HeldByOther(tx.Actor(), tx.Now()) {
		return false, nil
	}
	if err := independent(ctx, tx, c); err != nil {
		return false, err
	}
	if c.CallAt.After(tx.Now()) && c.HolderID == nil {
		return true, nil // planned for later, called sooner: its plan stays
	}
	until := tx.Now().Add(CallLease)
	c.CallAt, c.HolderID = &until, actorID(tx)
	return true, fault.Wrap(tx.Update(ctx, c, "call_at", "holder_id"), "complaints.begin")
}

// HeldByOther tells whether another agent is calling at this moment.
func (c *Complaint) HeldByOther(actor tenants.Actor, now time.Time) bool {
	return c.HolderID != nil && *c.HolderID != actor.ID && c.CallAt != nil && c.CallAt.After(now)
}

// CallsOfEach lists the feedback attempts of several cases, oldest first.
func CallsOfEach(ctx context.Context, r tenants.Reader, ids []ID) ([]Call, error) {
	var list []Call
	if len(ids) == 0 {
		return list, nil
	}
	return list, tenants.Err(r.Select(&list).Where("call.complaint_id IN (?)", tenants.In(ids)).Order("call.id").Scan(ctx))
}
