package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/policies"
	"pasokh/tenants"
)

// Cause is the task that makes somebody be told something. Every message of it
// has a key made from it, so that running the task again sends nothing again.
type Cause struct{ task *tenants.Task }

// CauseOf takes a task of the outbox as the cause of messages.
func CauseOf(t *tenants.Task) Cause { return Cause{t} }

// Key names the message of this cause to one audience. The time belongs to it,
// because a task that was put off tells a new thing.
func (c Cause) Key(audience string) string {
	return fmt.Sprintf("%d@%d:%s", c.task.ID, c.task.RunAt.Unix(), audience)
}

// told is what a message says: its key in the catalogue and what fills it.
type told struct {
	subject timeline.Subject
	key     string
	args    []any
	opens   bool      // the link opens the subject, once, without code and number
	urgent  bool      // does not wait for the hours of its kind
	before  time.Time // of no use from then on; zero: never
	unit    int64     // whose working time counts
	invite  invite
}

// inCharge lists who answers for a unit: who leads it; where nobody does,
// everybody in it.
func inCharge(ctx context.Context, r tenants.Reader, unitID int64) ([]staff.Staff, error) {
	list, err := staff.Able(ctx, r, &unitID, "unit:lead")
	if err != nil || len(list) > 0 {
		return list, err
	}
	return staff.OfUnit(ctx, r, unitID)
}

// holders lists whom a rung tells by its role: those in charge of the unit for
// the roles that belong to units; of an own role its holders in the unit, where
// there are any; else those of the whole organization.
func holders(ctx context.Context, r tenants.Reader, role string, unitID int64) ([]staff.Staff, error) {
	if role == "unit_head" || role == "unit_expert" {
		return inCharge(ctx, r, unitID)
	}
	if policies.IsOwn(role) {
		list, err := staff.WithRole(ctx, r, role, &unitID)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return staff.WithRole(ctx, r, role, nil)
}

// account lists one member of staff; nobody when there is none or the account
// is closed.
func account(ctx context.Context, r tenants.Reader, id *int64) ([]staff.Staff, error) {
	if id == nil {
		return nil, nil
	}
	who, err := staff.ByID(ctx, r, *id)
	if fault.Is(err, fault.NotFound) || (err == nil && who.DisabledAt != nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []staff.Staff{*who}, nil
}

// accounts reads those of several accounts that are in use, each once.
func accounts(ctx context.Context, r tenants.Reader, ids []int64) ([]staff.Staff, error) {
	found, err := staff.Colleagues(ctx, r, ids)
	var list []staff.Staff
	for _, id := range ids {
		if s, ok := found[id]; ok && s.DisabledAt == nil {
			list = append(list, s)
			delete(found, id)
		}
	}
	return list, err
}

// both tells two audiences of one cause, one after the other; the second is told
// whatever became of the first.
func both(first string, err error, second func() (string, error)) (string, error) {
	word, next := second()
	return first + ", " + word, errors.Join(err, next)
}
