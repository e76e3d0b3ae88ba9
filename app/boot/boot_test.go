package boot_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/boot"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

// configured is a configuration for an empty, migrated database of the test's
// own, with the Redis inside the process.
func configured(t testing.TB) boot.Config {
	t.Helper()
	clean(t)
	w := dbtest.Empty(t)
	t.Setenv("PASOKH_DATABASE_URL", w.URL)
	t.Setenv("PASOKH_DATA", w.Dir)
	t.Setenv("PASOKH_ADDR", freeAddress(t))
	t.Setenv("PASOKH_DEMO", "true")
	c, err := boot.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String()
}

func opened(t testing.TB, c boot.Config) *boot.App {
	t.Helper()
	a, err := boot.Open(t.Context(), c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func TestDemonstrationIsLoadedOnce(t *testing.T) {
	a := opened(t, configured(t))
	var first, second bytes.Buffer
	if err := a.LoadDemo(t.Context(), &first); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"1/5 gas", "5/5 free", boot.DemoPassword} {
		if !strings.Contains(first.String(), word) {
			t.Fatalf("progress does not say %q:\n%s", word, first.String())
		}
	}
	var statements atomic.Int64
	a.Root.OnStatement = func(string) { statements.Add(1) }
	if err := a.LoadDemo(t.Context(), &second); err != nil {
		t.Fatal(err)
	}
	a.Root.OnStatement = nil
	if n := statements.Load(); n > 2 || second.Len() > 0 {
		t.Fatalf("the second start took %d statements and said %q", n, second.String())
	}
	list, err := a.Root.UnscopedTenants(t.Context())
	if err != nil || len(list) != 6 {
		t.Fatalf("%d organizations, %v", len(list), err)
	}
}

func TestDemonstrationAccountsOpen(t *testing.T) {
	a := opened(t, configured(t))
	if err := a.LoadDemo(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	list, err := boot.DemoAccounts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, account := range list {
		if seen[account.Tenant] {
			continue
		}
		seen[account.Tenant] = true
		tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), account.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		db := a.Root.For(tenant)
		in, err := staff.SignIn(t.Context(), db, staff.Cheap(), staff.Credentials{User: account.User, Password: account.Password})
		db.Release()
		if err != nil || !in.Actor.Has(account.Role) {
			t.Fatalf("%+v: %v", account, err)
		}
	}
}

func TestDemonstrationHasEveryRoleInEverySector(t *testing.T) {
	book, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	list, err := boot.DemoAccounts()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string][]string{}
	for _, a := range list {
		roles[a.Tenant] = append(roles[a.Tenant], a.Role)
	}
	if len(roles) != 6 {
		t.Fatalf("%d organizations", len(roles))
	}
	for tenant, held := range roles {
		for _, role := range book.Roles() {
			if (role == "platform_admin") == (tenant == tenants.PlatformSlug) && !slices.Contains(held, role) {
				t.Errorf("nobody at %s is %s", tenant, role)
			}
		}
	}
}

func TestNewOrganizationGetsPasswordsOfItsOwn(t *testing.T) {
	configured(t)
	t.Setenv("PASOKH_DEMO", "false")
	var out bytes.Buffer
	order := boot.Order{Command: "tenant create", Tenant: boot.NewTenant{Sector: "water", Slug: "shiraz", NameFA: "آب شیراز", NameEN: "Shiraz Water"}}
	if err := boot.Run(t.Context(), order, &out); err != nil {
		t.Fatal(err)
	}
	passwords := map[string]string{}
	for line := range strings.Lines(out.String()) {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("line %q", line)
		}
		passwords[f[2]] = f[3]
	}
	distinct := map[string]bool{}
	for _, p := range passwords {
		distinct[p] = true
	}
	if len(distinct) != len(passwords) || len(passwords) < 10 {
		t.Fatalf("%d passwords for %d accounts", len(distinct), len(passwords))
	}
	out.Reset()
	if err := boot.Run(t.Context(), boot.Order{Command: "tenant list"}, &out); err != nil || !strings.Contains(out.String(), "shiraz\twater\tlive\tآب شیراز") {
		t.Fatalf("%s, %v", out.String(), err)
	}
}

