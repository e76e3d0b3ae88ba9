package complaints_test

import (
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

func TestTheLegalClock(t *testing.T) {
	for _, c := range []struct{ registered, want string }{
		{"1405/08/30", "1405/11/30"},
		{"1405/06/31", "1405/09/30"}, // the last day of a shorter month
		{"1405/10/15", "1406/01/15"}, // into the next year
		{"1404/09/30", "1404/12/29"}, // a year without 30 Esfand
		{"1408/09/30", "1408/12/30"}, // a leap year
	} {
		day, err := persian.ParseDate(c.registered)
		if err != nil {
			t.Fatal(err)
		}
		want, err := persian.ParseDate(c.want)
		if err != nil {
			t.Fatal(err)
		}
		for _, hour := range []int{0, 9, 23} {
			got := complaints.LegalDeadline(day.Time(hour, 30, persian.Tehran), 3)
			if !got.Equal(want.Time(23, 59, persian.Tehran)) {
				t.Errorf("%s at %d: %s, want the end of %s", c.registered, hour, got.In(persian.Tehran), c.want)
			}
		}
	}
}

func TestTheManagerIsToldOfTheLegalAnswerTwice(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	warn := func() (told int) {
		t.Helper()
		ids, err := complaints.LegalDue(t.Context(), o.DB(t), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.WarnLegal(t.Context(), tx, id) })
		}
		return len(ids)
	}
	if n := warn(); n != 0 {
		t.Fatalf("told of %d cases at once", n)
	}
	o.Clock.Set(c.LegalDueAt.Add(-complaints.LegalNotice))
	if first, second := warn(), warn(); first != 1 || second != 0 {
		t.Errorf("told %d and %d times before", first, second)
	}
	o.Clock.Set(c.LegalDueAt.Add(time.Minute))
	if first, second := warn(), warn(); first != 1 || second != 0 {
		t.Errorf("told %d and %d times after", first, second)
	}
	if near, passed := o.events(c.ID, "complaint.legal_near"), o.events(c.ID, "complaint.legal_passed"); near != 1 || passed != 1 {
		t.Errorf("%d and %d events", near, passed)
	}
}
