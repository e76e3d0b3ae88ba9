package tenants_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// F6: a server that takes no writes any more is seen at once, the connections to it
// are not kept, and when writing is possible again it is possible for everybody:
// sessions that began read only stay so, whatever the server becomes.
func TestADemotedServerIsLeft(t *testing.T) {
	w := dbtest.New(t)
	if w.URL == "" {
		return // SQLite is nobody's standby
	}
	at, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	admin, err := sql.Open("pgx", at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close() //nolint:errcheck // a test's
	say := func(text string) {
		t.Helper()
		if _, err := admin.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	write := func() error {
		return w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Enqueue(t.Context(), "test", struct{}{}) })
	}
	read := func() error {
		db := w.Root.For(w.A)
		defer db.Release()
		var units []tenants.Unit
		return db.Select(&units).Scan(t.Context())
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	say("ALTER DATABASE " + name + " SET default_transaction_read_only = on")
	say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'")
	if err := write(); err == nil || !tenants.Away(err) {
		t.Errorf("writing ends with %v", err)
	}
	if err := read(); err != nil {
		t.Errorf("reading ends with %v", err)
	}
	if err := w.Root.UnscopedReady(t.Context()); err == nil {
		t.Error("ready, and takes no writes")
	}
	say("ALTER DATABASE " + name + " RESET default_transaction_read_only")
	_ = w.Root.UnscopedReady(context.Background()) // at most one more session that is read only
	_ = write()
	if err := w.Root.UnscopedReady(t.Context()); err != nil {
		t.Errorf("not ready again: %v", err)
	}
	for range 3 {
		if err := write(); err != nil {
			t.Errorf("writing again: %v", err)
		}
	}
}