func TestServesUntilTold(t *testing.T) {
	c := configured(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- boot.Serve(ctx, c, false, io.Discard) }()
	for host, want := range map[string]int{"localhost": 200, "gas.localhost": 200, "nobody.localhost": 404} {
		if got := get(t, c.Addr, host, ended); got != want {
			t.Errorf("%s: %d", host, got)
		}
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("does not stop")
	}
}

// get asks for the start page of a host, as soon as somebody answers.
func get(t testing.TB, address, host string, ended <-chan error) int {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			return res.StatusCode
		}
		select {
		case err := <-ended:
			t.Fatalf("ended: %v", err)
		case <-limit:
			t.Fatal("nobody answers")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestProductionNamesEveryUnsafeSetting(t *testing.T) {
	configured(t)
	t.Setenv("PASOKH_ENV", "production")
	err := boot.Run(t.Context(), boot.Order{Command: "serve"}, io.Discard)
	if err == nil {
		t.Fatal("started")
	}
	for _, reason := range []string{"PASOKH_DEMO", "PASOKH_SENDER", "PASOKH_BASE_URL is not set", "not https", "PASOKH_TRUSTED_PROXIES"} {
		if !strings.Contains(err.Error(), reason) {
			t.Errorf("%s is not among: %v", reason, err)
		}
	}
	if strings.Contains(err.Error(), "database") || strings.Contains(err.Error(), "SQLite") || strings.Contains(err.Error(), "migrations") {
		t.Errorf("a safe database is refused: %v", err)
	}
}

func TestDatabaseIsSafeByItself(t *testing.T) {
	a := opened(t, configured(t))
	s, err := tenants.Inspect(t.Context(), a.Root)
	if err != nil {
		t.Fatal(err)
	}
	if a.Root.Postgres() {
		if s.Role != "pasokh_app" || s.OwnsTables || s.BypassesRLS {
			t.Fatalf("%+v", s)
		}
		return
	}
	if !s.SyncFull || !s.ForeignKeys || !s.WAL {
		t.Fatalf("%+v", s)
	}
}

func TestRedisInsideIsBehindAPassword(t *testing.T) {
	r, err := boot.OpenRedis(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // tested elsewhere
	inside, ok := r.UniversalClient.(*redis.Client)
	if !ok {
		t.Fatalf("%T", r.UniversalClient)
	}
	stranger := redis.NewClient(&redis.Options{Addr: inside.Options().Addr})
	defer stranger.Close() //nolint:errcheck // a test's
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Fatal("anybody on this machine may read the queue")
	}
	if policy, err := r.EvictionPolicy(t.Context()); err != nil || policy != "noeviction" {
		t.Fatalf("%q, %v", policy, err)
	}
}

func TestRealRedisTellsItsPolicy(t *testing.T) {
	address := os.Getenv("PASOKH_TEST_REDIS_URL")
	if address == "" {
		return // the other half of the tests runs with it
	}
	r, err := boot.OpenRedis(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // a test's
	if policy, err := r.EvictionPolicy(t.Context()); err != nil || policy != "noeviction" {
		t.Fatalf("%q, %v", policy, err)
	}
}

func TestDoctorSaysWhatIsWrong(t *testing.T) {
	clean(t)
	dir := t.TempDir()
	t.Setenv("PASOKH_DATA", filepath.Join(dir, "none"))
	var out bytes.Buffer
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err != nil || !strings.Contains(out.String(), "none yet") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Fatal("the doctor has made something")
	}
	t.Setenv("PASOKH_REDIS_URL", "redis://127.0.0.1:1/0")
	t.Setenv("PASOKH_TYPO", "1")
	out.Reset()
	err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out)
	if err == nil || !strings.Contains(out.String(), "BAD   redis does not answer") || !strings.Contains(out.String(), "PASOKH_TYPO") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Setenv("PASOKH_ENV", "nonsense")
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, io.Discard); err == nil {
		t.Fatal("a configuration that makes no sense is fine")
	}
}

func TestDoctorFindsAWorkingInstallation(t *testing.T) {
	a := opened(t, configured(t))
	if err := a.LoadDemo(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err != nil || !strings.Contains(out.String(), "schema up to date, 6 organizations") {
		t.Fatalf("%v\n%s", err, out.String())
	}
}
