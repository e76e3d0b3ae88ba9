package directives

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// The states of a request for more time. Lapsed: the directive ended first.
const (
	ExtensionAsked   = "asked"
	ExtensionGranted = "granted"
	ExtensionRefused = "refused"
	ExtensionLapsed  = "lapsed"
)

// Extension is a unit's request for more time. Until it is granted the old due
// time stands, with its notices.
type Extension struct {
	tenants.BaseModel `bun:"table:directive_extensions,alias:extension"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	DirectiveID int64
	State       string
	OldDueAt    time.Time
	NewDueAt    time.Time
	Reason      string
	AskedBy     int64
	AskedAt     time.Time
	Answer      string
	DecidedBy   *int64
	DecidedAt   *time.Time
}

// Extensions lists the requests about one directive, oldest first.
func Extensions(ctx context.Context, r tenants.Reader, id int64) ([]Extension, error) {
	var list []Extension
	err := r.Select(&list).Where("extension.directive_id = ?", id).Order("extension.id").Scan(ctx)
	return list, tenants.Err(err)
}

// Asking is a directive with the request for more time that waits.
type Asking struct {
	Listed   `bun:",extend"`
	NewDueAt time.Time `bun:"new_due_at,scanonly"`
	Reason   string    `bun:"reason,scanonly"`
}

// AskingOf lists the requests that wait for an executive (0 = all), the nearest
// due time first.
func AskingOf(ctx context.Context, r tenants.Reader, a tenants.Actor, executiveID int64, limit int) ([]Asking, error) {
	var list []Asking
	q := r.Select(&list)
	named(r, q).ColumnExpr("extension.new_due_at AS new_due_at, extension.reason AS reason").
		Join("JOIN ? ON extension.directive_id = directive.id", r.From((*Extension)(nil))).
		Where("extension.state = 'asked' AND directive.state <> ?", Done)
	if executiveID != 0 {
		q.Where("directive.executive_id = ?", executiveID)
	}
	err := discreet(r, q, a).Order("directive.due_at", "directive.id").Limit(int64(limit)).Scan(ctx)
	return list, tenants.Err(err)
}

// AskExtension asks for a later due time. Only staff of the lead unit, one
// request at a time. Field errors: due, reason. Fact: directive.extension_asked.
func AskExtension(ctx context.Context, tx *tenants.Tx, id int64, due time.Time, reason string) error {
	d, err := ofOwnUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Waiting() {
		return errState()
	}
	bad := fault.Fields{}
	if !due.After(d.DueAt) || !due.After(tx.Now()) {
		bad.Add("due", "order.error.extension_due")
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		bad.Add("reason", fault.As(err).Fields["reason"])
	}
	if err := bad.Err(); err != nil {
		return err
	}
	asked := &Extension{
		ID: tenants.NewID(), DirectiveID: d.ID, State: ExtensionAsked, OldDueAt: d.DueAt, NewDueAt: due.UTC(),
		Reason: reason, AskedBy: tx.Actor().ID, AskedAt: tx.Now(),
	}
	fresh, err := tx.InsertNew(ctx, asked)
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "order.conflict.extension")
	}
	return d.write(ctx, tx, step{
		act: "directive:ask_extension", detail: moved(d.DueAt, asked.NewDueAt), fact: "directive.extension_asked",
		event: timeline.Event{Kind: "directive.extension_asked", FromState: string(d.State), Text: reason, DueAt: &asked.NewDueAt},
	})
}

// asking reads the open request for update; Conflict when there is none.
func (d *Directive) asking(ctx context.Context, tx *tenants.Tx) (*Extension, error) {
	e := new(Extension)
	err := tx.Lock(ctx, e, "extension.directive_id = ? AND extension.state = 'asked'", d.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, errState()
	}
	return e, err
}

func (e *Extension) decide(ctx context.Context, tx *tenants.Tx, state, answer string) error {
	now := tx.Now()
	e.State, e.Answer, e.DecidedAt = state, answer, &now
	if a := tx.Actor(); a.Kind == tenants.Staff {
		e.DecidedBy = &a.ID
	}
	return tx.Update(ctx, e, "state", "answer", "decided_by", "decided_at")
}

// GrantExtension moves the due time to the one asked for; the old one, the new
// one and the reason stay in the audit. Who may: see Accept. Field error:
// reason. Fact: directive.extension_decided.
func GrantExtension(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, e, reason, err := deciding(ctx, tx, id, reason)
	if err != nil {
		return err
	}
	if !e.NewDueAt.After(tx.Now()) {
		return fault.New(fault.Conflict, "order.conflict.extension_late")
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	if err := e.decide(ctx, tx, ExtensionGranted, reason); err != nil {
		return err
	}
	old := d.DueAt
	d.wind(e.NewDueAt, tx.Now(), working)
	if !d.Waiting() {
		d.NextClockAt = nil
	}
	return d.write(ctx, tx, step{
		act: "directive:grant_extension", detail: moved(old, d.DueAt) + ": " + reason, fact: "directive.extension_decided",
		event: timeline.Event{Kind: "directive.due_changed", FromState: string(d.State), Text: reason, DueAt: &d.DueAt, Public: true},
	}, "due_at", "next_clock_at", "reminded_level")
}

// RefuseExtension leaves the due time as it is. Who may: see Accept. Field
// error: reason. Fact: directive.extension_decided.
func RefuseExtension(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, e, reason, err := deciding(ctx, tx, id, reason)
	if err != nil {
		return err
	}
	if err := e.decide(ctx, tx, ExtensionRefused, reason); err != nil {
		return err
	}
	return d.write(ctx, tx, step{
		act: "directive:refuse_extension", detail: moved(d.DueAt, e.NewDueAt) + ": " + reason, fact: "directive.extension_decided",
		event: timeline.Event{Kind: "directive.extension_refused", FromState: string(d.State), Text: reason},
	})
}

func deciding(ctx context.Context, tx *tenants.Tx, id int64, reason string) (*Directive, *Extension, string, error) {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return nil, nil, "", err
	}
	if err := mustIssue(ctx, tx, d); err != nil {
		return nil, nil, "", err
	}
	if !d.Open() {
		return nil, nil, "", errState()
	}
	e, err := d.asking(ctx, tx)
	if err != nil {
		return nil, nil, "", err
	}
	reason, err = words(reason, "reason", "directive.error.reason", MaxReason)
	return d, e, reason, err
}

// endClaims lets a request for more time lapse and stops the clocks of the
// parts: the directive is done.
func (d *Directive) endClaims(ctx context.Context, tx *tenants.Tx) error {
	e, err := d.asking(ctx, tx)
	switch {
	case fault.Is(err, fault.Conflict):
	case err != nil:
		return err
	default:
		if err := e.decide(ctx, tx, ExtensionLapsed, ""); err != nil {
			return err
		}
	}
	if err := d.lapse(ctx, tx); err != nil {
		return err
	}
	var list []Part
	if err := tx.LockAll(ctx, &list, "part.directive_id = ? AND part.next_clock_at IS NOT NULL", d.ID); err != nil {
		return err
	}
	for i := range list {
		list[i].NextClockAt = nil
		if err := tx.Update(ctx, &list[i], "next_clock_at"); err != nil {
			return err
		}
	}
	return nil
}
