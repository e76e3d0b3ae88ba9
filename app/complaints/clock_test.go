package complaints_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func event(kind string, to complaints.State, at time.Time) timeline.Event {
	return timeline.Event{Kind: "complaint." + kind, ToState: string(to), At: at}
}

func due(e timeline.Event, at time.Time) timeline.Event {
	e.DueAt = &at
	return e
}

// calendar is the plain public office week without holidays.
func calendar() tenants.WorkingTime {
	return tenants.NewWorkingTime(tenants.Settings{}.Defaults().Calendar, nil)
}

var plain = tenants.SLAClass{RespondMinutes: 24 * 60, Hours: "calendar", PauseCapMinutes: 48 * 60}

func TestWind(t *testing.T) {
	settings := tenants.Settings{}.Defaults()
	at := func(hours float64) time.Time { return dbtest.Start.Add(time.Duration(hours * float64(time.Hour))) }
	registered := event("registered", complaints.Registered, at(0))
	referred := due(event("referred", complaints.Referred, at(1)), at(25))
	taken := event("taken", complaints.InProgress, at(2))
	safety := plain
	safety.FirstActionMinutes = 60
	cases := []struct {
		name          string
		class         tenants.SLAClass
		events        []timeline.Event
		promised, due time.Time
		stage         complaints.Stage
	}{
		{"fresh: the office must look", plain, []timeline.Event{registered}, at(24), at(2), complaints.StageTriage},
		{"referred: the unit's clock", plain, []timeline.Event{registered, referred}, at(24), at(25), 0},
		{"safety: first action", safety, []timeline.Event{registered, referred}, at(24), at(1), complaints.StageFirstAction},
		{"safety: acted", safety, []timeline.Event{registered, referred, taken}, at(24), at(25), 0},
		{"interim moves both", plain, []timeline.Event{registered, referred, taken, due(event("interim", complaints.InProgress, at(20)), at(100))}, at(100), at(100), 0},
		{"asked: as late as the cap allows", plain, []timeline.Event{registered, referred, taken, event("asked", complaints.WaitingCitizen, at(5))}, at(24), at(73), 0},
		{"answered by the citizen: exactly the pause", plain, []timeline.Event{registered, referred, taken, event("asked", complaints.WaitingCitizen, at(5)), event("completed", complaints.InProgress, at(8))}, at(24), at(28), 0},
		{"a note while waiting ends no pause", plain, []timeline.Event{registered, referred, taken, event("asked", complaints.WaitingCitizen, at(5)), event("noted", complaints.WaitingCitizen, at(6)), event("completed", complaints.InProgress, at(8))}, at(24), at(28), 0},
		{"beyond the cap", plain, []timeline.Event{registered, referred, taken, event("asked", complaints.WaitingCitizen, at(5)), event("completed", complaints.InProgress, at(500))}, at(24), at(73), 0},
		{"feedback has a clock of its own", plain, []timeline.Event{registered, referred, taken, event("answered", complaints.Feedback, at(9))}, at(24), at(9 + 48), complaints.StageFeedback},
		{"a new cycle promises anew", plain, []timeline.Event{registered, referred, taken, event("answered", complaints.Feedback, at(9)), event("dissatisfied", complaints.SpecialFollowup, at(10)), event("reopened", complaints.Triage, at(30)), due(event("referred", complaints.Referred, at(30)), at(54))}, at(54), at(54), 0},
	}
	for _, c := range cases {
		got := complaints.Wind(c.events, &c.class, calendar(), settings)
		if !got.Promised.Equal(c.promised) || !got.Due.Equal(c.due) || got.Stage != c.stage {
			t.Errorf("%s: promised %s due %s stage %d, want %s %s %d", c.name, got.Promised, got.Due, got.Stage, c.promised, c.due, c.stage)
		}
	}
	if got := complaints.Wind([]timeline.Event{registered, event("closed", complaints.Closed, at(3))}, &plain, calendar(), settings); !got.Stopped {
		t.Error("a closed case has a running clock")
	}
}

