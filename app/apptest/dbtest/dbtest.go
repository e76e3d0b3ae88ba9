// Package dbtest gives a test its own migrated database with two twin
// organizations and a clock that only the test moves: SQLite by default,
// PostgreSQL when PASOKH_TEST_DATABASE_URL names a throw-away server.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for creating databases

	"pasokh/tenants"
)

// Start is where every test's clock stands at first: Saturday 1405-08-30,
// 09:00 in Tehran, a working hour of a plain working day.
var Start = time.Date(2026, 11, 21, 5, 30, 0, 0, time.UTC)

// Clock is a clock that stands still until the test moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the clock's instant; pass it as a tenants.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set puts the clock to an instant.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC()
}

// World is a database with two organizations that look alike, so that whatever
// leaks from one to the other can be seen.
type World struct {
	Root  *tenants.Root
	Clock *Clock
	A, B  *tenants.Tenant
	URL   string // empty on SQLite
	Dir   string
}

// New makes a world; it is gone when the test ends.
func New(t testing.TB) *World {
	t.Helper()
	w := Empty(t)
	w.A, w.B = w.Onboard(t, "alpha"), w.Onboard(t, "beta")
	return w
}

// Empty makes a world without organizations.
func Empty(t testing.TB) *World {
	t.Helper()
	w := &World{Clock: &Clock{now: Start}, Dir: t.TempDir()}
	ctx := t.Context()
	if server := os.Getenv("PASOKH_TEST_DATABASE_URL"); server != "" {
		w.URL = newPostgres(t, server)
	} else {
		copyTemplate(t, w.Dir)
	}
	root, err := tenants.Open(ctx, w.URL, w.Dir, w.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	w.Root = root
	t.Cleanup(func() { _ = root.Close() })
	return w
}

// Onboard adds an organization made from the gas template, whatever its slug.
func (w *World) Onboard(t testing.TB, slug string) *tenants.Tenant {
	t.Helper()
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	spec.Slug = slug
	spec.Settings.Approval = false // a booking is a meeting; tests of the approval switch it on
	tenant, err := tenants.Onboard(t.Context(), w.Root, spec)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// DB opens the door to organization A; released when the test ends.
func (w *World) DB(t testing.TB) *tenants.DB { return w.For(t, w.A) }

// For opens the door to an organization; released when the test ends.
func (w *World) For(t testing.TB, tenant *tenants.Tenant) *tenants.DB {
	db := w.Root.For(tenant)
	t.Cleanup(db.Release)
	return db
}

// Write runs fn in a transaction of organization A and fails the test on error.
func (w *World) Write(t testing.TB, actor tenants.Actor, fn func(*tenants.Tx) error) {
	t.Helper()
	if err := w.Try(t, actor, fn); err != nil {
		t.Fatal(err)
	}
}

// Try runs fn in a transaction of organization A and gives its error.
func (w *World) Try(t testing.TB, actor tenants.Actor, fn func(*tenants.Tx) error) error {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return db.Write(t.Context(), actor, fn)
}

// template is the migrated, empty SQLite file of this process.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "pasokh-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder of the system's temporary place
	ctx := context.Background()
	root, err := tenants.Open(ctx, "", dir, tenants.SystemClock)
	if err != nil {
		return nil, err
	}
	if _, err := tenants.Migrate(ctx, root, ""); err != nil {
		return nil, err
	}
	if err := root.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "pasokh.db"))
})

func copyTemplate(t testing.TB, dir string) {
	t.Helper()
	raw, err := template()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pasokh.db"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pgTemplate is the migrated, empty database of this process, kept as the
// template of all others.
var pgTemplate struct {
	once sync.Once
	name string
	err  error
}

func newPostgres(t testing.TB, server string) string {
	t.Helper()
	ctx := context.Background()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Close() })
	pgTemplate.once.Do(func() {
		pgTemplate.name = fmt.Sprintf("template_%d", tenants.NewID())
		pgTemplate.err = makeTemplate(ctx, admin, server, pgTemplate.name)
	})
	if pgTemplate.err != nil {
		t.Fatal(pgTemplate.err)
	}
	name := fmt.Sprintf("test_%d", tenants.NewID())
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+pgTemplate.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)") })
	return withDatabase(server, name)
}

func makeTemplate(ctx context.Context, admin *sql.DB, server, name string) error {
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	target := withDatabase(server, name)
	root, err := tenants.Open(ctx, target, "", tenants.SystemClock)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // a template must have no connections; the error would show at its use
	_, err = tenants.Migrate(ctx, root, target)
	return err
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return strings.TrimSuffix(u.String(), "/")
}
