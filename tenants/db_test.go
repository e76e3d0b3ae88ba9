package tenants_test

import (
	"errors"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func TestDoorShowsOneTenantOnly(t *testing.T) {
	w := dbtest.New(t)
	a, b := w.For(t, w.A), w.For(t, w.B)
	ofA, err := tenants.Units(t.Context(), a)
	if err != nil || len(ofA) == 0 {
		t.Fatalf("units of A: %d, %v", len(ofA), err)
	}
	if _, err := tenants.UnitByID(t.Context(), b, ofA[0].ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("B reads a unit of A: %v", err)
	}
	var escaped []tenants.Unit
	if err := b.Select(&escaped).Where("1 = 1").WhereOr("1 = 1").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, u := range escaped {
		if u.TenantID != w.B.ID {
			t.Fatal("WhereOr escaped the tenant")
		}
	}
}

func TestWriteRollsBackOnErrorAndPanic(t *testing.T) {
	w := dbtest.New(t)
	boom := errors.New("boom")
	row := func() *tenants.Contact {
		return &tenants.Contact{ID: tenants.NewID(), Kind: "phone", LabelFA: "canary"}
	}
	if err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_ = tx.Insert(t.Context(), row())
		return boom
	}); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_ = tx.Insert(t.Context(), row())
			panic("boom")
		})
	}()
	list, err := tenants.Contacts(t.Context(), w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.LabelFA == "canary" {
			t.Fatal("a failed transaction left a row")
		}
	}
}

func TestForeignRowsCannotBeChanged(t *testing.T) {
	w := dbtest.New(t)
	units, _ := tenants.Units(t.Context(), w.For(t, w.B))
	foreign := units[0]
	err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		foreign.NameFA = "hijacked"
		return tx.Update(t.Context(), &foreign, "name_fa")
	})
	if !fault.Is(err, fault.NotFound) {
		t.Fatalf("update of a foreign row: %v", err)
	}
}

func TestAuditChainShowsTampering(t *testing.T) {
	w := dbtest.New(t)
	for range 3 {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return audit.Record(t.Context(), tx, "test:act", "thing", 7, "detail")
		})
	}
	good, broken, err := audit.Verify(t.Context(), w.DB(t))
	if err != nil || good != 3 || broken != 0 {
		t.Fatalf("good %d broken %d: %v", good, broken, err)
	}
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(t.Context(), (*audit.Entry)(nil), "act = ?", []any{"forged"}, "seq = ?", 2)
		return err
	})
	if err == nil {
		t.Fatal("the record is not append only")
	}
}
