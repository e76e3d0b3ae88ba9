package staff

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Credentials is what somebody typed to sign in. The user name may have any
// digits and spaces around it; the password is taken as it is.
type Credentials struct {
	User, Password string
	From           Device
}

// Principal is a member of staff behind a request.
type Principal struct {
	Actor     tenants.Actor // Kind Staff, with unit and roles; Name is the Persian one
	UserName  string
	NameEN    string
	SessionID string // for tenants.TouchSession; not the token
	Touch     bool   // seen_at is a minute old: the web should touch the session

	Linked      bool       // has links to accounts at other organizations
	Factor      bool       // has a second factor
	Bare        bool       // set by the policy: must have one and has none, so may do nothing but enrol it
	ConfirmedAt *time.Time // see Fresh
}

// SignedIn is a fresh session: the token goes into the cookie. Where a second
// factor is asked for, there is no session yet but the token of the half of a
// sign-in.
type SignedIn struct {
	Token string
	Half  string
	Principal
}

// errRefused is the one answer to every sign-in that fails, so that nobody
// learns which accounts exist.
func errRefused() error { return fault.New(fault.Forbidden, "session.refused") }

// SignIn checks the credentials at this organization and opens a session of at
// most tenants.SessionLimit. Unknown user, wrong password, disabled account, no
// role here: all are Forbidden "session.refused" after the same work. It takes
// the DB instead of a Tx because the password hash must not be computed while
// a transaction holds the database. Limiting the tries is the web's.
func SignIn(ctx context.Context, db *tenants.DB, h Hasher, in Credentials) (*SignedIn, error) {
	account := new(Staff)
	err := db.Select(account).Where("staff.user_name = ?", UserName(in.User)).Scan(ctx)
	db.Release()
	if err = tenants.Err(err); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "staff.SignIn")
	}
	if !h.Matches(account.PasswordHash, in.Password) {
		return nil, errRefused()
	}
	var renewed string
	if h.Outdated(account.PasswordHash) {
		renewed = h.Hash(in.Password)
	}
	var signed *SignedIn
	actor := tenants.Actor{Kind: tenants.Staff, ID: account.ID, Name: account.NameFA}
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		signed, err = open(ctx, tx, account.ID, renewed, in.From)
		return err
	})
	return signed, err
}

// open begins the session of an account whose password was right. The account
// is locked, so that it cannot be disabled in between.
func open(ctx context.Context, tx *tenants.Tx, id int64, renewedHash string, from Device) (*SignedIn, error) {
	account := new(Staff)
	if err := tx.Lock(ctx, account, "staff.id = ?", id); err != nil {
		return nil, fault.Wrap(err, "staff.open")
	}
	roles, err := Roles(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if account.DisabledAt != nil || len(roles) == 0 {
		return nil, errRefused()
	}
	if err := byOwnDoor(tx, roles); err != nil {
		return nil, err
	}
	now := tx.Now()
	account.SignedInAt = &now
	if renewedHash != "" {
		account.PasswordHash = renewedHash
	}
	if err := tx.Update(ctx, account, "password_hash", "signed_in_at"); err != nil {
		return nil, fault.Wrap(err, "staff.open")
	}
	if account.FactorAt != nil {
		return account.half(ctx, tx, from)
	}
	return account.begin(ctx, tx, roles, from, "")
}

func (s *Staff) principal(sessionID string, roles []string) Principal {
	actor := tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, Roles: roles}
	if s.UnitID != nil {
		actor.UnitID = *s.UnitID
	}
	return Principal{Actor: actor, UserName: s.UserName, NameEN: s.NameEN, SessionID: sessionID}
}

// seat is one role of the account behind a session: what Authenticate reads,
// one row for each role.
type seat struct {
	tenants.BaseModel `bun:"table:sessions,alias:session"`
	tenants.Owned
	ID       string `bun:",pk"`
	SeenAt   time.Time
	StaffID  int64
	UserName string
	NameFA   string `bun:"name_fa"`
	NameEN   string `bun:"name_en"`
	UnitID   *int64
	Role     string

	FactorAt    *time.Time
	ConfirmedAt *time.Time
	LinkedAt    *time.Time
}

// Authenticate tells who holds the token, with the roles of this moment, in one
// query. A session that has ended or idled, a disabled account and an account
// without a role are all tenants.ErrSessionEnded.
func Authenticate(ctx context.Context, r tenants.Reader, token string) (*Principal, error) {
	if !tenants.IsToken(token) {
		return nil, tenants.ErrSessionEnded()
	}
	var seats []seat
	q := r.Select(&seats).
		ColumnExpr("session.id, session.seen_at, session.staff_id, session.confirmed_at").
		ColumnExpr("staff.user_name, staff.name_fa, staff.name_en, staff.unit_id, staff.factor_at, staff.linked_at, membership.role").
		Join("JOIN ? ON staff.id = session.staff_id AND staff.disabled_at IS NULL", r.From((*Staff)(nil))).
		Join("JOIN ? ON membership.staff_id = staff.id", r.From((*Membership)(nil))).
		Where("session.kind = ?", tenants.SessionStaff).Order("membership.role")
	if err := tenants.LiveSession(q, token, r.Now()).Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "staff.Authenticate")
	}
	if len(seats) == 0 {
		return nil, tenants.ErrSessionEnded()
	}
	roles := make([]string, len(seats))
	for i, s := range seats {
		roles[i] = s.Role
	}
	first := seats[0]
	account := Staff{ID: first.StaffID, UserName: first.UserName, NameFA: first.NameFA, NameEN: first.NameEN, UnitID: first.UnitID}
	p := account.principal(first.ID, roles)
	p.Touch = tenants.SessionStale(first.SeenAt, r.Now())
	p.Linked = first.LinkedAt != nil
	p.Factor, p.ConfirmedAt = first.FactorAt != nil, first.ConfirmedAt
	return &p, nil
}

// SignOut ends the session of the token; a token that opens nothing is no error.
func SignOut(ctx context.Context, tx *tenants.Tx, token string) error {
	if err := tenants.CloseSession(ctx, tx, token); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "session:delete", "staff", tx.Actor().ID, "")
}
