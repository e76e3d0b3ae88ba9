package staff

import (
	"context"
	"strconv"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Seed writes the accounts of a new organization, with their roles, and with
// the password that the function gives for each user name. The units of the
// specs are codes; they must stand already.
func Seed(ctx context.Context, tx *tenants.Tx, h Hasher, specs []tenants.StaffSpec, password func(user string) string) error {
	hashes := make([]string, len(specs))
	for i, spec := range specs { // before the first statement opens the transaction
		hashes[i] = h.Hash(password(spec.User))
	}
	units, err := tenants.Units(ctx, tx)
	if err != nil {
		return fault.Wrap(err, "staff.Seed")
	}
	byCode := make(map[string]*int64, len(units))
	for i := range units {
		byCode[units[i].Code] = &units[i].ID
	}
	for i, spec := range specs {
		if spec.Unit != "" && byCode[spec.Unit] == nil {
			return fault.New(fault.Invalid, "staff.unit_unknown", "user", spec.User, "unit", spec.Unit)
		}
		if err := seedOne(ctx, tx, spec, byCode[spec.Unit], hashes[i]); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "staff:seed", "staff", 0, "accounts="+strconv.Itoa(len(specs)))
}

func seedOne(ctx context.Context, tx *tenants.Tx, spec tenants.StaffSpec, unitID *int64, hash string) error {
	s := &Staff{
		ID: tenants.NewID(), UserName: UserName(spec.User), PasswordHash: hash,
		NameFA: persian.CleanLine(spec.NameFA), NameEN: persian.CleanLine(spec.NameEN),
		UnitID: unitID, CreatedAt: tx.Now(),
	}
	if s.UserName == "" || s.NameFA == "" || s.NameEN == "" {
		return fault.New(fault.Invalid, "staff.incomplete", "user", spec.User)
	}
	if spec.Mobile != "" {
		mobile, ok := persian.Mobile(spec.Mobile)
		if !ok {
			return fault.New(fault.Invalid, "staff.mobile_wrong", "user", spec.User)
		}
		s.Mobile = mobile
	}
	if err := tx.Insert(ctx, s); err != nil {
		return fault.Wrap(err, "staff.Seed")
	}
	for _, role := range spec.Roles {
		if err := tx.Insert(ctx, &Membership{StaffID: s.ID, Role: role, GrantedAt: tx.Now()}); err != nil {
			return fault.Wrap(err, "staff.Seed")
		}
	}
	return nil
}

// Disable closes an account and ends its sessions and links in the same moment;
// doing it twice changes nothing. Nobody disables themselves, nor the last
// administrator (Conflict "staff.last_admin").
func Disable(ctx context.Context, tx *tenants.Tx, id int64) error {
	others, err := otherAdmins(ctx, tx, id)
	if err != nil {
		return err
	}
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.Disable")
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	if a := tx.Actor(); a.Kind == tenants.Staff && a.ID == id {
		return fault.New(fault.Conflict, "staff.own_account")
	}
	if s.DisabledAt != nil {
		return nil
	}
	if others.isOne && others.left == 0 {
		return errLastAdmin()
	}
	now := tx.Now()
	s.DisabledAt = &now
	if err := tx.Update(ctx, s, "disabled_at"); err != nil {
		return fault.Wrap(err, "staff.Disable")
	}
	if err := endSessions(ctx, tx, id, ""); err != nil {
		return err
	}
	if err := endPasses(ctx, tx, id); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "staff:disable", "staff", id, "")
}

// Enable opens a disabled account again; sessions from before stay ended.
func Enable(ctx context.Context, tx *tenants.Tx, id int64) error {
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.Enable")
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	if s.DisabledAt == nil {
		return nil
	}
	s.DisabledAt = nil
	if err := tx.Update(ctx, s, "disabled_at"); err != nil {
		return fault.Wrap(err, "staff.Enable")
	}
	return audit.Record(ctx, tx, "staff:enable", "staff", id, "")
}

// address reads an address of mail; empty for none.
func address(typed string) (string, bool) {
	if persian.CleanLine(typed) == "" {
		return "", true
	}
	return persian.Mail(typed)
}

// SetEmail keeps where mail reaches a member of staff; empty for nowhere.
func SetEmail(ctx context.Context, tx *tenants.Tx, id int64, typed string) error {
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return err
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	email, ok := address(typed)
	if !ok {
		return fault.Field("email", "gateway.error.address")
	}
	was := s.Email
	s.Email = email
	if err := tx.Update(ctx, s, "email"); err != nil {
		return err
	}
	return s.readdressed(ctx, tx, s.Mobile, was)
}
