package quality

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// The kinds of calls that are reviewed.
const (
	FeedbackCall = "feedback" // of the feedback unit with a citizen
	IntakeCall   = "intake"   // in which a case was taken in
)

// Heard is a call that can be reviewed. Those about confidential cases are not.
type Heard struct {
	Kind        string
	ID          int64 // of the call, or of the case that was taken in
	ComplaintID int64
	OperatorID  int64
	At          time.Time
	Outcome     string // of a feedback call
	Code        string // of the case
	Reference   string // of the phone system
	ReviewID    int64  `bun:"-"` // 0 when it was not reviewed
}

// feedbackCalls and intakes are the calls of members of staff.
func feedbackCalls(r tenants.Reader) *tenants.Query {
	return r.Select((*complaints.Call)(nil)).Join("JOIN ? ON c.id = call.complaint_id AND NOT c.confidential", r.From((*complaints.Complaint)(nil))).
		Where("call.staff_id IS NOT NULL AND NOT call.by_citizen")
}

func intakes(r tenants.Reader) *tenants.Query {
	return r.Select((*complaints.Complaint)(nil)).Where("c.channel = 'phone' AND c.registered_by IS NOT NULL AND NOT c.confidential")
}

const (
	feedbackColumns = "'feedback' AS kind, call.id, call.complaint_id, call.staff_id AS operator_id, call.at, call.outcome, c.code, '' AS reference"
	intakeColumns   = "'intake' AS kind, c.id, c.id AS complaint_id, c.registered_by AS operator_id, c.registered_at AS at, '' AS outcome, c.code, c.call_reference AS reference"
)

// CallOf finds a call; NotFound when it cannot be reviewed.
func CallOf(ctx context.Context, r tenants.Reader, kind string, id int64) (*Heard, error) {
	q := feedbackCalls(r).ColumnExpr(feedbackColumns).Where("call.id = ?", id)
	if kind == IntakeCall {
		q = intakes(r).ColumnExpr(intakeColumns).Where("c.id = ?", id)
	}
	call := new(Heard)
	return call, tenants.Err(q.Limit(1).Scan(ctx, call))
}

// Taken counts the calls of one operator.
type Taken struct {
	OperatorID int64
	N          int
}

// CallCounts counts the calls of a time by operator and kind. Two statements.
func CallCounts(ctx context.Context, r tenants.Reader, from, until time.Time) (feedback, intake map[int64]int, err error) {
	read := func(q *tenants.Query, who, at string) (map[int64]int, error) {
		var list []Taken
		err := q.ColumnExpr(who+" AS operator_id, count(*) AS n").Where(at+" >= ? AND "+at+" < ?", from, until).GroupExpr(who).Scan(ctx, &list)
		found := make(map[int64]int, len(list))
		for _, one := range list {
			found[one.OperatorID] = one.N
		}
		return found, tenants.Err(err)
	}
	if feedback, err = read(feedbackCalls(r), "call.staff_id", "call.at"); err != nil {
		return nil, nil, err
	}
	intake, err = read(intakes(r), "c.registered_by", "c.registered_at")
	return feedback, intake, err
}

// sampleLimit is from how many calls of a kind a sample is drawn at most.
const sampleLimit = 2000

// Sample draws the calls of one operator in a time that are to be reviewed: as
// many as the organization wants, by a chance that is the same for everybody who
// looks, so that nobody picks. Calls that were reviewed stay in it.
func Sample(ctx context.Context, r tenants.Reader, operator int64, from, until time.Time) ([]Heard, error) {
	var list, more []Heard
	err := feedbackCalls(r).ColumnExpr(feedbackColumns).Where("call.at >= ? AND call.at < ? AND call.staff_id = ?", from, until, operator).
		Order("call.at", "call.id").Limit(sampleLimit).Scan(ctx, &list)
	if err != nil {
		return nil, tenants.Err(err)
	}
	err = intakes(r).ColumnExpr(intakeColumns).Where("c.registered_at >= ? AND c.registered_at < ? AND c.registered_by = ?", from, until, operator).
		Order("c.registered_at", "c.id").Limit(sampleLimit).Scan(ctx, &more)
	if err != nil {
		return nil, tenants.Err(err)
	}
	list = Draw(append(list, more...), r.Tenant().ID, from)
	list = list[:min(len(list), r.Tenant().Settings.Defaults().Reviews.PerMonth)]
	return list, reviewed(ctx, r, list)
}

// Draw orders calls by chance: the same calls, organization and beginning give
// the same order, and a call more moves no other.
func Draw(list []Heard, tenant int64, from time.Time) []Heard {
	lot := func(h *Heard) uint64 {
		sum := fnv.New64a()
		var b [24]byte
		binary.LittleEndian.PutUint64(b[:], uint64(tenant))                  //nolint:gosec // bits, not a number
		binary.LittleEndian.PutUint64(b[8:], uint64(from.UTC().UnixMicro())) //nolint:gosec // bits, not a number
		binary.LittleEndian.PutUint64(b[16:], uint64(h.ID))                  //nolint:gosec // bits, not a number
		_, _ = sum.Write(b[:])
		_, _ = sum.Write([]byte(h.Kind))
		x := sum.Sum64()
		x ^= x >> 33 // FNV leaves the last bytes in the low bits
		x *= 0xff51afd7ed558ccd
		return x ^ x>>33
	}
	slices.SortFunc(list, func(a, b Heard) int { return cmp.Or(cmp.Compare(lot(&a), lot(&b)), cmp.Compare(a.ID, b.ID)) })
	return list
}

// reviewed notes which of the calls have a review.
func reviewed(ctx context.Context, r tenants.Reader, list []Heard) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	var found []Review
	err := r.Select(&found).Column("id", "call_kind", "call_id").Where("review.call_kind IN ('feedback','intake') AND review.call_id IN (?)", tenants.In(ids)).Scan(ctx)
	for i := range list {
		for k := range found {
			if found[k].CallKind == list[i].Kind && found[k].CallID == list[i].ID {
				list[i].ReviewID = found[k].ID
			}
		}
	}
	return tenants.Err(err)
}
