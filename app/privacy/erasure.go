package privacy

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// State is how far a request for erasure is.
type State string

// The states.
const (
	Open      State = "open"
	Erased    State = "erased"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// Ground is why the law lets an office refuse.
type Ground string

// The grounds.
const (
	OpenCase Ground = "open_case" // something is under way
	Hold     Ground = "hold"      // a court or an inspection needs it
	Duty     Ground = "duty"      // the law has it kept for some time
	Identity Ground = "identity"  // who asks is not the person
	Other    Ground = "other"
)

// Grounds lists them as the office chooses.
func Grounds() []Ground { return []Ground{OpenCase, Hold, Duty, Identity, Other} }

// Request is a person's wish to be forgotten.
type Request struct {
	tenants.BaseModel `bun:"table:erasure_requests,alias:request"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	CitizenID int64
	State     State
	Ground    Ground // of a refusal
	Reason    string // of a refusal; the person reads it
	AskedAt   time.Time
	DueAt     time.Time
	DecidedAt *time.Time
	DecidedBy *int64
	Mobile    string        `sealed:"erasure_requests.mobile,blind=mobile"` // kept from the erasure until the person was told
	Language  messages.Lang // of what they are told then
	// MobileSealed is what the blind index of the column stands for.
	MobileSealed string
}

// AnswerDays is how long the office has to decide.
const AnswerDays = 30

// The facts of a request; their payload is Fact.
const (
	KindErasureAsked   = "citizen.erasure_asked"
	KindErasureRefused = "citizen.erasure_refused"
	KindErased         = "citizen.erased"
)

// Fact is the payload.
type Fact struct {
	RequestID int64 `json:"request_id"`
}

// Ask notes that a person wants to be forgotten. Conflict while a request of
// theirs is open.
func Ask(ctx context.Context, tx *tenants.Tx, citizenID int64) (*Request, error) {
	c := new(citizens.Citizen)
	if err := tx.Lock(ctx, c, "citizen.id = ?", citizenID); err != nil {
		return nil, err
	}
	if c.ErasedAt != nil {
		return nil, fault.New(fault.Conflict, "citizen.erased")
	}
	q := &Request{ID: tenants.NewID(), CitizenID: citizenID, State: Open, AskedAt: tx.Now(), DueAt: tx.Now().AddDate(0, 0, AnswerDays)}
	isNew, err := tx.InsertNew(ctx, q)
	if err != nil {
		return nil, fault.Wrap(err, "privacy.Ask")
	}
	if !isNew {
		return nil, fault.New(fault.Conflict, "privacy.asked")
	}
	if err := audit.Record(ctx, tx, "erasure.asked", "citizen", citizenID, ""); err != nil {
		return nil, err
	}
	return q, tx.Enqueue(ctx, KindErasureAsked, Fact{RequestID: q.ID})
}

// lockOpen locks a request that nobody has decided.
func lockOpen(ctx context.Context, tx *tenants.Tx, id int64) (*Request, error) {
	q := new(Request)
	if err := tx.Lock(ctx, q, "request.id = ?", id); err != nil {
		return nil, err
	}
	if q.State != Open {
		return nil, fault.New(fault.Conflict, "privacy.decided")
	}
	return q, nil
}

func (q *Request) decide(ctx context.Context, tx *tenants.Tx, to State, columns ...string) error {
	now := tx.Now()
	q.State, q.DecidedAt = to, &now
	if a := tx.Actor(); a.Kind == tenants.Staff {
		q.DecidedBy = &a.ID
	}
	return fault.Wrap(tx.Update(ctx, q, append(columns, "state", "decided_at", "decided_by")...), "privacy.decide")
}

// Withdraw takes the person's own wish back.
func Withdraw(ctx context.Context, tx *tenants.Tx, id int64) error {
	q, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := q.decide(ctx, tx, Withdrawn); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "erasure.withdrawn", "citizen", q.CitizenID, "")
}

// Approve forgets the person now. Conflict while something of theirs is open, or
// held.
func Approve(ctx context.Context, tx *tenants.Tx, id int64) error {
	q, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	c, err := citizens.ByID(ctx, tx, q.CitizenID)
	if err != nil {
		return err
	}
	q.Mobile, q.Language = c.Mobile, messages.Parse(string(c.Language))
	if err := citizens.Erase(ctx, tx, q.CitizenID, "request "+strconv.FormatInt(q.ID, 10)); err != nil {
		return err
	}
	if err := q.decide(ctx, tx, Erased, "mobile", "language"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindErased, Fact{RequestID: q.ID})
}

// Refuse leaves everything as it is, on a ground and with a reason that the
// person is told. Field errors: ground, reason.
func Refuse(ctx context.Context, tx *tenants.Tx, id int64, ground Ground, typed string) error {
	errs := fault.Fields{}
	if !slices.Contains(Grounds(), ground) {
		errs.Add("ground", "privacy.error.ground")
	}
	reason, err := citizens.Reason(typed)
	if err != nil {
		errs.Add("reason", fault.As(err).Fields["reason"])
	}
	if err := errs.Err(); err != nil {
		return err
	}
	q, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	q.Ground, q.Reason = ground, reason
	if err := q.decide(ctx, tx, Refused, "ground", "reason"); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "erasure.refused", "citizen", q.CitizenID, "ground="+string(ground)); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindErasureRefused, Fact{RequestID: q.ID})
}

// Told forgets the number of somebody who was erased, once they were told.
func Told(ctx context.Context, tx *tenants.Tx, id int64) error {
	_, err := tx.Set(ctx, (*Request)(nil), "mobile = '', mobile_sealed = ''", nil, "id = ?", id)
	return fault.Wrap(err, "privacy.Told")
}

// ByID reads one request.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Request, error) {
	q := new(Request)
	return q, tenants.Err(r.Select(q).Where("request.id = ?", id).Scan(ctx))
}

// Of lists the requests of people, the newest first.
func Of(ctx context.Context, r tenants.Reader, people []int64) ([]Request, error) {
	var list []Request
	if len(people) == 0 {
		return nil, nil
	}
	err := r.Select(&list).Where("request.citizen_id IN (?)", tenants.In(people)).Order("request.id DESC").Limit(50).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "privacy.Of")
}

// Page is a page of the office's list.
const Page = 50

// Requests is a page of those that wait, the one that is due first at the top,
// or of those that are decided, the newest first. after is the last row of the
// page before, 0 for the first; more tells whether others follow.
func Requests(ctx context.Context, r tenants.Reader, open bool, after int64) (list []Request, more bool, err error) {
	q := r.Select(&list).Where("request.state <> 'open'").Order("request.decided_at DESC", "request.id DESC")
	column, beyond := "decided_at", "(request.decided_at, request.id) < (?)"
	if open {
		q = r.Select(&list).Where("request.state = 'open'").Order("request.due_at", "request.id")
		column, beyond = "due_at", "(request.due_at, request.id) > (?)"
	}
	if after != 0 {
		q = q.Where(beyond, r.Select((*Request)(nil)).Column(column, "id").Where("request.id = ?", after))
	}
	if err := q.Limit(Page + 1).Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "privacy.Requests")
	}
	if more = len(list) > Page; more {
		list = list[:Page]
	}
	return list, more, nil
}
