package carriers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	callLimit   = 9 * time.Second // one request, shorter than a try may take
	answerLimit = 1 << 20         // bytes of an answer that are read
)

// client follows no redirects: an answer from elsewhere is no answer.
var client = &http.Client{
	Timeout:       callLimit,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 4 * time.Second}).DialContext,
		TLSHandshakeTimeout: 4 * time.Second, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
	},
}

// wire asks one provider.
type wire struct {
	base   string
	header http.Header
}

// reply is an answer of any HTTP status.
type reply struct {
	status int
	body   []byte
}

// form sends a form.
func (w *wire) form(ctx context.Context, path string, values url.Values) (reply, error) {
	return w.do(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

// json sends an object.
func (w *wire) json(ctx context.Context, path string, body any) (reply, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return reply{}, &Refused{Reason: Other}
	}
	return w.do(ctx, http.MethodPost, path, "application/json", raw)
}

func (w *wire) get(ctx context.Context, path string) (reply, error) {
	return w.do(ctx, http.MethodGet, path, "", nil)
}

// do asks once. An error before the request had left means that nothing was
// carried; one after it that nobody knows. No error quotes the address, which
// may hold a key.
func (w *wire) do(ctx context.Context, method, path, kind string, body []byte) (reply, error) {
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { left.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, method, w.base+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, &Down{Reason: Other}
	}
	for name, values := range w.header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := client.Do(req)
	if err != nil {
		return reply{}, lost(left.Load(), err)
	}
	defer res.Body.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	if err != nil || len(raw) > answerLimit {
		return reply{}, &Uncertain{Err: errors.New("the answer broke off")}
	}
	return reply{status: res.StatusCode, body: raw}, transport(res.StatusCode)
}

// lost is the error of a request without an answer. The foreign error quotes the
// address and is left out.
func lost(left bool, err error) error {
	if !left {
		return &Later{Reason: Unreached}
	}
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return &Uncertain{Err: errors.New("no answer in time")}
	}
	return &Uncertain{Err: errors.New("the connection broke")}
}

// transport judges the HTTP status alone: what the provider's own code does not
// tell better.
func transport(status int) error {
	code := strconv.Itoa(status)
	switch {
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return &Uncertain{Err: fmt.Errorf("HTTP %d", status)} // whoever stands before it has lost the answer
	case status == http.StatusTooManyRequests, status >= 500:
		return &Later{Reason: Busy, Code: code}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return &Down{Reason: Credentials, Code: code}
	case status >= 300:
		return &Down{Reason: Other, Code: code}
	}
	return nil
}

// read decodes an answer; one that is no JSON says nothing about the message.
func (r reply) read(into any) error {
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return &Uncertain{Err: fmt.Errorf("HTTP %d without an answer that can be read", r.status)}
	}
	return nil
}

// prefer takes what the provider says itself over the bare HTTP status, unless
// that tells that the answer is not the provider's own.
func prefer(own, http error) error {
	if own != nil && http != nil {
		var u *Uncertain
		if errors.As(own, &u) {
			return http
		}
	}
	if own != nil {
		return own
	}
	return http
}

// joined writes the values of the template one after another.
func joined(list []Param, between string) string {
	var values []string
	for _, p := range list {
		values = append(values, p.Value)
	}
	return strings.Join(values, between)
}
