// Package dbtest gives a test its own migrated database with two twin
// organizations and a clock that only the test moves: SQLite by default,
// PostgreSQL when PASOKH_TEST_DATABASE_URL names a throw-away server.
package dbtest

import (
	"context"
	"os"
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
	w := open(t, twins)
	for slug, tenant := range map[string]**tenants.Tenant{"alpha": &w.A, "beta": &w.B} {
		var err error
		if *tenant, err = w.Root.UnscopedTenantBySlug(t.Context(), slug); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// Empty makes a world without organizations.
func Empty(t testing.TB) *World {
	t.Helper()
	return open(t, empty)
}

// open copies what a template holds into a database of the test's own.
func open(t testing.TB, from *template) *World {
	t.Helper()
	w := &World{Clock: &Clock{now: Start}, Dir: t.TempDir()}
	if server := os.Getenv("PASOKH_TEST_DATABASE_URL"); server != "" {
		w.URL = from.copyPostgres(t, server)
	} else {
		from.copyFile(t, w.Dir)
	}
	root, err := tenants.Open(t.Context(), w.URL, w.Dir, w.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	root.UseKeys(Keys())
	w.Root = root
	t.Cleanup(func() { _ = root.Close() })
	return w
}

// Onboard adds an organization made from the gas template, whatever its slug.
func (w *World) Onboard(t testing.TB, slug string) *tenants.Tenant {
	t.Helper()
	tenant, err := onboard(t.Context(), w.Root, slug)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func onboard(ctx context.Context, root *tenants.Root, slug string) (*tenants.Tenant, error) {
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		return nil, err
	}
	spec.Slug = slug
	spec.Settings.Approval = false                  // a booking is a meeting; tests of the approval switch it on
	spec.Settings.SecondFactor = tenants.FactorDemo // tests of the second factor switch it on
	return tenants.Onboard(ctx, root, spec)
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
