package web_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pasokh/app/apptest"
	outside "pasokh/app/fetch"
	"pasokh/app/web"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

const outsideAddress = "https://calendar.example.ir/ceo.ics"

// outsider is a server of the outside world under outsideAddress; when guarded it
// stands on an address that the program must not reach.
type outsider struct {
	body    atomic.Value
	status  atomic.Int32
	hits    atomic.Int32
	guarded bool
}

func (s *outsider) client(t *testing.T) *outside.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.hits.Add(1)
		if code := s.status.Load(); code != 0 {
			w.WriteHeader(int(code))
			return
		}
		_, _ = w.Write([]byte(s.body.Load().(string)))
	}))
	t.Cleanup(server.Close)
	c := &outside.Client{Transport: func(tr *http.Transport) {
		dial := tr.DialContext
		tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // a server of the test
		tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, server.Listener.Addr().String())
		}
	}}
	if !s.guarded {
		c.Allow = func(netip.Addr) bool { return true }
	}
	return c
}

func newBusyOffice(t *testing.T, s *outsider) (*office, string) {
	t.Helper()
	o := newOffice(t, func(opts *web.Options) { opts.Fetch = s.client(t) })
	return o, fmt.Sprintf("/desk/calendars/executives/%d/busy", o.Executive)
}

// busyICS is a calendar with an entry for each pair of moments.
func busyICS(times ...time.Time) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n")
	const form = "20060102T150405Z"
	for i := 0; i+1 < len(times); i += 2 {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:%s\r\nDTEND:%s\r\nSUMMARY:secret-title\r\nEND:VEVENT\r\n",
			i, times[i].UTC().Format(form), times[i+1].UTC().Format(form))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

// tried sends what the trial shows.
func tried(page *apptest.Page, path string) apptest.Form {
	form := page.Doc().Find(fmt.Sprintf("form[action='%s']", path))
	return apptest.Form{"url": form.Find("[name=url]").AttrOr("value", ""), "lines": form.Find("[name=lines]").AttrOr("value", "")}
}

func TestBusyTimesFromAnAddress(t *testing.T) {
	s := new(outsider)
	o, path := newBusyOffice(t, s)
	at := o.meeting().StartsAt
	s.body.Store(busyICS(at, at.Add(15*time.Minute)))
	admin := o.As("office")
	if page := admin.Get(path).Is(http.StatusOK); !page.Has(".empty") {
		t.Error(page.Text())
	}
	trial := admin.Post(path+"/trial", apptest.Form{"url": outsideAddress}).Is(http.StatusOK)
	if !trial.Has("#collisions a[href='"+o.path+"']") || !trial.Has("#busy-times .busy-hours span") || strings.Contains(trial.Body, "secret-title") {
		t.Error(trial.Text())
	}
	if page := admin.Get(path); page.Has("#busy-times") {
		t.Error("a trial was kept")
	}
	admin.Post(path, tried(trial, path)).To(path)
	if page := admin.Get(path).Is(http.StatusOK); !page.Has("#busy-times .busy-hours span") || page.Doc().Find("input[name=url]").AttrOr("value", "") != outsideAddress {
		t.Error(page.Text())
	}
	// An hour later it is read again; what is wrong with it is shown.
	hits := s.hits.Load()
	s.body.Store(busyICS(at, at.Add(time.Hour), at.Add(48*time.Hour), at.Add(49*time.Hour)))
	o.RunClock("meetings.busy")
	if s.hits.Load() != hits+1 {
		t.Error("the address was not read again")
	}
	if n := admin.Get(path).Doc().Find("#busy-times .busy-hours span").Length(); n != 2 {
		t.Errorf("%d times after the second reading", n)
	}
	s.status.Store(http.StatusNotFound)
	o.RunClock("meetings.busy")
	if page := admin.Get(path); !strings.Contains(page.Text(), "آخرین خواندن نشانی انجام نشد") || page.Doc().Find("#busy-times .busy-hours span").Length() != 2 {
		t.Error(page.Text())
	}
	admin.Post(path+"/removal", nil).To(path)
	admin.Post(path+"/removal", nil).Is(http.StatusNotFound)
	if page := admin.Get(path); page.Has("#busy-times") {
		t.Error("the times are still there")
	}
}

// An address that leads inside is refused, and nothing is fetched.
func TestNothingIsFetchedFromInside(t *testing.T) {
	s := &outsider{guarded: true}
	s.body.Store(busyICS())
	o, path := newBusyOffice(t, s)
	admin := o.As("office")
	for _, address := range []string{outsideAddress, "https://127.0.0.1/x.ics", "https://169.254.169.254/latest", "https://10.0.0.1/a", "http://calendar.example.ir/a.ics", "https://calendar.example.ir:6379/"} {
		page := admin.Post(path+"/trial", apptest.Form{"url": address}).Is(http.StatusUnprocessableEntity)
		if !page.Has("#url-error") || page.Doc().Find("input[name=url]").AttrOr("value", "") != address {
			t.Errorf("%s: %s", address, page.Text())
		}
		if page := o.As("admin").Post("/desk/organization/holidays/trial", apptest.Form{"url": address}).Is(http.StatusUnprocessableEntity); !page.Has("#url-error") {
			t.Errorf("holidays, %s: %s", address, page.Text())
		}
	}
	admin.Post(path, apptest.Form{"url": "https://10.0.0.1/a", "lines": ""}).Is(http.StatusUnprocessableEntity)
	o.Do(o.A, o.Staff(o.A, "office"), func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.SaveBusy(ctx, tx, o.Executive, outsideAddress, nil)
	})
	o.RunClock("meetings.busy")
	if page := admin.Get(path); !strings.Contains(page.Text(), "شبکه داخلی") {
		t.Error(page.Text())
	}
	if n := s.hits.Load(); n != 0 {
		t.Errorf("%d requests reached the inside", n)
	}
}

func TestBusyTimesFromAFile(t *testing.T) {
	o, path := newBusyOffice(t, new(outsider))
	at := o.meeting().StartsAt
	admin := o.As("office")
	admin.Post(path+"/trial", nil).Is(http.StatusUnprocessableEntity)
	admin.PostFile(path+"/trial", nil, apptest.File{Field: "file", Name: "x.ics", Content: []byte("no calendar")}).Is(http.StatusUnprocessableEntity)
	trial := admin.PostFile(path+"/trial", nil, apptest.File{Field: "file", Name: "ceo.ics", Content: []byte(busyICS(at.Add(time.Hour), at.Add(2*time.Hour)))}).Is(http.StatusOK)
	admin.Post(path, tried(trial, path)).To(path)
	admin.Post(path, apptest.Form{"lines": "nonsense"}).Is(http.StatusUnprocessableEntity)
	if page := admin.Get(path); page.Doc().Find("#busy-times .busy-hours span").Length() != 1 || !page.Has("form[action$='/removal']") {
		t.Error(page.Text())
	}
	o.As("expert").Get(path).Is(http.StatusForbidden)
	if page := admin.Get("/desk/calendars").Is(http.StatusOK); !page.Has("a[href='" + path + "']") {
		t.Error("no way to the page")
	}
}

func TestHolidaysFromAnAddress(t *testing.T) {
	s := new(outsider)
	o, _ := newBusyOffice(t, s)
	s.body.Store("1405/12/10,جشن\n")
	page := o.As("admin").Post("/desk/organization/holidays/trial", apptest.Form{"url": "https://calendar.example.ir/holidays.csv"}).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "جشن") || s.hits.Load() != 1 {
		t.Error(page.Text())
	}
}
