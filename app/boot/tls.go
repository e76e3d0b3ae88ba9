package boot

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"pasokh/app/web"
)

// Behind a proxy TLS is the proxy's; without one the process serves it itself,
// from files or with certificates that it fetches and renews
// (docs/decisions/0027).

// TLS tells whether the process serves TLS itself.
func (c *Config) TLS() bool { return c.TLSCert != "" || c.TLSAuto }

// checkTLS finds what cannot be meant.
func (c *Config) checkTLS(miss func(name, want string)) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		miss("PASOKH_TLS_KEY", "set together with PASOKH_TLS_CERT")
	}
	if c.TLSCert != "" && c.TLSAuto {
		miss("PASOKH_TLS_AUTO", "off when PASOKH_TLS_CERT is set")
	}
	if c.TLSAuto && net.ParseIP(c.BaseDomain) != nil {
		miss("PASOKH_BASE_DOMAIN", "a name when PASOKH_TLS_AUTO is on: no certificate is given to an address")
	}
	if _, _, err := net.SplitHostPort(c.PlainAddr); c.PlainAddr != "" && (err != nil || !c.TLS()) {
		miss("PASOKH_PLAIN_ADDR", "host:port or :port, beside PASOKH_TLS_CERT or PASOKH_TLS_AUTO")
	}
}

// encrypted makes a listener of a listener: with TLS, if that is ours to do. The
// second value answers the authority's questions over plain HTTP; nil without
// automatic certificates.
func (a *App) encrypted(l net.Listener) (net.Listener, *autocert.Manager, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	switch {
	case a.Config.TLSCert != "":
		files := &certificateFiles{cert: a.Config.TLSCert, key: a.Config.TLSKey, failed: func(err error) {
			a.Log.Error("the new certificate cannot be used; the one before stays", "error", err)
		}}
		if err := files.read(); err != nil {
			return nil, nil, fmt.Errorf("PASOKH_TLS_CERT: %w", err)
		}
		c.GetCertificate = files.current
		return tls.NewListener(l, c), nil, nil
	case a.Config.TLSAuto:
		m := a.certificates()
		c.GetCertificate = m.GetCertificate
		c.NextProtos = append(c.NextProtos, acme.ALPNProto)
		return tls.NewListener(l, c), m, nil
	}
	return l, nil, nil
}

// certificates fetches and renews one for every host that is somebody's here, and
// for no other: whoever points a name at us must not use up our turns with the
// authority.
func (a *App) certificates() *autocert.Manager {
	return &autocert.Manager{
		Prompt: autocert.AcceptTOS, Email: a.Config.TLSMail,
		Cache:  autocert.DirCache(filepath.Join(a.Config.Data, "certificates")),
		Client: &acme.Client{DirectoryURL: a.Config.TLSAuthority},
		HostPolicy: func(ctx context.Context, host string) error {
			_, err := web.TenantOf(ctx, a.Root, a.Config.BaseDomain, host)
			return err
		},
	}
}

// plain serves what comes in without TLS: the authority's questions, and the way
// to the same address with TLS for hosts that are somebody's here. The function
// it gives ends it.
func (a *App) plain(m *autocert.Manager) (stop func(), err error) {
	if a.Config.PlainAddr == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", a.Config.PlainAddr)
	if err != nil {
		return nil, fmt.Errorf("PASOKH_PLAIN_ADDR: %w", err)
	}
	var h http.Handler = http.HandlerFunc(a.toTLS)
	if m != nil {
		h = m.HTTPHandler(h)
	}
	s := &http.Server{Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	go s.Serve(l) //nolint:errcheck // it ends with stop
	return func() { _ = s.Close() }, nil
}

func (a *App) toTLS(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := web.TenantOf(r.Context(), a.Root, a.Config.BaseDomain, host); err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "use https", http.StatusUpgradeRequired) // what was sent has travelled readable
		return
	}
	if _, port, err := net.SplitHostPort(a.Config.Addr); err == nil && port != "443" {
		host = net.JoinHostPort(host, port)
	}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusPermanentRedirect) //nolint:gosec // a host that is somebody's here
}

// certificateFiles are a certificate and its key, read again when somebody
// renewed them.
type certificateFiles struct {
	cert, key string
	failed    func(error)

	mu    sync.Mutex
	stamp [2]time.Time
	now   *tls.Certificate
}

func (f *certificateFiles) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if stamp, err := f.stamps(); err != nil || stamp != f.stamp {
		if err = errors.Join(err, f.load(stamp)); err != nil {
			f.failed(err)
		}
		f.stamp = stamp // told once
	}
	return f.now, nil
}

func (f *certificateFiles) read() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	stamp, err := f.stamps()
	if err != nil {
		return err
	}
	return f.load(stamp)
}

func (f *certificateFiles) load(stamp [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.now, f.stamp = &pair, stamp
	return nil
}

func (f *certificateFiles) stamps() (at [2]time.Time, err error) {
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}
