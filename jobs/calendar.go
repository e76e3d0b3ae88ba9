package jobs

import (
	"context"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// rewindTogether is how many open cases are looked at in one transaction.
const rewindTogether = 100

// calendarChanged winds the open cases of the organization again: their clocks
// are functions of the calendar, and what the rows keep of them is a cache. Public
// meetings on days that are closed now are cancelled, and their citizens told.
func calendarChanged(ctx context.Context, _ *Deps, db *tenants.DB, _ *tenants.Task) (string, error) {
	moved := 0
	for at, more := (complaints.Cursor{}), true; more; {
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			next, changed, err := complaints.Rewind(ctx, tx, at, rewindTogether)
			if err == nil {
				at, more, moved = next, next != (complaints.Cursor{}), moved+changed
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	sessions := 0
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		sessions, err = meetings.FollowCalendar(ctx, tx)
		return err
	})
	return strconv.Itoa(moved) + " moved, " + strconv.Itoa(sessions) + " sessions", err
}
