package inspection_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// office is an organization with its people as actors.
type office struct {
	*dbtest.World
	unit                            int64
	inspector, other, manager, head tenants.Actor
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: dbtest.New(t)}
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		ctx := t.Context()
		if err := staff.Seed(ctx, tx, staff.Cheap(), spec.Staff, func(string) string { return "secret word" }); err != nil {
			return err
		}
		for user, a := range map[string]*tenants.Actor{"inspector": &o.inspector, "manager": &o.manager, "head": &o.head} {
			s, err := staff.ByUserName(ctx, tx, user)
			if err != nil {
				return err
			}
			*a = tenants.Actor{Kind: tenants.Staff, ID: s.ID, UnitID: *s.UnitID}
		}
		return nil
	})
	o.inspector.Inspects, o.inspector.SeesAll, o.manager.SeesAll = true, true, true
	o.other, o.unit = o.inspector, o.head.UnitID
	o.other.ID++
	return o
}

func (o *office) today() persian.Date { return persian.DateOf(o.Clock.Now().In(persian.Tehran)) }

func (o *office) order(t *testing.T, confidential bool) (v *inspection.Visit) {
	t.Helper()
	o.Write(t, o.inspector, func(tx *tenants.Tx) (err error) {
		v, err = inspection.Order(t.Context(), tx, inspection.Plan{UnitID: o.unit, Day: o.today(), Confidential: confidential, InspectorID: o.inspector.ID})
		return err
	})
	return v
}

func (o *office) carry(t *testing.T, who tenants.Actor, v *inspection.Visit, answer string) error {
	t.Helper()
	return o.Try(t, who, func(tx *tenants.Tx) error {
		items, err := inspection.Items(t.Context(), tx, v.ID)
		if err != nil {
			return err
		}
		seen := map[int64]inspection.Seen{}
		for i := range items {
			seen[items[i].ID] = inspection.Seen{Answer: answer}
		}
		_, err = inspection.Carry(t.Context(), tx, v.ID, inspection.Report{Finding: "تابلو کهنه بود", Seen: seen})
		return err
	})
}

