package staff

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Member is an account with the roles it holds.
type Member struct {
	Staff
	Roles []string // in alphabetical order
}

// Roster lists all accounts of the organization by user name, disabled ones
// too, with their roles. Two statements.
func Roster(ctx context.Context, r tenants.Reader) ([]Member, error) {
	var list []Staff
	if err := query(r, &list).Order("staff.user_name").Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "staff.Roster")
	}
	var held []Membership
	if err := r.Select(&held).Order("membership.role").Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "staff.Roster")
	}
	roles := map[int64][]string{}
	for _, m := range held {
		roles[m.StaffID] = append(roles[m.StaffID], m.Role)
	}
	members := make([]Member, len(list))
	for i, s := range list {
		members[i] = Member{Staff: s, Roles: roles[s.ID]}
	}
	return members, nil
}

// Colleagues gives accounts by their ids, disabled or not, without their
// password hashes; unknown ids are absent.
func Colleagues(ctx context.Context, r tenants.Reader, ids []int64) (map[int64]Staff, error) {
	found := make(map[int64]Staff, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var list []Staff
	err := query(r, &list).Where("staff.id IN (?)", tenants.In(ids)).Scan(ctx)
	for _, s := range list {
		found[s.ID] = s
	}
	return found, fault.Wrap(tenants.Err(err), "staff.Colleagues")
}
