package boot_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"pasokh/app/boot"
	"pasokh/app/complaints"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// The ranking, the daily hand-over and the preview of a calendar find their
// rows by an index, too.
func TestClocksAndRankingReadNoWholeTable(t *testing.T) {
	c := configured(t)
	if err := boot.LoadScale(t.Context(), c, boot.Scale{Tenants: 2, Cases: 2000, Open: 50, Due: 10}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a := opened(t, c)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "scale-0001")
	if err != nil {
		t.Fatal(err)
	}
	var statements []string
	a.Root.OnStatement = func(query string) { statements = append(statements, query) }
	readClocks(t, a, tenant)
	a.Root.OnStatement = nil
	explain := explainer(t, c, tenant, a.Root.Postgres())
	for _, query := range statements {
		if !strings.HasPrefix(query, "SELECT") {
			continue
		}
		plan := explain(query)
		if found := whole[a.Root.Postgres()].FindString(plan); found != "" {
			t.Errorf("%s:\n%.900s\n%s", found, query, plan)
		}
		if !a.Root.Postgres() && organization.MatchString(ordered.ReplaceAllString(plan, "")) {
			t.Errorf("reads all that the organization has:\n%.900s\n%s", query, plan)
		}
	}
}

func readClocks(t *testing.T, a *boot.App, tenant *tenants.Tenant) {
	t.Helper()
	ctx := t.Context()
	db := a.Root.For(tenant)
	defer db.Release()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	inspector := tenants.Actor{Kind: tenants.Staff, ID: 1, SeesAll: true, Inspects: true}
	units, err := tenants.Units(ctx, db, tenants.UnitExecutive)
	must(err)
	ids := make([]int64, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	classes, err := tenants.AllClasses(ctx, db)
	must(err)
	from, until := time.Now().AddDate(0, -2, 0), time.Now().AddDate(0, -1, 0)
	_, err = meetings.InvitesDue(ctx, db, true)
	must(err)
	_, err = complaints.Ranking(ctx, db, ids, classes, from, until)
	must(err)
	_, err = complaints.Costliest(ctx, db, inspector, ids[0], from, until, 5)
	must(err)
	_, err = complaints.Threats(ctx, db, inspector, ids[0], classes, 5)
	must(err)
	_, _, err = complaints.Stuck(ctx, db, complaints.Cursor{Due: from, ID: 1}, 25)
	must(err)
	_, err = complaints.LegalDue(ctx, db, 25)
	must(err)
	_, err = complaints.OpenObjections(ctx, db, inspector, 0)
	must(err)
	hours, err := tenants.WorkingTimeOf(ctx, db)
	must(err)
	_, err = complaints.Preview(ctx, db, hours)
	must(err)
}
