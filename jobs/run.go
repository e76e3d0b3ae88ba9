package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"pasokh/app/fault"
	"pasokh/app/handover"
	"pasokh/app/notify"
	"pasokh/tenants"
)

const (
	runLimit  = 30 * time.Second // one reaction
	noteLimit = 5 * time.Second  // writing down what became of it
	// crowdedFor is how long a task waits whose gateway has its hands full.
	crowdedFor = 2 * time.Second
)

// Run does one task of the outbox, whoever asks: it opens the tenant's door,
// reads the row again, runs the reaction when that is still due, and writes
// down what became of it. A reaction that failed is no error of Run: it is
// given as outcome.Failure and noted in the row; the error says that the row
// could not be read or written, and that somebody must come again.
func Run(ctx context.Context, d *Deps, tenantID, taskID int64) (outcome Outcome, err error) {
	tenant, err := d.tenant(ctx, tenantID)
	if err != nil {
		return Outcome{}, fault.Wrap(err, "jobs.Run")
	}
	db := d.Root.For(tenant)
	defer db.Release()
	task, err := tenants.TaskByID(ctx, db, taskID)
	if fault.Is(err, fault.NotFound) {
		return Outcome{Result: "gone"}, nil
	}
	if err != nil {
		return Outcome{}, fault.Wrap(err, "jobs.Run")
	}
	if why := notDue(task, db.Now()); why != "" {
		return Outcome{Result: why}, nil
	}
	if !tenant.Works() && task.Kind != handover.KindAsked { // who is suspended may still take what is theirs with them
		return standStill(ctx, d, db, task)
	}
	db.Release() // a reaction may wait long for a provider; it takes a connection when it reads
	clock := d.Root.Clock()
	began := clock()
	result, failure := react(ctx, d, db, task)
	if failure != nil && ctx.Err() != nil {
		return Outcome{}, ctx.Err() // stopping, not failing
	}
	var crowded *notify.Crowded
	if errors.As(failure, &crowded) {
		task.PutOff(db.Now().Add(crowdedFor)) // what else went wrong is found again
		result, failure = crowded.Error(), nil
	}
	outcome = Outcome{Kind: task.Kind, Result: result, Failure: failure, Took: clock().Sub(began)}
	outcome.Dead = failure != nil && classOf(failure).retryAt(db.Now(), task.Attempts).IsZero()
	return outcome, note(ctx, db, task, outcome)
}

// standFor is how often the tasks of an organization that does not work are looked
// at again.
const standFor = 15 * time.Minute

// standStill puts a task off while the organization is suspended or deleted; what
// is then left of it is seen when it runs. A code would be of no use to anybody by
// then.
func standStill(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (Outcome, error) {
	o := Outcome{Result: "put off: " + string(db.Tenant().Standing())}
	if kind, _ := d.kind(t.Kind); kind.Queue == OTP {
		o.Result = "dropped: " + string(db.Tenant().Standing())
	} else {
		t.PutOff(db.Now().Add(standFor))
	}
	return o, note(ctx, db, t, o)
}

// Outcome is what became of one task.
type Outcome struct {
	Kind    string // empty when nothing was run
	Result  string // a word for the record: accepted, gone, done before …
	Failure error
	Dead    bool // no further try comes
	Took    time.Duration
}

// notDue says why a task that was handed over is not to be run now; the queue
// may deliver early, late and twice.
func notDue(t *tenants.Task, now time.Time) string {
	switch {
	case t.DoneAt != nil:
		return "done before"
	case t.Dead:
		return "dead"
	case t.RunAt.After(now), t.RetryAt != nil && t.RetryAt.After(now):
		return "not yet"
	}
	return ""
}

// react runs the reaction; a panic is a failure like any other.
func react(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (result string, err error) {
	kind, ok := d.kind(t.Kind)
	if !ok {
		return "", errUnknownKind
	}
	ctx, cancel := context.WithTimeout(ctx, limitOf(t.Kind))
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			d.Log.ErrorContext(ctx, "panic in a task", "kind", t.Kind, "task", t.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return kind.React(ctx, d, db, t)
}

var (
	errUnknownKind = errors.New("no reaction is known for this kind")
	errPanic       = errors.New("panic")
)

// note writes what became of the task, unless its row has been given a new time
// meanwhile: then the new time stands.
func note(ctx context.Context, db *tenants.DB, t *tenants.Task, o Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		row := new(tenants.Task)
		if err := tx.Lock(ctx, row, "task.id = ?", t.ID); err != nil {
			return err
		}
		if !row.RunAt.Equal(t.RunAt) {
			return nil
		}
		if o.Failure == nil && !t.Later().IsZero() {
			return tx.Delay(ctx, t.ID, t.Later(), o.Result)
		}
		if o.Failure == nil {
			return tx.Finish(ctx, t.ID, o.Result)
		}
		class := classOf(o.Failure)
		return tx.Fail(ctx, t.ID, class.retryAt(tx.Now(), t.Attempts), class.name, reason(o.Failure))
	})
	return fault.Wrap(err, "jobs.note")
}

// reason is what the row keeps of an error: kind and key. The texts of foreign
// errors may quote personal data and go to the log only.
func reason(err error) string {
	var refused *notify.Refused
	switch {
	case errors.As(err, &refused):
		return refused.Error()
	case errors.Is(err, errUnknownKind), errors.Is(err, errPanic):
		return err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "took too long"
	}
	f := fault.As(err)
	return f.Kind.String() + " " + f.Key
}
