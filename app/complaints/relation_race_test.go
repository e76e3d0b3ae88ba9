package complaints_test

import (
	"sync"
	"testing"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// together runs the steps at the same moment, each through a door of its own.
func (o *office) together(a tenants.Actor, steps ...step) []error {
	o.t.Helper()
	errs, start := make([]error, len(steps)), make(chan struct{})
	var wg sync.WaitGroup
	for i, fn := range steps {
		wg.Go(func() {
			db := o.Root.For(o.A)
			defer db.Release()
			<-start
			errs[i] = db.Write(o.t.Context(), a, func(tx *tenants.Tx) error {
				_, err := fn(o.t.Context(), tx)
				return err
			})
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func (o *office) oneOf(errs []error) {
	o.t.Helper()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict):
			o.t.Errorf("the loser is told %v", err)
		}
	}
	if won != 1 {
		o.t.Errorf("%d of %d won: %v", won, len(errs), errs)
	}
}

func TestOfTwoThatMergeEachOtherOneWins(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	for range 20 {
		a, b := o.register(), o.register()
		o.oneOf(o.together(pr, merge(a.ID, b.ID), merge(b.ID, a.ID)))
		x, y := o.read(a.ID), o.read(b.ID)
		if (x.LeadID == nil) == (y.LeadID == nil) {
			t.Fatalf("leads %v and %v", x.LeadID, y.LeadID)
		}
	}
}

// A ring of three: no chain comes of it, and nobody waits for ever.
func TestARingOfMergesLeavesNoChain(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	for range 10 {
		a, b, c := o.register(), o.register(), o.register()
		o.together(pr, merge(a.ID, b.ID), merge(b.ID, c.ID), merge(c.ID, a.ID), unmerge(a.ID), unmerge(b.ID))
		for _, id := range []int64{a.ID, b.ID, c.ID} {
			if m := o.read(id); m.LeadID != nil && o.read(*m.LeadID).LeadID != nil {
				t.Fatal("a chain")
			}
		}
	}
}

// The lead is answered while somebody takes a member out: whoever is first, the
// member has gone one way and not both.
func TestAnswerAndUnmergeAtOnce(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	for range 10 {
		lead, m := o.register(), o.register()
		o.do(pr, merge(m.ID, lead.ID))
		o.do(pr, o.refer(lead.ID, "network"))
		unit := o.as("network", "unit_expert")
		o.do(unit, take(lead.ID))
		var wg sync.WaitGroup
		wg.Go(func() { o.together(unit, answer(lead.ID, "انجام شد")) })
		wg.Go(func() { o.together(pr, unmerge(m.ID)) })
		wg.Wait()
		got := o.read(m.ID)
		left := got.LeadID == nil && got.State == complaints.Triage
		asked := got.LeadID != nil && got.State == complaints.Feedback
		if left == asked || got.NextClockAt == nil {
			t.Fatalf("%+v", got)
		}
	}
}

// A child is opened while the parent is answered: the parent is not answered with
// an open child.
func TestAnswerAndOpenChildAtOnce(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	unit := o.as("network", "unit_expert")
	for range 10 {
		p := o.register()
		o.do(pr, o.refer(p.ID, "network"))
		o.do(unit, take(p.ID))
		var wg sync.WaitGroup
		wg.Go(func() { o.together(unit, answer(p.ID, "انجام شد")) })
		wg.Go(func() { o.together(pr, o.openChild(p.ID, "service")) })
		wg.Wait()
		if open := len(o.children(p.ID)) == 1; open != (o.read(p.ID).State == complaints.InProgress) {
			t.Fatal("answered with an open child, or neither")
		}
	}
}
