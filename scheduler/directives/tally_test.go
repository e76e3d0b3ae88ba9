package directives_test

import (
	"pasokh/tenants"
	"testing"
	"time"

	"pasokh/scheduler/directives"
)

func TestAgesCountByStateAndAge(t *testing.T) {
	o := newOffice(t)
	o.issue()
	o.Clock.Advance(40 * 24 * time.Hour)
	o.issue()
	o.issue()
	o.done(o.issue().ID)
	list, err := directives.Ages(t.Context(), o.DB(t), tenants.SystemActor(), o.executive.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]int{}
	for _, c := range list {
		got[c.Age] += c.N
	}
	if got[0] != 2 || got[2] != 1 || len(got) != 2 {
		t.Errorf("%+v", list)
	}
}

func TestCountsOfAUnitAndOfAll(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	unit, err := directives.CountsOfUnit(t.Context(), o.DB(t), tenants.SystemActor(), d.UnitID)
	if err != nil || unit.Open != 1 {
		t.Errorf("%+v %v", unit, err)
	}
	all, err := directives.Counts(t.Context(), o.DB(t), tenants.SystemActor(), 0)
	if err != nil || all != unit {
		t.Errorf("%+v %v", all, err)
	}
}
