package meetings_test

import (
	"context"
	"slices"
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestApprovalGivesTheNumberOfTheSeat(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	first, second := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.do(officer, on(meetings.Approve, second.ID))
	o.do(officer, on(meetings.Approve, first.ID))
	if a, b := o.wantState(second.ID, meetings.Approved), o.read(first.ID); *a.QueueNumber != 2 || *b.QueueNumber != 1 {
		t.Fatalf("queue numbers %d, %d", *a.QueueNumber, *b.QueueNumber)
	}
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, on(meetings.Approve, first.ID))
	if n := len(o.tasks(first.ID, "meeting.approved")); n != 1 {
		t.Fatalf("%d facts", n)
	}
}

func TestApprovalLooksAgainAtSeatAndSession(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	lost, late := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Delete(ctx, (*meetings.SeatClaim)(nil), "meeting_id = ?", lost.ID)
		return err
	})
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", officer, on(meetings.Approve, lost.ID))
	o.Clock.Set(late.StartsAt)
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", officer, on(meetings.Approve, late.ID))
	o.wantState(late.ID, meetings.Requested)
}

func TestApprovalInACancelledSession(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	m := o.booked(o.sessions()[0].ID, 1)
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*meetings.Session)(nil), "state = ?", []any{meetings.SessionCancelled}, "id = ?", m.SessionID)
		return err
	})
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", officer, on(meetings.Approve, m.ID))
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", citizen, hold(1, m.SessionID, 2))
}

func TestRefusalFreesTheSeatAndTellsWhy(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	o.wrong("reason", "meeting.error.reason", officer, because(meetings.Refuse, m.ID, ""))
	o.do(officer, because(meetings.Refuse, m.ID, "پاسخ این موضوع با تلفن داده شد"))
	got := o.wantState(m.ID, meetings.Refused)
	if got.Reason == "" || got.EndedAt == nil || got.CalendarSequence != 1 {
		t.Fatalf("%+v", got)
	}
	if n := len(o.tasks(m.ID, "meeting.refused")); n != 1 {
		t.Fatalf("%d facts", n)
	}
	o.booked(s.ID, 1)
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, because(meetings.Refuse, m.ID, "دوباره"))
}

// Nothing was promised yet that staff could cancel; the citizen may take the
// request back.
func TestStaffRefuseARequestAndDoNotCancelIt(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	m := o.booked(o.sessions()[0].ID, 1)
	for _, by := range []meetings.By{meetings.ByOffice, meetings.ByCitizen} {
		o.refuse(fault.Conflict, "meeting.conflict.refuse_instead", officer, cancel(m.ID, by, "مأموریت"))
	}
	o.wantState(m.ID, meetings.Requested)
	o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	o.wantState(m.ID, meetings.Cancelled)
}

func TestCitizenCancelsUntilTheStart(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m, late := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.do(citizen, cancel(m.ID, meetings.ByOffice, "")) // a citizen is the citizen, whatever is said
	got := o.wantState(m.ID, meetings.Cancelled)
	if got.CancelledBy != meetings.ByCitizen || got.CalendarSequence != 2 || len(o.claims()) != 1 {
		t.Fatalf("%+v", got)
	}
	if kinds := o.events(m.ID, true); !slices.Contains(kinds, "meeting.cancelled") {
		t.Fatalf("the citizen sees %v", kinds)
	}
	for _, task := range o.tasks(m.ID, "meeting.reminder") {
		if task.DoneAt == nil || task.Result != "cancelled" {
			t.Fatalf("a reminder of a cancelled meeting: %+v", task)
		}
	}
	o.refuse(fault.Conflict, "meeting.conflict.state", citizen, cancel(m.ID, meetings.ByCitizen, ""))
	o.Clock.Set(late.StartsAt)
	o.refuse(fault.Conflict, "meeting.conflict.state", citizen, cancel(late.ID, meetings.ByCitizen, ""))
}

func TestOfficeCancelsWithAReason(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	o.wrong("reason", "meeting.error.reason", officer, cancel(m.ID, meetings.ByOffice, " "))
	o.Clock.Set(m.StartsAt)
	o.do(officer, on(meetings.CheckIn, m.ID))
	o.do(officer, cancel(m.ID, meetings.ByOffice, "مأموریت ناگهانی مدیر"))
	if got := o.wantState(m.ID, meetings.Cancelled); got.CancelledBy != meetings.ByOffice {
		t.Fatalf("%+v", got)
	}
	if n := len(o.tasks(m.ID, "meeting.cancelled")); n != 1 {
		t.Fatalf("%d facts", n)
	}
}
