package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// asking walks a fresh case to the question of its unit.
func (o *office) asking() *complaints.Complaint {
	o.t.Helper()
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), ask(c.ID))
	return o.want(c.ID, complaints.WaitingCitizen)
}

func ask(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, id, "شماره اشتراک را بنویسید")
	}
}

func complete(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, id, "شماره ۱۲۳")
	}
}

func (o *office) goOn(id int64) (over bool) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		over, err = complaints.GoOn(o.t.Context(), tx, id)
		return err
	})
	return over
}

func (o *office) tasks(kind string) (pending int) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	n, err := db.Select((*tenants.Task)(nil)).Where("task.kind = ? AND task.done_at IS NULL", kind).Count(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return int(n)
}

const paused = 2880 * time.Minute // the cap of the template's technical class

func TestWhatIsAskedStandsOnTheCaseUntilItIsAnswered(t *testing.T) {
	o := newOffice(t)
	c := o.asking()
	if c.Asked != "شماره اشتراک را بنویسید" || c.AskedUntil == nil || !c.AskedUntil.Equal(o.Clock.Now().Add(paused)) {
		t.Fatalf("asked %q until %v", c.Asked, c.AskedUntil)
	}
	if o.tasks(complaints.KindAskReminder) != 1 || o.tasks(complaints.KindAskOver) != 1 {
		t.Fatal("nothing is planned")
	}
	due := *c.UnitDueAt
	o.Clock.Advance(5 * time.Hour)
	o.do(o.as("centre", "operator"), complete(c.ID))
	got := o.want(c.ID, complaints.InProgress)
	if got.Asked != "" || got.AskedUntil != nil {
		t.Errorf("still asked: %q", got.Asked)
	}
	if want := due.Add(5*time.Hour - paused); !got.UnitDueAt.Equal(want) {
		t.Errorf("the unit's time ends %s, want %s", got.UnitDueAt, want)
	}
	if o.tasks(complaints.KindAskReminder)+o.tasks(complaints.KindAskOver) != 0 {
		t.Error("the citizen will be reminded of what they gave")
	}
}

func TestAfterTheCapTheCaseGoesOn(t *testing.T) {
	o := newOffice(t)
	c := o.asking()
	o.Clock.Advance(paused - time.Minute)
	if o.goOn(c.ID) {
		t.Fatal("before its time")
	}
	o.Clock.Advance(2 * time.Minute)
	if !o.goOn(c.ID) || o.goOn(c.ID) {
		t.Fatal("not once")
	}
	got := o.want(c.ID, complaints.InProgress)
	if !got.UnitDueAt.Equal(*c.UnitDueAt) {
		t.Errorf("the unit's time ends %s, want %s: no more than the cap", got.UnitDueAt, c.UnitDueAt)
	}
	// Asked again with nothing left of the cap: the unit's clock does not stop.
	o.do(o.as("network", "unit_expert"), ask(c.ID))
	again := o.want(c.ID, complaints.WaitingCitizen)
	if !again.UnitDueAt.Equal(*c.UnitDueAt) || !again.AskedUntil.After(o.Clock.Now()) {
		t.Errorf("due %s, asked until %s", again.UnitDueAt, again.AskedUntil)
	}
	if o.tasks(complaints.KindAskOver) != 1 {
		t.Error("the second question never ends")
	}
}

func TestTheCitizenIsRemindedBeforeTheCapEnds(t *testing.T) {
	o := newOffice(t)
	c := o.asking()
	task := new(tenants.Task)
	db := o.DB(t)
	if err := db.Select(task).Where("task.kind = ?", complaints.KindAskReminder).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !task.RunAt.Equal(c.AskedUntil.Add(-24 * time.Hour)) {
		t.Errorf("reminded %s, the cap ends %s", task.RunAt, c.AskedUntil)
	}
}

func TestOnlyTheLeadUnitAsks(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network", "service"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("service", "unit_expert"), take(c.ID))
	o.refuse(fault.Forbidden, o.as("service", "unit_expert"), ask(c.ID))
}

func TestEveryPromiseIsRemembered(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	first := c.PromisedAt
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	later := o.Clock.Now().AddDate(0, 0, 20)
	o.do(o.as("network", "unit_expert"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Report(ctx, tx, c.ID, "آسفالت پس از باران", later)
	})
	db := o.DB(t)
	events, err := timeline.Of(t.Context(), db, c.Subject(), true)
	if err != nil {
		t.Fatal(err)
	}
	list, err := complaints.PromisesOf(t.Context(), db, o.read(c.ID), events)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d promises, %v", len(list), err)
	}
	if !list[0].Until.Equal(first) || !list[1].Until.Equal(later) || list[1].Why != "آسفالت پس از باران" {
		t.Errorf("%+v", list)
	}
}

func TestTheSweepEndsAPauseWhoseTaskIsLost(t *testing.T) {
	o := newOffice(t)
	c := o.asking()
	if c.NextClockAt == nil || !c.NextClockAt.Equal(*c.AskedUntil) {
		t.Fatalf("the sweep looks again %v", c.NextClockAt)
	}
	o.Clock.Advance(paused + time.Minute)
	for range 2 {
		o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	}
	o.want(c.ID, complaints.InProgress)
	if o.goOn(c.ID) {
		t.Error("ended twice")
	}
}
