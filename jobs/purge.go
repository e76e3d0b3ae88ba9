package jobs

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/handover"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// purge removes what has ended: drafts with their files, holds of meeting
// places, sessions, codes, the files of old imports, tasks done long ago, and stored
// bytes that no row names.
func purge(ctx context.Context, d *Deps) error {
	return eachKept(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return purgeRows(ctx, tx) })
		if err == nil {
			err = purgeTasks(ctx, db)
		}
		if err != nil || d.Files == nil {
			return err
		}
		if _, err = files.Sweep(ctx, db, d.Files); err != nil {
			return err
		}
		_, err = handover.Purge(ctx, db, d.Files)
		return err
	})
}

// purgeRows removes the rows of an organization whose time is over.
func purgeRows(ctx context.Context, tx *tenants.Tx) error {
	if _, err := files.PurgeDrafts(ctx, tx); err != nil {
		return err
	}
	if _, err := meetings.PurgeHolds(ctx, tx); err != nil {
		return err
	}
	if _, err := meetings.PurgeDayActs(ctx, tx); err != nil {
		return err
	}
	if _, err := meetings.PurgeInvites(ctx, tx); err != nil {
		return err
	}
	if _, err := complaints.PurgeImports(ctx, tx); err != nil {
		return err
	}
	if _, err := notify.PurgeNotifications(ctx, tx); err != nil {
		return err
	}
	if err := purgeStaff(ctx, tx); err != nil {
		return err
	}
	if _, err := citizens.PurgeMoves(ctx, tx); err != nil {
		return err
	}
	_, err := citizens.PurgeExpired(ctx, tx)
	return err
}

const (
	// tasksKept is how long the outbox tells of what was done: longer than any
	// provider takes to say what became of a message, and any question about it.
	tasksKept = 30 * day
	// purgeTogether tasks are removed in a transaction, and purgeTimes of those in an
	// hour at most: a long past is worked off bit by bit.
	purgeTogether = 1000
	purgeTimes    = 50
)

// purgeTasks removes what was done long ago from the outbox.
func purgeTasks(ctx context.Context, db *tenants.DB) error {
	for range purgeTimes {
		var n int64
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
			n, err = tx.PurgeTasks(ctx, tx.Now().Add(-tasksKept), purgeTogether)
			return err
		})
		if err != nil || n < purgeTogether {
			return err
		}
	}
	return nil
}

// purgeStaff removes what has ended about the accounts of the staff.
func purgeStaff(ctx context.Context, tx *tenants.Tx) error {
	if _, err := staff.PurgePasses(ctx, tx); err != nil {
		return err
	}
	if _, err := staff.PurgeLeft(ctx, tx); err != nil {
		return err
	}
	return staff.PurgeSignIns(ctx, tx)
}
