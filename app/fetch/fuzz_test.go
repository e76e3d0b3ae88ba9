package fetch_test

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"pasokh/app/fetch"
)

// Whatever is let through is https to the usual port of a name or a public
// address, without anybody's password.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"https://example.ir/a.ics", "https://127.0.0.1", "https://[::ffff:10.0.0.1]:443/", "https://a@10.0.0.1", "https://[fe80::1%25eth0]/", "https://0x7f.1", "https:\\\\10.0.0.1", "HTTPS://[::]", "https://example.ir:0443"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if fetch.Check("url", address) != nil {
			return
		}
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Port() != "" && u.Port() != "443" {
			t.Fatalf("%q is let through", address)
		}
		if at, err := netip.ParseAddr(u.Hostname()); err == nil && !fetch.Public(at) {
			t.Fatalf("%q leads inside", address)
		}
	})
}
