package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// lines writes so many lines into organization A's chain.
func lines(t testing.TB, w *dbtest.World, n int) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = int64(i + 1)
		}
		return audit.RecordEach(t.Context(), tx, "complaint.registered", "complaint", ids)
	})
}

func walk(t testing.TB, w *dbtest.World, outside []audit.Anchor) *audit.Check {
	t.Helper()
	c, err := audit.Walk(context.Background(), w.For(t, w.A), outside)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// owner opens the database as whoever owns the tables, with the locks of SQLite
// taken off: what a superuser can do.
func owner(t *testing.T, w *dbtest.World) *sql.DB {
	t.Helper()
	driver, at := "pgx", w.URL
	if at == "" {
		driver, at = "sqlite", "file:"+filepath.Join(w.Dir, "pasokh.db")+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if w.URL == "" {
		for _, name := range []string{"audit_no_update", "audit_no_delete", "audit_anchors_no_update", "audit_anchors_no_delete"} {
			run(t, db, "DROP TRIGGER "+name)
		}
	}
	return db
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(statement, err)
	}
}

// Whatever a superuser does to the chain shows, at the line where it begins; a
// tail that is cut with its head rewritten shows by the anchor.
func TestTamperingShows(t *testing.T) {
	rehead := func(seq int64) string {
		return fmt.Sprintf("UPDATE audit_heads SET seq = %d, hash = (SELECT hash FROM audit_entries WHERE audit_entries.tenant_id = audit_heads.tenant_id AND seq = %d) WHERE tenant_id = %%d", seq, seq)
	}
	for name, c := range map[string]struct {
		do     []string
		broken int64
		why    string
	}{
		"untouched":                       {},
		"a row is changed":                {[]string{"UPDATE audit_entries SET actor_id = 77 WHERE tenant_id = %d AND seq = 12"}, 12, audit.Changed},
		"a row's time is changed":         {[]string{"UPDATE audit_entries SET at = '2026-01-01 00:00:00+00:00' WHERE tenant_id = %d AND seq = 30"}, 30, audit.Changed},
		"the tail is deleted":             {[]string{"DELETE FROM audit_entries WHERE tenant_id = %d AND seq > 25"}, 26, audit.Anchored},
		"the tail goes and the head lies": {[]string{"DELETE FROM audit_entries WHERE tenant_id = %d AND seq > 25", rehead(25)}, 26, audit.Anchored},
		"the middle is deleted":           {[]string{"DELETE FROM audit_entries WHERE tenant_id = %d AND seq BETWEEN 10 AND 14"}, 10, audit.Missing},
		"two lines are swapped": {[]string{
			"UPDATE audit_entries SET seq = -1 WHERE tenant_id = %d AND seq = 17", "UPDATE audit_entries SET seq = 17 WHERE tenant_id = %d AND seq = 18",
			"UPDATE audit_entries SET seq = 18 WHERE tenant_id = %d AND seq = -1",
		}, 17, audit.Changed},
		"the young tail goes without its head": {[]string{"DELETE FROM audit_entries WHERE tenant_id = %d AND seq > 33"}, 34, audit.HeadOff},
	} {
		t.Run(name, func(t *testing.T) {
			w := dbtest.New(t)
			lines(t, w, 32)
			drop(t, w)
			lines(t, w, 8)
			db := owner(t, w)
			for _, statement := range c.do {
				run(t, db, strings.ReplaceAll(statement, "%d", strconv.FormatInt(w.A.ID, 10)))
			}
			if got := walk(t, w, nil); got.Broken != c.broken || got.Why != c.why {
				t.Errorf("%d %q, want %d %q", got.Broken, got.Why, c.broken, c.why)
			}
		})
	}
}

func drop(t testing.TB, w *dbtest.World) (a *audit.Anchor) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		a, err = audit.Drop(t.Context(), tx, tx.Now().Format(time.DateOnly))
		return err
	})
	return a
}

// Who rewrites a whole chain so that it holds in itself is given away by the
// anchor of any line that has another hash now.
func TestARewrittenChainIsNotTheAnchored(t *testing.T) {
	w := dbtest.New(t)
	lines(t, w, 20)
	for _, seq := range []int64{1, 12} {
		if got := walk(t, w, []audit.Anchor{{Seq: seq, Hash: "of the line that stood there"}}); got.Broken != seq || got.Why != audit.Anchored {
			t.Errorf("line %d: %d %q", seq, got.Broken, got.Why)
		}
	}
}

