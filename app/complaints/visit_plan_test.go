package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// toFollowup walks a fresh case to special follow-up.
func (o *office) toFollowup() *complaints.Complaint {
	o.t.Helper()
	c := o.toFeedback()
	o.do(citizen(), hear(c.ID, "not_satisfied", "هنوز نه"))
	return o.want(c.ID, complaints.SpecialFollowup)
}

func (o *office) today() persian.Date { return persian.DateOf(o.Clock.Now().In(persian.Tehran)) }

func (o *office) plan(a tenants.Actor, in complaints.Visiting) error {
	return o.Try(o.t, a, func(tx *tenants.Tx) error { return complaints.PlanVisits(o.t.Context(), tx, in) })
}

func (o *office) day(d persian.Date) (ids []int64) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	rows, err := complaints.VisitsOf(o.t.Context(), db, o.as("followup"), complaints.VisitDay(d), 0)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func (o *office) unplanned(district int64) int {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	rows, _, err := complaints.UnplannedVisits(o.t.Context(), db, o.as("followup"), district, complaints.Cursor{}, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return len(rows)
}

func TestVisitsArePlannedOntoADayInOrder(t *testing.T) {
	o := newOffice(t)
	agent := o.as("followup", "special_followup")
	a, b := o.toFollowup(), o.toFollowup()
	if n := o.unplanned(0); n != 2 {
		t.Fatalf("%d to plan", n)
	}
	if n := o.unplanned(77); n != 0 {
		t.Fatalf("%d in a district without any", n)
	}
	tomorrow := o.today().AddDays(1)
	if err := o.plan(agent, complaints.Visiting{Cases: []int64{a.ID, b.ID}, Agent: agent.ID, Day: tomorrow}); err != nil {
		t.Fatal(err)
	}
	if got := o.day(tomorrow); len(got) != 2 || got[0] != a.ID || o.unplanned(0) != 0 {
		t.Fatalf("the day is %v", got)
	}
	if c := o.read(a.ID); c.HolderID == nil || *c.HolderID != agent.ID {
		t.Error("the visit is nobody's")
	}
	o.Write(t, agent, func(tx *tenants.Tx) error { return complaints.MoveVisit(t.Context(), tx, b.ID, true) })
	if got := o.day(tomorrow); got[0] != b.ID {
		t.Fatalf("not moved: %v", got)
	}
	o.Write(t, agent, func(tx *tenants.Tx) error { return complaints.MoveVisit(t.Context(), tx, b.ID, true) })
	if err := o.plan(agent, complaints.Visiting{Cases: []int64{b.ID}, Agent: agent.ID, Day: o.today()}); err != nil {
		t.Fatal(err)
	}
	if got := o.day(o.today()); len(got) != 1 || len(o.day(tomorrow)) != 1 {
		t.Fatalf("planned anew: %v", got)
	}
	o.do(agent, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.UnplanVisit(ctx, tx, a.ID)
	})
	if o.unplanned(0) != 1 {
		t.Error("still on the day")
	}
}

