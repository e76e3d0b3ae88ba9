package jobs_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/emergency"
	"pasokh/app/notify"
	"pasokh/app/roles"
	"pasokh/app/staff"
	"pasokh/jobs"
	"pasokh/policies"
	"pasokh/tenants"
)

// ownRoles gives everybody of the organization a role of its own in the place of
// each built-in one, and the ladders those roles, too.
func (o *office) ownRoles() {
	o.t.Helper()
	book, err := policies.Load()
	if err != nil {
		o.t.Fatal(err)
	}
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		own := map[string]string{}
		for _, role := range book.Roles() {
			if roles.OfPlatform(role) {
				continue
			}
			made, err := roles.Create(ctx, tx, book, roles.Naming{FA: "نقش " + role, EN: role}, role)
			if err != nil {
				return err
			}
			own[role] = made.Code
			if _, err := tx.Set(ctx, (*staff.Membership)(nil), "role = ?", []any{made.Code}, "role = ?", role); err != nil {
				return err
			}
		}
		classes, err := tenants.SLAClasses(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range classes {
			c.Rungs = slices.Clone(c.Rungs)
			for i := range c.Rungs {
				c.Rungs[i].Role = own[c.Rungs[i].Role]
			}
			if _, err := tenants.Revise(ctx, tx, c.ID, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Where everybody holds own roles only, the same people are told the same.
func TestOwnRolesAreTold(t *testing.T) {
	o := newOffice(t)
	o.ownRoles()
	c := o.register()
	o.told()
	o.refer(c)
	o.mustTell("sms.complaint.referred", headMobile)
	for _, to := range []string{headMobile, managerMobile} {
		o.Clock.Advance(24*time.Hour + time.Minute)
		if to == headMobile {
			o.Clock.Advance(24 * time.Hour)
		}
		runClock(t, o, "complaints.sweep")
		o.mustTell("sms.complaint.escalated", to)
	}
	o.Clock.Set(c.LegalDueAt.Add(-time.Hour))
	runClock(t, o, "complaints.stuck")
	told := o.told()
	if !slices.ContainsFunc(told, func(m notify.Outgoing) bool { return m.Template == "sms.complaint.legal_near" && m.To == managerMobile }) {
		t.Errorf("the manager is not told: %+v", told)
	}
}

// Emergency access whose time runs out is told to the administrators, once.
func TestEmergencyAccessRunsOut(t *testing.T) {
	o := newOffice(t)
	o.ownRoles()
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := emergency.Begin(ctx, tx, emergency.Ask{HolderID: 7, HolderFA: "مدیر سامانه", HolderEN: "Platform admin", Reason: "بررسی خطا به خواست سازمان", Ticket: "PS-1", Hours: 1})
		return err
	})
	if m := o.told(); len(m) != 1 || m[0].Template != "sms.emergency.opened" {
		t.Fatalf("%+v", m)
	}
	runClock(t, o, "emergency.over")
	o.mustTellNobody()
	o.Clock.Advance(time.Hour)
	for range 2 {
		if err := jobs.RunClock(t.Context(), o.Deps, "emergency.over"); err != nil {
			t.Fatal(err)
		}
	}
	if m := o.told(); len(m) != 1 || m[0].Template != "sms.emergency.ended" {
		t.Fatalf("%+v", m)
	}
}
