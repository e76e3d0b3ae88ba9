package boot

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/roles"
	orgs "pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// showParts adds to a file what rooms above the tenants' know.
func (a *App) showParts(ctx context.Context, db *tenants.DB, spec *tenants.Spec) (err error) {
	if spec.Logo, err = orgs.ShowLogo(ctx, db, a.Files); err != nil {
		return err
	}
	if err := roles.ShowFile(ctx, db, a.Book, spec); err != nil {
		return err
	}
	return notify.ShowFile(ctx, db, spec)
}

// logoOf takes in the logo of a file, before any transaction; nil: it has none.
func (a *App) logoOf(db *tenants.DB, spec *tenants.Spec) (*files.Received, error) {
	if spec.Logo == tenants.NoLogo {
		return nil, nil //nolint:nilnil // none is to be taken in
	}
	return orgs.ReadLogo(db, a.Files, spec.Logo)
}

// applyParts brings roles, permissions, messages, the logo and invitations to what
// the file says.
func (a *App) applyParts(ctx context.Context, tx *tenants.Tx, spec *tenants.Spec, logo *files.Received) ([]tenants.Change, error) {
	list, err := roles.ApplyFile(ctx, tx, a.Book, spec)
	if err != nil {
		return nil, err
	}
	said, err := notify.ApplyFile(ctx, tx, spec)
	if err != nil {
		return nil, err
	}
	list = append(list, said...)
	drawn, err := applyLogo(ctx, tx, spec, logo)
	if err != nil {
		return nil, err
	}
	if drawn {
		list = append(list, tenants.Change{Verb: "change", What: "logo"})
	}
	invited, err := applyInvitations(ctx, tx, spec)
	return append(list, invited...), err
}

func applyLogo(ctx context.Context, tx *tenants.Tx, spec *tenants.Spec, logo *files.Received) (bool, error) {
	switch {
	case spec.Logo == tenants.NoLogo:
		return orgs.RemoveLogo(ctx, tx)
	case logo != nil:
		return orgs.SaveLogo(ctx, tx, logo)
	}
	return false, nil
}

// applyInvitations invites those who have no account yet.
func applyInvitations(ctx context.Context, tx *tenants.Tx, spec *tenants.Spec) (list []tenants.Change, err error) {
	if len(spec.Invitations) == 0 {
		return nil, nil
	}
	units, codes, err := unitsAndRoles(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i, s := range spec.Invitations {
		if _, err := staff.ByUserName(ctx, tx, staff.UserName(s.User)); !fault.Is(err, fault.NotFound) {
			if err != nil {
				return nil, err
			}
			continue
		}
		in := staff.Invitation{UserName: s.User, NameFA: s.NameFA, NameEN: s.NameEN, Mobile: s.Mobile, Email: s.Email}
		if id, ok := units[s.Unit]; ok {
			in.UnitID = &id
		} else if s.Unit != "" {
			return nil, spec.Wrong("invitations", i, "unit", "unit "+s.Unit)
		}
		for _, role := range s.Roles {
			if code := codes[role]; code != "" {
				role = code
			}
			in.Roles = append(in.Roles, role)
		}
		if _, err := staff.Invite(ctx, tx, in); err != nil {
			return nil, err
		}
		list = append(list, tenants.Change{Verb: "add", What: "invitation of " + s.User})
	}
	return list, nil
}

// unitsAndRoles gives units by code, and own roles by their Persian name.
func unitsAndRoles(ctx context.Context, r tenants.Reader) (map[string]int64, map[string]string, error) {
	units, err := tenants.Units(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	ids, codes := map[string]int64{}, map[string]string{}
	for i := range units {
		ids[units[i].Code] = units[i].ID
	}
	own, err := tenants.Roles(ctx, r)
	for i := range own {
		if own[i].RetiredAt == nil {
			codes[own[i].NameFA] = own[i].Code
		}
	}
	return ids, codes, err
}
