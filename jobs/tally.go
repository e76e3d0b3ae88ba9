package jobs

import (
	"context"
	"errors"
	"time"

	"pasokh/app/persian"
	"pasokh/app/settings"
	"pasokh/tenants"
)

// tally counts what every organization used this month, and the month before for
// as long as its last hours may be missing.
func tally(ctx context.Context, d *Deps) error {
	list, err := d.Root.UnscopedTenants(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for i := range list {
		if list[i].IsPlatform() || list[i].Standing() == tenants.StatusDeleted {
			continue
		}
		db := d.Root.For(&list[i])
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return tallyMonths(ctx, tx) })
		db.Release()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func tallyMonths(ctx context.Context, tx *tenants.Tx) error {
	today := persian.DateOf(tx.Now().In(persian.Tehran))
	first := today.MonthStart()
	months := []persian.Date{first}
	if today.Day == 1 {
		months = append(months, first.AddMonths(-1))
	}
	for _, m := range months {
		from := m.Time(0, 0, persian.Tehran).UTC()
		until := m.AddMonths(1).Time(0, 0, persian.Tehran).UTC()
		t, err := tx.CountUse(ctx, tenants.MonthOf(from.Add(time.Hour)), from, until)
		if err != nil {
			return err
		}
		if m != first {
			continue // the month is over: nobody can use less of it
		}
		if err := tx.WarnOfUse(ctx, t); err != nil {
			return err
		}
	}
	return noteSetup(ctx, tx, tenants.MonthOf(tx.Now()))
}

// noteSetup keeps how far the set-up is, so that the platform's list asks for no
// organization's rows.
func noteSetup(ctx context.Context, tx *tenants.Tx, month string) error {
	list, err := settings.Checklist(ctx, tx)
	if err != nil {
		return err
	}
	return tx.NoteSetup(ctx, month, settings.Progress(list), len(list), settings.Left(list))
}
