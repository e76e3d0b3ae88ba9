package boot_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pasokh/app/boot"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/settings"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// grows names the tables that grow with the cases.
const grows = `complaints|audit_entries|events|referrals|citizens|files|scores|feedback_calls|field_visits|escalations|directives|outbox|` +
	`meetings|meeting_waits|directive_parts|directive_extensions|directive_part_extensions|case_invitations|committee_sittings|` +
	`inspections|inspection_items|violations|violation_scores|visit_plans|box_openings|import_batches|import_problems|transfers|reclassifications|mentions|score_objections|quality_days|warnings|warning_acts|takeovers|session_invites|problem_reports|call_reviews|call_review_marks|improvements|improvement_acts`

// whole finds the steps of a plan that read such a table from end to end: a
// sequential scan, or on SQLite any scan (its look-ups are called SEARCH).
var whole = map[bool]*regexp.Regexp{
	true:  regexp.MustCompile(`Seq Scan on (` + grows + `)\b`),
	false: regexp.MustCompile(`SCAN (entry|item|v|cost|meeting|wait|part|extension|invitation|sitting|c|event|leg|citizen|file|score|call|visit|escalation|directive|task|plan|opening|batch|problem|transfer|reclass|mention|objection|warning|act|takeover|invite|d|review|mark|action|line|` + grows + `)\b`),
}

// organization finds the steps that look up by the organization alone; which
// step PostgreSQL takes depends on how much there is. Words without an index
// (SQLite) are looked for in all cases of the organization.
var organization = regexp.MustCompile(`SEARCH (` + grows + `) USING \S*( COVERING)? ?INDEX \S+ \(tenant_id=\?\)`)

// ordered indexes give a list its rows in its own order, so that it stops after
// a page; the partial ones hold nothing but what such a list shows.
var ordered = regexp.MustCompile(`INDEX (complaints_(stuck|call|due|all|unit)|score_objections_open|meeting_waits_(line|queue)|meetings_appeals|audit_entries_denied) \(tenant_id=\?\)`)

// However many cases there are, lists, look-ups, searches and sweeps find
// theirs by an index.
func TestNothingReadsAWholeTable(t *testing.T) {
	c := configured(t)
	if err := boot.LoadScale(t.Context(), c, boot.Scale{Tenants: 2, Cases: 2000, Open: 50, Due: 10}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a := opened(t, c)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "scale-0001")
	if err != nil {
		t.Fatal(err)
	}
	statements := map[string]string{}
	a.Root.OnStatement = func(query string) {
		if strings.HasPrefix(query, "SELECT") {
			statements[query] = query
		}
	}
	readEverything(t, a, tenant)
	a.Root.OnStatement = nil
	if len(statements) < 20 {
		t.Fatalf("only %d statements", len(statements))
	}
	explain := explainer(t, c, tenant, a.Root.Postgres())
	for _, query := range statements {
		plan := explain(query)
		if strings.Contains(plan, "CO-ROUTINE c\n") { // one page of cases, chosen by an index
			plan = strings.ReplaceAll(plan, "SCAN c\n", "")
		}
		if found := whole[a.Root.Postgres()].FindString(plan); found != "" {
			t.Errorf("%s:\n%.600s\n%s", found, query, plan)
		}
		if !a.Root.Postgres() && !strings.Contains(query, "LIKE") && organization.MatchString(ordered.ReplaceAllString(plan, "")) {
			t.Errorf("reads all that the organization has:\n%.600s\n%s", query, plan)
		}
	}
}

// A search by words looks in the index for the words, not for the organization
// alone.
func TestASearchFindsItsWordsInTheIndex(t *testing.T) {
	c := configured(t)
	if c.DatabaseURL == "" {
		return // SQLite has no index for words
	}
	if err := boot.LoadScale(t.Context(), c, boot.Scale{Tenants: 1, Cases: 5000, Open: 50}, io.Discard); err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("pgx", c.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close() //nolint:errcheck // a test
	pool.SetMaxOpenConns(1)
	var statement, plan string
	for _, setting := range []string{"SELECT set_config('app.tenant_id', id::text, false) FROM tenants WHERE slug = 'scale-0001'", "SET enable_seqscan = off"} {
		if _, err := pool.Exec(setting); err != nil {
			t.Fatal(err)
		}
	}
	if err := pool.QueryRow("SELECT search_statement(ARRAY['نشتی', 'سالمند'], 501)").Scan(&statement); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow("EXPLAIN (FORMAT JSON) " + statement).Scan(&plan); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`"Index Name": "complaints_own_words",(.|\n)*"Index Cond": ".*@@ '+t\d+xنشتی'+:\* & '+t\d+xسالمند'+:\*`).MatchString(plan) {
		t.Error(plan)
	}
}

