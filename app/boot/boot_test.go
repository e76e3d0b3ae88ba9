package boot_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/boot"
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
