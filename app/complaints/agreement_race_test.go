package complaints_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// act is a step of somebody.
type act struct {
	who tenants.Actor
	do  step
}

// atOnce runs the acts at the same moment and waits for all.
func (o *office) atOnce(acts ...act) []error {
	o.t.Helper()
	errs := make([]error, len(acts))
	var wg sync.WaitGroup
	for i, a := range acts {
		wg.Go(func() { errs[i] = o.together(a.who, a.do)[0] })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
			o.t.Fatalf("the loser is told %v", err)
		}
	}
	return errs
}

// The lead is answered while a case joins it: the new member is asked like the
// others, or did not join.
func TestAnswerAndMergeAtOnce(t *testing.T) {
	o := newOffice(t)
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	for range 10 {
		lead, m := o.register(), o.register()
		o.do(pr, o.refer(lead.ID, "network"))
		o.do(unit, take(lead.ID))
		o.atOnce(act{unit, answer(lead.ID, "انجام شد")}, act{pr, merge(m.ID, lead.ID)})
		got := o.read(m.ID)
		joined, alone := got.LeadID != nil && got.State == complaints.Feedback, got.LeadID == nil && got.State == complaints.Registered
		if o.read(lead.ID).State != complaints.Feedback || joined == alone || got.NextClockAt == nil {
			t.Fatalf("%+v", got)
		}
	}
}

func TestRecallAndAnswerAtOnce(t *testing.T) {
	o := newOffice(t)
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	for range 10 {
		lead, m := o.register(), o.register()
		o.do(pr, merge(m.ID, lead.ID))
		o.do(pr, o.refer(lead.ID, "network"))
		o.do(unit, take(lead.ID))
		o.oneWins(o.atOnce(act{unit, answer(lead.ID, "انجام شد")}, act{pr, recall(lead.ID)}))
		if l, x := o.read(lead.ID), o.read(m.ID); l.State != x.State || l.Cycle != 1 || !l.Open() {
			t.Fatalf("the lead is %s, its member %s", l.State, x.State)
		}
	}
}

// oneWins wants one act done and the others refused, for whatever reason.
func (o *office) oneWins(errs []error) {
	o.t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	if won != 1 {
		o.t.Fatalf("%d won: %v", won, errs)
	}
}

// A case is sealed while it is referred: whoever is first, it ends up with
// inspection and with nobody else.
func TestSealAndReferAtOnce(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	inspector := o.inspectors("insp.1")[0]
	for range 10 {
		c := o.register()
		o.atOnce(act{inspector, seal(c.ID)}, act{pr, o.refer(c.ID, "network")})
		db := o.Root.For(o.A)
		legs, err := complaints.Legs(t.Context(), db, c.ID)
		db.Release()
		if err != nil {
			t.Fatal(err)
		}
		running := 0
		for _, l := range legs {
			if l.Running() {
				running++
			}
		}
		if got := o.plain(c.ID); !got.Confidential || got.UnitID != o.units["inspection"].ID || running != 1 {
			t.Fatalf("%+v with %d legs", got, running)
		}
	}
}

// A case is sealed while another joins it: nobody follows a confidential case.
func TestSealAndMergeAtOnce(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	inspector := o.inspectors("insp.1")[0]
	for range 10 {
		lead, m := o.register(), o.register()
		o.oneWins(o.atOnce(act{inspector, seal(lead.ID)}, act{pr, merge(m.ID, lead.ID)}))
		if o.plain(lead.ID).Confidential && o.read(m.ID).LeadID != nil {
			t.Fatal("a member of a confidential case")
		}
	}
}

// A case is sent away while another joins it: nobody follows a case that left.
func TestTransferAndMergeAtOnce(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	for range 10 {
		lead, m := o.register(), o.register()
		o.oneWins(o.atOnce(act{pr, o.send(lead.ID)}, act{pr, merge(m.ID, lead.ID)}))
		if got := o.read(m.ID); (got.LeadID != nil) == !o.read(lead.ID).Open() {
			t.Fatalf("%+v", got)
		}
	}
}

func (o *office) send(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Send(ctx, tx, id, o.B, "شبکه این محله با سازمان شماست")
	}
}

// The members' citizens add something and take it back while the lead is worked
// on: nobody waits for another for ever.
func TestMembersActWhileTheirLeadIsAnswered(t *testing.T) {
	o := newOffice(t)
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	for range 5 {
		lead, a, b := o.register(), o.register(), o.register()
		o.do(pr, merge(a.ID, lead.ID))
		o.do(pr, merge(b.ID, lead.ID))
		o.do(pr, o.refer(lead.ID, "network"))
		o.do(unit, take(lead.ID))
		o.atOnce(act{unit, answer(lead.ID, "انجام شد")}, act{citizen(), adds(a.ID, "پلاک ۱۲")}, act{citizen(), withdraw(b.ID)}, act{pr, unmerge(a.ID)}, act{citizen(), withdraw(lead.ID)})
		for _, id := range []int64{lead.ID, a.ID, b.ID} {
			if got := o.read(id); got.Open() && !got.Rests() && got.NextClockAt == nil {
				t.Fatalf("%+v", got)
			}
		}
	}
}

func TestOfTwoWhoUndoOneWins(t *testing.T) {
	w := newImporting(t)
	b := w.imported(w.lines("s", 30), false)
	w.Clock.Advance(time.Minute)
	noted := w.cases(b)[7].ID
	errs := make([]error, 3)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			errs[i] = db.Write(context.Background(), w.who, func(tx *tenants.Tx) error {
				if i == 2 { // and somebody notes something
					_, err := complaints.Note(context.Background(), tx, noted, "دیدم")
					return err
				}
				return complaints.UndoBatch(context.Background(), tx, b.ID, "the wrong file")
			})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs[:2] {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict):
			t.Fatal(err)
		}
	}
	closed := 0
	for _, c := range w.cases(b) {
		if !c.Open() {
			closed++
		}
	}
	if won > 1 || closed != won*30 {
		t.Fatalf("%d won, %d closed: %v", won, closed, errs)
	}
}
