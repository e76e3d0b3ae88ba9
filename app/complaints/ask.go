package complaints

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Kinds of the tasks that follow a question to the citizen; their payload is
// that of every complaint fact.
const (
	KindAskReminder = "complaint.ask_reminder" // the citizen is reminded
	KindAskOver     = "complaint.ask_over"     // the cap has ended: GoOn
)

// reminderBefore is how long before the end of the pause the citizen is
// reminded, unless the whole pause is shorter than twice that.
const reminderBefore = 24 * time.Hour

func (c *Complaint) reminderRef() string {
	return "complaint:" + strconv.FormatInt(c.ID, 10) + ":ask_reminder"
}

func (c *Complaint) goOnRef() string {
	return "complaint:" + strconv.FormatInt(c.ID, 10) + ":ask_over"
}

// remindLater plans the reminder and the end of the pause.
func (c *Complaint) remindLater(ctx context.Context, tx *tenants.Tx, asked *timeline.Event) error {
	ids := fact{ComplaintID: c.ID, EventID: asked.ID}
	at := reminderAt(tx.Now(), *c.AskedUntil)
	if err := tx.Schedule(ctx, KindAskReminder, c.reminderRef(), at, ids); err != nil {
		return err
	}
	return tx.Schedule(ctx, KindAskOver, c.goOnRef(), *c.AskedUntil, ids)
}

// reminderAt is a day before the end, or the middle of a shorter pause.
func reminderAt(asked, until time.Time) time.Time {
	if whole := until.Sub(asked); whole < 2*reminderBefore {
		return asked.Add(whole / 2)
	}
	return until.Add(-reminderBefore)
}

// GoOn ends a pause whose cap is used up: the case is in progress again, with
// what is known, and the unit's clock runs on. It tells whether there was
// something to end; running it early, late or twice changes nothing.
func GoOn(ctx context.Context, tx *tenants.Tx, id ID) (bool, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return false, err
	}
	return goOn(ctx, tx, c)
}

func goOn(ctx context.Context, tx *tenants.Tx, c *Complaint) (bool, error) {
	if c.State != WaitingCitizen || c.AskedUntil == nil || c.AskedUntil.After(tx.Now()) {
		return false, nil
	}
	e := c.event("ask_over", "", true)
	c.State = InProgress
	if _, err := record(ctx, tx, c, e, false); err != nil {
		return false, err
	}
	return true, tx.Enqueue(ctx, "complaint.went_on", fact{ComplaintID: c.ID, EventID: e.ID})
}
