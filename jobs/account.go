package jobs

import (
	"context"

	"pasokh/app/emergency"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// newDevice tells somebody that another browser opened their account.
func newDevice(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.NewDevice
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.NewDevice(ctx, db, notify.CauseOf(t), ids)
}

// factorChanged tells somebody that they can sign in otherwise than before.
func factorChanged(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.FactorFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.FactorChanged(ctx, db, notify.CauseOf(t), ids)
}

// factorsReset tells somebody that their second factors were taken away.
func factorsReset(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.FactorFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.FactorsReset(ctx, db, notify.CauseOf(t), ids)
}

// emergencyChanged tells the administrators who of the platform looks, or looks
// no longer.
func emergencyChanged(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids emergency.Fact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Emergency(ctx, db, notify.CauseOf(t), ids)
}

// accountLinked tells somebody that a link of their account came or went.
func accountLinked(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.About
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Linked(ctx, db, notify.CauseOf(t), ids.StaffID)
}

// securityChanged tells the administrators who changed what their safety hangs on.
func securityChanged(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.SecurityFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.SecurityChanged(ctx, db, notify.CauseOf(t), ids)
}

// addressLeft tells somebody, where they were reached before, that they are
// reached elsewhere now.
func addressLeft(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.AddressLeft
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.AddressLeft(ctx, db, notify.CauseOf(t), ids)
}
