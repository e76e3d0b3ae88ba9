package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// holdFor has the case wait for a directive that a committee issued.
func holdFor(t *testing.T, w *dbtest.World, id, unit int64) (order int64) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		list, err := directives.Seed(t.Context(), tx, []tenants.ExecutiveSpec{{Code: "ceo", PostFA: "مدیرعامل", NameFA: "موسوی"}}, nil)
		if err != nil {
			return err
		}
		d, err := directives.Issue(t.Context(), tx, directives.Issuance{
			OriginKind: directives.OnCommittee, OriginID: 1, ExecutiveID: list[0].ID, UnitID: unit, Text: "انجام شود", ComplaintID: &id,
		})
		order = d.ID
		return err
	})
	return order
}

// No way out of a case leads past a decision of a committee on it.
func TestACaseWaitsForTheDecisionOfACommittee(t *testing.T) {
	o := newOffice(t)
	c, other := o.register(), o.register()
	pr, expert := o.as("pr", "pr_officer", "pr_manager"), o.as("network", "unit_expert")
	o.do(pr, o.refer(c.ID, "network"))
	o.do(expert, take(c.ID))
	order := holdFor(t, o.World, c.ID, o.units["network"].ID)
	for name, try := range map[string]struct {
		who tenants.Actor
		do  step
	}{
		"answer": {expert, answer(c.ID, "انجام شد")},
		"withdraw": {citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Withdraw(ctx, tx, c.ID, "نه")
		}},
		"merge": {pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Merge(ctx, tx, c.ID, other.ID)
		}},
		"send": {pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Send(ctx, tx, c.ID, o.B, "از آنِ شماست")
		}},
	} {
		if _, err := o.try(try.who, try.do); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.try(expert, answer(c.ID, "انجام شد")); fault.As(err).Key != "complaint.conflict.open_directives" {
		t.Errorf("not said in words: %v", err)
	}
	o.Clock.Advance(90 * 24 * time.Hour)
	o.sweep(c.ID) // the clocks close nothing either
	if !o.read(c.ID).Open() {
		t.Fatal("it was closed all the same")
	}
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(t.Context(), (*directives.Directive)(nil), "state = 'done', done_at = ?", []any{tx.Now()}, "id = ?", order)
		return err
	})
	o.do(expert, answer(c.ID, "انجام شد"))
	o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "satisfied", ""))
	o.want(c.ID, complaints.Closed)
	for id, want := range map[int64]bool{c.ID: false, other.ID: true} {
		o.Write(t, pr, func(tx *tenants.Tx) error {
			if waits, err := complaints.MayWait(t.Context(), tx, id); waits != want || err != nil {
				t.Errorf("may wait: %v %v", waits, err)
			}
			return nil
		})
	}
}

// An import is not undone under a decision, even one that is carried out.
func TestUndoIsRefusedUnderADecision(t *testing.T) {
	w := newImporting(t)
	b := w.imported(w.lines("s", 3), false)
	held := w.cases(b)[1]
	holdFor(t, w.World, held.ID, held.UnitID)
	err := w.Try(t, w.who, func(tx *tenants.Tx) error { return complaints.UndoBatch(t.Context(), tx, b.ID, "the wrong file") })
	if !fault.Is(err, fault.Conflict) || fault.As(err).Key != "import.conflict.touched" {
		t.Fatalf("%v", err)
	}
	hands, err := complaints.Touched(t.Context(), w.DB(t), w.who, b, 10)
	if err != nil || len(hands) != 1 || hands[0].ID != held.ID {
		t.Errorf("%+v %v", hands, err)
	}
}