// Pausing and resuming adds exactly the working time that was paused.
func TestPauseAddsExactlyTheWorkingTimePaused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		class := tenants.SLAClass{RespondMinutes: rapid.IntRange(60, 6000).Draw(t, "respond"), Hours: "working", PauseCapMinutes: 1 << 20}
		hours, settings := calendar(), tenants.Settings{}.Defaults()
		start := dbtest.Start.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "start")) * time.Minute)
		asked := start.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "asked")) * time.Minute)
		resumed := asked.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "pause")) * time.Minute)
		base := []timeline.Event{event("registered", complaints.Registered, start), event("referred", complaints.Referred, start), event("taken", complaints.InProgress, start)}
		before := complaints.Wind(base, &class, hours, settings)
		after := complaints.Wind(append(base, event("asked", complaints.WaitingCitizen, asked), event("completed", complaints.InProgress, resumed)), &class, hours, settings)
		if got, want := hours.Between(*before.UnitDue, *after.UnitDue), hours.Between(asked, resumed); got != want {
			t.Fatalf("moved by %s, paused %s", got, want)
		}
		if !after.Promised.Equal(before.Promised) {
			t.Fatal("the citizen's clock paused")
		}
	})
}

// Random walks over the commands: whatever is tried, by whomever, an open case
// has an owner and a clock, and a closed one a result and a known fact.
func TestNoCaseIsEverNobodysOrEndless(t *testing.T) {
	o := newOffice(t)
	actors := []tenants.Actor{
		o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), o.as("network", "unit_expert"), o.as("service", "unit_expert"),
		o.as("feedback", "feedback_agent"), o.as("followup", "special_followup"), citizen(), tenants.SystemActor(),
	}
	topics := []string{"network", "service", "safety"}
	fewer(t, "15")
	rapid.Check(t, func(rt *rapid.T) {
		c := o.register(func(in *complaints.Registration) {
			in.TopicID = o.topic[rapid.SampledFrom(topics).Draw(rt, "topic")].ID
		})
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			a := rapid.SampledFrom(actors).Draw(rt, "actor")
			try := rapid.SampledFrom(o.steps(c.ID)).Draw(rt, "step")
			o.Clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
			if _, err := o.try(a, try); err != nil && fault.Of(err) == fault.Internal {
				rt.Fatalf("internal: %v", err)
			}
			checkInvariant(rt, o.read(c.ID))
		}
	})
}

func checkInvariant(t *rapid.T, c *complaints.Complaint) {
	switch {
	case c.UnitID == 0:
		t.Fatal("nobody's case")
	case c.State == complaints.Closed && (c.Result == "" || c.Fact == "" || c.ClosedAt == nil || c.NextClockAt != nil):
		t.Fatalf("badly closed: %+v", c)
	case c.State != complaints.Closed && (c.DueAt.IsZero() || c.Fact != "" || c.ClosedAt != nil):
		t.Fatalf("open without a clock: %+v", c)
	}
}

// steps are all commands with plausible input.
func (o *office) steps(id int64) []step {
	type ctx = context.Context
	return []step{
		take(id), o.refer(id, "network"), o.refer(id, "network", "service"), answer(id, "انجام شد"),
		hear(id, "satisfied", ""), hear(id, "not_satisfied", "نه"), hear(id, "no_answer", ""),
		inspect(id, true), inspect(id, false), confirm(id, true, ""), confirm(id, false, "نه"),
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) { return complaints.Return(c, tx, id, "نه") },
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) { return complaints.Ask(c, tx, id, "نشانی؟") },
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Complete(c, tx, id, "بفرمایید")
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Report(c, tx, id, "در نوبت", tx.Now().AddDate(0, 0, 9))
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.SignOff(c, tx, id, "تماس ناموفق")
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Close(c, tx, id, "شدنی نیست")
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Withdraw(c, tx, id, "نمی‌خواهم")
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Settle(c, tx, id, complaints.GuidanceGiven, "راهنمایی شد")
		},
		func(c ctx, tx *tenants.Tx) (*timeline.Event, error) { return nil, complaints.Sweep(c, tx, id) },
	}
}

func TestParallelVerdictsOneWins(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	agent := o.as("feedback", "feedback_agent")
	const n = 16
	errs := make(chan error, n)
	for i := range n {
		outcome, reason := "satisfied", ""
		if i%2 == 0 {
			outcome, reason = "not_satisfied", "نه"
		}
		go func() {
			db := o.Root.For(o.A)
			defer db.Release()
			errs <- db.Write(context.Background(), agent, func(tx *tenants.Tx) error {
				_, err := hear(c.ID, outcome, reason)(context.Background(), tx)
				return err
			})
		}()
	}
	won := 0
	for range n {
		switch err := <-errs; {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict):
			t.Errorf("loser got %v", errors.Unwrap(err))
		}
	}
	if won != 1 {
		t.Fatalf("%d verdicts were accepted", won)
	}
}
