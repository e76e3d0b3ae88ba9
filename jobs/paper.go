package jobs

import (
	"context"
	"errors"
	"maps"

	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// remindBoxes reminds every organization's PR office of the complaint boxes
// whose opening is overdue, once for each planned day.
func remindBoxes(ctx context.Context, d *Deps) error {
	today := complaints.VisitDay(persian.DateOf(d.Root.Clock()().In(persian.Tehran)))
	return eachWith(ctx, d, tenants.LateBoxes, today, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := complaints.RemindBoxes(ctx, tx)
			return err
		})
	})
}

// boxOverdue tells the PR office of one box.
func boxOverdue(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids complaints.BoxFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.BoxOverdue(ctx, db, notify.CauseOf(t), ids.BoxID)
}

// warnSources tells those in charge of the cases whose source wants its answer
// soon, or wanted it by now.
func warnSources(ctx context.Context, d *Deps) error {
	return eachWith(ctx, d, tenants.SourceDates, d.Root.Clock()().Add(complaints.SourceNotice), func(ctx context.Context, db *tenants.DB) error {
		seen := map[int64]error{}
		for ctx.Err() == nil {
			ids, err := complaints.SourceDue(ctx, db, sweepTogether)
			db.Release()
			if err != nil || len(ids) == 0 {
				return errors.Join(err, joined(seen))
			}
			if maps.Copy(seen, sweepGroup(ctx, d, dueOf(db, ids), oneByOne(complaints.WarnSource))); joined(seen) != nil {
				return joined(seen) // what failed stays due and would be read for ever
			}
		}
		return ctx.Err()
	})
}
