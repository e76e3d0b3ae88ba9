package tenants_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

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
	// The same of a row that is no setting, which nobody reads before.
	plain := &unitName{ID: foreign.ID, NameFA: "hijacked"}
	plain.TenantID = w.B.ID
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Update(t.Context(), plain, "name_fa") })
	if !fault.Is(err, fault.NotFound) {
		t.Fatalf("update of a foreign row that says whose it is: %v", err)
	}
}

type unitName struct {
	tenants.BaseModel `bun:"table:units,alias:unit"`
	tenants.Owned
	ID     int64 `bun:",pk"`
	NameFA string
}

// What is changed, removed and joined by a condition is the organization's own,
// whatever the condition says.
func TestConditionsReachOneTenantOnly(t *testing.T) {
	w := dbtest.New(t)
	of := func(tenant *tenants.Tenant) string {
		var units []tenants.Unit
		var contacts []tenants.Contact
		db := w.For(t, tenant) // and not the lists that are kept for a moment
		if err := errors.Join(db.Select(&units).Order("id").Scan(t.Context()), db.Select(&contacts).Order("id").Scan(t.Context())); err != nil || len(contacts) == 0 {
			t.Fatalf("%d contacts: %v", len(contacts), err)
		}
		return fmt.Sprintf("%+v %+v", units, contacts)
	}
	before := of(w.B)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if _, err := tx.Set(t.Context(), (*tenants.Unit)(nil), "name_fa = ?", []any{"hijacked"}, "1 = 1 OR 2 = 2"); err != nil {
			return err
		}
		_, err := tx.Delete(t.Context(), (*tenants.Contact)(nil), "1 = 1 OR 2 = 2")
		return err
	})
	if after := of(w.B); after != before {
		t.Error("a condition reached the other organization")
	}
	var own, all []tenants.Unit
	db := w.DB(t)
	if err := db.Select(&own).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	var topics []tenants.Topic
	if err := db.Select(&topics).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	pairs, err := db.Select(&all).Join("JOIN ? ON 1 = 1", db.From((*tenants.Topic)(nil))).Count(t.Context())
	if err != nil || int(pairs) != len(own)*len(topics) {
		t.Errorf("%d units with %d topics are %d pairs: %v", len(own), len(topics), pairs, err)
	}
}

func TestAuditChainShowsTampering(t *testing.T) {
	w := dbtest.New(t)
	for range 3 {
		w.Clock.Advance(time.Second + time.Nanosecond) // finer than a database keeps
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
