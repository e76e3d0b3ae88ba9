package complaints_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// working has every class of the organization count working hours, one rung of
// each telling the unit's head at the due time.
func (o *office) working(respond int) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		classes, err := tenants.SLAClasses(o.t.Context(), tx)
		for _, c := range classes {
			if err == nil {
				c.Hours, c.RespondMinutes, c.FirstActionMinutes = "working", respond, 0
				_, err = tenants.Revise(o.t.Context(), tx, c.ID, c)
			}
		}
		return err
	})
}

// shut closes the whole of a day.
func (o *office) shut(day string) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tenants.Close(o.t.Context(), tx, &tenants.Closure{Day: day, UntilMinute: 1440, NameFA: "برف", Kind: tenants.ClosureAdHoc})
	})
}

// rewindAll winds all open cases again and tells how many changed.
func (o *office) rewindAll() (changed int) {
	o.t.Helper()
	for at, more := (complaints.Cursor{}), true; more; {
		o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			next, n, err := complaints.Rewind(o.t.Context(), tx, at, 2)
			at, more = next, next != (complaints.Cursor{})
			changed += n
			return err
		})
	}
	return changed
}

func tehran(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, persian.Tehran)
}

func TestAClosureMovesOpenPromisesAndNothingElse(t *testing.T) {
	o := newOffice(t) // Saturday the 21st, 09:00; the office works 07:30 to 14:30
	o.working(10 * 60)
	early := o.register()
	o.Clock.Set(tehran(22, 9, 0))
	late, referred, typed := o.register(), o.register(), o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(referred.ID, "network"))
	o.do(o.as("pr", "pr_officer"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, typed.ID, complaints.Order{UnitID: o.units["network"].ID, DueAt: tehran(25, 12, 0)})
	})
	o.Clock.Set(tehran(23, 8, 0)) // the promise of the first passed on Sunday at 12:00, the others are due on Monday at 12:00
	before := map[int64]*complaints.Complaint{early.ID: o.read(early.ID), late.ID: o.read(late.ID), referred.ID: o.read(referred.ID), typed.ID: o.read(typed.ID)}
	if want := tehran(22, 12, 0); !before[early.ID].PromisedAt.Equal(want) {
		t.Fatalf("promised for %s", before[early.ID].PromisedAt)
	}
	hours, err := tenants.WorkingTimeOf(t.Context(), o.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	c := tenants.Closure{Day: "2026-11-23", UntilMinute: 1440, NameFA: "برف", Kind: tenants.ClosureAdHoc}
	if err := c.Check(o.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	seen, err := complaints.Preview(t.Context(), o.DB(t), hours.WithClosures(c))
	if err != nil || seen.Promises != 3 || seen.Units != 1 || seen.Past != 0 || len(seen.Samples) != 3 {
		t.Fatalf("%+v, %v", seen, err)
	}
	o.shut("2026-11-23")
	if n := o.rewindAll(); n != 3 {
		t.Errorf("%d cases changed", n)
	}
	if n := o.rewindAll(); n != 0 {
		t.Errorf("%d cases changed again", n)
	}
	for id, want := range map[int64]time.Time{early.ID: tehran(22, 12, 0), late.ID: tehran(24, 11, 30), referred.ID: tehran(24, 11, 30), typed.ID: tehran(24, 11, 30)} {
		if got := o.read(id).PromisedAt; !got.Equal(want) {
			t.Errorf("promised for %s, want %s", got.In(persian.Tehran), want)
		}
	}
	if got := o.read(referred.ID); !got.UnitDueAt.Equal(tehran(24, 11, 30)) || !got.NextClockAt.Equal(tehran(24, 11, 30)) {
		t.Errorf("the unit's time is %s, its ladder begins %s", got.UnitDueAt.In(persian.Tehran), got.NextClockAt)
	}
	if got := o.read(typed.ID); !got.UnitDueAt.Equal(tehran(25, 12, 0)) {
		t.Errorf("the time that a person gave is %s", got.UnitDueAt.In(persian.Tehran))
	}
}

// The sweep may come before the cases were wound again: it must not answer a
// closed day with a rung.
func TestNoRungForAClosedDay(t *testing.T) {
	o := newOffice(t)
	o.working(7 * 60)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	due := *o.read(c.ID).UnitDueAt
	o.Clock.Set(tehran(21, 20, 0))
	o.shut("2026-11-22")
	o.Clock.Set(due.Add(time.Minute))
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	got := o.read(c.ID)
	if list, err := complaints.ScoresOf(t.Context(), o.DB(t), c.ID); err != nil || len(list) != 0 {
		t.Fatalf("%d scores, %v", len(list), err)
	}
	if !got.NextClockAt.After(due.Add(time.Minute)) {
		t.Error("the next rung was not moved")
	}
}

func TestAUnitThatWorksRoundTheClockHasPlainTime(t *testing.T) {
	o := newOffice(t)
	o.working(10 * 60)
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		n, err := tenants.SetRoundTheClock(t.Context(), tx, []int64{o.units["service"].ID})
		if err == nil && n == 0 {
			t.Error("no unit changed")
		}
		return err
	})
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "service", "network"))
	got := o.read(c.ID)
	if want := o.Clock.Now().Add(10 * time.Hour); !got.UnitDueAt.Equal(want) {
		t.Errorf("the unit is due %s, want %s", got.UnitDueAt, want)
	}
	if want := tehran(22, 12, 0); !got.PromisedAt.Equal(want) {
		t.Errorf("the citizen's clock follows the unit: %s", got.PromisedAt)
	}
	legs, err := complaints.Legs(t.Context(), o.DB(t), c.ID)
	if err != nil || !legs[0].DueAt.Equal(*got.UnitDueAt) || !legs[1].DueAt.Equal(tehran(22, 12, 0)) {
		t.Errorf("%+v, %v", legs, err)
	}
}

