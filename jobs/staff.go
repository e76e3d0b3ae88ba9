package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// staffInvited makes and sends the link by which somebody chooses a password;
// one that was used, replaced or has expired meanwhile is dropped.
func staffInvited(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.Invited
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.StaffInvited(ctx, db, notify.CauseOf(t), ids.InvitationID)
}

// staffResetAsked has a link sent to whoever asked for a new password, if there
// is such an account.
func staffResetAsked(ctx context.Context, _ *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var about staff.About
	if err := t.IDs(&about); err != nil {
		return "", errPayload(err)
	}
	word := "nobody to tell"
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		sent, err := staff.BeginReset(ctx, tx, about.StaffID)
		if sent {
			word = "sent"
		}
		return err
	})
	return word, err
}

// staffPasswordChanged tells somebody that the password is another one.
func staffPasswordChanged(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var about staff.About
	if err := t.IDs(&about); err != nil {
		return "", errPayload(err)
	}
	return d.Post.PasswordChanged(ctx, db, notify.CauseOf(t), about.StaffID)
}

// staffTrainingDue tells somebody, and the administrators, that a record of a
// course runs out.
func staffTrainingDue(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var due staff.TrainingDue
	if err := t.IDs(&due); err != nil {
		return "", errPayload(err)
	}
	return d.Post.TrainingDue(ctx, db, notify.CauseOf(t), due)
}

// tellTrainings looks for records of courses that run out.
func tellTrainings(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := staff.TellTrainings(ctx, tx)
			return err
		})
	})
}
