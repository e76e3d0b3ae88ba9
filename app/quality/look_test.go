package quality_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// office is an organization with a history of cases that the test writes.
type office struct {
	*dbtest.World
	t       *testing.T
	topics  []tenants.Topic
	model   complaints.Complaint
	manager tenants.Actor
	serial  int
	closes  bool // cases of past days were closed the day after
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: dbtest.New(t), t: t}
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		ctx := t.Context()
		if err := staff.Seed(ctx, tx, staff.Cheap(), spec.Staff, func(string) string { return "secret word" }); err != nil {
			return err
		}
		s, err := staff.ByUserName(ctx, tx, "manager")
		if err != nil {
			return err
		}
		o.manager = tenants.Actor{Kind: tenants.Staff, ID: s.ID, UnitID: *s.UnitID, SeesAll: true}
		if o.topics, err = tenants.Topics(ctx, tx); err != nil {
			return err
		}
		receipt, err := complaints.Register(ctx, tx, complaints.Registration{
			Kind: complaints.KindReport, Channel: "web", TopicID: o.topics[0].ID, Text: "بوی گاز در کوچه", Place: complaints.Place{Address: "کوچهٔ دوم"},
		})
		if err == nil {
			o.model = *receipt.Complaint
		}
		return err
	})
	return o
}

// cases writes so many cases of a topic at noon of the day that many days ago.
func (o *office) cases(topic int64, back, n int, citizen *int64) {
	o.t.Helper()
	if n == 0 {
		return
	}
	rows := make([]complaints.Complaint, n)
	at := persian.DateOf(o.Clock.Now().In(persian.Tehran)).AddDays(-back).Time(8, 0, persian.Tehran).UTC()
	for i := range rows {
		o.serial++
		rows[i] = o.model
		rows[i].ID, rows[i].Code = tenants.NewID(), fmt.Sprintf("T%010d", o.serial)
		rows[i].TopicID, rows[i].CitizenID, rows[i].RegisteredAt, rows[i].NextClockAt = topic, citizen, at, nil
		if o.closes && back > 1 {
			closed := at.Add(20 * time.Hour)
			rows[i].State, rows[i].ClosedAt, rows[i].Fact, rows[i].Result = complaints.Closed, &closed, complaints.GuidanceGiven, "انجام شد"
		}
	}
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Insert(o.t.Context(), &rows) })
}

func (o *office) look() (raised int) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		raised, err = quality.Look(o.t.Context(), tx)
		return err
	})
	return raised
}

func (o *office) warnings(state string) []quality.Warning {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, _, err := quality.Warnings(o.t.Context(), db, quality.Filter{State: state})
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) behind(w *quality.Warning) int {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	rows, _, err := complaints.List(o.t.Context(), db, o.manager, complaints.Filter{Among: quality.Behind(db, w), Limit: 200})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(rows)
}

// A history with a busy Saturday and a quiet Friday every week: neither is a
// rise; ten times the usual of one topic is, once, and leads to its very cases.
func TestARise(t *testing.T) {
	o := newOffice(t)
	o.closes = true
	a, b := o.topics[0].ID, o.topics[1].ID
	today := persian.DateOf(o.Clock.Now().In(persian.Tehran)) // a Saturday
	for back := 63; back > 0; back-- {
		switch today.AddDays(-back).Weekday() {
		case time.Saturday:
			o.cases(a, back, 12, nil)
		case time.Friday:
		default:
			o.cases(a, back, 3, nil)
		}
		o.cases(b, back, 1, nil)
	}
	o.cases(a, 0, 13, nil) // a Saturday like every other
	o.cases(b, 0, 5, nil)  // small numbers
	if n := o.look(); n != 0 {
		t.Fatalf("%+v", o.warnings(""))
	}
	o.cases(b, 0, 7, nil)
	if n := o.look(); n != 1 {
		t.Fatalf("%d raised: %+v", n, o.warnings(""))
	}
	w := o.warnings(quality.Open)[0]
	if w.Kind != quality.Spike || w.Dimension != quality.Topic || w.SubjectID != b || w.Observed != 12 || w.Expected != 10 || !w.Strong || len(w.Series.Days) != 28 {
		t.Fatalf("%+v", w)
	}
	if n := o.behind(&w); n != 12 {
		t.Fatalf("%d cases are behind it", n)
	}
	if n := o.look(); n != 0 {
		t.Fatal("raised twice")
	}
	o.handle(t, &w)
	if n := o.look(); n != 0 || len(o.warnings(quality.Open)) != 0 {
		t.Fatal("raised again while it lasts, though closed")
	}
	o.Clock.Advance(2 * 24 * time.Hour)
	o.look()
	if w = o.warnings(quality.Closed)[0]; w.EndedAt == nil {
		t.Fatal("it has not ended")
	}
	o.cases(b, 0, 14, nil)
	if n := o.look(); n != 1 {
		t.Fatalf("a new rise is not raised: %d", n)
	}
}

