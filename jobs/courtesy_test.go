package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// hour is a time of day on the tests' first day.
func (o *office) hour(hour, minute int) {
	y, m, d := o.Clock.Now().In(persian.Tehran).Date()
	o.Clock.Set(time.Date(y, m, d, hour, minute, 0, 0, persian.Tehran))
}

// interim promises the citizen another date.
func (o *office) interim(c *complaints.Complaint) {
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		var task tenants.Task
		if err := tx.Lock(ctx, &task, "task.kind = 'complaint.registered'"); err != nil {
			return err
		}
		var ids struct {
			ComplaintID int64 `json:"complaint_id"`
			EventID     int64 `json:"event_id"`
		}
		if err := task.IDs(&ids); err != nil {
			return err
		}
		return tx.Enqueue(ctx, "complaint.interim", ids)
	})
}

// What is not urgent waits for the morning, stays the same message, and is
// dropped when it is no longer true.
func TestCitizensAreLeftAloneAtNight(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.told()
	o.hour(22, 30)
	o.interim(c)
	o.mustTellNobody()
	o.Clock.Advance(time.Hour)
	o.mustTellNobody()
	o.hour(8, 0)
	o.Clock.Advance(24 * time.Hour)
	o.mustTell("sms.complaint.interim", citizenMobile)
	o.mustTellNobody()
}

// Who wants no courtesies is told only what is official.
func TestCourtesiesCanBeSwitchedOff(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.told()
	o.write(o.citizen(), func(ctx context.Context, tx *tenants.Tx) error {
		return citizens.Prefer(ctx, tx, citizenMobile, citizens.Preferences{CourtesyOff: true, Language: "en"})
	})
	o.interim(c)
	if out := o.mustTell("sms.complaint.interim", citizenMobile); out.Text == "" || out.Text[0] > 0x7f {
		t.Errorf("not in English: %s", out.Text)
	}
	err := o.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return notify.SaveRules(t.Context(), tx, "complaint.interim", map[string]bool{})
	})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("an official message was switched off: %v", err)
	}
}

// Who chose the digest gets one message in the morning, and everything behind
// the bell at once.
func TestStaffGetADigestInTheMorning(t *testing.T) {
	o := newOffice(t)
	o.write(o.as("head"), func(ctx context.Context, tx *tenants.Tx) error {
		return staff.Prefer(ctx, tx, staff.Preferences{Digest: true})
	})
	o.ordered()
	for _, m := range o.told() {
		if m.To == headMobile {
			t.Fatalf("told at once: %+v", m)
		}
	}
	db := o.Root.For(o.A)
	defer db.Release()
	n, err := notify.Unread(t.Context(), db, o.as("head").ID)
	if err != nil || n == 0 {
		t.Fatalf("%d behind the bell, %v", n, err)
	}
	list, _, err := notify.Notifications(t.Context(), db, o.as("head").ID, true, 0)
	if err != nil || list[0].Link == "" || list[0].Digest != "waiting" {
		t.Fatalf("%+v, %v", list, err)
	}
	db.Release()
	o.Clock.Set(o.working().NextDay(o.Clock.Now()))
	o.mustTell("sms.staff.digest", headMobile)
	o.Clock.Set(o.working().NextDay(o.Clock.Now()))
	o.mustTellNobody()
}

// Somebody with an address of mail gets the meeting as a calendar entry, too.
func TestAMeetingComesByMailWithItsEntry(t *testing.T) {
	o := newOffice(t)
	o.write(o.citizen(), func(ctx context.Context, tx *tenants.Tx) error {
		return citizens.Prefer(ctx, tx, citizenMobile, citizens.Preferences{Email: "zahra@example.ir"})
	})
	o.approved()
	for _, m := range o.Sender.Sent() {
		if m.Channel == "mail" && m.To == "zahra@example.ir" && m.Calendar != nil && m.Calendar.Method == "REQUEST" &&
			strings.Contains(strings.ReplaceAll(string(m.Calendar.Body), "\r\n ", ""), "mailto:zahra@example.ir") {
			return
		}
	}
	t.Errorf("no mail with an entry: %+v", o.Sender.Sent())
}
