package staff

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// RecoveryCodes is how many codes an account gets at a time.
const RecoveryCodes = 10

// recoveryBytes are 120 bits in 24 letters: more than the 112 bits from which a
// plain hash is enough (ASVS 6.5.2).
const recoveryBytes = 15

// recoveryCode is one of them, by the SHA-256 of its letters.
type recoveryCode struct {
	tenants.BaseModel `bun:"table:staff_recovery_codes,alias:code"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	StaffID   int64
	CodeHash  string
	CreatedAt time.Time
	UsedAt    *time.Time
}

// recoveryAlphabet has no letters that are taken for digits.
var recoveryAlphabet = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// renewRecovery draws new codes; the old ones open nothing any more. The codes
// are known only here and to whoever is shown them.
func (s *Staff) renewRecovery(ctx context.Context, tx *tenants.Tx) ([]string, error) {
	if _, err := tx.Delete(ctx, (*recoveryCode)(nil), "staff_id = ?", s.ID); err != nil {
		return nil, fault.Wrap(err, "staff.renewRecovery")
	}
	codes, rows := make([]string, RecoveryCodes), make([]recoveryCode, RecoveryCodes)
	for i := range codes {
		var raw [recoveryBytes]byte
		_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
		code := recoveryAlphabet.EncodeToString(raw[:])
		rows[i] = recoveryCode{ID: tenants.NewID(), StaffID: s.ID, CodeHash: tenants.HashToken(code), CreatedAt: tx.Now()}
		codes[i] = grouped(code)
	}
	return codes, fault.Wrap(tx.Insert(ctx, &rows), "staff.renewRecovery")
}

// grouped writes a code in fours, to be copied by hand.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// RenewRecovery gives the actor, who has a factor, ten new codes.
func RenewRecovery(ctx context.Context, tx *tenants.Tx) ([]string, error) {
	who, err := lockSelf(ctx, tx)
	if err != nil {
		return nil, err
	}
	if who.FactorAt == nil {
		return nil, fault.New(fault.Conflict, "factor.none_yet")
	}
	codes, err := who.renewRecovery(ctx, tx)
	if err != nil {
		return nil, err
	}
	return codes, audit.Record(ctx, tx, "factor:recovery_renew", "staff", who.ID, "")
}

// RecoveryLeft counts the codes that have not been used.
func RecoveryLeft(ctx context.Context, r tenants.Reader, staffID int64) (int, error) {
	n := 0
	err := r.Select((*recoveryCode)(nil)).ColumnExpr("COUNT(*)").Where("code.staff_id = ? AND code.used_at IS NULL", staffID).Scan(ctx, &n)
	return n, fault.Wrap(tenants.Err(err), "staff.RecoveryLeft")
}

// useRecovery takes a code that has not been used; of parallel requests one.
func (s *Staff) useRecovery(ctx context.Context, tx *tenants.Tx, code string) error {
	n, err := tx.Set(ctx, (*recoveryCode)(nil), "used_at = ?", []any{tx.Now()},
		"staff_id = ? AND code_hash = ? AND used_at IS NULL", s.ID, tenants.HashToken(code))
	if err == nil && n == 0 {
		err = fault.Field("code", "factor.error.code")
	}
	return fault.Wrap(err, "staff.useRecovery")
}

// lockSelf locks the account of the actor: factors come and go one after the
// other.
func lockSelf(ctx context.Context, tx *tenants.Tx) (*Staff, error) {
	who := new(Staff)
	return who, fault.Wrap(tx.Lock(ctx, who, "staff.id = ?", tx.Actor().ID), "staff.lockSelf")
}

// gained notes that the account has a factor more. The first one brings the
// recovery codes.
func (s *Staff) gained(ctx context.Context, tx *tenants.Tx, what string) ([]string, error) {
	var codes []string
	if s.FactorAt == nil {
		now := tx.Now()
		s.FactorAt = &now
		if err := tx.Update(ctx, s, "factor_at"); err != nil {
			return nil, fault.Wrap(err, "staff.gained")
		}
		var err error
		if codes, err = s.renewRecovery(ctx, tx); err != nil {
			return nil, err
		}
	}
	if err := audit.Record(ctx, tx, "factor:add", "staff", s.ID, what); err != nil {
		return nil, err
	}
	return codes, tx.Enqueue(ctx, KindFactorChanged, FactorFact{s.ID})
}

// lost notes that the account has a factor less: not the last of somebody who
// must have one; with the last the recovery codes go.
func (s *Staff) lost(ctx context.Context, tx *tenants.Tx, what string) error {
	left, err := factorsOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if left == 0 {
		needs, err := s.needsFactor(ctx, tx)
		if err != nil {
			return err
		}
		if needs {
			return fault.New(fault.Conflict, "factor.last")
		}
		if err := s.bareAgain(ctx, tx); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, "factor:remove", "staff", s.ID, what); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindFactorChanged, FactorFact{s.ID})
}

// needsFactor tells whether the roles of this moment ask for a factor.
func (s *Staff) needsFactor(ctx context.Context, r tenants.Reader) (bool, error) {
	roles, err := Roles(ctx, r, s.ID)
	if err != nil {
		return false, err
	}
	rights, err := RightsTo(ctx, r, FactorRights()...)
	return NeedsFactor(r.Tenant(), func(p string) bool { return rights.Can(roles, p) }), err
}

// factorsOf counts the factors that work.
func factorsOf(ctx context.Context, r tenants.Reader, staffID int64) (int, error) {
	apps, keys := 0, 0
	err := r.Select((*Authenticator)(nil)).ColumnExpr("COUNT(*)").Where("app.staff_id = ? AND app.secret <> ''", staffID).Scan(ctx, &apps)
	if err == nil {
		err = r.Select((*Passkey)(nil)).ColumnExpr("COUNT(*)").Where("passkey.staff_id = ?", staffID).Scan(ctx, &keys)
	}
	return apps + keys, fault.Wrap(tenants.Err(err), "staff.factorsOf")
}

// bareAgain leaves the account without factor and codes.
func (s *Staff) bareAgain(ctx context.Context, tx *tenants.Tx) error {
	s.FactorAt = nil
	if err := tx.Update(ctx, s, "factor_at"); err != nil {
		return fault.Wrap(err, "staff.bareAgain")
	}
	_, err := tx.Delete(ctx, (*recoveryCode)(nil), "staff_id = ?", s.ID)
	return fault.Wrap(err, "staff.bareAgain")
}

// ResetFactors takes all factors of somebody who has lost them, and ends their
// sessions; who must have one enrols it at the next sign-in. Nobody resets their
// own. The person is told.
func ResetFactors(ctx context.Context, tx *tenants.Tx, staffID int64) error {
	if a := tx.Actor(); a.Kind == tenants.Staff && a.ID == staffID {
		return fault.New(fault.Conflict, "factor.own_reset")
	}
	who := new(Staff)
	if err := tx.Lock(ctx, who, "staff.id = ?", staffID); err != nil {
		return fault.Wrap(err, "staff.ResetFactors")
	}
	if err := mayRule(ctx, tx, staffID); err != nil {
		return err
	}
	for _, row := range []any{(*Authenticator)(nil), (*Passkey)(nil), (*halfRow)(nil)} {
		if _, err := tx.Delete(ctx, row, "staff_id = ?", staffID); err != nil {
			return fault.Wrap(err, "staff.ResetFactors")
		}
	}
	if err := who.bareAgain(ctx, tx); err != nil {
		return err
	}
	if err := EndSessions(ctx, tx, staffID, ""); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "factor:reset", "staff", staffID, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindFactorsReset, FactorFact{staffID})
}