// A new version of a class or of the calendar leaves what was promised under
// the old one, and reopening a case starts a clock of its own.
func TestAChangeLeavesThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		class := tenants.SLAClass{RespondMinutes: rapid.IntRange(30, 4000).Draw(t, "respond"), Hours: "working", PauseCapMinutes: rapid.IntRange(0, 3000).Draw(t, "cap")}
		settings := tenants.Settings{}.Defaults()
		settings.TriageMinutes = 1 << 20
		start := dbtest.Start.Add(time.Duration(rapid.IntRange(0, 8000).Draw(t, "start")) * time.Minute)
		next := func(name string, from time.Time) time.Time {
			return from.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, name)) * time.Minute)
		}
		asked := next("asked", start)
		resumed := next("resumed", asked)
		now := next("now", resumed)
		byClass := int64(1)
		referred := event("referred", complaints.Referred, start)
		referred.RefID, referred.DueAt = &byClass, &start // what it was is no more looked at
		events := []timeline.Event{
			event("registered", complaints.Registered, start), referred, event("taken", complaints.InProgress, start),
			event("asked", complaints.WaitingCitizen, asked), event("completed", complaints.InProgress, resumed),
		}
		before := calendar()
		c := tenants.Closure{Day: now.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "ahead")).In(persian.Tehran).Format(time.DateOnly), UntilMinute: 1440, NameFA: "برف", Kind: tenants.ClosureAdHoc}
		if c.Check(now) != nil {
			t.Skip("refused")
		}
		after := before.WithClosures(c)
		was, is := complaints.Wind(events, &class, before, settings), complaints.Wind(events, &class, after, settings)
		for name, pair := range map[string][2]time.Time{"promise": {was.Promised, is.Promised}, "unit": {*was.UnitDue, *is.UnitDue}} {
			if !pair[0].After(now) && !pair[0].Equal(pair[1]) {
				t.Fatalf("the %s that passed at %s is now at %s", name, pair[0], pair[1])
			}
			if pair[1].Before(pair[0]) {
				t.Fatalf("a closure made the %s earlier", name)
			}
		}
		reopened := append(slices.Clone(events), event("reopened", complaints.Triage, now))
		if got, want := complaints.Wind(reopened, &class, before, settings).Promised, before.Add(now, time.Duration(class.RespondMinutes)*time.Minute); !got.Equal(want) {
			t.Fatalf("the new cycle promises %s, want %s", got, want)
		}
	})
}

// What happens later never makes the clocks of the citizen and the unit earlier,
// except that a promise was given or a cycle began.
func TestClocksAreMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours, settings := calendar(), tenants.Settings{}.Defaults()
		class := tenants.SLAClass{RespondMinutes: rapid.IntRange(30, 4000).Draw(t, "respond"), Hours: rapid.SampledFrom([]string{"working", "calendar"}).Draw(t, "hours"), PauseCapMinutes: rapid.IntRange(0, 3000).Draw(t, "cap")}
		at := dbtest.Start
		events := []timeline.Event{event("registered", complaints.Registered, at), event("referred", complaints.Referred, at), event("taken", complaints.InProgress, at)}
		last := complaints.Wind(events, &class, hours, settings)
		for range rapid.IntRange(1, 6).Draw(t, "pauses") {
			for _, e := range []struct {
				kind string
				to   complaints.State
			}{{"asked", complaints.WaitingCitizen}, {"completed", complaints.InProgress}} {
				at = at.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, e.kind)) * time.Minute)
				events = append(events, event(e.kind, e.to, at))
			}
			now := complaints.Wind(events, &class, hours, settings)
			if !now.Promised.Equal(last.Promised) || now.UnitDue.Before(*last.UnitDue) {
				t.Fatal("a pause moved the promise, or the unit's time back")
			}
			last = now
		}
		if got := hours.Between(*complaints.Wind(events[:3], &class, hours, settings).UnitDue, *last.UnitDue); class.Working() && got > time.Duration(class.PauseCapMinutes)*time.Minute {
			t.Fatalf("paused %s, more than the cap", got)
		}
	})
}
