package staff

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// How long a link opens the form of a new password.
const (
	InvitationLife = 7 * 24 * time.Hour
	ResetLife      = 30 * time.Minute
)

// Purpose is why somebody may choose a password by a link.
type Purpose string

// The purposes.
const (
	ByInvitation Purpose = "invitation"
	ByReset      Purpose = "reset"
)

// KindInvited is the outbox kind of a link to be made and sent; its payload is
// Invited. The word of the link is made when the message is.
const KindInvited = "staff.invited"

// Invited is the payload of KindInvited.
type Invited struct {
	StaffID      int64 `json:"staff_id"`
	InvitationID int64 `json:"invitation_id"`
}

// Invitation is who is to have an account. Names may have any digits and spaces;
// at least one of Mobile and Email is needed to reach the person.
type Invitation struct {
	UserName, NameFA, NameEN, Mobile, Email string
	UnitID                                  *int64
	Roles                                   []string
}

// Pass lets one member of the staff choose a password, once and in its time.
type Pass struct {
	tenants.BaseModel `bun:"table:staff_invitations,alias:pass"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	StaffID   int64
	Purpose   Purpose
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // used, or replaced by a newer one
}

// Live tells whether the pass still opens.
func (p *Pass) Live(now time.Time) bool { return p.UsedAt == nil && now.Before(p.ExpiresAt) }

// Invite makes an account without a password and sends its owner a link to
// choose one. Field errors: user_name, name_fa, name_en, mobile, email, unit,
// roles; Forbidden "staff.grant" for a role that the actor cannot give.
func Invite(ctx context.Context, tx *tenants.Tx, in Invitation) (*Staff, error) {
	s, err := in.account(ctx, tx)
	if err != nil {
		return nil, err
	}
	roles, err := rolesOf(ctx, tx, in.Roles)
	if err != nil {
		return nil, err
	}
	if err := mayGrantAll(tx, roles); err != nil {
		return nil, err
	}
	isNew, err := tx.InsertNew(ctx, s)
	if err != nil {
		return nil, fault.Wrap(err, "staff.Invite")
	}
	if !isNew {
		return nil, fault.Field("user_name", "staff.error.taken")
	}
	for _, role := range roles {
		if err := tx.Insert(ctx, &Membership{StaffID: s.ID, Role: role, GrantedAt: tx.Now()}); err != nil {
			return nil, fault.Wrap(err, "staff.Invite")
		}
	}
	if err := audit.Record(ctx, tx, "staff:invite", "staff", s.ID, "roles="+strings.Join(roles, " ")); err != nil {
		return nil, err
	}
	return s, send(ctx, tx, s.ID, ByInvitation)
}

// InviteAgain sends a person who has no password yet another link; the ones from
// before open nothing any more. Conflict when there is a password already.
func InviteAgain(ctx context.Context, tx *tenants.Tx, id int64) error {
	s, err := lockActive(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	if s.PasswordHash != "" {
		return fault.New(fault.Conflict, "staff.has_password")
	}
	if err := audit.Record(ctx, tx, "staff:invite_again", "staff", id, ""); err != nil {
		return err
	}
	return send(ctx, tx, id, ByInvitation)
}

// StartReset sends a person a link to choose another password. The old one
// stays until then. Forbidden "staff.above" as for Edit.
func StartReset(ctx context.Context, tx *tenants.Tx, id int64) error {
	s, err := lockActive(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	if s.Mobile == "" && s.Email == "" {
		return fault.New(fault.Conflict, "staff.unreachable")
	}
	if err := audit.Record(ctx, tx, "staff:reset", "staff", id, ""); err != nil {
		return err
	}
	return send(ctx, tx, id, ByReset)
}

func lockActive(ctx context.Context, tx *tenants.Tx, id int64) (*Staff, error) {
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return nil, fault.Wrap(err, "staff.lockActive")
	}
	if s.DisabledAt != nil {
		return nil, fault.New(fault.Conflict, "staff.is_disabled")
	}
	return s, nil
}

// send notes that a link is to be made and sent, in place of the earlier ones.
func send(ctx context.Context, tx *tenants.Tx, id int64, why Purpose) error {
	if err := endPasses(ctx, tx, id); err != nil {
		return err
	}
	life := InvitationLife
	if why == ByReset {
		life = ResetLife
	}
	p := &Pass{ID: tenants.NewID(), StaffID: id, Purpose: why, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(life)}
	if err := tx.Insert(ctx, p); err != nil {
		return fault.Wrap(err, "staff.send")
	}
	return tx.Enqueue(ctx, KindInvited, Invited{StaffID: id, InvitationID: p.ID})
}

func endPasses(ctx context.Context, tx *tenants.Tx, id int64) error {
	_, err := tx.Set(ctx, (*Pass)(nil), "used_at = ?", []any{tx.Now()}, "staff_id = ? AND used_at IS NULL", id)
	return fault.Wrap(err, "staff.endPasses")
}

var userNameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]$`)

