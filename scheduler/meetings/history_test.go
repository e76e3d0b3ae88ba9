package meetings_test

import (
	"context"
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// consistent checks what must always hold: a live meeting has exactly one seat,
// in its own slot, and a walk-in none; nobody else has one; queue numbers are unique per session.
func (o *office) consistent(t fataler) {
	t.Helper()
	seat := map[int64]meetings.SeatClaim{}
	taken := map[string]bool{}
	for _, c := range o.claims() {
		key := fmt.Sprint(c.SessionID, c.SlotNumber, c.Seat)
		if taken[key] {
			t.Fatalf("two claims on one seat")
		}
		taken[key] = true
		if c.MeetingID != nil {
			seat[*c.MeetingID] = c
		}
	}
	numbers := map[string]bool{}
	var list []meetings.Listed
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		list, _, err = meetings.List(ctx, r, meetings.Filter{Limit: 10_000})
		return err
	})
	for _, m := range list {
		c, seated := seat[m.ID]
		if seated != (m.Live() && !m.WalkIn) || seated && (c.SessionID != m.SessionID || c.SlotNumber != m.SlotNumber) {
			t.Fatalf("meeting in state %s, slot %d; seat %v %+v", m.State, m.SlotNumber, seated, c)
		}
		if m.QueueNumber == nil {
			continue
		}
		key := fmt.Sprint(m.SessionID, *m.QueueNumber)
		if numbers[key] {
			t.Fatalf("queue number %d twice", *m.QueueNumber)
		}
		numbers[key] = true
	}
}

// Whatever is held, booked, moved, cancelled, approved and refused in whatever
// order: a booking succeeds exactly when its slot has a free seat, and the
// invariants of consistent hold after every step.
func TestHistoriesNeverDoubleBook(t *testing.T) {
	o := newOffice(t)
	set := o.A.Settings
	fewer(t, "30")
	rapid.Check(t, func(rt *rapid.T) {
		h := o.history(rt)
		for range rapid.IntRange(1, 16).Draw(rt, "steps") {
			h.step(rt)
		}
		o.consistent(rt)
		o.A.Settings = set
	})
}

// fewer makes rapid run a property whose every step is a transaction less often
// than its usual hundred times, unless the command line said how often.
func fewer(t *testing.T, times string) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if usual := checks.Value.String(); usual == checks.DefValue {
		_ = checks.Value.Set(times)
		t.Cleanup(func() { _ = checks.Value.Set(usual) })
	}
}

// history is one executive's two small sessions and what a model says of them.
type history struct {
	o        *office
	exec     int64
	sessions []int64
	free     map[[2]int64]int // session, slot → free seats
	live     []*meetings.Meeting
}

func (o *office) history(rt *rapid.T) *history {
	o.A.Settings.Approval = rapid.Bool().Draw(rt, "approval")
	seats := rapid.IntRange(1, 2).Draw(rt, "seats")
	h := &history{o: o, free: map[[2]int64]int{}}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		list, err := directives.Seed(ctx, tx, []tenants.ExecutiveSpec{{Code: fmt.Sprint("e", tenants.NewID()), PostFA: "معاون", PostEN: "Deputy", NameFA: "نام", NameEN: "Name"}}, nil)
		if err != nil {
			return err
		}
		h.exec = list[0].ID
		if _, err = meetings.AddWindow(ctx, tx, h.exec, tenants.WindowSpec{Weekday: 3, From: 480, Until: 510, SlotMinutes: 15, Seats: seats, SiteFA: "م", SiteEN: "s"}); err != nil {
			return err
		}
		if _, err = meetings.Generate(ctx, tx); err != nil {
			return err
		}
		open, err := meetings.OpenSessions(ctx, tx, h.exec, 0)
		for _, s := range open {
			h.sessions = append(h.sessions, s.ID)
			for _, slot := range s.Slots {
				h.free[[2]int64{s.ID, int64(slot.Number)}] = seats
			}
		}
		return err
	})
	return h
}

func (h *history) step(rt *rapid.T) {
	act := rapid.SampledFrom([]string{"book", "book", "move", "cancel", "approve", "refuse"}).Draw(rt, "act")
	at := [2]int64{rapid.SampledFrom(h.sessions).Draw(rt, "session"), int64(rapid.IntRange(1, 2).Draw(rt, "slot"))}
	if act == "book" {
		h.book(rt, at)
		return
	}
	if len(h.live) == 0 {
		return
	}
	i := rapid.IntRange(0, len(h.live)-1).Draw(rt, "meeting")
	m := h.live[i]
	was := [2]int64{m.SessionID, int64(m.SlotNumber)}
	switch act {
	case "move":
		err := h.o.try(officer, reschedule(m.ID, at[0], int(at[1])))
		if (err == nil) != (was != at && h.free[at] > 0) {
			rt.Fatalf("move to %v with %d free: %v", at, h.free[at], err)
		}
		if err == nil {
			h.free[was]++
			h.free[at]--
			m.SessionID, m.SlotNumber = at[0], int(at[1])
		}
	case "cancel":
		h.end(rt, i, h.o.try(citizen, cancel(m.ID, meetings.ByCitizen, "")), true)
	case "approve":
		err := h.o.try(officer, on(meetings.Approve, m.ID))
		if (err == nil) != (m.State == meetings.Requested) {
			rt.Fatalf("approval in state %s: %v", m.State, err)
		}
		m.State = meetings.Approved
	case "refuse":
		h.end(rt, i, h.o.try(officer, because(meetings.Refuse, m.ID, "دلیل")), m.State == meetings.Requested)
	}
}

func (h *history) book(rt *rapid.T, at [2]int64) {
	in := h.o.booking(h.o.person(), at[0], int(at[1]))
	in.ExecutiveID = h.exec
	if rapid.Bool().Draw(rt, "wizard") {
		in.DraftID = tenants.NewID()
		if err := h.o.try(citizen, hold(in.DraftID, at[0], in.Slot)); (err == nil) != (h.free[at] > 0) {
			rt.Fatalf("hold of %v with %d free: %v", at, h.free[at], err)
		}
	}
	var m *meetings.Meeting
	err := h.o.try(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		m, err = meetings.Book(ctx, tx, in)
		return err
	})
	if (err == nil) != (h.free[at] > 0) {
		rt.Fatalf("booking of %v with %d free: %v", at, h.free[at], err)
	}
	if err == nil {
		h.free[at]--
		h.live = append(h.live, m)
	}
}

func (h *history) end(rt *rapid.T, i int, err error, allowed bool) {
	if (err == nil) != allowed {
		rt.Fatalf("ending in state %s: %v", h.live[i].State, err)
	}
	if err == nil {
		m := h.live[i]
		h.free[[2]int64{m.SessionID, int64(m.SlotNumber)}]++
		h.live = append(h.live[:i], h.live[i+1:]...)
	}
}
