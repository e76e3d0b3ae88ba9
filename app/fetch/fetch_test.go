package fetch_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"pasokh/app/fault"
	"pasokh/app/fetch"
)

// trap is a server on the loopback that nobody may reach, under a name of the
// outside.
func trap(t *testing.T, reply http.HandlerFunc) (address string, dial func(*http.Transport), hits *atomic.Int32) {
	t.Helper()
	hits = new(atomic.Int32)
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hits.Add(1); reply(w, r) }))
	t.Cleanup(s.Close)
	return "https://calendar.example.ir/x.ics", func(tr *http.Transport) {
		guarded := tr.DialContext
		tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // a server of the test
		tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return guarded(ctx, network, s.Listener.Addr().String()) // as a name server of the enemy would
		}
	}, hits
}

func wrong(t *testing.T, err error, key string) {
	t.Helper()
	if f := fault.As(err); f == nil || f.Fields["url"] != key {
		t.Errorf("%v, want %s", err, key)
	}
}

func TestGetReadsFromOutside(t *testing.T) {
	address, dial, _ := trap(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("BEGIN:VCALENDAR")) })
	c := &fetch.Client{Allow: func(netip.Addr) bool { return true }, Transport: dial}
	raw, err := c.Get(t.Context(), "url", address, 100)
	if err != nil || string(raw) != "BEGIN:VCALENDAR" {
		t.Fatalf("%q, %v", raw, err)
	}
	_, err = c.Get(t.Context(), "url", address, 3)
	wrong(t, err, "fetch.error.large")
}

func TestGetFollowsNoRedirect(t *testing.T) {
	address, dial, hits := trap(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://169.254.169.254/latest", http.StatusFound)
	})
	_, err := (&fetch.Client{Allow: func(netip.Addr) bool { return true }, Transport: dial}).Get(t.Context(), "url", address, 100)
	if wrong(t, err, "fetch.error.status"); hits.Load() != 1 {
		t.Errorf("%d requests", hits.Load())
	}
}

// A name that looks public but leads inside is refused at the connection.
func TestGetAsksWhereANameLeads(t *testing.T) {
	address, dial, hits := trap(t, func(http.ResponseWriter, *http.Request) {})
	_, err := (&fetch.Client{Transport: dial}).Get(t.Context(), "url", address, 100)
	if wrong(t, err, "fetch.error.private"); hits.Load() != 0 {
		t.Error("the inside was reached")
	}
}

func TestCheckRefusesEveryWritingOfTheInside(t *testing.T) {
	for address, key := range map[string]string{
		"http://example.ir/x.ics": "fetch.error.address", "ftp://example.ir/x": "fetch.error.address", "file:///etc/passwd": "fetch.error.address",
		"gopher://example.ir": "fetch.error.address", "//example.ir/x": "fetch.error.address", "example.ir": "fetch.error.address", "": "fetch.error.address",
		"https://": "fetch.error.address", "https:///x": "fetch.error.address", "https:example.ir": "fetch.error.address", "javascript:alert(1)": "fetch.error.address",
		"https://user:pass@example.ir": "fetch.error.address", "https://example.ir@127.0.0.1/": "fetch.error.address", "https://exa mple.ir": "fetch.error.address",
		"https://example.ir:8080/x": "fetch.error.port", "https://example.ir:22": "fetch.error.port", "https://example.ir:6379/": "fetch.error.port",
		"https://127.0.0.1/x": "fetch.error.private", "https://10.1.2.3": "fetch.error.private", "https://172.16.0.1": "fetch.error.private", "https://192.168.1.1": "fetch.error.private",
		"https://169.254.169.254/latest/meta-data": "fetch.error.private", "https://0.0.0.0": "fetch.error.private", "https://100.64.1.1": "fetch.error.private",
		"https://[::1]/": "fetch.error.private", "https://[::]": "fetch.error.private", "https://[fe80::1]": "fetch.error.private", "https://[fd00::1]": "fetch.error.private",
		"https://[::ffff:127.0.0.1]": "fetch.error.private", "https://[64:ff9b::7f00:1]": "fetch.error.private", "https://[2002:7f00:1::]": "fetch.error.private",
		"https://224.0.0.1": "fetch.error.private", "https://255.255.255.255": "fetch.error.private", "https://198.18.0.1": "fetch.error.private",
		"https://" + strings.Repeat("a", 3000): "fetch.error.address",
	} {
		wrong(t, fetch.Check("url", address), key)
	}
	for _, address := range []string{"https://example.ir/a.ics", " https://calendar.google.com/calendar/ical/x/basic.ics ", "https://5.160.1.1/x", "https://example.ir:443/"} {
		if err := fetch.Check("url", address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// Other writings of the loopback are names to the program; they are refused when
// they turn out to lead there, or lead nowhere.
func TestGetRefusesOddWritings(t *testing.T) {
	for _, host := range []string{"localhost", "127.1", "0177.0.0.1", "2130706433", "0x7f.0.0.1", "localhost.", "LOCALHOST", "①②⑦.0.0.1"} {
		if _, err := (&fetch.Client{}).Get(t.Context(), "url", "https://"+host+"/", 10); err == nil {
			t.Errorf("%s was read", host)
		}
	}
}