// account checks what was typed and gives the row.
func (in *Invitation) account(ctx context.Context, tx *tenants.Tx) (*Staff, error) {
	wrong := fault.Fields{}
	s := &Staff{ID: tenants.NewID(), UserName: UserName(in.UserName), CreatedAt: tx.Now()}
	if !userNameForm.MatchString(s.UserName) {
		wrong.Add("user_name", "staff.error.user_name")
	}
	if err := s.describe(ctx, tx, Person{in.NameFA, in.NameEN, in.Mobile, in.Email, in.UnitID}, wrong); err != nil {
		return nil, err
	}
	return s, wrong.Err()
}

// Person is what an organization knows of a member of its staff, as typed.
type Person struct {
	NameFA, NameEN, Mobile, Email string
	UnitID                        *int64
}

// describe writes what was typed into the account, and what is wrong with it
// into wrong.
func (s *Staff) describe(ctx context.Context, r tenants.Reader, in Person, wrong fault.Fields) error {
	s.NameFA, s.NameEN, s.UnitID = persian.CleanLine(in.NameFA), persian.CleanLine(in.NameEN), in.UnitID
	if n := len([]rune(s.NameFA)); n == 0 || n > 100 {
		wrong.Add("name_fa", "staff.error.name")
	}
	if n := len([]rune(s.NameEN)); n == 0 || n > 100 {
		wrong.Add("name_en", "staff.error.name")
	}
	s.Mobile, s.Email = "", persian.CleanLine(in.Email)
	if typed := persian.CleanLine(in.Mobile); typed != "" {
		mobile, ok := persian.Mobile(typed)
		if !ok {
			wrong.Add("mobile", "staff.error.mobile")
		}
		s.Mobile = mobile
	}
	if typed := s.Email; typed != "" {
		var ok bool
		if s.Email, ok = address(typed); !ok {
			wrong.Add("email", "gateway.error.address")
			s.Email = typed // somebody who typed one wrongly is not told to type one
		}
	}
	if s.Email == "" && persian.CleanLine(in.Mobile) == "" {
		wrong.Add("mobile", "staff.error.unreachable")
	}
	if in.UnitID == nil {
		return nil
	}
	_, err := tenants.UnitByID(ctx, r, *in.UnitID)
	if fault.Is(err, fault.NotFound) {
		wrong.Add("unit", "staff.error.unit")
		return nil
	}
	return err
}

// rolesOf gives the roles in order, each once, and refuses what cannot be held
// together.
func rolesOf(ctx context.Context, r tenants.Reader, typed []string) ([]string, error) {
	roles := slices.Compact(slices.Sorted(slices.Values(typed)))
	roles = slices.DeleteFunc(roles, func(role string) bool { return role == "" })
	if len(roles) == 0 {
		return nil, fault.Field("roles", "staff.error.no_role")
	}
	if meet, err := apart(ctx, r, roles); err != nil {
		return nil, err
	} else if meet {
		return nil, fault.Field("roles", "staff.error.duties")
	}
	if slices.Contains(roles, "platform_admin") && !r.Tenant().IsPlatform() {
		return nil, fault.Field("roles", "staff.error.platform_role")
	}
	return roles, nil
}
