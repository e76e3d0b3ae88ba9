package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// A confidential case is about a member of staff. Who is shown it is decided
// here and nowhere else: every list goes through discreet, every command
// through hiddenFrom. It is shown to who inspects; where nobody does, the PR
// office keeps it and its arbiter sees it; never to somebody it names.

// Named says that a case is about a member of staff.
type Named struct {
	tenants.BaseModel `bun:"table:named_staff,alias:named"`
	tenants.Owned
	ComplaintID ID    `bun:",pk"`
	StaffID     int64 `bun:",pk"`
	NamedBy     int64
	NamedAt     time.Time
}

// discreet leaves the cases (alias c) out that are kept from the actor.
func discreet(r tenants.Reader, q *tenants.Query, actor tenants.Actor) *tenants.Query {
	if actor.Kind == tenants.System {
		return q
	}
	named := r.Select((*Named)(nil)).ColumnExpr("1").Where("named.complaint_id = c.id AND named.staff_id = ?", actor.ID)
	switch {
	case actor.Inspects:
		return q.Where("(NOT c.confidential OR NOT EXISTS (?))", named)
	case actor.Arbitrates:
		return q.Where("(NOT c.confidential OR c.unit_id = ? AND NOT EXISTS (?))", actor.UnitID, named)
	}
	return q.Where("NOT c.confidential")
}

// The permissions by which somebody keeps confidential cases: of inspection, and
// of the PR office.
const (
	inspects   = "complaint:inspect"
	arbitrates = "complaint:arbitrate"
)

// hiddenFrom tells whether the case is kept from the actor.
func (c *Complaint) hiddenFrom(ctx context.Context, r tenants.Reader, actor tenants.Actor) (bool, error) {
	if !c.Confidential || actor.Kind != tenants.Staff {
		return false, nil
	}
	if !actor.Inspects && !(actor.Arbitrates && actor.UnitID == c.UnitID) {
		return true, nil
	}
	named, err := r.Select((*Named)(nil)).Where("named.complaint_id = ? AND named.staff_id = ?", c.ID, actor.ID).Exists(ctx)
	return named, fault.Wrap(tenants.Err(err), "complaints.hiddenFrom")
}

// worked narrows a list of work to what the actor works on: for who inspects
// only, the cases of inspection.
func worked(q *tenants.Query, actor tenants.Actor) *tenants.Query {
	if !actor.InspectsOnly {
		return q
	}
	return q.Where("(c.confidential OR c.unit_id = ?)", actor.UnitID)
}

// inspected is Forbidden for who inspects only, unless inspection has the case.
func (c *Complaint) inspected(ctx context.Context, tx *tenants.Tx) error {
	a := tx.Actor()
	if !a.InspectsOnly || c.ofInspection(a) {
		return nil
	}
	_, err := legOf(ctx, tx, c, a.UnitID)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Forbidden, "confidential.error.inspection_only")
	}
	return err
}

// ofInspection tells whether a case is one that the inspector works on.
func (c *Complaint) ofInspection(a tenants.Actor) bool { return c.Confidential || c.UnitID == a.UnitID }

// IdentityFor is how long the person behind a confidential case is shown to who
// asked for it with a reason.
const IdentityFor = 30 * time.Minute

// revealed finds, for a case (alias c), that the actor asked who stands behind
// it a short while ago.
func revealed(r tenants.Reader, actor tenants.Actor) *tenants.Query {
	return r.Select((*timeline.Event)(nil)).ColumnExpr("1").
		Where("event.subject_kind = 'complaint' AND event.subject_id = c.id AND event.kind = 'complaint.identity_shown'").
		Where("event.actor_id = ? AND event.at > ?", actor.ID, r.Now().Add(-IdentityFor))
}

// Masked tells whether the folder keeps back who stands behind the case.
func (f *Folder) Masked() bool { return f.Confidential && !f.Anonymous() && f.Mobile == "" }

// MaySee tells which of the staff are shown the case. Their actors carry what
// the policy lets them do.
func MaySee(ctx context.Context, r tenants.Reader, c *Complaint, people []tenants.Actor) ([]tenants.Actor, error) {
	legs, err := Legs(ctx, r, c.ID)
	if err != nil {
		return nil, err
	}
	named, err := c.named(ctx, r)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(people), func(a tenants.Actor) bool {
		if c.Confidential && (slices.Contains(named, a.ID) || !a.Inspects && !(a.Arbitrates && a.UnitID == c.UnitID)) {
			return true
		}
		own := func(l Referral) bool { return a.Covers(l.UnitID) }
		return !a.SeesAll && !a.Covers(c.UnitID) && !slices.ContainsFunc(legs, own)
	}), nil
}

// named lists whom the case is about.
func (c *Complaint) named(ctx context.Context, r tenants.Reader) (ids []int64, err error) {
	err = r.Select((*Named)(nil)).Column("staff_id").Where("named.complaint_id = ?", c.ID).Order("named.staff_id").Scan(ctx, &ids)
	return ids, fault.Wrap(tenants.Err(err), "complaints.named")
}

// NamedOf lists the accounts that the case is about.
func NamedOf(ctx context.Context, r tenants.Reader, c *Complaint) ([]staff.Staff, error) {
	ids, err := c.named(ctx, r)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	people, err := staff.Colleagues(ctx, r, ids)
	list := make([]staff.Staff, 0, len(ids))
	for _, id := range ids {
		list = append(list, people[id])
	}
	return list, err
}

// Keepers lists who answers for a confidential case where it is now, and is told
// of it: the inspectors of the unit that has it, or the manager of the PR
// office; nobody whom it names.
func Keepers(ctx context.Context, r tenants.Reader, c *Complaint) ([]staff.Staff, error) {
	return c.keepersIn(ctx, r, c.UnitID)
}

func (c *Complaint) keepersIn(ctx context.Context, r tenants.Reader, unit int64) ([]staff.Staff, error) {
	u, err := tenants.UnitByID(ctx, r, unit)
	if err != nil {
		return nil, err
	}
	right := inspects
	if u.Kind == tenants.UnitPROffice {
		right = arbitrates
	}
	list, err := staff.Able(ctx, r, &unit, right)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	named, err := c.named(ctx, r)
	return slices.DeleteFunc(list, func(s staff.Staff) bool { return slices.Contains(named, s.ID) }), err
}

// onlyKeepers refuses accounts that are not shown the confidential case.
func (c *Complaint) onlyKeepers(ctx context.Context, r tenants.Reader, ids []int64) error {
	able, err := Keepers(ctx, r, c)
	if err != nil {
		return err
	}
	all, err := staff.Able(ctx, r, nil, inspects)
	if err != nil {
		return err
	}
	named, err := c.named(ctx, r)
	if err != nil {
		return err
	}
	for _, id := range ids {
		own := func(s staff.Staff) bool { return s.ID == id }
		if slices.Contains(named, id) || !slices.ContainsFunc(able, own) && !slices.ContainsFunc(all, own) {
			return fault.Field("text", "confidential.error.mention")
		}
	}
	return nil
}

// keptBy refuses to put a confidential case into the hands of somebody else
// than its keepers.
func (c *Complaint) keptBy(ctx context.Context, r tenants.Reader, id int64) error {
	able, err := Keepers(ctx, r, c)
	if err == nil && !slices.ContainsFunc(able, func(s staff.Staff) bool { return s.ID == id }) {
		return fault.Field("staff", "confidential.error.mention")
	}
	return err
}
