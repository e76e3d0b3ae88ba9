package boot_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pasokh/app/boot"
)

// certify writes a certificate for the hosts of the tests, and gives who trusts it.
func certify(t *testing.T, cert, key string, serial int64) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost", "gas.localhost", "nobody.localhost"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{key: {Type: "PRIVATE KEY", Bytes: secret}, cert: {Type: "CERTIFICATE", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(serial, 0) // another time than the one before, whatever the clock says
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	trusted := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	trusted.AddCert(parsed)
	return trusted
}

// secured asks over TLS, following nothing.
func secured(t *testing.T, address, host string, trusted *x509.CertPool, version uint16) (*http.Response, error) {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: host, MaxVersion: version}}, //nolint:gosec // an old version is refused, that is the test
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+address+"/sign-in", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	res, err := client.Do(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	return res, err
}

// plainly asks without TLS, as soon as somebody answers.
func plainly(t *testing.T, address, host string, ended <-chan error) *http.Response {
	t.Helper()
	for {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		res, err := http.DefaultTransport.RoundTrip(req)
		if err == nil {
			_ = res.Body.Close()
			return res
		}
		select {
		case err := <-ended:
			t.Fatalf("ended: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Without a proxy the process serves TLS by itself: only TLS, with cookies that
// belong to the host alone, and with a renewed certificate at once.
func TestServesTLS(t *testing.T) {
	c := configured(t)
	c.TLSCert, c.TLSKey, c.PlainAddr = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem"), freeAddress(t)
	c.BaseURL = "https://" + c.BaseDomain
	trusted := certify(t, c.TLSCert, c.TLSKey, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- boot.Serve(ctx, c, false, io.Discard) }()
	for host, want := range map[string]int{"gas.localhost": http.StatusPermanentRedirect, "nobody.localhost": http.StatusNotFound, "evil.example": http.StatusNotFound} {
		res := plainly(t, "http://"+c.PlainAddr+"/track?code=1", host, ended)
		_, port, _ := strings.Cut(c.Addr, ":")
		if at := res.Header.Get("Location"); res.StatusCode != want || want == http.StatusPermanentRedirect && at != "https://gas.localhost:"+port+"/track?code=1" {
			t.Errorf("%s without TLS: %d %s", host, res.StatusCode, at)
		}
	}
	res, err := secured(t, c.Addr, "gas.localhost", trusted, 0)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	for _, cookie := range res.Cookies() {
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Domain != "" || cookie.Path != "/" {
			t.Errorf("%v", cookie)
		}
	}
	if len(res.Cookies()) == 0 {
		t.Error("no cookie")
	}
	if _, err := secured(t, c.Addr, "gas.localhost", trusted, tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 is taken")
	}
	renewed := certify(t, c.TLSCert, c.TLSKey, 2)
	if _, err := secured(t, c.Addr, "gas.localhost", renewed, 0); err != nil {
		t.Errorf("the renewed certificate: %v", err)
	}
	if err := os.WriteFile(c.TLSCert, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secured(t, c.Addr, "gas.localhost", renewed, 0); err != nil {
		t.Errorf("the certificate before a broken one: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestSettingsOfTLS(t *testing.T) {
	for name, values := range map[string][]string{
		"PASOKH_TLS_KEY":     {"PASOKH_TLS_CERT=/cert"},
		"PASOKH_TLS_AUTO":    {"PASOKH_TLS_CERT=/cert", "PASOKH_TLS_KEY=/key", "PASOKH_TLS_AUTO=1"},
		"PASOKH_BASE_DOMAIN": {"PASOKH_TLS_AUTO=1", "PASOKH_BASE_DOMAIN=10.0.0.1"},
		"PASOKH_PLAIN_ADDR":  {"PASOKH_PLAIN_ADDR=:80"},
	} {
		clean(t)
		for _, v := range values {
			key, value, _ := strings.Cut(v, "=")
			t.Setenv(key, value)
		}
		if _, err := boot.LoadConfig(); err == nil || !strings.Contains(err.Error(), name+" must be") {
			t.Errorf("%v: %v", values, err)
		}
	}
	clean(t)
	t.Setenv("PASOKH_TLS_AUTO", "1")
	t.Setenv("PASOKH_ADDR", ":443")
	t.Setenv("PASOKH_BASE_DOMAIN", "pasokh.example")
	if c, err := boot.LoadConfig(); err != nil || c.BaseURL != "https://pasokh.example" {
		t.Errorf("%s, %v", c.BaseURL, err)
	}
}
