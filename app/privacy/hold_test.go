package privacy_test

import (
	"fmt"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// What was said to a person who is held, or about a case that is, stays however
// old it grows; what was said to others goes.
func TestWhatIsSaidAboutTheHeldStays(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	stays := map[int64]bool{}
	for i, kind := range []string{privacy.HoldsPerson, privacy.HoldsCase, ""} {
		citizen, id := person(t, w, "0912111000"+string(rune('1'+i)), "", true)
		c, err := complaints.Plain(ctx, w.For(t, w.A), id)
		if err != nil {
			t.Fatal(err)
		}
		m := &notify.Message{
			ID: tenants.NewID(), Key: c.Code, Channel: "sms", Column: "sms", Template: "sms.complaint.closed", CitizenID: &citizen, SubjectKind: "complaint", SubjectID: id,
			Text: canary, State: notify.Accepted, CreatedAt: w.Clock.Now(),
		}
		stays[m.ID] = kind != ""
		w.Write(t, who, func(tx *tenants.Tx) error {
			if err := tx.Insert(ctx, m); err != nil || kind == "" {
				return err
			}
			for n := range 60 { // more that is held than a batch takes stands in nobody's way
				again := *m
				again.ID, again.Key = tenants.NewID(), fmt.Sprintf("%s.%d", m.Key, n)
				if err := tx.Insert(ctx, &again); err != nil {
					return err
				}
			}
			_, err := privacy.Place(ctx, tx, kind, c.Code, "به درخواست دادگاه نگه داشته می‌شود")
			return err
		})
	}
	w.Clock.Advance(2 * 365 * 24 * time.Hour) // the cases themselves stay longer, which would take their messages along
	db := w.Root.For(w.A)
	defer db.Release()
	for range 2 {
		if _, err := privacy.Retain(ctx, db); err != nil {
			t.Fatal(err)
		}
		db.Release()
	}
	for id, want := range stays {
		m, err := notify.ByID(ctx, db, id)
		if err != nil || (m.Text == canary) != want {
			t.Errorf("held %v: %q, %v", want, m.Text, err)
		}
	}
}

// A hold that is placed after a run has chosen what it takes still keeps it: the
// run looks again once the rows are locked.
func TestAHoldPlacedDuringARunHolds(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	for i, kind := range []string{privacy.HoldsPerson, privacy.HoldsCase, ""} {
		_, id := person(t, w, "0912111001"+string(rune('1'+i)), "", true)
		c, err := complaints.Plain(ctx, w.For(t, w.A), id)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(t, who, func(tx *tenants.Tx) error {
			if kind != "" {
				if _, err := privacy.Place(ctx, tx, kind, c.Code, "به درخواست دادگاه نگه داشته می‌شود"); err != nil {
					return err
				}
			}
			n, err := privacy.TakeCases(ctx, tx, []int64{id})
			if want := kind == ""; err == nil && (n == 1) != want {
				t.Errorf("held by %q: took %d", kind, n)
			}
			return err
		})
	}
}
