package complaints_test

import (
	"context"
	"sync"
	"testing"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func takeOver(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.TakeOver(ctx, tx, id, "شهروند و واحد یکدیگر را نمی‌پذیرند")
	}
}

func answerStep(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, id, "درست شد")
	}
}

func takeStep(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, id)
	}
}

func mediate(id int64, outcome, text string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Mediate(ctx, tx, id, outcome, text)
	}
}

func giveBack(id int64, reason string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.GiveBack(ctx, tx, id, reason)
	}
}

func (o *office) takeovers(id int64) []complaints.Takeover {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := complaints.Takeovers(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

// taken is a case that the unit works on, taken over by inspection.
func (o *office) takenOver() (c *complaints.Complaint, inspector, unit tenants.Actor) {
	o.t.Helper()
	pr := o.as("pr", "pr_officer")
	inspector, unit = o.as("inspection", "inspector"), o.as("network", "unit_expert")
	inspector.Inspects, inspector.InspectsOnly = true, true
	c = o.register()
	o.do(pr, o.refer(c.ID, "network"))
	o.do(unit, takeStep(c.ID))
	was := o.read(c.ID)
	o.do(inspector, takeOver(c.ID))
	c = o.want(c.ID, complaints.InProgress)
	if c.UnitID != inspector.UnitID || c.TakenOverBy == nil || !c.DueAt.Equal(was.DueAt) || !c.PromisedAt.Equal(was.PromisedAt) {
		o.t.Fatalf("%+v", c)
	}
	return c, inspector, unit
}

// The unit sees a case that was taken over and answers it no more; the office
// decides it, once, and does not judge its own work.
func TestTakingOver(t *testing.T) {
	o := newOffice(t)
	c, inspector, unit := o.takenOver()
	if !o.shown(unit, c.ID) {
		t.Error("the unit does not see it any more")
	}
	for name, fn := range map[string]step{"answer": answerStep(c.ID), "take": takeStep(c.ID), "return": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Return(ctx, tx, c.ID, "مربوط نیست")
	}, "ask": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, c.ID, "نشانی؟")
	}} {
		if _, err := o.try(unit, fn); !fault.Is(err, fault.Conflict) || fault.As(err).Key != "takeover.conflict" {
			t.Errorf("%s by the unit: %v", name, err)
		}
	}
	o.refuse(fault.Conflict, o.as("pr", "pr_manager"), takeOver(c.ID))
	o.refuse(fault.Forbidden, o.as("pr", "pr_manager"), mediate(c.ID, "agreement", "x"))
	o.refuse(fault.Invalid, inspector, mediate(c.ID, "", ""))
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, c.ID, "عکس بفرستید")
	})
	o.do(inspector, mediate(c.ID, "citizen_right", "حق با شماست؛ علمک جابه‌جا شد"))
	got := o.want(c.ID, complaints.Feedback)
	list := o.takeovers(c.ID)
	if got.TakenOverBy != nil || got.Result == "" || len(list) != 1 || list[0].Ending != "decided" || list[0].Outcome != "citizen_right" {
		t.Fatalf("%+v, %+v", got, list)
	}
	hear := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, c.ID, complaints.Verdict{Outcome: "satisfied"})
	}
	own := inspector
	own.InspectsOnly = false
	o.refuse(fault.Forbidden, own, hear)
	o.do(o.as("feedback", "feedback_agent"), hear)
	o.want(c.ID, complaints.Closed)
}

// A case that was given back is the unit's as before; one that its citizen takes
// back, or that goes elsewhere, leaves the office.
func TestGivingBack(t *testing.T) {
	o := newOffice(t)
	c, inspector, unit := o.takenOver()
	o.refuse(fault.Invalid, inspector, giveBack(c.ID, " "))
	o.do(inspector, giveBack(c.ID, "با شهروند تماس بگیرید و پاسخ دهید"))
	if got := o.read(c.ID); got.UnitID != unit.UnitID || got.TakenOverBy != nil {
		t.Fatalf("%+v", got)
	}
	o.do(inspector, takeOver(c.ID))
	o.do(inspector, giveBack(c.ID, "باز هم"))
	o.do(unit, answerStep(c.ID))
	o.refuse(fault.Conflict, inspector, takeOver(c.ID))
	c, _, _ = o.takenOver()
	o.do(citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Withdraw(ctx, tx, c.ID, "دیگر لازم نیست")
	})
	if list := o.takeovers(c.ID); len(list) != 1 || list[0].Ending != "moved_on" || o.read(c.ID).TakenOverBy != nil {
		t.Fatalf("%+v", list)
	}
	own := o.as("network", "unit_head")
	c = o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.refuse(fault.Conflict, own, takeOver(c.ID))
	o.refuse(fault.Forbidden, o.as("feedback", "feedback_agent"), takeOver(c.ID))
}

// The unit answers while the case is taken over: one of them wins.
func TestOfAnAnswerAndATakeoverOneWins(t *testing.T) {
	o := newOffice(t)
	pr, unit, manager := o.as("pr", "pr_officer"), o.as("network", "unit_expert"), o.as("pr", "pr_manager")
	for range 10 {
		c := o.register()
		o.do(pr, o.refer(c.ID, "network"))
		o.do(unit, takeStep(c.ID))
		errs, start := make([]error, 2), make(chan struct{})
		var wg sync.WaitGroup
		for i, a := range []tenants.Actor{unit, manager} {
			wg.Go(func() {
				<-start
				errs[i] = o.together(a, []step{answerStep(c.ID), takeOver(c.ID)}[i])[0]
			})
		}
		close(start)
		wg.Wait()
		o.oneOf(errs)
	}
}
