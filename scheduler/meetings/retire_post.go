package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// PostDuties are what a post cannot be retired with.
type PostDuties struct{ Windows, Sessions, Directives int }

// Any tells whether there is anything left.
func (d PostDuties) Any() bool { return d.Windows+d.Sessions+d.Directives > 0 }

// DutiesOf counts the windows of a post, its sessions that have not ended and
// its directives that are not done.
func DutiesOf(ctx context.Context, r tenants.Reader, executiveID int64) (d PostDuties, err error) {
	n, err := r.Select((*Window)(nil)).Where("win.executive_id = ? AND win.active", executiveID).Count(ctx)
	if err != nil {
		return d, tenants.Err(err)
	}
	d.Windows = int(n)
	n, err = r.Select((*Session)(nil)).Where("session.executive_id = ? AND session.state = ? AND session.ends_at > ?", executiveID, SessionOpen, r.Now()).Count(ctx)
	if err != nil {
		return d, tenants.Err(err)
	}
	d.Sessions = int(n)
	d.Directives, err = directives.OpenOf(ctx, r, executiveID)
	return d, err
}

// RetirePost ends a post that has no windows, no session to come and no open
// directive. Conflict: posts.conflict.windows, posts.conflict.sessions,
// posts.conflict.directives, each with a number n.
func RetirePost(ctx context.Context, tx *tenants.Tx, executiveID int64) error {
	if err := standStill(ctx, tx, executiveID); err != nil {
		return err
	}
	d, err := DutiesOf(ctx, tx, executiveID)
	switch {
	case err != nil:
		return err
	case d.Windows > 0:
		return fault.New(fault.Conflict, "posts.conflict.windows", "n", d.Windows)
	case d.Sessions > 0:
		return fault.New(fault.Conflict, "posts.conflict.sessions", "n", d.Sessions)
	}
	return directives.Retire(ctx, tx, executiveID)
}
