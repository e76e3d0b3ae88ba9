// Package apptest is the one test helper above the rooms: a migrated database
// with two twin organizations, an in-process Redis, the real routes, and
// clients that behave like browsers.
package apptest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/apptest/redistest"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/jobs"
	"pasokh/policies"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// BaseDomain is the platform's host in tests; alpha and beta live below it.
const BaseDomain = "pasokh.test"

// App is the whole program without processes: requests go straight into the
// routes, due work runs when the test says Drain.
type App struct {
	*dbtest.World
	T        testing.TB
	Platform *tenants.Tenant
	Redis    redis.UniversalClient
	Mini     *miniredis.Miniredis // nil on a real Redis
	Files    *files.Store
	Book     *policies.Book
	Options  web.Options
	Phones   *notify.Memory // what was sent
	deps     *jobs.Deps
	routes   interface {
		Test(r *http.Request, timeout ...int) (*http.Response, error)
	}
}

// New makes the program with organizations A (alpha) and B (beta), each with
// the same units, topics and staff, and the platform's own. A change of the
// options may be given.
func New(t testing.TB, change ...func(*web.Options)) *App {
	t.Helper()
	a := &App{World: dbtest.New(t), T: t, Book: book()}
	a.Root.OnNested = func() { t.Errorf("a handler reads beside its own transaction:\n%s", debug.Stack()) }
	a.Platform = a.onboardPlatform()
	for _, tenant := range []*tenants.Tenant{a.A, a.B} {
		a.furnish(tenant, gas())
	}
	a.Redis = a.openRedis()
	a.Files = a.openFiles()
	a.Phones = new(notify.Memory)
	a.deps = a.worker()
	a.Options = web.Options{
		Root: a.Root, Book: a.Book, Redis: a.Redis, Files: a.Files, Hasher: staff.Cheap(), Gateways: Gateways(),
		BaseDomain: BaseDomain, BaseURL: "http://" + BaseDomain, Demo: true, Version: "test",
		LiveFor: time.Nanosecond, // a stream says its first word and ends
	}
	for _, c := range change {
		c(&a.Options)
	}
	a.deps.Fetch = a.Options.Fetch
	routes, err := web.New(a.Options)
	if err != nil {
		t.Fatal(err)
	}
	a.routes = routes
	return a
}

// book is read once: evaluating the policies takes longer than most tests.
var loadBook = sync.OnceValues(policies.Load)

func book() *policies.Book {
	b, err := loadBook()
	if err != nil {
		panic(err)
	}
	return b
}

func gas() *tenants.Spec {
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		panic(err)
	}
	return spec
}

func (a *App) onboardPlatform() *tenants.Tenant {
	spec := &tenants.Spec{
		Slug: tenants.PlatformSlug, Kind: tenants.Platform, NameFA: "پاسخ", NameEN: "Pasokh", Accent: "teal",
		Settings: tenants.Settings{SecondFactor: tenants.FactorDemo},
		Staff:    []tenants.StaffSpec{{User: "platform", NameFA: "مدیر سامانه", NameEN: "Platform admin", Roles: []string{"platform_admin"}}},
	}
	tenant, err := tenants.Onboard(context.Background(), a.Root, spec)
	if err != nil {
		a.T.Fatal(err)
	}
	a.furnish(tenant, spec)
	return tenant
}

// furnish writes staff, executives and their sessions.
func (a *App) furnish(tenant *tenants.Tenant, spec *tenants.Spec) {
	a.Do(tenant, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if err := staff.Seed(ctx, tx, staff.Cheap(), spec.Staff, Password); err != nil {
			return err
		}
		posts := map[string]int64{}
		for _, e := range spec.Executives {
			who, err := staff.ByUserName(ctx, tx, e.User)
			if err != nil {
				return err
			}
			posts[e.User] = who.ID
		}
		if _, err := directives.Seed(ctx, tx, spec.Executives, posts); err != nil {
			return err
		}
		return meetings.Seed(ctx, tx, spec.Executives)
	})
}

// Password is the password of every test account: short to write, never the
// same for two users.
func Password(user string) string { return "secret of " + user }

// openRedis gives each test a Redis of its own: in process, where time passes
// with the test's clock, or a database of the throw-away server.
func (a *App) openRedis() redis.UniversalClient {
	if os.Getenv("PASOKH_TEST_REDIS_URL") != "" {
		return redistest.New(a.T)
	}
	a.Mini = miniredis.RunT(a.T)
	client := redis.NewClient(&redis.Options{Addr: a.Mini.Addr(), DialerRetries: 1, MaxRetries: -1})
	a.T.Cleanup(func() { _ = client.Close() })
	return client
}

func (a *App) openFiles() *files.Store {
	store, err := files.OpenStore(filepath.Join(a.T.TempDir(), "files"))
	if err != nil {
		a.T.Fatal(err)
	}
	a.T.Cleanup(func() { _ = store.Close() })
	return store
}

// Advance moves the clock of the database and of Redis on.
func (a *App) Advance(d time.Duration) {
	a.Clock.Advance(d)
	if a.Mini != nil {
		a.Mini.FastForward(d)
	}
}

func (a *App) worker() *jobs.Deps {
	links, err := notify.ParseLinks("http://" + BaseDomain)
	if err != nil {
		a.T.Fatal(err)
	}
	return &jobs.Deps{
		Root: a.Root, Post: &notify.Post{Sender: a.Phones, Links: links, Hears: inbound.Hears, Gateways: Gateways()}, Files: a.Files, Log: slog.New(slog.DiscardHandler),
	}
}

// RunClock runs the clock of that name now.
func (a *App) RunClock(name string) {
	a.T.Helper()
	if err := jobs.RunClock(context.Background(), a.deps, name); err != nil {
		a.T.Fatal(err)
	}
}

// Drain runs everything that is due by now, as the worker would.
func (a *App) Drain() {
	a.T.Helper()
	if err := jobs.Drain(context.Background(), a.deps); err != nil {
		a.T.Fatal(err)
	}
}

// Sent lists the messages that people got, oldest first.
func (a *App) Sent() []notify.Outgoing { return a.Phones.Sent() }

// Stop ends the server of Listen as the end of the process would: what is under
// way may finish.
func (a *App) Stop() {
	a.T.Helper()
	server := a.routes.(interface {
		ShutdownWithTimeout(timeout time.Duration) error
	})
	if err := server.ShutdownWithTimeout(10 * time.Second); err != nil {
		a.T.Errorf("requests were cut off: %v", err)
	}
}

// Listen serves the routes on a free port of this machine until the test ends,
// and gives the port: for real browsers.
func (a *App) Listen() int {
	a.T.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.T.Fatal(err)
	}
	server := a.routes.(interface {
		Listener(net.Listener) error
		ShutdownWithTimeout(time.Duration) error
	})
	go server.Listener(l) //nolint:errcheck // it ends with the test
	a.T.Cleanup(func() { _ = server.ShutdownWithTimeout(time.Second) })
	return l.Addr().(*net.TCPAddr).Port
}
