package tenants

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Everything that crosses tenants is in this file and its neighbours
// (unscoped_*.go), and is called Unscoped….

// unscopedly runs fn in a transaction that sees all tenants.
func unscopedly(c *conn, fn func(*conn) error) error {
	err := fn(c)
	if endErr := c.end(err); err == nil {
		err = endErr
	}
	return Err(err)
}

// UnscopedTenants lists all organizations by slug, the platform's own included.
func (r *Root) UnscopedTenants(ctx context.Context) ([]Tenant, error) {
	var list []Tenant
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Order("slug").Scan(ctx)
	})
	return list, err
}

// UnscopedTenantByID reads one organization.
func (r *Root) UnscopedTenantByID(ctx context.Context, id int64) (*Tenant, error) {
	t := new(Tenant)
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(t).Where("id = ?", id).Scan(ctx)
	})
	return t, err
}

// takers are the organizations that take cases from others, as they were read a
// moment ago.
type takers struct {
	list  []Tenant
	until time.Time
}

// takersFor bounds how long a new organization stays unseen; whoever sends a case
// to one that has closed gets it back.
const takersFor = time.Minute

// UnscopedNeighbours lists the organizations that take cases from this one, by
// name; from memory when they were read a moment ago.
func (r *Root) UnscopedNeighbours(ctx context.Context, t *Tenant) ([]Tenant, error) {
	now := r.clock()
	known := r.takers.Load()
	if known == nil || now.After(known.until) || now.Before(known.until.Add(-2*takersFor)) {
		all, err := r.UnscopedTenants(ctx)
		if err != nil {
			return nil, err
		}
		list := slices.DeleteFunc(all, func(o Tenant) bool { return !o.TakesTransfers() })
		slices.SortFunc(list, func(a, b Tenant) int { return strings.Compare(a.NameFA, b.NameFA) })
		known = &takers{list, now.Add(takersFor)}
		r.takers.Store(known)
	}
	return slices.DeleteFunc(slices.Clone(known.list), func(o Tenant) bool { return o.ID == t.ID }), nil
}

// UnscopedDoor opens the door to another organization, for what goes from one to
// the other and nothing else. NotFound when there is none of the slug.
func (r *Root) UnscopedDoor(ctx context.Context, slug string) (*DB, error) {
	t, err := r.UnscopedTenantBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	return r.For(t), nil
}

type cached struct {
	tenant *Tenant
	until  time.Time
}

// cacheFor bounds how long a changed setting stays unseen by other processes.
const cacheFor = 5 * time.Second

// UnscopedTenantBySlug reads one organization, from memory when it was read a
// moment ago: every request asks.
func (r *Root) UnscopedTenantBySlug(ctx context.Context, slug string) (*Tenant, error) {
	now := r.clock()
	if hit, ok := r.cache.Load(slug); ok && fresh(hit.(cached).until, now) {
		return hit.(cached).tenant, nil
	}
	t := new(Tenant)
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(t).ColumnExpr("tenant.*").
			ColumnExpr("(SELECT COUNT(*) FROM tenants child WHERE child.parent_id = tenant.id) AS children").Where("tenant.slug = ?", slug).Scan(ctx)
	})
	if hit, ok := r.cache.Load(slug); ok && err != nil && Away(err) {
		return hit.(cached).tenant, nil // so that the page of the error is the organization's own
	}
	if err != nil {
		return nil, err
	}
	r.cache.Store(slug, cached{t, now.Add(cacheFor)})
	return t, nil
}

// UnscopedCreateTenant writes a new organization; Conflict when the slug is taken.
func (r *Root) UnscopedCreateTenant(ctx context.Context, t *Tenant) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewInsert().Conn(c).Model(t).Exec(ctx)
		return err
	})
}

// UnscopedSaveSettings writes the organization's settings; other processes see
// them within a few seconds.
func (r *Root) UnscopedSaveSettings(ctx context.Context, t *Tenant) error {
	defer r.cache.Delete(t.Slug)
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewUpdate().Conn(c).Model(t).Column("settings").WherePK().Exec(ctx)
		return err
	})
}

// UnscopedPolicyVersions tells the version of every organization that has ever
// changed the built-in policy.
func (r *Root) UnscopedPolicyVersions(ctx context.Context) (map[int64]int64, error) {
	var list []Tenant
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Column("id", "policy_version").Where("policy_version > 0").Scan(ctx)
	})
	versions := make(map[int64]int64, len(list))
	for _, t := range list {
		versions[t.ID] = t.PolicyVersion
	}
	return versions, err
}

// Holiday is an official holiday of the country, for all organizations.
type Holiday struct {
	bun.BaseModel `bun:"table:holidays,alias:holiday"`
	Day           string `bun:",pk"` // Gregorian, YYYY-MM-DD
	NameFA        string `bun:"name_fa"`
	NameEN        string `bun:"name_en"`
}

// UnscopedSaveHolidays writes holidays, renaming those that stand.
func (r *Root) UnscopedSaveHolidays(ctx context.Context, days []Holiday) error {
	if len(days) == 0 {
		return nil
	}
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewInsert().Conn(c).Model(&days).
			On("CONFLICT (day) DO UPDATE SET name_fa = EXCLUDED.name_fa, name_en = EXCLUDED.name_en").Exec(ctx)
		return err
	})
}

// UnscopedHolidays lists the holidays from one day to another, both included.
func (r *Root) UnscopedHolidays(ctx context.Context, from, until string) ([]Holiday, error) {
	var list []Holiday
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Where("day BETWEEN ? AND ?", from, until).Order("day").Scan(ctx)
	})
	return list, err
}

// Due names one row whose clock has come.
type Due struct {
	TenantID int64
	ID       int64
}

// UnscopedDueComplaints lists complaints whose next clock event has come.
func (r *Root) UnscopedDueComplaints(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return r.due(ctx, "complaints", now, limit)
}

// UnscopedDueDirectives lists directives whose next clock event has come.
func (r *Root) UnscopedDueDirectives(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return r.due(ctx, "directives", now, limit)
}

// UnscopedDueParts lists parts of directives whose next clock event has come.
func (r *Root) UnscopedDueParts(ctx context.Context, now time.Time, limit int) ([]Due, error) {
	return r.due(ctx, "directive_parts", now, limit)
}

func (r *Root) due(ctx context.Context, table string, now time.Time, limit int) ([]Due, error) {
	var list []Due
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).TableExpr("?", bun.Ident(table)).Column("tenant_id", "id").
			Where("next_clock_at <= ?", now).Order("next_clock_at").Limit(int64(limit)).Scan(ctx, &list)
	})
	return list, err
}

// UnscopedDueBooking lists the organizations in which a draw is to be held, a
// request for documents is over, or somebody waits in a line for a seat.
func (r *Root) UnscopedDueBooking(ctx context.Context, now time.Time) ([]int64, error) {
	var list []int64
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewRaw("SELECT tenant_id FROM meeting_draws WHERE drawn_at IS NULL AND closes_at <= ?"+
			" UNION SELECT tenant_id FROM meetings WHERE asked_until IS NOT NULL AND asked_until <= ? AND state = 'requested'"+
			" UNION SELECT id FROM tenants WHERE (SELECT 1 FROM meeting_waits WHERE tenant_id = tenants.id AND state IN ('waiting','offered') LIMIT 1) IS NOT NULL",
			now, now).Conn(c).Scan(ctx, &list)
	})
	return list, err
}
