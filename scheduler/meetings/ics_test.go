package meetings_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

var update = flag.Bool("update", false, "write the golden files")

// desk is a Reader of which only tenant and instant are asked.
type desk struct{ tenants.Reader }

func (desk) Now() time.Time { return time.Date(2026, 11, 21, 5, 30, 0, 0, time.UTC) }
func (desk) Tenant() *tenants.Tenant {
	return &tenants.Tenant{NameFA: "شرکت گاز استان زنجان", NameEN: `Zanjan "Province" Gas, Ltd; Co: ^`}
}

func appointment() *meetings.Listed {
	start, queue := time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC), 7
	return &meetings.Listed{
		Meeting: meetings.Meeting{
			Code: "PX4K7M2Q9TB", CalendarUID: "0f8fad5b-d9cb-469f-a165-70867728950e", CalendarSequence: 3, QueueNumber: &queue,
			StartsAt: start, Subject: "جابه‌جایی علمک کوچه دوم؛ ترمیم آسفالت، و پیاده‌رو", State: meetings.Approved,
		},
		EndsAt: start.Add(15 * time.Minute), SiteFA: "ساختمان مرکزی، طبقه سوم", SiteEN: "Headquarters, third floor",
		PostFA: "مدیرعامل", PostEN: "Chief executive officer", NameFA: "مهندس رضا موسوی", NameEN: "Reza Mousavi",
	}
}

const page = "https://gas.example.ir/my/meetings/7?from=sms"

func calendar(t testing.TB, m *meetings.Listed, lang messages.Lang) *meetings.CalendarFile {
	t.Helper()
	f, err := meetings.Calendar(desk{}, m, page, lang)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCalendarGolden(t *testing.T) {
	requested, cancelled, moved := appointment(), appointment(), appointment()
	requested.State, requested.QueueNumber, requested.CalendarSequence = meetings.Requested, nil, 0
	cancelled.State = meetings.Cancelled
	moved.StartsAt, moved.EndsAt, moved.CalendarSequence = moved.StartsAt.AddDate(0, 0, 7), moved.EndsAt.AddDate(0, 0, 7), 4
	for name, c := range map[string]struct {
		m    *meetings.Listed
		lang messages.Lang
	}{
		"approved_fa": {appointment(), messages.FA}, "approved_en": {appointment(), messages.EN},
		"requested_fa": {requested, messages.FA}, "cancelled_fa": {cancelled, messages.FA}, "moved_fa": {moved, messages.FA},
	} {
		t.Run(name, func(t *testing.T) {
			got := calendar(t, c.m, c.lang).Body
			for _, fault := range lint(got) {
				t.Error(fault)
			}
			file := filepath.Join("testdata", name+".ics")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestMethodStandsInTheContentType(t *testing.T) {
	for state, method := range map[meetings.State]string{
		meetings.Requested: "PUBLISH", meetings.Approved: "PUBLISH", meetings.Held: "PUBLISH",
		meetings.Cancelled: "CANCEL", meetings.Refused: "CANCEL",
	} {
		m := appointment()
		m.State = state
		f := calendar(t, m, messages.FA)
		if f.Method != method || f.ContentType != "text/calendar; charset=utf-8; method="+method || !bytes.Contains(f.Body, []byte("METHOD:"+method+"\r\n")) {
			t.Errorf("%s: %s, %s", state, f.Method, f.ContentType)
		}
		if alarm := bytes.Contains(f.Body, []byte("VALARM")); alarm != (method == "PUBLISH") {
			t.Errorf("%s: alarm %v", state, alarm)
		}
	}
}

func TestSequenceRisesWithEveryChange(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	uid := m.CalendarUID
	last := -1
	see := func() {
		t.Helper()
		got := o.read(m.ID)
		if got.CalendarSequence <= last || got.CalendarUID != uid {
			t.Fatalf("sequence %d after %d, uid %s", got.CalendarSequence, last, got.CalendarUID)
		}
		last = got.CalendarSequence
		o.view(func(_ context.Context, r tenants.Reader) error {
			f, err := meetings.Calendar(r, got, page, messages.FA)
			for _, fault := range lint(f.Body) {
				t.Error(fault)
			}
			return err
		})
	}
	see()
	o.do(officer, on(meetings.Approve, m.ID))
	see()
	o.do(citizen, reschedule(m.ID, s.ID, 2))
	see()
	o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	see()
}

func TestCalendarSurvivesTheLibrarysOwnReader(t *testing.T) {
	m := appointment()
	cal, err := ical.NewDecoder(bytes.NewReader(calendar(t, m, messages.FA).Body)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	e := cal.Events()[0]
	start, err := e.DateTimeStart(nil)
	if err != nil || !start.Equal(m.StartsAt) {
		t.Fatalf("start %s: %v", start, err)
	}
	text, err := e.Props.Text(ical.PropDescription)
	if err != nil || !strings.Contains(text, m.Subject) || !strings.Contains(text, "PX4K-7M2Q-9TB") {
		t.Fatalf("description %q: %v", text, err)
	}
}

func TestCalendarWithoutAPage(t *testing.T) {
	for _, address := range []string{"", "not an address", "/my/meetings", "http://[broken"} {
		f, err := meetings.Calendar(desk{}, appointment(), address, messages.FA)
		if err != nil || bytes.Contains(f.Body, []byte("ORGANIZER")) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// Whatever people write into subject, names and places, the file stays whole:
// no line of theirs begins a property, and the reader gets one event.
func FuzzCalendar(f *testing.F) {
	f.Add("x\r\nSUMMARY:INJECTED", "\"; CN=x:mailto:a@b", "\x00\a\x1b[31m")
	f.Add("\u2028\u2029\u0085\v\f", "^n^'^^", "‮RTL\u200f\ufeff")
	f.Add(strings.Repeat("ژ", 300), strings.Repeat("👩‍👩‍👧", 40), "a\\,;\\n,;:")
	f.Add("\xff\xfe\xfd", "", " \n ")
	f.Add("BEGIN:VEVENT\nEND:VCALENDAR", "\r\n \r\n", strings.Repeat("\u0301", 200))
	f.Fuzz(func(t *testing.T, subject, name, site string) {
		m := appointment()
		m.Subject, m.NameFA, m.PostFA, m.SiteFA = subject, name, name+subject, "x"+site
		body := calendar(t, m, messages.FA).Body
		for _, fault := range lint(body) {
			t.Error(fault)
		}
		cal, err := ical.NewDecoder(bytes.NewReader(body)).Decode()
		if err != nil || len(cal.Events()) != 1 {
			t.Fatalf("%v in\n%s", err, body)
		}
	})
}
