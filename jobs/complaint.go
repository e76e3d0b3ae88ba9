package jobs

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// aboutCase makes the reaction to a complaint.… fact: it reads the case and the
// event again, and tells.
func aboutCase(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, notify.Case) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids struct {
			ComplaintID int64 `json:"complaint_id"`
			EventID     int64 `json:"event_id"`
			Level       int   `json:"level"`
		}
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		c, err := complaints.Plain(ctx, db, ids.ComplaintID)
		if err != nil {
			return "", err
		}
		e := new(timeline.Event)
		if err := db.Select(e).Where("event.id = ?", ids.EventID).Scan(ctx); err != nil {
			return "", tenants.Err(err)
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), notify.Case{Complaint: c, Event: e, Level: ids.Level})
	}
}

// errPayload is an error that no later try can mend.
func errPayload(err error) error {
	return &fault.Error{Kind: fault.Invalid, Key: "notify.payload", Err: err}
}

// SweepComplaints lets the cases whose clock has come climb their ladder.
func SweepComplaints(ctx context.Context, d *Deps) error {
	return sweep(ctx, d, d.Root.UnscopedDueComplaints, free((*complaints.Complaint)(nil), complaints.SweepEach))
}

// askOver lets a case go on whose citizen was waited for long enough.
func askOver(ctx context.Context, _ *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids struct {
		ComplaintID int64 `json:"complaint_id"`
	}
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	word := "moved on"
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		over, err := complaints.GoOn(ctx, tx, ids.ComplaintID)
		if over {
			word = "in progress again"
		}
		return err
	})
	return word, err
}
