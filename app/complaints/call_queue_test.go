package complaints_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func (o *office) calls(list complaints.CallList) []complaints.CallTask {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	rows, _, err := complaints.CallTasks(o.t.Context(), db, o.as("feedback", "feedback_agent"), list, complaints.Cursor{}, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return rows
}

func (o *office) next(a tenants.Actor) (id complaints.ID, err error) {
	o.t.Helper()
	err = o.Try(o.t, a, func(tx *tenants.Tx) error {
		id, err = complaints.NextTask(o.t.Context(), tx)
		return err
	})
	return id, err
}

func heard(id int64, v complaints.Verdict) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, id, v)
	}
}

func TestACallThatReachesNobodyIsPlannedForAnotherDay(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	if rows := o.calls(complaints.CallsDue); len(rows) != 1 || rows[0].ID != c.ID || rows[0].Mobile != "+989121234567" || rows[0].Tries != 0 {
		t.Fatalf("to call: %+v", rows)
	}
	agent := o.as("feedback", "feedback_agent")
	o.do(agent, hear(c.ID, "no_answer", ""))
	if rows := o.calls(complaints.CallsDue); len(rows) != 0 {
		t.Fatalf("still to call: %+v", rows)
	}
	later := o.calls(complaints.CallsLater)
	if len(later) != 1 || later[0].Tries != 1 || later[0].Last != "no_answer" {
		t.Fatalf("later: %+v", later)
	}
	today, planned := persian.DateOf(o.Clock.Now().In(persian.Tehran)), persian.DateOf(later[0].CallAt.In(persian.Tehran))
	if !planned.After(today) {
		t.Fatalf("planned for %s", planned)
	}
	o.Clock.Set(*later[0].CallAt)
	if rows := o.calls(complaints.CallsDue); len(rows) != 1 {
		t.Fatal("not to be called at its time")
	}
}

func TestAfterEnoughDaysTheSupervisorIsAsked(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	agent := o.as("feedback", "feedback_agent")
	for range o.A.Settings.FeedbackAttempts {
		o.do(agent, hear(c.ID, "no_answer", ""))
		o.Clock.Advance(24 * time.Hour)
	}
	rows := o.calls(complaints.CallsSignOff)
	if len(rows) != 1 || rows[0].CallAt != nil || len(o.calls(complaints.CallsDue))+len(o.calls(complaints.CallsLater)) != 0 {
		t.Fatalf("for the supervisor: %+v", rows)
	}
	o.do(o.as("pr", "pr_manager"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.CallAgain(ctx, tx, c.ID, "")
	})
	if rows := o.calls(complaints.CallsDue); len(rows) != 1 {
		t.Fatal("the supervisor cannot have the citizen called again")
	}
}

func TestARefusalGoesToTheSupervisor(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "refuses", "وقت ندارد"))
	if rows := o.calls(complaints.CallsSignOff); len(rows) != 1 {
		t.Fatalf("%+v", rows)
	}
	o.do(o.as("pr", "pr_manager"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.SignOff(ctx, tx, c.ID, "نخواست پاسخ دهد")
	})
	o.want(c.ID, complaints.Closed)
}

func TestAWrongNumberIsCorrectedOrGoesToTheSupervisor(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	agent := o.as("feedback", "feedback_agent")
	o.refuse(fault.Invalid, agent, heard(c.ID, complaints.Verdict{Outcome: "wrong_number", Mobile: "123"}))
	o.refuse(fault.Invalid, agent, heard(c.ID, complaints.Verdict{Outcome: "no_answer", Mobile: "09131234567"}))
	o.refuse(fault.Invalid, agent, heard(c.ID, complaints.Verdict{Outcome: "wrong_number", Mobile: "09121234567"}))
	o.do(agent, hear(c.ID, "no_answer", ""))
	o.do(agent, heard(c.ID, complaints.Verdict{Outcome: "wrong_number", Mobile: "۰۹۱۳۱۲۳۴۵۶۷"}))
	rows := o.calls(complaints.CallsDue)
	if len(rows) != 1 || rows[0].Mobile != "+989131234567" {
		t.Fatalf("to call: %+v", rows)
	}
	db := o.DB(t)
	if _, err := complaints.Track(t.Context(), db, c.Code, "09131234567"); err != nil {
		t.Error("the new number does not open the case")
	}
	if _, err := complaints.Track(t.Context(), db, c.Code, "09121234567"); !fault.Is(err, fault.NotFound) {
		t.Error("the wrong number still opens the case")
	}
	found, _, err := complaints.List(t.Context(), db, agent, complaints.Filter{Text: "09131234567"})
	if err != nil || len(found) != 1 {
		t.Errorf("the case is not found by its number: %v", err)
	}
	o.do(agent, hear(c.ID, "wrong_number", ""))
	if rows := o.calls(complaints.CallsSignOff); len(rows) != 1 {
		t.Fatalf("nobody to call, but %+v", rows)
	}
}

