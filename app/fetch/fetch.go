package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"pasokh/app/fault"
)

// limit bounds one reading, from the look-up of the name to the last byte.
const limit = 15 * time.Second

// Client reads addresses of the outside world (security.md, section 3,
// "Internal net"): https only, no redirects, no address of a private network by
// whatever name, a bound on size and time.
type Client struct {
	// Allow decides about the address that a name led to; Public when nil. It is
	// asked at the moment of the connection, so a name that leads elsewhere the
	// second time is caught.
	Allow func(netip.Addr) bool
	// Inside allows our own network at any port, where the deployment says so: for
	// HTTP alone.
	Inside bool
	// Transport is for tests that have a certificate of their own.
	Transport func(*http.Transport)
}

var errPrivate = errors.New("not an address of the public internet")

// Check tells whether the text is an address that may be read at all: https, a
// name or public address, the usual port, nobody's password. Field is the name
// of the form's field in the error.
func Check(field, text string) error {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, u.Scheme != "https", u.Hostname() == "", u.User != nil, u.Opaque != "", len(text) > 2000:
		return fault.Field(field, "fetch.error.address")
	case u.Port() != "" && u.Port() != "443":
		return fault.Field(field, "fetch.error.port")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !Public(ip) {
		return fault.Field(field, "fetch.error.private")
	}
	return nil
}

// Get reads at most atMost bytes of an address. Field errors of field:
// fetch.error.address, port, private, unreachable, status, large.
func (c *Client) Get(ctx context.Context, field, address string, atMost int64) ([]byte, error) {
	if err := Check(field, address); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSpace(address), nil)
	if err != nil {
		return nil, fault.Field(field, "fetch.error.address")
	}
	req.Header.Set("User-Agent", "Pasokh")
	client := c.client()
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	switch {
	case errors.Is(err, errPrivate):
		return nil, fault.Field(field, "fetch.error.private")
	case err != nil:
		return nil, fault.Field(field, "fetch.error.unreachable")
	}
	defer res.Body.Close() //nolint:errcheck // read only
	if res.StatusCode != http.StatusOK {
		return nil, fault.Field(field, "fetch.error.status")
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, atMost+1))
	switch {
	case err != nil:
		return nil, fault.Field(field, "fetch.error.unreachable")
	case int64(len(raw)) > atMost:
		return nil, fault.Field(field, "fetch.error.large")
	}
	return raw, nil
}

func (c *Client) client() *http.Client {
	allow := c.Allow
	switch {
	case allow != nil:
	case c.Inside:
		allow = reachable
	default:
		allow = Public
	}
	dialer := &net.Dialer{Timeout: limit, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !allow(at.Addr().Unmap()) {
			return fmt.Errorf("%w: %s", errPrivate, address)
		}
		return nil
	}}
	t := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: limit, ResponseHeaderTimeout: limit, MaxResponseHeaderBytes: 64 << 10}
	if c.Transport != nil {
		c.Transport(t)
	}
	// Proxies are not asked (Proxy is nil), redirects not followed: they could lead inside.
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// inside are the networks that IsPrivate and its like do not name (RFC 6890):
// shared, documentation, benchmark, old and translated ranges.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// Public tells whether an address is one of the public internet.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return false
	}
	for _, net := range inside {
		if net.Contains(ip) {
			return false
		}
	}
	return true
}

// HTTP is a client for a protocol of more than one request. Every request, also
// one to an address that an answer named, is judged like Get's, and atMost bytes
// are read of each answer.
func (c *Client) HTTP(atMost int64) *http.Client {
	client := c.client()
	client.Timeout = limit
	client.Transport = guard{client.Transport, atMost, c.Inside}
	return client
}

type guard struct {
	next   http.RoundTripper
	atMost int64
	inside bool
}

// RoundTrip implements http.RoundTripper.
func (g guard) RoundTrip(req *http.Request) (*http.Response, error) {
	err := Check("address", req.URL.String())
	if g.inside {
		err = checkInside(req.URL)
	}
	if err != nil {
		return nil, err
	}
	res, err := g.next.RoundTrip(req)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, g.atMost), res.Body}
	}
	return res, err
}

// checkInside is Check where our own network is allowed: still https and
// nobody's password.
func checkInside(u *url.URL) error {
	if u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fault.Field("address", "fetch.error.address")
	}
	return nil
}

// reachable tells whether an address may be connected to where our own network is
// allowed; the addresses of clouds' own services never are.
func reachable(ip netip.Addr) bool {
	ip = ip.Unmap()
	return !ip.IsLinkLocalUnicast() && !ip.IsMulticast() && !ip.IsUnspecified()
}