func (o *office) sees(t *testing.T, who tenants.Actor, id int64) bool {
	t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	_, err := inspection.ByID(t.Context(), db, who, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	listed := false
	for _, state := range []inspection.State{inspection.Planned, inspection.Done} {
		list, _, listErr := inspection.Visits(t.Context(), db, who, inspection.Filter{State: state, UnitID: o.unit})
		if listErr != nil {
			t.Fatal(listErr)
		}
		for i := range list {
			listed = listed || list[i].ID == id
		}
	}
	if listed != (err == nil) {
		t.Fatalf("the list and the page disagree: %v, %v", listed, err)
	}
	return listed
}

func want(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.As(err).Key != key && kind != fault.Invalid {
		t.Fatalf("%v, want %s", err, key)
	}
}

// An open visit: planned, carried out by its inspector once, answered by its unit
// once and in time.
func TestAnOpenVisit(t *testing.T) {
	o := newOffice(t)
	v := o.order(t, false)
	if o.sees(t, o.head, v.ID) || !o.sees(t, o.manager, v.ID) {
		t.Fatal("a planned visit is shown to the unit, or kept from the manager")
	}
	want(t, o.carry(t, o.other, v, "yes"), fault.Forbidden, "inspection.error.other_inspector")
	want(t, o.carry(t, o.inspector, v, ""), fault.Invalid, "")
	if err := o.carry(t, o.inspector, v, "partly"); err != nil {
		t.Fatal(err)
	}
	want(t, o.carry(t, o.inspector, v, "yes"), fault.Conflict, "inspection.conflict.state")
	respond := func(who tenants.Actor, text string) error {
		return o.Try(t, who, func(tx *tenants.Tx) error { return inspection.Respond(t.Context(), tx, v.ID, text) })
	}
	want(t, respond(o.manager, "x"), fault.Forbidden, "inspection.error.other_unit")
	want(t, respond(o.head, " "), fault.Invalid, "")
	if err := respond(o.head, "عوض شد"); err != nil {
		t.Fatal(err)
	}
	want(t, respond(o.head, "again"), fault.Conflict, "inspection.conflict.answer")
	db := o.Root.For(o.A)
	defer db.Release()
	got, err := inspection.ByID(t.Context(), db, o.head, v.ID)
	if err != nil || got.Result == nil || *got.Result != 50 || got.Answer == "" {
		t.Fatalf("%+v: %v", got, err)
	}
	db.Release()
	late := o.order(t, false)
	if err := o.carry(t, o.inspector, late, "yes"); err != nil {
		t.Fatal(err)
	}
	v = late
	o.Clock.Advance(20 * 24 * time.Hour)
	want(t, respond(o.head, "late"), fault.Conflict, "inspection.conflict.answer")
}

// A confidential visit is inspection's alone, its inspector masked, and every
// opening stays in the log.
func TestAConfidentialVisit(t *testing.T) {
	o := newOffice(t)
	v := o.order(t, true)
	if err := o.carry(t, o.inspector, v, "no"); err != nil {
		t.Fatal(err)
	}
	inspected := o.other
	inspected.UnitID = o.unit
	for name, who := range map[string]tenants.Actor{"head": o.head, "manager": o.manager, "an inspector of the unit": inspected} {
		if o.sees(t, who, v.ID) {
			t.Errorf("%s sees it", name)
		}
	}
	if !o.sees(t, o.other, v.ID) || !v.Masks(o.other) || v.Masks(o.inspector) {
		t.Error("inspection does not see it, or sees who made it")
	}
	err := o.Try(t, o.head, func(tx *tenants.Tx) error { return inspection.Respond(t.Context(), tx, v.ID, "x") })
	want(t, err, fault.NotFound, "error.not_found")
	o.Write(t, o.other, func(tx *tenants.Tx) error { return inspection.Opened(t.Context(), tx, v) })
	db := o.Root.For(o.A)
	defer db.Release()
	log, err := inspection.Openings(t.Context(), db, v.ID)
	if err != nil || len(log) != 1 || log[0].ActorID != o.other.ID {
		t.Errorf("%v: %v", log, err)
	}
}

// What an order says is judged; nobody inspects the own unit; a checklist can be
// changed without touching visits that were planned.
func TestOrdersAndChecklists(t *testing.T) {
	o := newOffice(t)
	try := func(fn func(context.Context, *tenants.Tx) error) error {
		return o.Try(t, o.inspector, func(tx *tenants.Tx) error { return fn(t.Context(), tx) })
	}
	for field, in := range map[string]inspection.Plan{
		"day":       {UnitID: o.unit, Day: o.today().AddDays(-1), InspectorID: o.inspector.ID},
		"unit":      {UnitID: 1, Day: o.today(), InspectorID: o.inspector.ID},
		"inspector": {UnitID: o.inspector.UnitID, Day: o.today(), InspectorID: o.inspector.ID},
		"checklist": {UnitID: o.unit, Day: o.today(), InspectorID: o.inspector.ID, ChecklistID: 1},
	} {
		err := try(func(ctx context.Context, tx *tenants.Tx) error { _, err := inspection.Order(ctx, tx, in); return err })
		if fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	v := o.order(t, false)
	list := inspection.Standard()
	if err := try(func(ctx context.Context, tx *tenants.Tx) error { return inspection.SaveChecklist(ctx, tx, list) }); err != nil {
		t.Fatal(err)
	}
	list.Questions = list.Questions[:1]
	if err := try(func(ctx context.Context, tx *tenants.Tx) error { return inspection.SaveChecklist(ctx, tx, list) }); err != nil {
		t.Fatal(err)
	}
	twice := inspection.Standard()
	err := try(func(ctx context.Context, tx *tenants.Tx) error { return inspection.SaveChecklist(ctx, tx, twice) })
	if fault.As(err).Fields["name_fa"] == "" {
		t.Errorf("the name twice: %v", err)
	}
	list.Questions[0].Weight = 11
	err = try(func(ctx context.Context, tx *tenants.Tx) error { return inspection.SaveChecklist(ctx, tx, list) })
	if fault.As(err).Fields["questions"] == "" {
		t.Errorf("a weight of 11: %v", err)
	}
	db := o.Root.For(o.A)
	items, err := inspection.Items(t.Context(), db, v.ID)
	if db.Release(); err != nil || len(items) != len(inspection.Standard().Questions) {
		t.Errorf("%d items: %v", len(items), err)
	}
	if err := try(func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Cancel(ctx, tx, v.ID, "بارندگی")
	}); err != nil {
		t.Fatal(err)
	}
	want(t, o.carry(t, o.inspector, v, "yes"), fault.Conflict, "inspection.conflict.state")
}

// The result lies between 0 and 100, a better answer never lowers it, and what
// does not apply counts for nothing.
func TestScore(t *testing.T) {
	rank := map[string]int{"no": 0, "partly": 1, "yes": 2}
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) inspection.Item {
			return inspection.Item{Weight: rapid.IntRange(1, inspection.MaxWeight).Draw(t, "weight"), Answer: rapid.SampledFrom(inspection.Answers()).Draw(t, "answer")}
		}), 1, 20).Draw(t, "items")
		was, ok := inspection.Score(items)
		if was < 0 || was > 100 {
			t.Fatal(was)
		}
		if more, still := inspection.Score(append(items, inspection.Item{Weight: 9, Answer: "na"})); more != was || still != ok {
			t.Fatal("what does not apply counts")
		}
		i := rapid.IntRange(0, len(items)-1).Draw(t, "i")
		if items[i].Answer == "na" || rank[items[i].Answer] == 2 {
			return
		}
		items[i].Answer = "yes"
		if now, _ := inspection.Score(items); now < was {
			t.Fatalf("%d, was %d", now, was)
		}
	})
}

// A visit is not reported before its day.
func TestAVisitHasItsDay(t *testing.T) {
	o := newOffice(t)
	var v *inspection.Visit
	o.Write(t, o.inspector, func(tx *tenants.Tx) (err error) {
		v, err = inspection.Order(t.Context(), tx, inspection.Plan{UnitID: o.unit, Day: o.today().AddDays(1), InspectorID: o.inspector.ID})
		return err
	})
	want(t, o.carry(t, o.inspector, v, "yes"), fault.Conflict, "inspection.conflict.early")
	o.Clock.Advance(24 * time.Hour)
	if err := o.carry(t, o.inspector, v, "yes"); err != nil {
		t.Fatal(err)
	}
}
