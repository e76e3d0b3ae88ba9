package directives

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Executive is a post with public meetings of its own; who holds it issues
// directives and accepts what became of them. Rows are read with the holder and
// the deputies of the moment, see Term.
type Executive struct {
	tenants.BaseModel `bun:"table:executives,alias:executive"`
	tenants.Owned
	ID       int64 `bun:",pk"`
	Code     string
	StaffID  *int64 // the holder's account; nil when the holder has none
	PostFA   string `bun:"post_fa"`
	PostEN   string `bun:"post_en"`
	NameFA   string `bun:"name_fa"`
	NameEN   string `bun:"name_en"`
	Position int
	Active   bool
	// InvitesOff leaves the calendars of the holder and the deputies alone: their
	// sessions are not mailed to them.
	InvitesOff bool
	Deputies   []int64 `bun:"-"` // accounts that stand in for the holder
}

// Executives lists the active executives in their order.
func Executives(ctx context.Context, r tenants.Reader) ([]Executive, error) {
	var list []Executive
	err := r.Select(&list).Where("executive.active").Order("executive.position", "executive.id").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	return list, inOffice(ctx, r, list, r.Now())
}

// Posts lists all posts in their order, the active ones first.
func Posts(ctx context.Context, r tenants.Reader) ([]Executive, error) {
	var list []Executive
	err := r.Select(&list).Order("executive.active DESC", "executive.position", "executive.id").Limit(500).Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	return list, inOffice(ctx, r, list, r.Now())
}

// ExecutiveByID reads one executive, active or not.
func ExecutiveByID(ctx context.Context, r tenants.Reader, id int64) (*Executive, error) {
	return InOfficeAt(ctx, r, id, r.Now())
}

// ExecutiveOfStaff reads the active post that a member of staff holds, else one
// for whose holder they stand in; NotFound for everybody else.
func ExecutiveOfStaff(ctx context.Context, r tenants.Reader, staffID int64) (*Executive, error) {
	list, err := PostsOfStaff(ctx, r, staffID)
	if err == nil && len(list) == 0 {
		err = errUnknown()
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// Seed writes the executives of an organization's specification in its order;
// staff maps user names to accounts. Conflict when a code stands already. The
// weekly windows are written by meetings.Seed.
func Seed(ctx context.Context, tx *tenants.Tx, specs []tenants.ExecutiveSpec, staff map[string]int64) ([]Executive, error) {
	list := make([]Executive, 0, len(specs))
	for i, s := range specs {
		e := Executive{
			ID: tenants.NewID(), Code: s.Code, PostFA: s.PostFA, PostEN: s.PostEN,
			NameFA: s.NameFA, NameEN: s.NameEN, Position: i, Active: true,
		}
		if id, ok := staff[s.User]; ok {
			e.StaffID = &id
		}
		if err := tx.Insert(ctx, &e); err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, "executive:create", "executive", e.ID, s.Code); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// Issues tells whether the actor may accept or return the reports of a unit in
// the executive's name: the holder of the post, who stands in for the holder now,
// or the executive's office as delegate. Nobody judges the work of the own unit
// (product.md, rule 2): helps tells that the own unit has a part, see Helping.
func (e *Executive) Issues(a tenants.Actor, unitID int64, helps bool) bool {
	if a.Kind != tenants.Staff || a.UnitID == unitID || helps {
		return false
	}
	return slices.Contains(e.Acting(), a.ID) || a.Office
}

// mustIssue is Forbidden unless the transaction acts for the executive.
func mustIssue(ctx context.Context, tx *tenants.Tx, d *Directive) error {
	e, err := ExecutiveByID(ctx, tx, d.ExecutiveID)
	if err != nil {
		return err
	}
	a := tx.Actor()
	helping, err := Helping(ctx, tx, a.UnitID, []int64{d.ID})
	if err != nil {
		return err
	}
	if !e.Issues(a, d.UnitID, helping[d.ID]) {
		return fault.New(fault.Forbidden, "directive.forbidden.issuer")
	}
	return nil
}

// Setting implements tenants.Setting.
func (e *Executive) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaExecutives, NameFA: e.PostFA, NameEN: e.PostEN}
}