// handle does what people do with a warning.
func (o *office) handle(t *testing.T, w *quality.Warning) {
	t.Helper()
	do := func(fn func(context.Context, *tenants.Tx) error) error {
		return o.Try(t, o.manager, func(tx *tenants.Tx) error { return fn(t.Context(), tx) })
	}
	if err := do(func(ctx context.Context, tx *tenants.Tx) error { return quality.Acknowledge(ctx, tx, w.ID, "") }); err != nil {
		t.Fatal(err)
	}
	err := do(func(ctx context.Context, tx *tenants.Tx) error { return quality.Acknowledge(ctx, tx, w.ID, "") })
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("acknowledged twice: %v", err)
	}
	err = do(func(ctx context.Context, tx *tenants.Tx) error { return quality.Assign(ctx, tx, w.ID, 1, "") })
	if fault.As(err).Fields["staff"] == "" {
		t.Fatalf("assigned to nobody: %v", err)
	}
	if err := do(func(ctx context.Context, tx *tenants.Tx) error {
		return quality.Assign(ctx, tx, w.ID, o.manager.ID, "ببین")
	}); err != nil {
		t.Fatal(err)
	}
	err = do(func(ctx context.Context, tx *tenants.Tx) error { return quality.Close(ctx, tx, w.ID, " ") })
	if fault.As(err).Fields["note"] == "" {
		t.Fatalf("closed without a word: %v", err)
	}
	if err := do(func(ctx context.Context, tx *tenants.Tx) error {
		return quality.Close(ctx, tx, w.ID, "لوله ترمیم شد")
	}); err != nil {
		t.Fatal(err)
	}
}

// The day after holidays may carry what the holidays kept back, and no more.
func TestAfterAHoliday(t *testing.T) {
	o := newOffice(t)
	o.closes = true
	a := o.topics[0].ID
	o.Clock.Advance(2 * 24 * time.Hour) // a Monday
	for back := 60; back > 0; back-- {
		o.cases(a, back, 4, nil)
	}
	o.Write(t, o.manager, func(tx *tenants.Tx) error {
		for _, back := range []int{1, 2} {
			d := persian.DateOf(tx.Now().In(persian.Tehran)).AddDays(-back)
			row := &tenants.Closure{ID: tenants.NewID(), Day: d.Time(12, 0, persian.Tehran).Format(time.DateOnly), FromMinute: 0, UntilMinute: 1440, Kind: "holiday", NameFA: "تعطیل", CreatedAt: tx.Now()}
			if err := tx.Insert(t.Context(), row); err != nil {
				return err
			}
		}
		return nil
	})
	o.cases(a, 0, 12, nil)
	if n := o.look(); n != 0 {
		t.Fatalf("%+v", o.warnings(""))
	}
	o.cases(a, 0, 20, nil)
	if n := o.look(); n != 1 {
		t.Fatalf("%d", n)
	}
}

// A citizen who keeps coming back, and open cases that grow old.
func TestComingBackAndGrowingOld(t *testing.T) {
	o := newOffice(t)
	var who *citizens.Citizen
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		who, err = citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "+989123456789", Name: "رضا"})
		return err
	})
	o.cases(o.topics[0].ID, 40, 1, &who.ID)
	o.cases(o.topics[0].ID, 3, 2, &who.ID)
	if n := o.look(); n != 0 {
		t.Fatalf("%+v", o.warnings(""))
	}
	o.cases(o.topics[0].ID, 1, 1, &who.ID)
	if n := o.look(); n != 1 || o.warnings("")[0].Kind != quality.Repeat {
		t.Fatalf("%d: %+v", n, o.warnings(""))
	}
	if w := o.warnings("")[0]; w.Observed != 3 || o.behind(&w) != 3 {
		t.Fatalf("%+v", w)
	}
	o.cases(o.topics[1].ID, 45, 9, nil)
	o.cases(o.topics[1].ID, 5, 2, nil)
	o.look()
	found := map[string]int{}
	for _, w := range o.warnings(quality.Open) {
		if found[w.Kind+w.Dimension]++; w.Kind == quality.Ageing && w.Dimension == quality.Topic && (w.Observed != 82 || w.Expected != 0 || o.behind(&w) != 9) {
			t.Errorf("%+v", w)
		}
	}
	if found["ageingtopic"] != 1 || found["ageingall"] != 1 || found["repeatcitizen"] != 1 || len(found) != 3 {
		t.Fatal(found)
	}
	in := tenants.WarningRules{}
	err := o.Try(t, o.manager, func(tx *tenants.Tx) error { return quality.SaveRules(t.Context(), tx, in) })
	if len(fault.As(err).Fields) != 10 {
		t.Fatalf("no bounds: %v", err)
	}
}
