package boot

import (
	"context"
	"crypto/rand"
	"fmt"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/jobs"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Account is one account of a new organization, as it is handed over. The
// password is known only here.
type Account struct {
	Tenant   string
	Role     string
	User     string
	Password string
}

// onboarding is how the accounts of a new organization are made.
type onboarding struct {
	hasher   staff.Hasher
	password func(user string) string
	factor   string // tenants.Settings.SecondFactor
}

// secret gives every account a password of its own.
func secret() onboarding { return onboarding{password: func(string) string { return rand.Text() }} }

// Onboard creates an organization from its specification: contacts, units, SLA
// classes and topics, then staff, executives and their weekly windows with the
// first sessions. Real and demonstration organizations are made alike.
func (a *App) Onboard(ctx context.Context, spec *tenants.Spec, o onboarding) (*tenants.Tenant, []Account, error) {
	if err := jobs.RunClock(ctx, a.Jobs, "holidays"); err != nil {
		return nil, nil, err
	}
	if o.factor != "" {
		spec.Settings.SecondFactor = o.factor
	}
	t, err := tenants.Onboard(ctx, a.Root, spec)
	if err != nil {
		return nil, nil, fault.Wrap(err, "boot.Onboard")
	}
	passwords := map[string]string{}
	for _, s := range spec.Staff {
		passwords[s.User] = o.password(s.User)
	}
	db := a.Root.For(t)
	defer db.Release()
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := staff.Seed(ctx, tx, o.hasher, spec.Staff, func(user string) string { return passwords[user] }); err != nil {
			return err
		}
		if err := complaints.SeedForms(ctx, tx, spec.Topics); err != nil {
			return err
		}
		return seedExecutives(ctx, tx, spec.Executives)
	})
	return t, accounts(spec, passwords), fault.Wrap(err, "boot.Onboard")
}

func seedExecutives(ctx context.Context, tx *tenants.Tx, specs []tenants.ExecutiveSpec) error {
	holders := map[string]int64{}
	for _, e := range specs {
		if e.User == "" {
			continue
		}
		who, err := staff.ByUserName(ctx, tx, e.User)
		if err != nil {
			return fmt.Errorf("executive %s: %w", e.Code, err)
		}
		holders[e.User] = who.ID
	}
	if _, err := directives.Seed(ctx, tx, specs, holders); err != nil {
		return err
	}
	return meetings.Seed(ctx, tx, specs)
}

// accounts lists the staff of a specification, a line for every role.
func accounts(spec *tenants.Spec, passwords map[string]string) []Account {
	var list []Account
	for _, s := range spec.Staff {
		for _, role := range s.Roles {
			list = append(list, Account{Tenant: spec.Slug, Role: role, User: s.User, Password: passwords[s.User]})
		}
	}
	return list
}

// ensurePlatform creates the platform's own tenant with one admin unless it
// stands, and gives the admin's account when it was created.
func (a *App) ensurePlatform(ctx context.Context, o onboarding) (*tenants.Tenant, []Account, error) {
	t, err := a.Root.UnscopedTenantBySlug(ctx, tenants.PlatformSlug)
	if fault.Is(err, fault.NotFound) {
		spec, err := tenants.Sector(tenants.Platform)
		if err != nil {
			return nil, nil, err
		}
		return a.Onboard(ctx, spec, o)
	}
	return t, nil, err
}