// Who rewrites the tail, the head and the anchors in the database is still given
// away by the file outside; and a file whose line was changed says so.
func TestTheLedgerOutsideKnows(t *testing.T) {
	w := dbtest.New(t)
	ledger := audit.NewLedger(filepath.Join(t.TempDir(), "anchors.log"))
	slugs := map[int64]string{w.A.ID: w.A.Slug}
	for range 3 {
		lines(t, w, 10)
		a := drop(t, w)
		for range 2 { // a day is written once
			if err := ledger.Append([]audit.Anchor{*a}, slugs); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock.Advance(24 * time.Hour)
	}
	outside, err := ledger.Read()
	if err != nil || len(outside[w.A.ID]) != 3 {
		t.Fatal(outside, err)
	}
	if c := walk(t, w, outside[w.A.ID]); !c.Holds() || c.Good != outside[w.A.ID][2].Seq {
		t.Fatal(c)
	}
	db := owner(t, w)
	id := strconv.FormatInt(w.A.ID, 10)
	run(t, db, "DELETE FROM audit_entries WHERE seq > 12 AND tenant_id = "+id)
	run(t, db, "DELETE FROM audit_anchors WHERE seq > 12 AND tenant_id = "+id)
	run(t, db, "UPDATE audit_heads SET seq = 12, hash = (SELECT hash FROM audit_entries WHERE seq = 12 AND tenant_id = "+id+") WHERE tenant_id = "+id)
	if c := walk(t, w, nil); !c.Holds() {
		t.Fatal("the database alone cannot know", c)
	}
	if c := walk(t, w, outside[w.A.ID]); c.Broken != 13 || c.Why != audit.Anchored {
		t.Error(c)
	}
	raw, err := os.ReadFile(ledger.Path())
	if err != nil {
		t.Fatal(err)
	}
	all := strings.SplitAfter(string(raw), "\n")
	for what, text := range map[string]string{"changed": strings.Replace(string(raw), "\t20\t", "\t21\t", 1), "cut": all[0] + all[2]} {
		if err := os.WriteFile(ledger.Path(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Read(); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Error(what, err)
		}
	}
}

// The application itself cannot touch anchors.
func TestAnchorsStay(t *testing.T) {
	w := dbtest.New(t)
	lines(t, w, 1)
	drop(t, w)
	for name, act := range map[string]func(*tenants.Tx) error{
		"delete": func(tx *tenants.Tx) error {
			_, err := tx.Delete(t.Context(), (*audit.Anchor)(nil), "seq > 0")
			return err
		},
		"update": func(tx *tenants.Tx) error {
			_, err := tx.Set(t.Context(), (*audit.Anchor)(nil), "seq = 9", nil, "seq > 0")
			return err
		},
	} {
		if err := w.Try(t, tenants.SystemActor(), act); err == nil {
			t.Error(name)
		}
	}
}

// Reading the same thing again and being refused again and again do not fill the
// chain.
func TestNobodyFillsTheChain(t *testing.T) {
	w := dbtest.New(t)
	who := tenants.Actor{Kind: tenants.Staff, ID: 42}
	count := func() int {
		list, _, err := audit.Search(t.Context(), w.For(t, w.A), audit.Filter{Kind: tenants.Staff, ActorID: 42})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for range 30 {
		w.Write(t, who, func(tx *tenants.Tx) error { return audit.Refused(t.Context(), tx, "complaint:read", "GET /desk") })
	}
	if n := count(); n != 10 {
		t.Errorf("%d lines in the first minute", n)
	}
	w.Clock.Advance(61 * time.Second)
	w.Write(t, who, func(tx *tenants.Tx) error { return audit.Refused(t.Context(), tx, "complaint:read", "GET /desk") })
	for _, id := range []int64{1, 1, 2, 1} {
		w.Write(t, who, func(tx *tenants.Tx) error {
			return audit.Opened(t.Context(), tx, "complaint.opened", "complaint", id, "")
		})
	}
	if n := count(); n != 13 {
		t.Errorf("%d lines, want 13", n)
	}
}

// The filters narrow, and the pages follow each other without gap or repeat.
func TestSearch(t *testing.T) {
	w := dbtest.New(t)
	before := int(walk(t, w, nil).Good)
	lines(t, w, 120)
	w.Clock.Advance(48 * time.Hour)
	lines(t, w, 3)
	db := w.For(t, w.A)
	find := func(f audit.Filter) (n int) {
		for {
			list, more, err := audit.Search(t.Context(), db, f)
			if err != nil {
				t.Fatal(err)
			}
			n += len(list)
			if !more {
				return n
			}
			f.Before = list[len(list)-1].Cursor()
		}
	}
	later := dbtest.Start.Add(time.Hour)
	for name, c := range map[string]struct {
		f    audit.Filter
		want int
	}{
		"all":    {audit.Filter{}, before + 123},
		"act":    {audit.Filter{Act: "complaint.registered"}, 123},
		"object": {audit.Filter{ObjectKind: "complaint", ObjectID: 2}, 2},
		"from":   {audit.Filter{From: later, Act: "complaint.registered"}, 3},
		"until":  {audit.Filter{Until: later, Act: "complaint.registered"}, 120},
		"nobody": {audit.Filter{Kind: tenants.Staff, ActorID: 1}, 0},
		"denied": {audit.Filter{Act: audit.Denied}, 0},
	} {
		if got := find(c.f); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	n := 0
	if err := audit.Each(t.Context(), db, audit.Filter{}, func(list []audit.Entry) error { n += len(list); return nil }); err != nil || n != before+123 {
		t.Error(n, err)
	}
	if _, err := audit.StateOf(t.Context(), db); fault.Of(err) == fault.NotFound {
		t.Error(err)
	}
}

// BenchmarkWalk walks a chain of a hundred thousand lines.
func BenchmarkWalk(b *testing.B) {
	w := dbtest.New(b)
	lines(b, w, 100_000)
	for b.Loop() {
		if c := walk(b, w, nil); !c.Holds() {
			b.Fatal(c)
		}
	}
	b.ReportMetric(float64(100_000*b.N)/b.Elapsed().Seconds(), "lines/s")
}
