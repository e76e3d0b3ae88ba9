package timeline_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/tenants/migrations"
)

// No event names a citizen: neither a new one nor one that an older program wrote.
func TestEventsDoNotNameTheCitizen(t *testing.T) {
	w := dbtest.New(t)
	subject := timeline.Subject{Kind: "complaint", ID: 7}
	e := timeline.Event{SubjectKind: subject.Kind, SubjectID: subject.ID, Kind: "complaint.completed"}
	w.Write(t, tenants.Actor{Kind: tenants.Citizen, ID: 3, Name: "زهرا محمدی"}, func(tx *tenants.Tx) error {
		if err := timeline.Append(t.Context(), tx, &e); err != nil {
			return err
		}
		return timeline.AppendEach(t.Context(), tx, []timeline.Event{e})
	})
	w.Write(t, tenants.Actor{Kind: tenants.Staff, ID: 4, Name: "پریسا"}, func(tx *tenants.Tx) error { return timeline.Append(t.Context(), tx, &e) })
	driver, at, script := "pgx", w.URL, migrations.Nameless
	if at == "" {
		driver, at = "sqlite", "file:"+filepath.Join(w.Dir, "pasokh.db")+"?_pragma=busy_timeout(5000)"
		raw, err := migrations.SQLite.ReadFile("sqlite/20261122001156_nameless_events.tx.up.sql")
		if err != nil {
			t.Fatal(err)
		}
		script = string(raw)
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	old := fmt.Sprintf("INSERT INTO events (tenant_id, id, subject_kind, subject_id, kind, at, cycle, actor_kind, actor_id, actor_name, public) VALUES (%d, 99, 'complaint', 7, 'x', '2026-11-22 00:00:00+00:00', 1, 'citizen', 3, 'زهرا محمدی', TRUE)", w.A.ID)
	for _, statement := range append([]string{old}, strings.Split(script, "--bun:split")...) {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	list, err := timeline.Of(t.Context(), w.For(t, w.A), subject, false)
	if err != nil || len(list) != 4 {
		t.Fatal(len(list), err)
	}
	for _, e := range list {
		if want := map[tenants.ActorKind]string{tenants.Staff: "پریسا"}[e.ActorKind]; e.ActorName != want {
			t.Errorf("%s %d is named %q", e.ActorKind, e.ActorID, e.ActorName)
		}
	}
}
