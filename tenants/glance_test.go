package tenants_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// A number is counted once for all readers of an organization, until somebody
// writes there or a second has passed.
func TestGlance(t *testing.T) {
	w := dbtest.New(t)
	counted := 0
	look := func(r tenants.Reader, what any) int {
		t.Helper()
		list, err := tenants.Glance(r, what, func() ([]int, error) { counted++; return []int{counted}, nil })
		if err != nil {
			t.Fatal(err)
		}
		return list[0]
	}
	read := func(tenant *tenants.Tenant, what any) int {
		t.Helper()
		db := w.Root.For(tenant)
		defer db.Release()
		return look(db, what)
	}
	if a, b := read(w.A, "late"), read(w.A, "late"); a != 1 || b != 1 {
		t.Errorf("counted %d, then %d", a, b)
	}
	if n := read(w.A, "new"); n != 2 {
		t.Errorf("another key gave %d", n)
	}
	if n := read(w.B, "late"); n != 3 {
		t.Errorf("another organization gave %d", n)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if n := look(tx, "late"); n != 4 {
			t.Errorf("a transaction was shown %d", n)
		}
		return nil
	})
	if n := read(w.A, "late"); n != 5 {
		t.Errorf("%d after a commit", n)
	}
	w.Clock.Advance(time.Second)
	if n := read(w.A, "late"); n != 6 {
		t.Errorf("%d after a second", n)
	}
}
