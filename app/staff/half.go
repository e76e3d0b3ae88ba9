package staff

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// How long the second factor is waited for after the password, and how often
// it may be tried.
const (
	HalfTime  = 5 * time.Minute
	HalfTries = 5
)

// halfRow is a sign-in whose second factor is awaited. Its ID is the hash of a
// token that the browser holds, Holder the hash of the browser's own name.
type halfRow struct {
	tenants.BaseModel `bun:"table:staff_sign_ins,alias:half"`
	tenants.Owned
	ID        string `bun:",pk"`
	StaffID   int64
	Holder    string
	Tries     int
	CreatedAt time.Time
	ExpiresAt time.Time
}

// errHalfOver says that the password must be given again: too late, too often,
// or another browser.
func errHalfOver() error { return fault.New(fault.Forbidden, "factor.half_over") }

// half keeps that the password was right. It is bound to the browser, and is no
// session: no page but the question for the factor takes it.
func (s *Staff) half(ctx context.Context, tx *tenants.Tx, from Device) (*SignedIn, error) {
	token, now := tenants.NewToken(), tx.Now()
	row := &halfRow{ID: tenants.HashToken(token), StaffID: s.ID, Holder: from.holder(), CreatedAt: now, ExpiresAt: now.Add(HalfTime)}
	if err := tx.Insert(ctx, row); err != nil {
		return nil, fault.Wrap(err, "staff.half")
	}
	return &SignedIn{Half: token}, audit.Record(ctx, tx, "session:factor_asked", "staff", s.ID, "")
}

// HalfOf reads whose sign-in waits for a factor in this browser; Forbidden
// "factor.half_over" when none does (any more).
func HalfOf(ctx context.Context, r tenants.Reader, token, holder string) (*Staff, error) {
	if !tenants.IsToken(token) {
		return nil, errHalfOver()
	}
	row := new(halfRow)
	err := tenants.Err(r.Select(row).Where("half.id = ? AND half.holder = ?", tenants.HashToken(token), holder).
		Where("half.expires_at > ? AND half.tries < ?", r.Now(), HalfTries).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, errHalfOver()
	}
	if err != nil {
		return nil, fault.Wrap(err, "staff.HalfOf")
	}
	return ByID(ctx, r, row.StaffID)
}

// Proof is what somebody gives as the second factor: the six digits of the
// authenticator app, or a recovery code.
type Proof struct {
	Half string
	Code string
	From Device
}

// Finish completes a sign-in with the second factor. Each try counts before it
// is looked at, so that parallel ones count, too. Field error: code; Forbidden
// "factor.half_over" when the password must be given again.
func Finish(ctx context.Context, db *tenants.DB, keys *vault.Keys, in Proof) (*SignedIn, error) {
	who, err := HalfOf(ctx, db, in.Half, in.From.holder())
	if err != nil {
		return nil, err
	}
	actor := tenants.Actor{Kind: tenants.Staff, ID: who.ID, Name: who.NameFA}
	if err := db.Write(ctx, actor, func(tx *tenants.Tx) error { return countTry(ctx, tx, in) }); err != nil {
		return nil, err
	}
	var signed *SignedIn
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		signed, err = finish(ctx, tx, keys, in, who.ID)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		noted := db.Write(ctx, actor, func(tx *tenants.Tx) error {
			return audit.Record(ctx, tx, "session:factor_refused", "staff", who.ID, "")
		})
		if noted != nil {
			return nil, noted
		}
	}
	return signed, err
}

func countTry(ctx context.Context, tx *tenants.Tx, in Proof) error {
	n, err := tx.Set(ctx, (*halfRow)(nil), "tries = tries + 1", nil, "id = ? AND holder = ? AND tries < ? AND expires_at > ?",
		tenants.HashToken(in.Half), in.From.holder(), HalfTries, tx.Now())
	if err == nil && n == 0 {
		err = errHalfOver()
	}
	return fault.Wrap(err, "staff.countTry")
}

func finish(ctx context.Context, tx *tenants.Tx, keys *vault.Keys, in Proof, id int64) (*SignedIn, error) {
	who, roles, err := admitted(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	n, err := tx.Delete(ctx, (*halfRow)(nil), "id = ? AND staff_id = ?", tenants.HashToken(in.Half), id)
	if err != nil {
		return nil, fault.Wrap(err, "staff.finish")
	}
	if n == 0 {
		return nil, errHalfOver() // a parallel request was first
	}
	by, err := who.proves(ctx, tx, keys, in.Code)
	if err != nil {
		return nil, err
	}
	return who.begin(ctx, tx, roles, in.From, by)
}

// admitted locks an account that may sign in at this moment, with its roles.
func admitted(ctx context.Context, tx *tenants.Tx, id int64) (*Staff, []string, error) {
	who := new(Staff)
	if err := tx.Lock(ctx, who, "staff.id = ?", id); err != nil {
		return nil, nil, fault.Wrap(err, "staff.admitted")
	}
	roles, err := Roles(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	if who.DisabledAt != nil || len(roles) == 0 {
		return nil, nil, errRefused()
	}
	return who, roles, nil
}

// begin opens the session of somebody who has proved to be who they are; by is
// how, beside the password.
func (s *Staff) begin(ctx context.Context, tx *tenants.Tx, roles []string, from Device, by string) (*SignedIn, error) {
	now := tx.Now()
	session := &tenants.Session{Kind: tenants.SessionStaff, StaffID: &s.ID, UserAgent: from.agent(), IP: from.IP, ConfirmedAt: &now}
	token, err := tenants.OpenSession(ctx, tx, session)
	if err != nil {
		return nil, err
	}
	if err := s.recognize(ctx, tx, from); err != nil {
		return nil, err
	}
	signed := &SignedIn{Token: token, Principal: s.principal(session.ID, roles)}
	signed.Factor, signed.ConfirmedAt = s.FactorAt != nil, &now
	return signed, audit.Record(ctx, tx, "session:create", "staff", s.ID, by)
}

// PurgeSignIns removes what waits for nobody any more: halves of sign-ins,
// challenges, and browsers that were not seen for a year.
func PurgeSignIns(ctx context.Context, tx *tenants.Tx) error {
	if _, err := tx.Delete(ctx, (*halfRow)(nil), "expires_at <= ?", tx.Now()); err != nil {
		return fault.Wrap(err, "staff.PurgeSignIns")
	}
	if _, err := tx.Delete(ctx, (*challenge)(nil), "expires_at <= ?", tx.Now()); err != nil {
		return fault.Wrap(err, "staff.PurgeSignIns")
	}
	_, err := tx.Delete(ctx, (*deviceRow)(nil), "seen_at <= ?", tx.Now().Add(-DeviceLife))
	return fault.Wrap(err, "staff.PurgeSignIns")
}
