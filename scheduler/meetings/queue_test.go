package meetings_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestCheckInOnTheDayOnly(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1)
	o.refuse(fault.Conflict, "meeting.conflict.not_today", officer, on(meetings.CheckIn, m.ID))
	o.Clock.Set(m.StartsAt.Add(-2 * time.Hour))
	o.do(officer, on(meetings.CheckIn, m.ID))
	if got := o.wantState(m.ID, meetings.CheckedIn); got.CheckedInAt == nil {
		t.Fatalf("%+v", got)
	}
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, on(meetings.CheckIn, m.ID))
	if kinds := o.events(m.ID, true); !slices.Contains(kinds, "meeting.checked_in") {
		t.Fatalf("the citizen sees %v", kinds)
	}
}

func TestCallNextFollowsSlotThenNumber(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	late, early, away := o.booked(s.ID, 8), o.booked(s.ID, 2), o.booked(s.ID, 1)
	o.Clock.Set(s.StartsAt)
	o.refuse(fault.Conflict, "meeting.conflict.queue_empty", officer, callNext(s.ID))
	o.do(officer, on(meetings.CheckIn, late.ID))
	o.do(officer, on(meetings.CheckIn, early.ID))
	o.do(officer, callNext(s.ID))
	o.wantState(early.ID, meetings.Called)
	o.wantState(late.ID, meetings.CheckedIn)
	o.do(officer, finish(early.ID, meetings.Minutes{Text: "بررسی شود", PeopleMet: 1}))
	o.do(officer, callNext(s.ID))
	o.wantState(late.ID, meetings.Called)
	o.do(officer, finish(late.ID, meetings.Minutes{Text: "بررسی شود", PeopleMet: 1}))
	o.refuse(fault.Conflict, "meeting.conflict.queue_empty", officer, callNext(s.ID))
	o.wantState(away.ID, meetings.Approved)
	o.refuse(fault.NotFound, "error.not_found", officer, callNext(1))
}

func TestCallOutOfTurnIsInTheAudit(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	first, second := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, on(meetings.Call, second.ID))
	o.Clock.Set(s.StartsAt)
	o.do(officer, on(meetings.CheckIn, first.ID))
	o.do(officer, on(meetings.CheckIn, second.ID))
	o.do(officer, because(meetings.CallOut, second.ID, "باید زود برود"))
	o.do(officer, on(meetings.Call, second.ID))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		lines, err := audit.Of(ctx, r, "meeting", second.ID, 2)
		if lines[0].Detail != "again" || lines[1].Detail != "out of turn" {
			t.Fatalf("%+v", lines)
		}
		return err
	})
	if slices.Contains(o.events(second.ID, true), "meeting.called") {
		t.Fatal("calling is the desk's matter")
	}
}

func TestAbsenceAfterTheStart(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 4)
	o.Clock.Set(m.StartsAt.Add(-time.Minute))
	o.refuse(fault.Conflict, "meeting.conflict.too_early", officer, on(meetings.MarkAbsent, m.ID))
	o.Clock.Set(m.StartsAt)
	o.do(officer, on(meetings.MarkAbsent, m.ID))
	o.wantState(m.ID, meetings.Absent)
	o.Clock.Advance(10 * time.Minute)
	o.do(officer, on(meetings.CheckIn, m.ID)) // came late
	if got := o.wantState(m.ID, meetings.CheckedIn); got.EndedAt != nil {
		t.Fatalf("%+v", got)
	}
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, because(meetings.Excuse, m.ID, "x"))
	o.do(officer, on(meetings.MarkAbsent, m.ID)) // left again
}

func TestFinishWritesTheMinutes(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1)
	good := meetings.Minutes{Text: "بررسی شود", PeopleMet: 3}
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, finish(m.ID, good))
	o.Clock.Set(m.StartsAt)
	o.do(officer, on(meetings.CheckIn, m.ID))
	o.do(officer, on(meetings.Call, m.ID))
	o.wrong("minutes", "meeting.error.minutes", officer, finish(m.ID, meetings.Minutes{PeopleMet: 1}))
	o.wrong("people_met", "meeting.error.people_met", officer, finish(m.ID, meetings.Minutes{Text: "x"}))
	o.wrong("people_met", "meeting.error.people_met", officer, finish(m.ID, meetings.Minutes{Text: "x", PeopleMet: 22}))
	o.do(officer, finish(m.ID, good))
	if got := o.wantState(m.ID, meetings.Held); got.Minutes != good.Text || got.PeopleMet != 3 || got.EndedAt == nil {
		t.Fatalf("%+v", got)
	}
	if n := len(o.tasks(m.ID, "meeting.held", "meeting.closed")); n != 0 {
		t.Fatalf("%d messages though the citizen sees nothing yet", n)
	}
}

func TestEndWithoutDirectivesTellsTheCitizenWhy(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1)
	o.held(m, 1)
	o.wrong("reason", "meeting.error.reason", officer, because(meetings.Close, m.ID, " "))
	o.do(officer, because(meetings.Close, m.ID, "راهنمایی لازم انجام شد"))
	if got := o.wantState(m.ID, meetings.Closed); got.Reason != "راهنمایی لازم انجام شد" {
		t.Fatalf("%+v", got)
	}
	if n := len(o.tasks(m.ID, "meeting.closed")); n != 1 {
		t.Fatalf("%d facts", n)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := timeline.Of(ctx, r, timeline.Subject{Kind: "meeting", ID: m.ID}, true)
		if last := list[len(list)-1]; last.Kind != "meeting.closed" || last.Text == "" {
			t.Fatalf("the citizen reads %+v", last)
		}
		return err
	})
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, because(meetings.Close, m.ID, "دوباره"))
}

// The room holds one visitor: the next one comes when this one is through or
// back in the queue.
func TestNobodyIsCalledIntoAFullRoom(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	first, second, third := o.booked(s.ID, 1), o.booked(s.ID, 2), o.booked(s.ID, 3)
	o.Clock.Set(s.StartsAt)
	for _, m := range []*meetings.Meeting{first, second, third} {
		o.do(officer, on(meetings.CheckIn, m.ID))
	}
	o.do(officer, callNext(s.ID))
	o.refuse(fault.Conflict, "meeting.conflict.room_busy", officer, callNext(s.ID))
	o.refuse(fault.Conflict, "meeting.conflict.room_busy", officer, on(meetings.Call, third.ID))
	o.do(officer, on(meetings.Call, first.ID)) // once more
	o.do(officer, on(meetings.Park, first.ID))
	o.wantState(first.ID, meetings.CheckedIn)
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, on(meetings.Park, first.ID))
	o.do(officer, callNext(s.ID))
	o.wantState(second.ID, meetings.Called)
	o.do(officer, finish(second.ID, meetings.Minutes{Text: "بررسی شود", PeopleMet: 1}))
	o.do(officer, callNext(s.ID))
	o.wantState(third.ID, meetings.Called) // before the one who was parked
	o.do(officer, on(meetings.MarkAbsent, third.ID))
	o.do(officer, callNext(s.ID))
	o.wantState(first.ID, meetings.Called)
	if slices.Contains(o.events(first.ID, true), "meeting.parked") {
		t.Fatal("parking is the desk's matter")
	}
}