// readEverything runs what the inbox, a case, the tracking page and the sweep read.
func readEverything(t *testing.T, a *boot.App, tenant *tenants.Tenant) {
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
	readAudit(t, db)
	for _, closed := range []bool{false, true} {
		_, _, err := settings.Problems(ctx, db, closed, 1<<62)
		must(err)
	}
	units, err := tenants.Units(ctx, db, tenants.UnitExecutive)
	must(err)
	var some complaints.Listed
	for _, actor := range []tenants.Actor{{Kind: tenants.Staff, ID: 1, SeesAll: true}, {Kind: tenants.Staff, ID: 1, SeesAll: true, Inspects: true, InspectsOnly: true}, {Kind: tenants.Staff, ID: 1, UnitID: units[0].ID}} {
		for _, tab := range complaints.Tabs() {
			rows, _, err := complaints.List(ctx, db, actor, complaints.Filter{Tab: tab, After: complaints.Cursor{Due: time.Now().AddDate(-2, 0, 0), ID: 1}})
			must(err)
			if len(rows) > 0 {
				some = rows[0]
			}
		}
		for _, f := range []complaints.Filter{{Text: "نشتی سالمند"}, {Text: some.Code}, {TopicID: some.TopicID}, {UnitID: some.UnitID}} {
			_, _, err := complaints.List(ctx, db, actor, f)
			must(err)
		}
		_, err := complaints.Counts(ctx, db, actor, complaints.Tabs()...)
		must(err)
	}
	folder, err := complaints.FolderByID(ctx, db, tenants.Actor{Kind: tenants.Staff, SeesAll: true}, some.ID)
	must(err)
	known, err := complaints.KnownOf(ctx, db, &folder.Complaint)
	must(err)
	must(known.Relate(ctx, db, tenants.Actor{Kind: tenants.Staff, SeesAll: true, Inspects: true}, &folder.Complaint))
	_, err = complaints.Transfers(ctx, db, some.ID)
	must(err)
	_, err = complaints.Stranded(ctx, db, time.Now())
	must(err)
	_, err = timeline.Of(ctx, db, folder.Subject(), true)
	must(err)
	_, err = files.Of(ctx, db, files.Subject{Kind: "complaint", ID: some.ID}, false)
	must(err)
	_, err = complaints.Visits(ctx, db, some.ID)
	must(err)
	_, err = complaints.ScoresOf(ctx, db, some.ID)
	must(err)
	_, err = directives.Of(ctx, db, tenants.SystemActor(), directives.OnComplaint, some.ID)
	must(err)
	_, err = complaints.OpenAbout(ctx, db, folder.Mobile, 0)
	must(err)
	_, err = complaints.OfMobile(ctx, db, folder.Mobile)
	must(err)
	_, err = complaints.ByCode(ctx, db, some.Code)
	must(err)
	_, err = complaints.Letters(ctx, db, tenants.Actor{Kind: tenants.Staff, SeesAll: true}, 1)
	must(err)
	_, err = complaints.Entered(ctx, db, 1, 2)
	must(err)
	_, err = complaints.SourceDue(ctx, db, 100)
	must(err)
	readDesk(t, db, folder, units[0].ID)
	readMeetings(t, db, folder, units[0].ID)
	if _, err = complaints.ByExternal(ctx, db, tenants.Actor{Kind: tenants.Staff, SeesAll: true}, "samad", "1"); !fault.Is(err, fault.NotFound) {
		must(err)
	}
	_, err = a.Root.UnscopedDueComplaints(ctx, time.Now(), 500)
	must(err)
	_, err = a.Root.UnscopedDueTasks(ctx, time.Now(), 500)
	must(err)
}

// explainer gives plans, on PostgreSQL as the program's own role sees it and
// with sequential scans as the last resort, because a small table invites them.
func explainer(t *testing.T, c boot.Config, tenant *tenants.Tenant, postgres bool) func(string) string {
	t.Helper()
	driver, source, verb := "sqlite", filepath.Join(c.Data, "pasokh.db"), "EXPLAIN QUERY PLAN "
	if postgres {
		driver, source, verb = "pgx", c.DatabaseURL, "EXPLAIN "
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	conn, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if postgres {
		for _, text := range []string{"SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", "SET ROLE pasokh_app", fmt.Sprintf("SELECT set_config('app.tenant_id', '%d', false)", tenant.ID)} {
			if _, err := conn.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	return func(query string) string {
		if strings.Contains(query, "FROM outbox") || strings.Contains(query, `"next_clock_at" <=`) {
			_, _ = conn.ExecContext(t.Context(), "RESET ROLE")
		}
		if text, values, ok := tenants.Prepared(query); postgres && ok {
			query = forAnyValue(t, conn, text, values)
		}
		rows, err := conn.QueryContext(t.Context(), verb+query, simple(postgres)...)
		if err != nil {
			t.Fatalf("%v: %s", err, query)
		}
		defer rows.Close() //nolint:errcheck // a test
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var plan strings.Builder
		for rows.Next() {
			line := make([]any, len(names))
			for i := range line {
				line[i] = new(any)
			}
			if err := rows.Scan(line...); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&plan, *(line[len(line)-1].(*any)))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return plan.String()
	}
}

// forAnyValue prepares a statement as the door does, to be explained with the
// plan that serves every value.
func forAnyValue(t *testing.T, conn *sql.Conn, text string, values []string) string {
	t.Helper()
	for i, v := range values {
		values[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	for _, step := range []string{"DEALLOCATE ALL", "PREPARE plan AS " + text} {
		if _, err := conn.ExecContext(t.Context(), step, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	if len(values) == 0 {
		return "EXECUTE plan"
	}
	return "EXECUTE plan (" + strings.Join(values, ", ") + ")"
}

// simple has the driver send a text as it is; only PostgreSQL's knows it.
func simple(postgres bool) []any {
	if postgres {
		return []any{pgx.QueryExecModeSimpleProtocol}
	}
	return nil
}
