package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// inviteToSessions has the calendars of executives and their deputies told of
// their sessions; of organizations that send mail, and that have something new.
func inviteToSessions(ctx context.Context, d *Deps) error {
	each := func(ctx context.Context, db *tenants.DB) error {
		carried, fresh, err := d.Post.InvitesToSessions(ctx, db)
		if err != nil || !carried {
			return err
		}
		due, err := meetings.InvitesDue(ctx, db, fresh)
		if err != nil || !due {
			return err
		}
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := meetings.InviteToSessions(ctx, tx, fresh)
			return err
		})
	}
	if d.Post.Sender != nil {
		return eachTenant(ctx, d, each)
	}
	return eachWith(ctx, d, tenants.MailGateways, nil, each)
}

// sessionInvited mails what a calendar is to know of a session.
func sessionInvited(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var f meetings.InviteFact
	if err := t.IDs(&f); err != nil {
		return "", errPayload(err)
	}
	return d.Post.SessionInvited(ctx, db, notify.CauseOf(t), f)
}
