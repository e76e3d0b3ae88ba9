package complaints_test

import (
	"slices"
	"testing"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// listed tells whether the case is in the actor's list.
func (o *office) listed(a tenants.Actor, id int64) bool {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	rows, _, err := complaints.List(o.t.Context(), db, a, complaints.Filter{})
	if err != nil {
		o.t.Fatal(err)
	}
	return slices.ContainsFunc(rows, func(l complaints.Listed) bool { return l.ID == id })
}

func TestConfidentialCaseIsInNobodysListsAndCounts(t *testing.T) {
	o := newOffice(t)
	o.inspectors("insp")
	manager := o.as("pr", "pr_manager")
	o.register()
	db := o.Root.For(o.A)
	defer db.Release()
	var mobile string
	look := func() (counts map[complaints.Tab]int, found, earlier int) {
		t.Helper()
		counts, err := complaints.Counts(t.Context(), db, manager, complaints.Tabs()...)
		if err != nil {
			t.Fatal(err)
		}
		rows, _, err := complaints.List(t.Context(), db, manager, complaints.Filter{Text: "گاز"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := complaints.OfCaller(t.Context(), db, mobile)
		if err != nil {
			t.Fatal(err)
		}
		return counts, len(rows), len(list)
	}
	person, err := citizens.ByID(t.Context(), db, *o.citizen())
	if err != nil {
		t.Fatal(err)
	}
	mobile = person.Mobile
	before, found, earlier := look()
	db.Release()
	o.secretTopic("network")
	c := o.register()
	after, foundNow, earlierNow := look()
	for tab, n := range before {
		if after[tab] != n {
			t.Errorf("%s: %d, was %d", tab, after[tab], n)
		}
	}
	if foundNow != found || earlierNow != earlier {
		t.Errorf("found %d, was %d; earlier %d, was %d", foundNow, found, earlierNow, earlier)
	}
	if own, err := complaints.OfMobile(t.Context(), db, mobile); err != nil || len(own) != earlier+1 {
		t.Errorf("the citizen's own list: %d, %v", len(own), err)
	}
	if got, err := complaints.Track(t.Context(), db, c.Code, mobile); err != nil || got.ID != c.ID {
		t.Errorf("tracking: %v", err)
	}
}
