// Package staff holds the people who work for an organization: their accounts,
// the roles they hold, and signing in and out.
package staff

import (
	"context"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Staff is one member of staff of one organization. Somebody who works for two
// organizations has two accounts.
type Staff struct {
	tenants.BaseModel `bun:"table:staff,alias:staff"`
	tenants.Owned
	ID           int64         `bun:",pk"`
	UserName     string        // lower case, ASCII digits; one per organization
	PasswordHash string        `json:"-"` // empty in everything that this room returns
	NameFA       string        `bun:"name_fa"`
	NameEN       string        `bun:"name_en"`
	Mobile       string        // E.164, or empty
	Email        string        // or empty
	Language     messages.Lang // of what we tell the person
	Digest       bool          // gets what is not urgent as one message in the morning
	Extension    string        // ASCII digits of the own telephone, or empty
	UnitID       *int64
	DisabledAt   *time.Time
	SignedInAt   *time.Time // the last time
	PasswordAt   *time.Time // when the password was chosen by its owner
	FactorAt     *time.Time // since when there is a second factor; nil: none
	LinkedAt     *time.Time // since when there are links to accounts elsewhere
	CreatedAt    time.Time
	HasPassword  bool `bun:",scanonly"` // false until an invitation is taken up
}

// Membership gives one member of staff one role of product.md.
type Membership struct {
	tenants.BaseModel `bun:"table:memberships,alias:membership"`
	tenants.Owned
	StaffID   int64  `bun:",pk"`
	Role      string `bun:",pk"`
	GrantedAt time.Time
}

// Name is what a person is called in both languages.
type Name struct{ FA, EN string }

// UserName is the one form of a user name, whatever keyboard typed it; limits of
// sign-in tries count by it too.
func UserName(typed string) string {
	return strings.ToLower(persian.ToASCII(persian.CleanLine(typed)))
}

// query reads accounts, always without their password hashes.
func query(r tenants.Reader, model any) *tenants.Query {
	return r.Select(model).ExcludeColumn("password_hash").ColumnExpr("staff.password_hash <> '' AS has_password")
}

// ByID reads one account, disabled or not; NotFound when this organization has
// no such account.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Staff, error) {
	s := new(Staff)
	if err := query(r, s).Where("staff.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return s, nil
}

// ByUserName reads one account by its user name as people type it.
func ByUserName(ctx context.Context, r tenants.Reader, typed string) (*Staff, error) {
	s := new(Staff)
	if err := query(r, s).Where("staff.user_name = ?", UserName(typed)).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return s, nil
}

// OfUnit lists the active staff of a unit by user name.
func OfUnit(ctx context.Context, r tenants.Reader, unitID int64) ([]Staff, error) {
	var list []Staff
	err := query(r, &list).Where("staff.unit_id = ? AND staff.disabled_at IS NULL", unitID).
		Order("staff.user_name").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.OfUnit")
}

// WithRole lists the active staff who hold the role, in one unit or (nil) in
// the whole organization, by user name.
func WithRole(ctx context.Context, r tenants.Reader, role string, unitID *int64) ([]Staff, error) {
	var list []Staff
	q := query(r, &list).
		Join("JOIN ? ON membership.staff_id = staff.id", r.From((*Membership)(nil))).
		Where("membership.role = ? AND staff.disabled_at IS NULL", role).Order("staff.user_name")
	if unitID != nil {
		q = q.Where("staff.unit_id = ?", *unitID)
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "staff.WithRole")
}

// Roles lists the roles that an account holds, in alphabetical order.
func Roles(ctx context.Context, r tenants.Reader, id int64) ([]string, error) {
	var list []Membership
	err := r.Select(&list).Where("membership.staff_id = ?", id).Order("membership.role").Scan(ctx)
	roles := make([]string, len(list))
	for i, m := range list {
		roles[i] = m.Role
	}
	return roles, fault.Wrap(tenants.Err(err), "staff.Roles")
}

// Names gives the names of accounts, disabled or not; unknown ids are absent.
func Names(ctx context.Context, r tenants.Reader, ids []int64) (map[int64]Name, error) {
	names := make(map[int64]Name, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	var list []Staff
	err := r.Select(&list).Column("id", "name_fa", "name_en").Where("staff.id IN (?)", tenants.In(ids)).Scan(ctx)
	for _, s := range list {
		names[s.ID] = Name{FA: s.NameFA, EN: s.NameEN}
	}
	return names, fault.Wrap(tenants.Err(err), "staff.Names")
}
