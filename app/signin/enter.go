package signin

import (
	"context"
	"slices"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/openid"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// identity is who an account is at a service.
type identity struct {
	tenants.BaseModel `bun:"table:staff_identities,alias:identity"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	StaffID     int64
	Issuer      string
	Subject     string
	Provisioned bool
	CreatedAt   time.Time
}

// Enter signs in the member of staff whom the claims prove: by the service's name
// for them from an earlier time, else by a verified address that one account has,
// else with a new account where the rules make one. Forbidden "service.refused"
// for everybody else. Where the account has a second factor, it is asked for.
func Enter(ctx context.Context, tx *tenants.Tx, s *Service, c openid.Claims, from staff.Device) (*staff.SignedIn, error) {
	address := strings.ToLower(c.Text("email"))
	if !c.Yes("email_verified") {
		address = ""
	}
	if !s.Rules.of(address) {
		return nil, errRefused()
	}
	id := new(identity)
	err := tx.Lock(ctx, id, "identity.issuer = ? AND identity.subject = ?", s.Issuer, c.Text("sub"))
	if fault.Is(err, fault.NotFound) {
		id, err = s.introduce(ctx, tx, c, address)
	}
	if err != nil {
		return nil, fault.Wrap(err, "signin.Enter")
	}
	if id.Provisioned {
		if err := staff.FollowRoles(ctx, tx, id.StaffID, s.Rules.known(), s.Rules.roles(c)); err != nil {
			return nil, err
		}
	}
	return staff.Vouched(ctx, tx, id.StaffID, from, "service")
}

// introduce finds or makes the account of somebody who comes for the first time.
func (s *Service) introduce(ctx context.Context, tx *tenants.Tx, c openid.Claims, address string) (*identity, error) {
	if address == "" {
		return nil, errRefused()
	}
	id := &identity{ID: tenants.NewID(), Issuer: s.Issuer, Subject: c.Text("sub"), CreatedAt: tx.Now()}
	found, err := staff.ByEmail(ctx, tx, address)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		id.StaffID = found[0].ID
	case len(found) == 0 && s.Rules.Provision:
		if id.Provisioned = true; len(s.Rules.roles(c)) == 0 {
			return nil, errRefused()
		}
		if id.StaffID, err = s.provision(ctx, tx, c, address); err != nil {
			return nil, err
		}
	default:
		return nil, errRefused()
	}
	return id, tx.Insert(ctx, id)
}

func (s *Service) provision(ctx context.Context, tx *tenants.Tx, c openid.Claims, address string) (int64, error) {
	name := persian.CleanLine(c.Text("name"))
	if name == "" {
		name = address
	}
	who, err := staff.Provision(ctx, tx, staff.Invitation{UserName: userName(address), NameFA: name, NameEN: name, Email: address, Roles: s.Rules.roles(c)})
	if fault.Is(err, fault.Invalid) {
		return 0, errRefused()
	}
	if err != nil {
		return 0, err
	}
	return who.ID, nil
}

// userName is made of an address; one that is taken makes no account.
func userName(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, local), ".-_")
}

// of tells whether an address is of the domains; without domains every one is.
func (r *Rules) of(address string) bool {
	if len(r.Domains) == 0 {
		return true
	}
	_, domain, ok := strings.Cut(address, "@")
	return ok && slices.Contains(r.Domains, domain)
}

// known are the roles that claims give and take.
func (r *Rules) known() []string {
	var list []string
	for role := range r.Roles {
		list = append(list, role)
	}
	slices.Sort(list)
	return list
}

// roles are those that the claims give.
func (r *Rules) roles(c openid.Claims) []string {
	values := c.List(r.RoleClaim)
	return slices.DeleteFunc(r.known(), func(role string) bool {
		return !slices.ContainsFunc(r.Roles[role], func(v string) bool { return slices.Contains(values, v) })
	})
}

// EnterCitizen signs in the citizen whose national ID and mobile number the
// claims prove, and gives the token for the cookie. A session opens all that was
// filed under a number, so a number that the service has only been told opens
// none: its holder comes in by a code.
func EnterCitizen(ctx context.Context, tx *tenants.Tx, s *Service, c openid.Claims) (string, error) {
	nationalID, okID := persian.NationalID(c.Text(s.Rules.NationalIDClaim))
	mobile, okMobile := persian.Mobile(c.Text(s.Rules.MobileClaim))
	if !okID || !okMobile || !c.Yes(s.Rules.Verified()) {
		return "", errRefused()
	}
	if _, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: c.Text("name"), Verified: true}); err != nil {
		return "", fault.Wrap(err, "signin.EnterCitizen")
	}
	return citizens.OpenSession(ctx, tx, mobile)
}
