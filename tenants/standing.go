package tenants

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
)

// moves says which status may follow which. Deleted follows closing alone, and
// nothing follows it.
var moves = map[Status][]Status{
	StatusDraft:     {StatusPilot, StatusLive, StatusClosing},
	StatusPilot:     {StatusLive, StatusDraft, StatusSuspended, StatusClosing},
	StatusLive:      {StatusSuspended, StatusClosing},
	StatusSuspended: {StatusLive, StatusPilot, StatusClosing},
	StatusClosing:   {StatusLive, StatusDeleted},
}

// Statuses lists all of them in the order of an organization's life.
func Statuses() []Status {
	return []Status{StatusDraft, StatusPilot, StatusLive, StatusSuspended, StatusClosing, StatusDeleted}
}

// Standing is the status with deletion told apart.
func (t *Tenant) Standing() Status {
	if t.DeletedAt != nil {
		return StatusDeleted
	}
	return t.Status
}

// Moves lists the statuses that may follow the present one.
func (t *Tenant) Moves() []Status { return slices.Clone(moves[t.Standing()]) }

// Works tells whether the organization's clocks run: what was promised is kept
// until the end, except while nobody may act.
func (t *Tenant) Works() bool {
	switch t.Standing() {
	case StatusSuspended, StatusDeleted:
		return false
	}
	return true
}

// ReadOnly tells whether nobody may change anything here now: while it is
// suspended, and once the waiting of one that closes is over.
func (t *Tenant) ReadOnly(now time.Time) bool {
	return t.Standing() == StatusSuspended || t.Standing() == StatusClosing && t.ClosesAt != nil && !now.Before(*t.ClosesAt)
}

// ClosingTime is how long an organization that closes goes on answering what was
// filed, before it is only read and may be deleted.
const ClosingTime = 30 * 24 * time.Hour

// Closed is from when on a closing organization is only read.
func (t *Tenant) Closed() time.Time {
	switch {
	case t.ClosesAt != nil:
		return *t.ClosesAt
	case t.StatusAt != nil: // it closed before the day was kept
		return t.StatusAt.Add(ClosingTime)
	}
	return t.CreatedAt.Add(ClosingTime)
}

// Hidden tells whether citizens see nothing but the name and the contacts.
func (t *Tenant) Hidden() bool { return t.StaffOnly || t.Standing() == StatusDraft }

// Begins refuses a new case or a new booking where there may be none, whoever
// asks by whatever way: nobody begins while the organization is suspended,
// closing or deleted, and citizens do not begin themselves before it opens.
func (tx *Tx) Begins() error {
	t := tx.tenant
	if t.Serves() && !t.StaffOnly {
		return nil
	}
	if (t.Serves() || t.Standing() == StatusDraft) && tx.actor.Kind != Citizen {
		return nil
	}
	return fault.New(fault.Conflict, "standing.no_new")
}

// maxReason bounds the reason of a move, in characters.
const maxReason = 500

// emergencyGrant is as much of a grant of app/emergency as has to be known here.
type emergencyGrant struct {
	BaseModel `bun:"table:emergency_grants,alias:g"`
	Owned
	ID int64 `bun:",pk"`
}

// LookedInto tells whether somebody of the platform can look at the
// organization's pages at this moment, by emergency access.
func LookedInto(ctx context.Context, r Reader) (bool, error) {
	open, err := r.Select((*emergencyGrant)(nil)).Where("g.expires_at > ? AND g.ended_at IS NULL", r.Now()).Exists(ctx)
	return open, fault.Wrap(Err(err), "tenants.LookedInto")
}

// Move takes the organization to another status. Invalid without a reason (field
// reason), Conflict when the status may not follow the present one, or when it
// ends while somebody has emergency access. The caller audits it.
func (tx *Tx) Move(ctx context.Context, to Status, reason string) error {
	if n := len([]rune(reason)); n < 3 || n > maxReason {
		return fault.Field("reason", "standing.error.reason")
	}
	row, err := tx.lockTenant(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(row.Moves(), to) {
		return fault.New(fault.Conflict, "standing.error.move")
	}
	if to == StatusClosing || to == StatusDeleted {
		if open, err := LookedInto(ctx, tx); err != nil {
			return err
		} else if open {
			return fault.New(fault.Conflict, "standing.error.emergency")
		}
	}
	now := tx.now
	if to == StatusDeleted && (row.HeldAt != nil || now.Before(row.Closed())) {
		return fault.New(fault.Conflict, "standing.error.early")
	}
	row.StatusAt = &now
	if to == StatusDeleted {
		row.DeletedAt = &now
	} else {
		row.Status, row.ClosesAt = to, nil
	}
	if to == StatusClosing {
		until := now.Add(ClosingTime)
		row.ClosesAt = &until
	}
	return tx.saveTenant(ctx, row, "status", "status_at", "deleted_at", "closes_at")
}

// ShowStaffOnly switches the pages of citizens off, and on again.
func (tx *Tx) ShowStaffOnly(ctx context.Context, on bool) error {
	row, err := tx.lockTenant(ctx)
	if err != nil {
		return err
	}
	row.StaffOnly = on
	return tx.saveTenant(ctx, row, "staff_only")
}

func (tx *Tx) lockTenant(ctx context.Context) (*Tenant, error) {
	row := new(Tenant)
	q := tx.root.write.NewSelect().Conn(tx.conn).Model(row).Where("tenant.id = ?", tx.tenant.ID)
	return row, fault.Wrap(Err(q.Scan(ctx)), "tenants.lockTenant")
}

// saveTenant writes columns of the organization itself; caches of this process
// forget it at the commit, those of others within cacheFor.
func (tx *Tx) saveTenant(ctx context.Context, row *Tenant, columns ...string) error {
	tx.conn.settings = true
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model(row).Column(columns...).Where("id = ?", tx.tenant.ID).Exec(ctx)
	return fault.Wrap(one(res, err), "tenants.saveTenant")
}
