package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/jobs"
	"pasokh/tenants"
)

// platform makes the platform's own tenant with one administrator.
func (o *office) platform() (*tenants.DB, int64) {
	o.t.Helper()
	spec, err := tenants.Sector(tenants.Platform)
	if err != nil {
		o.t.Fatal(err)
	}
	tenant, err := tenants.Onboard(o.t.Context(), o.Root, spec)
	if err != nil {
		o.t.Fatal(err)
	}
	db, id := o.Root.For(tenant), int64(0)
	err = db.Write(o.t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		root := tenants.StaffSpec{User: "root", NameFA: "راهبر", NameEN: "Operator", Roles: []string{"platform_admin"}}
		if err := staff.Seed(o.t.Context(), tx, staff.Cheap(), []tenants.StaffSpec{root}, func(string) string { return "a password" }); err != nil {
			return err
		}
		who, err := staff.ByUserName(o.t.Context(), tx, "root")
		if err != nil {
			return err
		}
		id = who.ID
		return staff.SetEmail(o.t.Context(), tx, id, "root@pasokh.example")
	})
	if err != nil {
		o.t.Fatal(err)
	}
	db.Release()
	return db, id
}

// Administrators and the platform hear of each step of a limit once in a month.
func TestLimitsAreWarnedOfOnce(t *testing.T) {
	o := newOffice(t)
	above, operator := o.platform()
	defer above.Release()
	admin := o.as("admin").ID
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return staff.SetEmail(ctx, tx, admin, "admin@gas.example")
	})
	o.forget()
	run := func(cases int64, months int) (texts []string) {
		t.Helper()
		o.A.Quotas = tenants.Quotas{Cases: cases}
		if err := o.Root.UnscopedSaveOrganization(t.Context(), o.A, "quotas"); err != nil {
			t.Fatal(err)
		}
		o.Clock.Advance(time.Duration(months)*31*24*time.Hour + time.Minute)
		before := len(o.Sender.Sent())
		for range 2 {
			if err := jobs.RunClock(t.Context(), o.Deps, "tenants.tally"); err != nil {
				t.Fatal(err)
			}
			if err := jobs.Drain(t.Context(), o.Deps); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range o.Sender.Sent()[before:] {
			if strings.HasPrefix(m.Template, "sms.quota") {
				texts = append(texts, m.Template+" "+m.To)
			}
		}
		return texts
	}
	o.register()
	o.register()
	o.register()
	o.register()
	want := func(got []string, list ...string) {
		t.Helper()
		if strings.Join(got, "; ") != strings.Join(list, "; ") {
			t.Errorf("%q, want %q", got, list)
		}
	}
	want(run(6, 0))
	want(run(5, 0), "sms.quota.near admin@gas.example", "sms.quota.near_platform root@pasokh.example")
	want(run(4, 0), "sms.quota.reached admin@gas.example", "sms.quota.reached_platform root@pasokh.example")
	want(run(4, 1)) // a new month, with nothing used
	o.told()
	db := o.Root.For(o.A)
	defer db.Release()
	list, _, err := notify.Notifications(t.Context(), db, admin, true, 0)
	if err != nil || len(list) != 2 || list[0].Event != "quota.reached" || list[0].Link != "/desk/organization/usage" {
		t.Errorf("behind the bell: %+v, %v", list, err)
	}
	seen, _, err := notify.Notifications(t.Context(), above, operator, true, 0)
	if err != nil || len(seen) != 2 || !strings.Contains(seen[0].Text, o.A.NameFA) {
		t.Errorf("at the platform: %+v, %v", seen, err)
	}
}
