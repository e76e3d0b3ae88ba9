package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/jobs"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// book takes the first slot of the session after the next.
func (o *office) book() *meetings.Meeting {
	o.t.Helper()
	var m *meetings.Meeting
	o.write(o.citizen(), func(ctx context.Context, tx *tenants.Tx) error {
		session, executive, err := laterSession(ctx, tx)
		if err != nil {
			return err
		}
		m, err = meetings.Book(ctx, tx, meetings.Booking{
			CitizenID: o.Citizen.ID, NationalID: o.Citizen.NationalID, ExecutiveID: executive.ID, SessionID: session.ID,
			Slot: session.Slots[0].Number, Subject: "گازرسانی به روستا", Text: "درخواست گازرسانی به روستای ما", Channel: meetings.Web,
		})
		return err
	})
	return m
}

func laterSession(ctx context.Context, r tenants.Reader) (*meetings.OpenSession, *directives.Executive, error) {
	executives, err := directives.Executives(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	sessions, err := meetings.OpenSessions(ctx, r, executives[0].ID, 0)
	if err != nil {
		return nil, nil, err
	}
	return &sessions[1], &executives[0], nil
}

func TestCitizenIsRemindedOfTheMeeting(t *testing.T) {
	o := newOffice(t)
	m := o.book()
	if m.State == meetings.Requested {
		o.mustTell("sms.meeting.requested", citizenMobile)
		o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error { return meetings.Approve(ctx, tx, m.ID) })
	}
	if sms := o.mustTell("sms.meeting.approved", citizenMobile); !strings.Contains(sms.Text, "نوبت ۱") {
		t.Fatalf("text: %s", sms.Text)
	}

	o.Clock.Set(meetings.DayBefore.At(m.StartsAt).Add(-time.Second))
	o.mustTellNobody()
	o.Clock.Advance(time.Second)
	o.mustTell("sms.meeting.reminder", citizenMobile)
	o.Clock.Set(meetings.HoursBefore.At(m.StartsAt))
	o.mustTell("sms.meeting.reminder", citizenMobile)
	o.Clock.Set(m.StartsAt)
	o.mustTellNobody()
}

func TestReminderOfAMovedMeetingComesAtItsNewTime(t *testing.T) {
	o := newOffice(t)
	m := o.approved()
	o.Clock.Set(meetings.DayBefore.At(m.StartsAt))
	o.mustTell("sms.meeting.reminder", citizenMobile)
	var moved time.Time
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		session, _, err := laterSession(ctx, tx)
		if err != nil {
			return err
		}
		slot := session.Slots[len(session.Slots)-1]
		moved = slot.StartsAt
		return meetings.Reschedule(ctx, tx, m.ID, session.ID, slot.Number)
	})
	o.mustTell("sms.meeting.moved", citizenMobile)
	for _, n := range []meetings.Notice{meetings.DayBefore, meetings.HoursBefore} {
		if at := n.At(moved); at.After(o.Clock.Now()) {
			o.Clock.Set(at)
			o.mustTell("sms.meeting.reminder", citizenMobile)
		}
	}
}

// approved books and, where the office wants to approve, approves.
func (o *office) approved() *meetings.Meeting {
	o.t.Helper()
	m := o.book()
	if m.State == meetings.Requested {
		o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error { return meetings.Approve(ctx, tx, m.ID) })
	}
	o.told()
	return m
}

func TestNobodyIsRemindedOfACancelledMeeting(t *testing.T) {
	o := newOffice(t)
	m := o.approved()
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.Cancel(ctx, tx, m.ID, meetings.ByOffice, "جلسهٔ فوری هیئت‌مدیره")
	})
	o.mustTell("sms.meeting.cancelled_office", citizenMobile)
	o.Clock.Set(m.StartsAt)
	o.mustTellNobody()
}

