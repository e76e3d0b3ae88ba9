package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// aboutMeeting makes the reaction to a meeting.… fact: it reads the meeting
// again, and tells.
func aboutMeeting(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *meetings.Listed) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids meetings.Fact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		m, err := meetings.ByID(ctx, db, ids.MeetingID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), m)
	}
}

// meetingReminder reminds, unless that is not true any more.
func meetingReminder(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids meetings.Fact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.MeetingReminder(ctx, db, notify.CauseOf(t), ids.MeetingID)
}

// generateSessions writes the sessions of the coming weeks from the weekly
// windows of every organization.
func generateSessions(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			if _, err := meetings.FollowCalendar(ctx, tx); err != nil { // holidays of the country, too
				return err
			}
			_, err := meetings.Generate(ctx, tx)
			return err
		})
	})
}
