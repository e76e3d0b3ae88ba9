package complaints_test

import (
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// However many cases are swept together, the statements are as many; each case
// climbs as it would alone.
func TestManyAreSweptLikeOne(t *testing.T) {
	o := newOffice(t)
	var ids []complaints.ID
	for i := range 40 {
		c := o.register()
		if i%2 == 0 {
			o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
		}
		ids = append(ids, c.ID)
	}
	o.Clock.Advance(60 * time.Hour)
	statements := 0
	o.Root.OnStatement = func(string) { statements++ }
	count := func(ids []complaints.ID) int {
		statements = 0
		o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.SweepEach(t.Context(), tx, ids) })
		return statements
	}
	alone := count(ids[:2])
	together := count(ids[2:])
	if together > alone {
		t.Errorf("%d statements for 2 cases, %d for 38", alone, together)
	}
	db := o.DB(t)
	for i, id := range ids {
		scores, err := complaints.ScoresOf(t.Context(), db, id)
		if first, _ := complaints.ScoresOf(t.Context(), db, ids[i%2]); err != nil || len(scores) == 0 || len(scores) != len(first) {
			t.Errorf("case %d has %d scores, the first of its kind %d, %v", i, len(scores), len(first), err)
		}
		if c := o.read(id); c.NextClockAt != nil && !c.NextClockAt.After(db.Now()) {
			t.Errorf("case %d is still due", i)
		}
	}
	if again := count(ids); again != 1 {
		t.Errorf("%d statements when nothing is due", again)
	}
	o.Root.OnStatement = nil
}