// ordered is a directive from a meeting, made public to its citizen.
func (o *office) ordered() *directives.Directive {
	o.t.Helper()
	m := o.approved()
	var d *directives.Directive
	o.write(o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error {
		var err error
		d, err = directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: directives.OnMeeting, OriginID: m.ID, ExecutiveID: m.ExecutiveID, CitizenID: &o.Citizen.ID,
			UnitID: o.unitIn(ctx, tx, "network"), Text: "گازرسانی در برنامهٔ امسال", Public: true,
		})
		return err
	})
	return d
}

func (o *office) unitIn(ctx context.Context, tx *tenants.Tx, code string) int64 {
	o.t.Helper()
	units, err := tenants.Units(ctx, tx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, u := range units {
		if u.Code == code {
			return u.ID
		}
	}
	o.t.Fatalf("no unit %s", code)
	return 0
}

func TestUnitExecutiveAndCitizenAreToldOfADirective(t *testing.T) {
	o := newOffice(t)
	d := o.ordered()
	if sent := o.told(); len(sent) != 2 || sent[0].To != headMobile || sent[1].To != citizenMobile ||
		sent[0].Template != "sms.directive.issued" || sent[1].Template != "sms.directive.citizen_issued" {
		t.Fatalf("told %+v", sent)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	if now, err := directives.ByID(t.Context(), db, d.ID); err != nil || now.State != directives.Notified {
		t.Fatalf("%+v, %v", now, err)
	}
	report := func() {
		t.Helper()
		o.write(o.as("head"), func(ctx context.Context, tx *tenants.Tx) error {
			return directives.Report(ctx, tx, d.ID, "لوله‌گذاری انجام شد")
		})
		o.mustTell("sms.directive.reported", ceoMobile)
	}
	report()
	o.write(o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Return(ctx, tx, d.ID, "کوچهٔ دوم مانده است")
	})
	o.mustTell("sms.directive.returned", headMobile)
	report()
	o.write(o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error { return directives.Accept(ctx, tx, d.ID, "") })
	o.mustTell("sms.directive.citizen_done", citizenMobile)
}

func TestLateDirectiveIsRemindedAndEscalated(t *testing.T) {
	o := newOffice(t)
	d := o.ordered()
	o.told()
	sweep := func() {
		t.Helper()
		for range 2 {
			if err := jobs.RunClock(t.Context(), o.Deps, "directives.sweep"); err != nil {
				t.Fatal(err)
			}
		}
		o.told()
		o.opened() // orders are due when the office closes: the morning tells
	}
	working := o.working()
	o.Clock.Set(directives.RemindAt(d.DueAt, working))
	sweep()
	o.mustTell("sms.directive.reminder", headMobile)
	o.Clock.Set(d.DueAt)
	sweep()
	o.mustTell("sms.directive.overdue", headMobile)
	o.Clock.Set(d.DueAt.Add(24 * time.Hour))
	sweep()
	o.mustTell("sms.directive.overdue", managerMobile)
	o.Clock.Set(d.DueAt.Add(72 * time.Hour))
	sweep()
	o.mustTell("sms.directive.overdue_issuer", ceoMobile)
	sweep()
	o.mustTellNobody()
}

// A report that comes between the sweep and the message leaves nobody to tell.
func TestExecutiveIsNotToldAfterTheReport(t *testing.T) {
	o := newOffice(t)
	d := o.ordered()
	o.told()
	o.Clock.Set(d.DueAt.Add(72 * time.Hour))
	if err := jobs.RunClock(t.Context(), o.Deps, "directives.sweep"); err != nil {
		t.Fatal(err)
	}
	o.write(o.as("head"), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Report(ctx, tx, d.ID, "لوله‌گذاری انجام شد")
	})
	o.told()
	o.opened()
	o.mustTell("sms.directive.reported", ceoMobile)
}

func (o *office) working() tenants.WorkingTime {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	working, err := tenants.WorkingTimeOf(o.t.Context(), db)
	if err != nil {
		o.t.Fatal(err)
	}
	return working
}

// opened waits until the office works.
func (o *office) opened() { o.Clock.Set(o.working().Next(o.Clock.Now())) }
