package boot_test

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/boot"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/emergency"
	"pasokh/app/handover"
	"pasokh/app/privacy"
	"pasokh/app/quality"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// ruling names the tables that grow with the life of an organization, not with
// its cases.
const ruling = `setting_changes|emergency_grants|erasure_requests|legal_holds|retention_runs|tenant_exports|mobile_changes|sessions|` +
	`audit_entries|takeovers|complaints|meetings|directives|quality_days|warnings|staff_devices|staff_trainings|erasures`

var wholeRuling = map[bool]*regexp.Regexp{
	true:  regexp.MustCompile(`Seq Scan on (` + ruling + `)\b`),
	false: regexp.MustCompile(`SCAN (change|g|request|hold|run|export|session|entry|takeover|c|meeting|directive|part|d|warning|device|training|erasure|` + ruling + `)\b`),
}

// unordered finds a page that is sorted only after all of the organization's rows
// were read.
var unordered = map[bool]*regexp.Regexp{
	true:  regexp.MustCompile(`(?m)^ *(->  )?Sort\b`),
	false: regexp.MustCompile(`USE TEMP B-TREE FOR ORDER BY`),
}

// What an organization's own pages and clocks read — changes of its settings,
// emergency access, requests and holds, packages, accounts and sessions, the
// record — they find by an index, and pages are read in the order of one.
func TestRulingReadsNoWholeTable(t *testing.T) {
	c := configured(t)
	if err := boot.LoadScale(t.Context(), c, boot.Scale{Tenants: 2, Cases: 500, Open: 50, Due: 10}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a := opened(t, c)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "scale-0001")
	if err != nil {
		t.Fatal(err)
	}
	explain := explainer(t, c, tenant, a.Root.Postgres())
	for name, read := range rulingReads(a) {
		var statements []string
		a.Root.OnStatement = func(query string) {
			if strings.HasPrefix(query, "SELECT") {
				statements = append(statements, query)
			}
		}
		db := a.Root.For(tenant)
		err := read(t.Context(), db)
		db.Release()
		a.Root.OnStatement = nil
		if err != nil || len(statements) == 0 {
			t.Errorf("%s: %d statements, %v", name, len(statements), err)
		}
		for _, query := range statements {
			plan := explain(query)
			if found := wholeRuling[a.Root.Postgres()].FindString(plan); found != "" {
				t.Errorf("%s: %s:\n%.900s\n%s", name, found, query, plan)
			}
			if found := unordered[a.Root.Postgres()].FindString(plan); found != "" && strings.HasSuffix(name, "page") {
				t.Errorf("%s: %s:\n%.900s\n%s", name, found, query, plan)
			}
		}
	}
}

// rulingReads are what is read, by name; the lists that are paged end in "page".
func rulingReads(a *boot.App) map[string]func(context.Context, *tenants.DB) error {
	now := time.Now()
	all := map[string]func(context.Context, *tenants.DB) error{
		"work of a unit":     func(ctx context.Context, db *tenants.DB) error { _, err := settings.WorkOf(ctx, db, 1); return err },
		"emergency, running": func(ctx context.Context, db *tenants.DB) error { _, err := emergency.Running(ctx, db); return err },
		"emergency, run out": func(ctx context.Context, db *tenants.DB) error {
			_, err := a.Root.UnscopedWith(ctx, tenants.EmergenciesOver, now)
			return err
		},
		"emergency, closing": func(ctx context.Context, db *tenants.DB) error { _, err := tenants.LookedInto(ctx, db); return err },
		"packages page":      func(ctx context.Context, db *tenants.DB) error { _, err := handover.Orders(ctx, db); return err },
		"takeovers": func(ctx context.Context, db *tenants.DB) error {
			_, err := complaints.Takeovers(ctx, db, 1)
			return err
		},
		"sessions": func(ctx context.Context, db *tenants.DB) error { _, err := staff.Sessions(ctx, db, 1); return err },
		"changes of a number": func(ctx context.Context, db *tenants.DB) error {
			_, err := citizens.MovesOf(ctx, db, "+989120000001")
			return err
		},
		"numbers that wait, page": func(ctx context.Context, db *tenants.DB) error {
			_, err := citizens.OpenMoves(ctx, db, &citizens.MobileChange{ID: 1, DueAt: now}, 50)
			return err
		},
		"requests of people": func(ctx context.Context, db *tenants.DB) error { _, err := privacy.Of(ctx, db, []int64{1}); return err },
		"erasures":           func(ctx context.Context, db *tenants.DB) error { _, err := citizens.Held(ctx, db, 1); return err },
		"early warnings hour": func(ctx context.Context, db *tenants.DB) error {
			return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := quality.Look(ctx, tx); return err })
		},
		"early warnings, who has work": func(ctx context.Context, db *tenants.DB) error {
			_, err := a.Root.UnscopedWith(ctx, tenants.NewCases, quality.Since(now))
			return err
		},
		"who may": func(ctx context.Context, db *tenants.DB) error {
			_, err := staff.Able(ctx, db, nil, "unit:lead")
			return err
		},
	}
	for name, f := range map[string]settings.Filter{"": {}, "area ": {Area: tenants.AreaRules}, "program ": {Kind: tenants.System}, "actor ": {Kind: tenants.Staff, ActorID: 1}} {
		f.Before = 1 << 60
		all["settings "+name+"page"] = func(ctx context.Context, db *tenants.DB) error { _, _, err := settings.History(ctx, db, f); return err }
	}
	for name, f := range map[string]audit.Filter{
		"": {}, "actor ": {Kind: tenants.Staff, ActorID: 1}, "act ": {Act: "complaint.closed"}, "denied ": {Act: audit.Denied},
		"object ": {ObjectKind: "emergency", ObjectID: 1}, "time ": {From: now.AddDate(0, -1, 0), Until: now},
	} {
		f.Before = audit.Cursor{At: now, Seq: 1 << 40}
		all["audit "+name+"page"] = func(ctx context.Context, db *tenants.DB) error { _, _, err := audit.Search(ctx, db, f); return err }
	}
	for name, f := range map[string]staff.Filter{"": {}, "unit ": {UnitID: 1}, "role ": {Role: "operator"}, "open ": {State: staff.StateActive}} {
		f.After = "a"
		all["accounts "+name] = func(ctx context.Context, db *tenants.DB) error { _, _, err := staff.Directory(ctx, db, f); return err }
	}
	for _, after := range []int64{0, 1} {
		name := map[int64]string{0: "first ", 1: "next "}[after]
		all["emergency "+name+"page"] = func(ctx context.Context, db *tenants.DB) error {
			_, _, err := emergency.List(ctx, db, after)
			return err
		}
		all["requests that wait, "+name+"page"] = func(ctx context.Context, db *tenants.DB) error {
			_, _, err := privacy.Requests(ctx, db, true, after)
			return err
		}
		all["requests decided, "+name+"page"] = func(ctx context.Context, db *tenants.DB) error {
			_, _, err := privacy.Requests(ctx, db, false, after)
			return err
		}
		all["holds "+name+"page"] = func(ctx context.Context, db *tenants.DB) error {
			_, _, err := privacy.Holds(ctx, db, after)
			return err
		}
		all["certificates "+name+"page"] = func(ctx context.Context, db *tenants.DB) error {
			_, _, err := privacy.Certificates(ctx, db, int(after))
			return err
		}
	}
	return all
}
