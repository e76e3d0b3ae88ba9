package tenants_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// Who reads beside the own transaction wants two connections at a time; that is
// told, so that tests can refuse it.
func TestReadingBesideATransactionIsTold(t *testing.T) {
	w := dbtest.New(t)
	told := 0
	w.Root.OnNested = func() { told++ }
	db := w.Root.For(w.A)
	defer db.Release()
	read := func(r tenants.Reader) {
		t.Helper()
		var units []tenants.Unit
		if err := r.Select(&units).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		read(tx)
		if told != 0 {
			t.Error("the transaction's own reading is told")
		}
		read(db)
		db.Release()
		return nil
	})
	if err != nil || told != 1 {
		t.Errorf("told %d times, %v", told, err)
	}
	if read(db); told != 1 {
		t.Error("told after the transaction")
	}
}
