package jobs_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// box sets up a box that is to be opened in some days.
func (o *office) box(days int) *complaints.Box {
	var b *complaints.Box
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		unit, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
		if err != nil {
			return err
		}
		day := tx.Now().In(persian.Tehran).AddDate(0, 0, days)
		b = &complaints.Box{Code: "7", PlaceFA: "ورودی", PlaceEN: "Entrance", UnitID: unit.ID, EveryDays: 7, NextOn: day.Format(time.DateOnly), Active: true}
		return complaints.SaveBox(ctx, tx, b)
	})
	return b
}

func TestAnOverdueBoxRemindsTheOfficeOnce(t *testing.T) {
	o := newOffice(t)
	o.box(1)
	remind := func() int {
		runClock(t, o, "boxes")
		o.told()
		return o.toldOf("sms.box.overdue")
	}
	if n := remind(); n != 0 {
		t.Fatalf("told %d times before the day", n)
	}
	o.Clock.Advance(3 * 24 * time.Hour)
	first := remind()
	if first == 0 {
		t.Fatal("nobody is told")
	}
	o.Clock.Advance(24 * time.Hour)
	if n := remind(); n != first {
		t.Errorf("told again: %d, then %d", first, n)
	}
}

// A reminder whose box has been opened meanwhile tells nobody.
func TestABoxThatMovedOnRemindsNobody(t *testing.T) {
	o := newOffice(t)
	b := o.box(1)
	o.Clock.Advance(3 * 24 * time.Hour)
	runClock(t, o, "boxes")
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		fresh, err := complaints.BoxByID(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		fresh.NextOn = tx.Now().AddDate(0, 0, 5).Format(time.DateOnly)
		return complaints.SaveBox(ctx, tx, fresh)
	})
	o.told()
	if n := o.toldOf("sms.box.overdue"); n != 0 {
		t.Errorf("told %d times", n)
	}
}

// Those in charge are told once near the date and once when it has passed.
func TestSourcesAreWarnedOfTwice(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	by := o.Clock.Now().Add(10 * 24 * time.Hour)
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if err := tx.Lock(ctx, c, "c.id = ?", c.ID); err != nil {
			return err
		}
		c.ExternalDueAt, c.Source = &by, "samad"
		return tx.Update(ctx, c, "external_due_at", "source")
	})
	warn := func() (near, passed int) {
		runClock(t, o, "complaints.sources")
		o.told()
		return o.toldOf("sms.complaint.source_near"), o.toldOf("sms.complaint.source_passed")
	}
	if near, passed := warn(); near+passed != 0 {
		t.Fatalf("told %d %d times ten days before", near, passed)
	}
	o.Clock.Set(by.Add(-time.Hour))
	near, passed := warn()
	if near == 0 || passed != 0 {
		t.Fatalf("an hour before: %d %d", near, passed)
	}
	if again, _ := warn(); again != near {
		t.Errorf("told again: %d, then %d", near, again)
	}
	o.Clock.Set(by.Add(time.Hour))
	if n, passed := warn(); n != near || passed == 0 {
		t.Errorf("an hour after: %d %d", n, passed)
	}
}
