package privacy_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func TestMobileMoves(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	citizen, id := person(t, w, "09121112233", "0012345679", false)
	other, elsewhere := person(t, w, "09129990000", "0012345679", false) // the same person, known there too
	var token string
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		token, err = citizens.OpenSession(ctx, tx, "09121112233")
		return err
	})
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := citizens.ChangeMobile(ctx, tx, citizens.Moving{Old: "+989121112233", New: "+989121119999"})
		return err
	})
	db := w.For(t, w.A)
	if list, _ := complaints.OfMobile(ctx, db, "+989121119999"); len(list) != 1 || list[0].ID != id {
		t.Error("the case did not come along", list)
	}
	if list, _ := complaints.OfMobile(ctx, db, "+989121112233"); len(list) != 0 {
		t.Error("the old number still has it")
	}
	all := tenants.Actor{Kind: tenants.Staff, ID: 1, SeesAll: true}
	for typed, want := range map[string]int{"9121119999": 1, "9121112233": 0} {
		if list, _, err := complaints.List(ctx, db, all, complaints.Filter{Text: typed}); err != nil || len(list) != want {
			t.Errorf("%s finds %d: %v", typed, len(list), err)
		}
	}
	if _, err := citizens.Authenticate(ctx, db, token); err == nil {
		t.Error("a session of the old number is still open")
	}
	w.Clock.Advance(24 * time.Hour)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := citizens.ChangeMobile(ctx, tx, citizens.Moving{Old: "+989121119999", New: "+989129990000"})
		return err
	})
	db = w.For(t, w.A)
	if list, _ := complaints.OfMobile(ctx, db, "+989129990000"); len(list) != 2 {
		t.Error("both cases belong to the one person now", list)
	}
	if c, err := complaints.Plain(ctx, db, id); err != nil || *c.CitizenID != other {
		t.Error(c, err)
	}
	if gone, err := citizens.ByID(ctx, db, citizen); err != nil || gone.ErasedAt == nil {
		t.Error("the row that was left still holds somebody", err)
	}
	_ = elsewhere
}

// Of two people who claim one number in the same moment exactly one gets it.
func TestOneNumberIsWonOnce(t *testing.T) {
	w := dbtest.New(t)
	const claimants = 6
	for i := range claimants {
		person(t, w, fmt.Sprintf("0912222000%d", i), "", false)
	}
	var wait sync.WaitGroup
	errs := make([]error, claimants)
	for i := range claimants {
		wait.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			errs[i] = db.Write(context.Background(), tenants.SystemActor(), func(tx *tenants.Tx) error {
				_, err := citizens.ChangeMobile(context.Background(), tx, citizens.Moving{Old: fmt.Sprintf("+98912222000%d", i), New: "+989127770000"})
				return err
			})
		})
	}
	wait.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
		case fault.As(err).Key != "mobile_change.taken":
			t.Error(i, err)
		}
	}
	list, err := complaints.OfMobile(t.Context(), w.DB(t), "+989127770000")
	if won != 1 || err != nil || len(list) != 1 {
		t.Errorf("%d won, %d cases there: %v", won, len(list), err)
	}
}

func TestOfficeJudgesAMove(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	person(t, w, "09121112233", "0012345679", false)
	ask := func(proven, old, national string) error {
		return w.Try(t, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
			_, err := citizens.AskMove(ctx, tx, proven, old, national)
			return err
		})
	}
	if err := ask("+989125550000", "0912", "1"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if err := ask("+989125550000", "09121112233", "0012345679"); err != nil {
		t.Fatal(err)
	}
	if err := ask("+989125550000", "09121112233", "0012345679"); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	if err := ask("+989125550001", "09120000000", "0012345679"); err != nil {
		t.Fatal("a stranger hears nothing else:", err)
	}
	list, err := citizens.OpenMoves(ctx, w.DB(t), nil, 10)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	const reason = "کارت ملی را حضوری دیدم"
	for i := range list {
		m := &list[i]
		err := w.Try(t, who, func(tx *tenants.Tx) error { return citizens.AllowMove(ctx, tx, m.ID, reason) })
		if (m.CitizenID == nil) != (err != nil) {
			t.Error(m.CitizenID, err)
		}
	}
	if list, _ := complaints.OfMobile(ctx, w.For(t, w.A), "+989125550000"); len(list) != 1 {
		t.Error("nothing moved")
	}
}
