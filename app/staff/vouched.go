package staff

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Vouched signs in somebody whom the organization's own sign-in service proves;
// the account's second factor is asked for, and dangerous acts want a proof of
// ours. by is a word for the record.
func Vouched(ctx context.Context, tx *tenants.Tx, id int64, from Device, by string) (*SignedIn, error) {
	return enter(ctx, tx, id, from, by)
}

// ByEmail lists the accounts with the address, in whatever case it was typed.
func ByEmail(ctx context.Context, r tenants.Reader, address string) ([]Staff, error) {
	var list []Staff
	err := query(r, &list).Where("LOWER(staff.email) = ?", strings.ToLower(address)).Order("staff.id").Limit(2).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.ByEmail")
}

// Provision makes an account for somebody whom a service has proved: without a
// password, and without a link to choose one. Field errors as Invite's.
func Provision(ctx context.Context, tx *tenants.Tx, in Invitation) (*Staff, error) {
	s, err := in.account(ctx, tx)
	if err != nil {
		return nil, err
	}
	roles, err := rolesOf(ctx, tx, in.Roles)
	if err != nil {
		return nil, err
	}
	isNew, err := tx.InsertNew(ctx, s)
	if err != nil {
		return nil, fault.Wrap(err, "staff.Provision")
	}
	if !isNew {
		return nil, fault.Field("user_name", "staff.error.taken")
	}
	if err := writeRoles(ctx, tx, s.ID, roles, nil); err != nil {
		return nil, err
	}
	return s, audit.Record(ctx, tx, "staff:provision", "staff", s.ID, "roles="+strings.Join(roles, " "))
}

// FollowRoles gives a provisioned account those of the known roles that it should
// have and takes the others of them; roles that people gave it stay. Forbidden
// "session.refused" when nothing is left, or duties that must be apart meet.
func FollowRoles(ctx context.Context, tx *tenants.Tx, id int64, known, should []string) error {
	if err := tx.Lock(ctx, new(Staff), "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.FollowRoles")
	}
	held, err := Roles(ctx, tx, id)
	if err != nil {
		return err
	}
	given := without(should, held)
	taken := slices.DeleteFunc(without(held, should), func(role string) bool { return role == AdminRole || !slices.Contains(known, role) })
	after := append(without(held, taken), given...)
	if meet, err := apart(ctx, tx, after); err != nil {
		return err
	} else if meet || len(after) == 0 {
		return errRefused()
	}
	return writeRoles(ctx, tx, id, given, taken)
}
