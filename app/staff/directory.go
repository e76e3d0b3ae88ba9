package staff

import (
	"context"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The states of an account.
const (
	StateActive   = "active"
	StateInvited  = "invited" // has no password yet
	StateDisabled = "disabled"
)

// States lists the states in the order of the filter.
func States() []string { return []string{StateActive, StateInvited, StateDisabled} }

// State is the state of the account.
func (s *Staff) State() string {
	switch {
	case s.DisabledAt != nil:
		return StateDisabled
	case !s.HasPassword:
		return StateInvited
	}
	return StateActive
}

// Filter narrows the directory; zero values leave it open.
type Filter struct {
	Search string // the beginning of the user name or of a word of the name
	UnitID int64
	Role   string
	State  string
	After  string // user name of the last row of the page before
}

// pageSize is how many accounts a page of the directory holds.
const pageSize = 50

// Directory is a page of the organization's accounts by user name, with their
// roles; more tells whether others follow. Two statements.
func Directory(ctx context.Context, r tenants.Reader, f Filter) (list []Member, more bool, err error) {
	var rows []Staff
	q := query(r, &rows).Order("staff.user_name").Limit(pageSize + 1)
	q = f.narrow(r, q)
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "staff.Directory")
	}
	if more = len(rows) > pageSize; more {
		rows = rows[:pageSize]
	}
	list, err = members(ctx, r, rows)
	return list, more, err
}

func (f *Filter) narrow(r tenants.Reader, q *tenants.Query) *tenants.Query {
	if f.After != "" {
		q = q.Where("staff.user_name > ?", f.After)
	}
	if f.UnitID != 0 {
		q = q.Where("staff.unit_id = ?", f.UnitID)
	}
	if f.Role != "" {
		q = q.Join("JOIN ? ON membership.staff_id = staff.id AND membership.role = ?", r.From((*Membership)(nil)), f.Role)
	}
	switch f.State {
	case StateActive:
		q = q.Where("staff.disabled_at IS NULL AND staff.password_hash <> ''")
	case StateInvited:
		q = q.Where("staff.disabled_at IS NULL AND staff.password_hash = ''")
	case StateDisabled:
		q = q.Where("staff.disabled_at IS NOT NULL")
	}
	if word := strings.ToLower(persian.CleanLine(f.Search)); word != "" {
		inside := "% " + likeEscapes.Replace(word) + "%"
		q = q.Where("(staff.user_name LIKE ? ESCAPE '\\' OR ' ' || staff.name_fa LIKE ? ESCAPE '\\' OR ' ' || lower(staff.name_en) LIKE ? ESCAPE '\\')", likeEscapes.Replace(UserName(word))+"%", inside, inside)
	}
	return q
}

// members adds the roles to accounts. One statement.
func members(ctx context.Context, r tenants.Reader, rows []Staff) ([]Member, error) {
	ids, list := make([]int64, len(rows)), make([]Member, len(rows))
	at := make(map[int64]*Member, len(rows))
	for i := range rows {
		ids[i], list[i] = rows[i].ID, Member{Staff: rows[i]}
		at[rows[i].ID] = &list[i]
	}
	if len(rows) == 0 {
		return list, nil
	}
	var held []Membership
	err := r.Select(&held).Where("membership.staff_id IN (?)", tenants.In(ids)).Order("membership.role").Scan(ctx)
	for _, m := range held {
		at[m.StaffID].Roles = append(at[m.StaffID].Roles, m.Role)
	}
	return list, fault.Wrap(tenants.Err(err), "staff.members")
}

// OpenPass is the newest live pass of a person, or nil when there is none.
func OpenPass(ctx context.Context, r tenants.Reader, id int64) (*Pass, error) {
	var list []Pass
	err := r.Select(&list).Where("pass.staff_id = ? AND pass.used_at IS NULL AND pass.expires_at > ?", id, r.Now()).Order("pass.id DESC").Limit(1).Scan(ctx)
	if err != nil || len(list) == 0 {
		return nil, fault.Wrap(tenants.Err(err), "staff.OpenPass")
	}
	return &list[0], nil
}
