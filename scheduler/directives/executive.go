package directives

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Executive is a post held by a person, with public meetings of its own; the
// one who issues directives and accepts what became of them.
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
}

// Executives lists the active executives in their order.
func Executives(ctx context.Context, r tenants.Reader) ([]Executive, error) {
	var list []Executive
	err := r.Select(&list).Where("executive.active").Order("executive.position", "executive.id").Scan(ctx)
	return list, tenants.Err(err)
}

// ExecutiveByID reads one executive, active or not.
func ExecutiveByID(ctx context.Context, r tenants.Reader, id int64) (*Executive, error) {
	e := new(Executive)
	return e, tenants.Err(r.Select(e).Where("executive.id = ?", id).Scan(ctx))
}

// ExecutiveOfStaff reads the active executive that a member of staff is;
// NotFound for everybody else.
func ExecutiveOfStaff(ctx context.Context, r tenants.Reader, staffID int64) (*Executive, error) {
	e := new(Executive)
	err := r.Select(e).Where("executive.staff_id = ? AND executive.active", staffID).
		Order("executive.position", "executive.id").Limit(1).Scan(ctx)
	return e, tenants.Err(err)
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

// issues tells whether the actor may accept or return reports in the
// executive's name: the holder of the post, or the executive's office as
// delegate. Nobody judges the work of the own unit (product.md, rule 2).
func (e *Executive) issues(a tenants.Actor, unitID int64) bool {
	if a.Kind != tenants.Staff {
		return false
	}
	if e.StaffID != nil && *e.StaffID == a.ID {
		return true
	}
	return a.Has("executive_office") && a.UnitID != unitID
}

// mustIssue is Forbidden unless the transaction acts for the executive.
func mustIssue(ctx context.Context, tx *tenants.Tx, d *Directive) error {
	e, err := ExecutiveByID(ctx, tx, d.ExecutiveID)
	if err != nil {
		return err
	}
	if !e.issues(tx.Actor(), d.UnitID) {
		return fault.New(fault.Forbidden, "directive.forbidden.issuer")
	}
	return nil
}
