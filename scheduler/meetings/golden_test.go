package meetings_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// golden compares a calendar with the one that is kept of it.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".ics")
	if *update {
		if err := os.WriteFile(file, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, want) {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
}

// What a visitor gets by mail: a request between two addresses, and its end.
func TestTheMailOfAMeeting(t *testing.T) {
	for name, state := range map[string]meetings.State{"mailed_fa": meetings.Approved, "mailed_cancelled_fa": meetings.Cancelled} {
		m := appointment()
		m.State, m.CitizenName = state, "زهرا \"احمدی\"\r\nBEGIN:VALARM"
		file, err := meetings.MailCalendar(desk{}, m, page, messages.FA, meetings.Envelope{From: "office@gas.example", To: "zahra@mail.example"})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[meetings.State]string{meetings.Approved: "REQUEST", meetings.Cancelled: "CANCEL"}[state]; file.Method != want {
			t.Errorf("%s: %s", name, file.Method)
		}
		for _, fault := range lint(file.Body) {
			t.Error(fault)
		}
		golden(t, name, file.Body)
	}
}

// The calendar file of a committee's sitting, announced and called off.
func TestTheInvitationToASitting(t *testing.T) {
	o := newOffice(t)
	at := time.Date(2026, 12, 6, 6, 30, 0, 0, time.UTC)
	o.view(func(_ context.Context, r tenants.Reader) error {
		in := meetings.Invitation{
			UID: "a@committee", Sequence: 1, Starts: at, Ends: at.Add(90 * time.Minute), Summary: "کمیتهٔ رسیدگی به پرونده‌های معوق", Description: "۱. مرور پرونده‌ها\n۲. موارد دیگر",
			Place: "اتاق جلسات؛ طبقهٔ سوم", Page: home + "/desk/committees/sittings/7", Guests: []meetings.Guest{{Name: "علی رضایی", Chair: true}, {Name: "سمیه کریمی"}},
		}
		for _, cancelled := range []bool{false, true} {
			name := "sitting_fa"
			if in.Cancelled = cancelled; cancelled {
				name, in.Sequence = "sitting_cancelled_fa", 2
			}
			file, err := meetings.InvitationFile(r, in, messages.FA)
			if err != nil {
				return err
			}
			golden(t, name, file.Body)
		}
		return nil
	})
}
