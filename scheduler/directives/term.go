package directives

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// TermKind tells who somebody is to a post.
type TermKind string

// The kinds of terms.
const (
	TermHolder TermKind = "holder"
	TermDeputy TermKind = "deputy" // stands in for the holder
)

// postRole is the role that whoever holds a post, or stands in, acts with.
const postRole = "executive"

// Term is a time in which somebody holds a post or stands in for its holder.
// The holder before the first term is on the row of the post.
type Term struct {
	tenants.BaseModel `bun:"table:executive_terms,alias:term"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ExecutiveID int64
	Kind        TermKind
	StaffID     *int64 // nil for a holder without an account
	NameFA      string `bun:"name_fa"`
	NameEN      string `bun:"name_en"`
	FromAt      time.Time
	UntilAt     *time.Time // nil for a holder whom nobody follows yet
}

// At tells whether the term runs at an instant: from its first one, until its
// last one is over.
func (t *Term) At(at time.Time) bool {
	return !t.FromAt.After(at) && (t.UntilAt == nil || t.UntilAt.After(at))
}

const termRuns = "term.from_at <= ? AND (term.until_at IS NULL OR term.until_at > ?)"

// Terms lists the terms of a post, the newest first.
func Terms(ctx context.Context, r tenants.Reader, executiveID int64) ([]Term, error) {
	var list []Term
	err := r.Select(&list).Where("term.executive_id = ?", executiveID).Order("term.from_at DESC", "term.id DESC").Limit(200).Scan(ctx)
	return list, tenants.Err(err)
}

// TermByID reads one term.
func TermByID(ctx context.Context, r tenants.Reader, id int64) (*Term, error) {
	t := new(Term)
	return t, tenants.Err(r.Select(t).Where("term.id = ?", id).Scan(ctx))
}

// inOffice puts those who are in office at an instant on the posts.
func inOffice(ctx context.Context, r tenants.Reader, list []Executive, at time.Time) error {
	if len(list) == 0 {
		return nil
	}
	ids, index := make([]int64, len(list)), map[int64]*Executive{}
	for i := range list {
		ids[i], index[list[i].ID] = list[i].ID, &list[i]
	}
	var terms []Term
	err := r.Select(&terms).Where("term.executive_id IN (?)", tenants.In(ids)).Where(termRuns, at, at).Order("term.id").Scan(ctx)
	for _, t := range terms {
		e := index[t.ExecutiveID]
		if t.Kind == TermHolder {
			e.StaffID, e.NameFA, e.NameEN = t.StaffID, t.NameFA, t.NameEN
			continue
		}
		e.Deputies = append(e.Deputies, *t.StaffID)
	}
	return tenants.Err(err)
}

// InOfficeAt reads a post as it was at an instant: who held it, who stood in.
func InOfficeAt(ctx context.Context, r tenants.Reader, id int64, at time.Time) (*Executive, error) {
	list := make([]Executive, 1)
	if err := r.Select(&list[0]).Where("executive.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return &list[0], inOffice(ctx, r, list, at)
}

// ofStaff selects the posts that somebody holds now or stands in for.
func ofStaff(r tenants.Reader, q *tenants.Query, staffID int64) *tenants.Query {
	now := r.Now()
	begun := r.Select((*Term)(nil)).ColumnExpr("1").Where("term.executive_id = executive.id AND term.kind = ? AND term.from_at <= ?", TermHolder, now)
	own := r.Select((*Term)(nil)).Column("executive_id").Where("term.staff_id = ?", staffID).Where(termRuns, now, now)
	return q.Where("(executive.staff_id = ? AND NOT EXISTS (?) OR executive.id IN (?))", staffID, begun, own)
}

// PostsOfStaff lists the active posts that somebody acts for now: held ones
// first, then those of people for whom they stand in.
func PostsOfStaff(ctx context.Context, r tenants.Reader, staffID int64) ([]Executive, error) {
	var list []Executive
	err := ofStaff(r, r.Select(&list), staffID).Where("executive.active").Order("executive.position", "executive.id").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if err := inOffice(ctx, r, list, r.Now()); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Executive) int { return a.behind(staffID) - b.behind(staffID) })
	return list, nil
}

// behind is 0 for a post that the account holds, 1 for others.
func (e *Executive) behind(staffID int64) int {
	if e.StaffID != nil && *e.StaffID == staffID {
		return 0
	}
	return 1
}

// Acting lists the accounts that act for the post now: holder and deputies.
func (e *Executive) Acting() []int64 {
	var ids []int64
	if e.StaffID != nil {
		ids = append(ids, *e.StaffID)
	}
	for _, id := range e.Deputies {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Commission gives the actor the role of executives while they act for a post:
// a deputy has it for the deputy's term and not a moment longer.
func Commission(ctx context.Context, r tenants.Reader, a *tenants.Actor) error {
	if a.Kind != tenants.Staff || a.Has(postRole) {
		return nil
	}
	acts, err := ofStaff(r, r.Select((*Executive)(nil)), a.ID).Where("executive.active").Exists(ctx)
	if err == nil && acts {
		a.Roles = append(slices.Clone(a.Roles), postRole)
	}
	return tenants.Err(err)
}

// Setting implements tenants.Setting.
func (t *Term) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaExecutives, NameFA: t.NameFA, NameEN: t.NameEN}
}
