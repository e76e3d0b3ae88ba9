package handover

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Ending is how near an organization is to being deleted.
type Ending struct {
	Blocks  []string // message keys of what stands in the way; none: it may be deleted
	Holding *Order   // the package that it confirmed to hold
}

// EndingOf tells it; nil while the organization is not closing.
func EndingOf(ctx context.Context, r tenants.Reader, t *tenants.Tenant) (*Ending, error) {
	if t.Standing() != tenants.StatusClosing {
		return nil, nil //nolint:nilnil // it does not end
	}
	e := new(Ending)
	if t.HeldAt != nil {
		e.Blocks = append(e.Blocks, "handover.block.hold")
	}
	open, err := tenants.LookedInto(ctx, r)
	if err != nil {
		return nil, err
	}
	if open {
		e.Blocks = append(e.Blocks, "standing.error.emergency")
	}
	if at := t.Closed(); r.Now().Before(at) {
		e.Blocks = append(e.Blocks, "handover.block.waiting")
	}
	var list []Order
	q := r.Select(&list).Where("export.confirmed_at IS NOT NULL AND export.taken_moment >= ?", t.Closed()).Order("export.id DESC").Limit(1)
	if err := q.Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "handover.EndingOf")
	}
	if len(list) == 0 {
		e.Blocks = append(e.Blocks, "handover.block.unconfirmed")
	} else {
		e.Holding = &list[0]
	}
	working, err := r.Select((*Order)(nil)).Where("export.state IN (?)", tenants.In([]string{Waiting, Running})).Exists(ctx)
	if working {
		e.Blocks = append(e.Blocks, "handover.error.busy")
	}
	return e, fault.Wrap(tenants.Err(err), "handover.EndingOf")
}

// End deletes an organization: it is nobody's host from now on, and a clock
// empties it. Conflict with what stands in the way; Invalid without a reason or
// when typed is not its name in the address. by is who of the platform asked.
func End(ctx context.Context, root *tenants.Root, t *tenants.Tenant, reason, typed, by string) (*tenants.Removal, error) {
	reason = persian.CleanLine(reason)
	if typed != t.Slug {
		return nil, fault.Field("slug_again", "handover.error.slug")
	}
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return nil, fault.Field("end_reason", "standing.error.reason")
	}
	db := root.For(t)
	defer db.Release()
	e, err := EndingOf(ctx, db, t)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return nil, fault.New(fault.Conflict, "standing.error.move")
	}
	if len(e.Blocks) > 0 {
		return nil, fault.New(fault.Conflict, e.Blocks[0])
	}
	db.Release()
	m := &tenants.Removal{
		OrganizationID: t.ID, Slug: t.Slug, NameFA: t.NameFA, NameEN: t.NameEN, Reason: reason, AskedBy: by, AskedAt: root.Clock()(),
		PackageSHA256: e.Holding.SHA256, PackageMoment: e.Holding.TakenMoment, Counts: map[string]int64{},
	}
	m.Number = numberOf(m)
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return audit.Record(ctx, tx, "organization:end", "tenant", t.ID, reason)
	})
	if err != nil {
		return nil, err
	}
	if m.AuditSeq, m.AuditHash, err = audit.End(ctx, db); err != nil {
		return nil, err
	}
	db.Release()
	if err := root.UnscopedBeginRemoval(ctx, m); err != nil && !fault.Is(err, fault.Conflict) {
		return nil, fault.Wrap(err, "handover.End")
	}
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Move(ctx, tenants.StatusDeleted, reason) })
	return m, err
}

// Again deletes an organization that a restored backup brought back: it was deleted
// at that time. The certificate of then is gone with the database of then; a new one
// says why.
func Again(ctx context.Context, root *tenants.Root, store *files.Store, t *tenants.Tenant, at time.Time) error {
	if t.Standing() != tenants.StatusDeleted {
		m := &tenants.Removal{
			OrganizationID: t.ID, Slug: t.Slug, NameFA: t.NameFA, NameEN: t.NameEN, Reason: "restore", AskedBy: "restore", AskedAt: at, Counts: map[string]int64{},
		}
		m.Number = numberOf(m)
		if err := root.UnscopedBeginRemoval(ctx, m); err != nil && !fault.Is(err, fault.Conflict) {
			return fault.Wrap(err, "handover.Again")
		}
		if err := root.UnscopedSaveOrganization(ctx, &tenants.Tenant{ID: t.ID, DeletedAt: &at, StatusAt: &at}, "deleted_at", "status_at"); err != nil {
			return fault.Wrap(err, "handover.Again")
		}
	}
	_, err := Erase(ctx, root, store, t.ID)
	return fault.Wrap(err, "handover.Again")
}

// numberOf is the number of a certificate: the year and the organization.
func numberOf(m *tenants.Removal) string {
	return fmt.Sprintf("%d-%d", persian.DateOf(m.AskedAt.In(persian.Tehran)).Year, m.OrganizationID)
}

// eraseGrace is how long after a deletion other processes may still know the
// organization, and write something for it.
const eraseGrace = 30 * time.Second

// EraseDue empties the organizations that were deleted, as far as the time of ctx
// goes, and tells how many came to their end.
func EraseDue(ctx context.Context, root *tenants.Root, store *files.Store) (n int, err error) {
	list, err := root.UnscopedRemovalsLeft(ctx)
	for i := range list {
		if root.Clock()().Sub(list[i].AskedAt) < eraseGrace {
			continue
		}
		t, err := root.UnscopedTenantByID(ctx, list[i].OrganizationID)
		if err != nil {
			return n, err
		}
		if t.Standing() != tenants.StatusDeleted {
			continue
		}
		if _, err := Erase(ctx, root, store, list[i].OrganizationID); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}