func TestAVisitIsPlannedForNoPastDayAndNoStranger(t *testing.T) {
	o := newOffice(t)
	agent := o.as("followup", "special_followup")
	c := o.toFollowup()
	for name, in := range map[string]complaints.Visiting{
		"yesterday": {Cases: []int64{c.ID}, Agent: agent.ID, Day: o.today().AddDays(-1)},
		"stranger":  {Cases: []int64{c.ID}, Agent: o.as("network").ID, Day: o.today()},
		"nothing":   {Agent: agent.ID, Day: o.today()},
	} {
		if err := o.plan(agent, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.plan(agent, complaints.Visiting{Cases: []int64{o.toFeedback().ID}, Agent: agent.ID, Day: o.today()}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a case that needs no visit: %v", err)
	}
}

func TestTheExecutingUnitPlansNoVisitOfItsWork(t *testing.T) {
	o := newOffice(t)
	agent := o.as("followup", "special_followup")
	c := o.toFollowup()
	if err := o.plan(o.as("network", "special_followup"), complaints.Visiting{Cases: []int64{c.ID}, Agent: agent.ID, Day: o.today()}); !fault.Is(err, fault.Forbidden) {
		t.Fatal(err)
	}
}

func TestTheCitizensCodeConfirmsAVisit(t *testing.T) {
	o := newOffice(t)
	agent, holder := o.as("followup", "special_followup"), tenants.HashToken("the agent's browser")
	c, other := o.toFollowup(), o.toFollowup()
	o.do(agent, inspect(c.ID, true))
	o.do(agent, inspect(other.ID, true))
	o.refuse(fault.Invalid, agent, confirm(c.ID, true, "")) // not by the visitor's own word
	request := func() error {
		return o.Try(t, agent, func(tx *tenants.Tx) error { return complaints.AskForConfirmation(t.Context(), tx, c.ID, holder) })
	}
	if err := request(); err != nil {
		t.Fatal(err)
	}
	if err := request(); !fault.Is(err, fault.TooMany) {
		t.Fatalf("again at once: %v", err)
	}
	digits := o.digits()
	try := func(id int64, holder, typed string) (ok bool, err error) {
		err = o.Try(t, agent, func(tx *tenants.Tx) error {
			_, ok, err = complaints.ConfirmByCode(t.Context(), tx, id, holder, typed)
			return err
		})
		return ok, err
	}
	wrong := "000000"
	if digits == wrong {
		wrong = "000001"
	}
	for name, typed := range map[string]struct {
		id             int64
		holder, digits string
	}{
		"wrong":           {c.ID, holder, wrong},
		"another case":    {other.ID, holder, digits},
		"another browser": {c.ID, tenants.HashToken("x"), digits},
	} {
		if ok, err := try(typed.id, typed.holder, typed.digits); ok || err != nil {
			t.Errorf("%s: %t, %v", name, ok, err)
		}
	}
	if ok, err := try(c.ID, holder, persian.ToPersian(digits)); !ok || err != nil {
		t.Fatalf("the right code: %t, %v", ok, err)
	}
	if got := o.want(c.ID, complaints.Closed); got.Fact != complaints.VerifiedInField {
		t.Errorf("closed as %s", got.Fact)
	}
}

// digits makes the last requested code, as the job would.
func (o *office) digits() (digits string) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		code := new(citizens.Code)
		err := tx.Select(code).Order("code.id DESC").Limit(1).Scan(o.t.Context())
		if err == nil {
			_, digits, err = citizens.IssueCode(o.t.Context(), tx, code.ID)
		}
		return err
	})
	return digits
}

func TestThePlaceOfAPhotoIsKeptOnlyWhereAllowed(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		o := newOffice(t)
		o.A.Settings.KeepPhotoPlace = allowed
		c := o.toFollowup()
		lat, lng := 36.67, 48.48
		o.do(o.as("followup", "special_followup"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.VisitMade(ctx, tx, c.ID, complaints.Finding{Text: "آسفالت کامل است", Resolved: true, Lat: &lat, Lng: &lng})
		})
		visits, err := complaints.Visits(t.Context(), o.DB(t), c.ID)
		if err != nil || len(visits) != 1 || (visits[0].Lat != nil) != allowed {
			t.Fatalf("allowed %t: %+v, %v", allowed, visits, err)
		}
		if allowed && (*visits[0].Lat != lat || *visits[0].Lng != lng) {
			t.Errorf("%v, %v", *visits[0].Lat, *visits[0].Lng)
		}
	}
}

func TestANewCycleIsPlannedAnew(t *testing.T) {
	o := newOffice(t)
	agent := o.as("followup", "special_followup")
	c := o.toFollowup()
	if err := o.plan(agent, complaints.Visiting{Cases: []int64{c.ID}, Agent: agent.ID, Day: o.today()}); err != nil {
		t.Fatal(err)
	}
	o.do(agent, inspect(c.ID, false))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "دوباره ترمیم شد"))
	o.do(citizen(), hear(c.ID, "not_satisfied", "نه"))
	o.Clock.Advance(time.Hour)
	if o.unplanned(0) != 1 {
		t.Error("the second visit cannot be planned")
	}
}
