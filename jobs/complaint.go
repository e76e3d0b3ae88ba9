package jobs

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// caseIDs is the payload of every complaint.… task.
type caseIDs struct {
	ComplaintID int64 `json:"complaint_id"`
	EventID     int64 `json:"event_id"`
	Level       int   `json:"level"` // of escalations
}

// ofCase makes a reaction that re-reads the case.
func ofCase(tell func(context.Context, *notify.Post, *tenants.DB, notify.Cause, *complaints.Complaint, caseIDs) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids caseIDs
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		c, err := complaints.Plain(ctx, db, ids.ComplaintID)
		if err != nil {
			return "", err
		}
		return tell(ctx, d.Post, db, notify.CauseOf(t), c, ids)
	}
}

// plain makes a reaction that needs nothing but the case.
func plain(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *complaints.Complaint) (string, error)) Reaction {
	return ofCase(func(ctx context.Context, p *notify.Post, db *tenants.DB, cause notify.Cause, c *complaints.Complaint, _ caseIDs) (string, error) {
		return tell(p, ctx, db, cause, c)
	})
}

// withEvent makes a reaction that needs to know what exactly happened.
func withEvent(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *complaints.Complaint, *timeline.Event) (string, error)) Reaction {
	return ofCase(func(ctx context.Context, p *notify.Post, db *tenants.DB, cause notify.Cause, c *complaints.Complaint, ids caseIDs) (string, error) {
		e, err := timeline.ByID(ctx, db, ids.EventID)
		if err != nil {
			return "", err
		}
		return tell(p, ctx, db, cause, c, e)
	})
}

// complaintEscalated tells whom the rung names.
func complaintEscalated(ctx context.Context, p *notify.Post, db *tenants.DB, cause notify.Cause, c *complaints.Complaint, ids caseIDs) (string, error) {
	return p.ComplaintEscalated(ctx, db, cause, c, ids.Level)
}

// errPayload is an error that no later try can mend.
func errPayload(err error) error {
	return &fault.Error{Kind: fault.Invalid, Key: "error.payload", Err: err}
}
