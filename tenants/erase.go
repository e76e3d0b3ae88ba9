package tenants

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// Removal is the certificate of an organization that was deleted; it is begun
// with the deletion and complete when nothing is left.
type Removal struct {
	bun.BaseModel  `bun:"table:tenant_removals,alias:removal"`
	OrganizationID int64 `bun:",pk"`
	Number         string
	Slug           string
	NameFA         string `bun:"name_fa"`
	NameEN         string `bun:"name_en"`
	Reason         string
	AskedBy        string // whose name stood on the platform's account
	AskedAt        time.Time
	PackageSHA256  string `bun:"package_sha256"` // of the data that the organization confirmed to hold
	PackageMoment  *time.Time
	AuditSeq       int64 // the end of the organization's record
	AuditHash      string
	Counts         map[string]int64 `bun:"type:jsonb"` // rows by table
	TotalRows      int64
	Files          int64
	Bytes          int64 // of the files
	FinishedAt     *time.Time
	Seal           string // SHA-256 of all of the above
}

// UnscopedBeginRemoval writes the certificate down; Conflict when it stands.
func (r *Root) UnscopedBeginRemoval(ctx context.Context, m *Removal) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewInsert().Conn(c).Model(m).Exec(ctx)
		return err
	})
}

// UnscopedSaveRemoval writes what was deleted until now.
func (r *Root) UnscopedSaveRemoval(ctx context.Context, m *Removal) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewUpdate().Conn(c).Model(m).WherePK().Exec(ctx)
		return one(res, err)
	})
}

// UnscopedRemoval reads the certificate of an organization.
func (r *Root) UnscopedRemoval(ctx context.Context, organization int64) (*Removal, error) {
	m := new(Removal)
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(m).Where("organization_id = ?", organization).Scan(ctx)
	})
	return m, err
}

// unscopedEraser sees the rows of deleted organizations alone.
func (r *Root) unscopedEraser() *conn {
	if !r.postgres {
		return &conn{root: r, pool: r.writePool, begin: "BEGIN IMMEDIATE"}
	}
	return &conn{root: r, pool: r.writePool, begin: "BEGIN; SET LOCAL ROLE pasokh_eraser"}
}

// UnscopedErase deletes at most so many rows of a table of an organization that
// is deleted, and tells how many there were: those first that no row of the same
// table refers to. The database itself refuses it for any other organization.
func (r *Root) UnscopedErase(ctx context.Context, organization int64, t *WholeTable, limit int) (n int64, err error) {
	row := "rowid"
	if r.postgres {
		row = "ctid"
	}
	free := ""
	for _, column := range t.Own {
		free += fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM %q below WHERE below.tenant_id = x.tenant_id AND below.%q = x.id)", t.Name, column)
	}
	query := fmt.Sprintf("DELETE FROM %q WHERE %s IN (SELECT x.%s FROM %q x WHERE x.tenant_id = %d%s LIMIT %d) AND tenant_id IN (SELECT id FROM tenants WHERE deleted_at IS NOT NULL)",
		t.Name, row, row, t.Name, organization, free, limit) //nolint:gosec // of the catalog
	err = unscopedly(r.unscopedEraser(), func(c *conn) error {
		res, err := c.ExecContext(ctx, query)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// UnscopedLeft counts the rows that a table still has of a deleted organization.
func (r *Root) UnscopedLeft(ctx context.Context, organization int64, t *WholeTable) (n int64, err error) {
	err = unscopedly(r.unscopedEraser(), func(c *conn) error {
		return c.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %q WHERE tenant_id = %d", t.Name, organization)).Scan(&n)
	})
	return n, err
}

// UnscopedBare takes from the row of a deleted organization what is not needed to
// keep its name in the address taken: settings, hosts, limits, who is above and
// below it.
func (r *Root) UnscopedBare(ctx context.Context, organization int64) error {
	defer r.forgetTenants()
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		if _, err := r.write.NewDelete().Conn(c).Model((*Domain)(nil)).Where("organization_id = ?", organization).Exec(ctx); err != nil {
			return err
		}
		if _, err := r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).Set("parent_id = NULL").Where("parent_id = ?", organization).Exec(ctx); err != nil {
			return err
		}
		res, err := r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).
			Set("settings = '{}', quotas = '{}', host = '', parent_id = NULL, policy_version = 0").
			Where("id = ? AND deleted_at IS NOT NULL", organization).Exec(ctx)
		if err := one(res, err); err != nil {
			return err
		}
		r.rings.Delete(organization)
		return nil
	})
}

// UnscopedUndelete makes an organization whose import failed, and which has no
// rows any more, one that an import can be tried into again.
func (r *Root) UnscopedUndelete(ctx context.Context, organization int64) error {
	defer r.forgetTenants()
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).Set("deleted_at = NULL").Where("id = ?", organization).Exec(ctx)
		return err
	})
}

// UnscopedHold lays a legal hold on an organization, or lifts it when reason is
// empty: as long as it lies, nothing of the organization is deleted.
func (r *Root) UnscopedHold(ctx context.Context, organization int64, reason string) error {
	if n := len([]rune(reason)); n > maxReason {
		return fault.Field("hold", "standing.error.reason")
	}
	t := &Tenant{ID: organization, HoldReason: reason}
	if now := r.clock(); reason != "" {
		t.HeldAt = &now
	}
	return r.UnscopedSaveOrganization(ctx, t, "held_at", "hold_reason")
}

// EraseOrder is the order in which tables are emptied: those that refer to others
// before these.
func EraseOrder(tables []WholeTable) []WholeTable {
	list := slices.Clone(tables)
	slices.Reverse(list)
	// The keys go first of all: what is left a moment longer opens no more.
	slices.SortStableFunc(list, func(a, b WholeTable) int {
		return strings.Compare(keysFirst(a.Name), keysFirst(b.Name))
	})
	return list
}

func keysFirst(name string) string {
	if name == "tenant_keys" {
		return "0"
	}
	return "1"
}

// Forget drops what this process remembers of an organization: keys, settings.
func (r *Root) Forget(organization int64) {
	r.rings.Delete(organization)
	r.calendars.Delete(organization)
	r.forget(organization)
	r.forgetTenants()
}

// UnscopedRemovalsLeft lists the organizations that are not emptied yet.
func (r *Root) UnscopedRemovalsLeft(ctx context.Context) ([]Removal, error) {
	var list []Removal
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Where("finished_at IS NULL").Order("asked_at").Limit(100).Scan(ctx)
	})
	return list, err
}
