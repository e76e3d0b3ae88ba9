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
// places, sessions, codes, the files of old imports, and stored bytes that no row names.
func purge(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			if _, err := files.PurgeDrafts(ctx, tx); err != nil {
				return err
			}
			if _, err := meetings.PurgeHolds(ctx, tx); err != nil {
				return err
			}
			if _, err := meetings.PurgeDayActs(ctx, tx); err != nil {
				return err
			}
			if _, err := complaints.PurgeImports(ctx, tx); err != nil {
				return err
			}
			if _, err := notify.PurgeNotifications(ctx, tx); err != nil {
				return err
			}
			if _, err := staff.PurgePasses(ctx, tx); err != nil {
				return err
			}
			if err := staff.PurgeSignIns(ctx, tx); err != nil {
				return err
			}
			if _, err := citizens.PurgeMoves(ctx, tx); err != nil {
				return err
			}
			_, err := citizens.PurgeExpired(ctx, tx)
			return err
		})
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