func TestTriesAtAWrongNumberAreNone(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	agent := o.as("feedback", "feedback_agent")
	for range o.A.Settings.FeedbackAttempts - 1 {
		o.do(agent, hear(c.ID, "no_answer", ""))
		o.Clock.Advance(24 * time.Hour)
	}
	o.do(agent, heard(c.ID, complaints.Verdict{Outcome: "wrong_number", Mobile: "09131234567"}))
	o.do(agent, hear(c.ID, "no_answer", ""))
	if rows := o.calls(complaints.CallsLater); len(rows) != 1 {
		t.Error("tries at the wrong number count for the right one")
	}
}

func TestANumberKnownAlreadyIsThatCitizen(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	var other *citizens.Citizen
	o.Write(t, citizen(), func(tx *tenants.Tx) (err error) {
		other, err = citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "09131234567", NationalID: "0499370899", Name: "زهرا محمدی"})
		return err
	})
	o.do(o.as("feedback", "feedback_agent"), heard(c.ID, complaints.Verdict{Outcome: "wrong_number", Mobile: "09131234567"}))
	if got := o.read(c.ID); *got.CitizenID != other.ID {
		t.Error("the same person stands there twice")
	}
}

func TestTwoAgentsNeverGetTheSameCall(t *testing.T) {
	o := newOffice(t)
	first, second := o.toFeedback(), o.toFeedback()
	a, b := o.as("feedback", "feedback_agent"), o.as("centre", "feedback_agent")
	got, err := o.next(a)
	if err != nil || got != first.ID {
		t.Fatalf("the longest wait is not first: %v", err)
	}
	if got, err := o.next(b); err != nil || got != second.ID {
		t.Fatalf("the second agent gets %d, %v", got, err)
	}
	if _, err := o.next(b); !fault.Is(err, fault.NotFound) {
		t.Fatalf("a third call: %v", err)
	}
	o.Clock.Advance(complaints.CallLease)
	if got, err := o.next(b); err != nil || got != first.ID {
		t.Fatalf("a call left lying stays lost: %d, %v", got, err)
	}
}

func TestTheExecutingUnitDoesNotSeeItsOwnCalls(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	unit := o.as("network", "feedback_agent")
	unit.SeesAll = true
	db := o.DB(t)
	rows, _, err := complaints.CallTasks(t.Context(), db, unit, complaints.CallsDue, complaints.Cursor{}, 0)
	if err != nil || len(rows) != 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if _, err := o.next(unit); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	o.refuse(fault.Forbidden, unit, hear(c.ID, "no_answer", ""))
}

func TestANamelessReportIsNotCalled(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) { in.Kind, in.CitizenID = complaints.KindReport, nil })
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "انجام شد"))
	if rows := o.calls(complaints.CallsSignOff); len(rows) != 1 || !rows[0].Nameless() {
		t.Fatalf("%+v", rows)
	}
	signOff := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.SignOff(ctx, tx, c.ID, "شماره‌ای نیست")
	}
	o.refuse(fault.Conflict, o.as("pr", "pr_manager"), signOff)
	o.Clock.Set(o.read(c.ID).DueAt)
	o.do(o.as("pr", "pr_manager"), signOff)
}

func TestTheFirstVerdictWins(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		c := o.toFeedback()
		agent := o.as("feedback", "feedback_agent")
		tries := []struct {
			actor tenants.Actor
			v     complaints.Verdict
		}{
			{citizen(), complaints.Verdict{Outcome: "not_satisfied", Reason: "هنوز نه"}},
			{agent, complaints.Verdict{Outcome: "satisfied"}},
			{citizen(), complaints.Verdict{Outcome: "satisfied", Conduct: "good"}},
			{agent, complaints.Verdict{Outcome: "not_satisfied", Reason: "نه"}},
		}
		var wait sync.WaitGroup
		errs := make([]error, len(tries))
		for i, try := range tries {
			wait.Go(func() {
				db := o.Root.For(o.A)
				defer db.Release()
				errs[i] = db.Write(context.Background(), try.actor, func(tx *tenants.Tx) error {
					_, err := complaints.Hear(context.Background(), tx, c.ID, try.v)
					return err
				})
			})
		}
		wait.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.Conflict):
				t.Errorf("the later answer meets %v", err)
			}
		}
		if won != 1 {
			t.Fatalf("%d verdicts", won)
		}
		db := o.Root.For(o.A)
		calls, err := complaints.Calls(t.Context(), db, c.ID)
		db.Release()
		if err != nil || len(calls) != 1 {
			t.Fatalf("%d rows, %v", len(calls), err)
		}
		if got := o.read(c.ID); got.CallAt != nil {
			t.Error("still among the calls")
		}
	}
}

func TestConductIsAskedApart(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	rate := func(how string) step {
		return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Rate(ctx, tx, c.ID, how)
		}
	}
	o.refuse(fault.Conflict, citizen(), rate("good"))
	o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "satisfied", ""))
	o.refuse(fault.Forbidden, o.as("feedback", "feedback_agent"), rate("good"))
	o.refuse(fault.Invalid, citizen(), rate("excellent"))
	o.do(citizen(), rate("poor"))
	o.refuse(fault.Conflict, citizen(), rate("good"))
}
