package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/vault"
	"pasokh/policies"
	"pasokh/tenants"
)

// harmful are the permissions each of which asks for a second factor.
var harmful = []string{"policy:edit", "staff:edit", "platform:operate", "organization:secure", "complaint:inspect"}

// FactorRights are the permissions by which NeedsFactor decides.
func FactorRights() []string {
	return append(slices.Clone(harmful), "directive:accept", policies.SeesAll)
}

// NeedsFactor tells whether somebody must have a second factor at this
// organization. Unless it says otherwise that is who can do most harm: who gives
// rights, who rules how people sign in and are reached, who reads what is
// confidential, who runs the platform, and who decides for an executive and sees
// every case. can tells what the person may do.
func NeedsFactor(t *tenants.Tenant, can func(permission string) bool) bool {
	if t.Settings.ServiceOnly && can("policy:edit") {
		return true // their own way in is the way past the service
	}
	switch t.Settings.SecondFactor {
	case tenants.FactorDemo:
		return false
	case tenants.FactorAll:
		return true
	}
	return slices.ContainsFunc(harmful, can) || can("directive:accept") && can(policies.SeesAll)
}

// KindFactorChanged is the fact that somebody's factors are others than before;
// KindFactorsReset that an administrator took them away.
const (
	KindFactorChanged = "staff.factor_changed"
	KindFactorsReset  = "staff.factors_reset"
)

// FactorFact is the payload of both.
type FactorFact struct {
	StaffID int64 `json:"staff_id"`
}

// The authenticator app (RFC 6238): every 30 seconds a new code of six digits,
// SHA-1, from a secret of 160 bits; the step before and the one after are taken,
// too, because clocks differ.
const (
	stepSeconds = 30
	secretBytes = 20
	// PendingTime is how long a new secret waits for its first code.
	PendingTime = 15 * time.Minute
)

// Authenticator is the authenticator app of one account. Secret and Pending are
// sealed.
type Authenticator struct {
	tenants.BaseModel `bun:"table:staff_authenticators,alias:app"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	StaffID     int64
	Secret      string `json:"-"` // empty until confirmed
	Pending     string `json:"-"`
	PendingAt   *time.Time
	LastStep    int64 // of the last code that opened
	ConfirmedAt *time.Time
	CreatedAt   time.Time
}

func (a *Authenticator) place(column string) vault.Place {
	return vault.Place{Tenant: a.TenantID, Table: "staff_authenticators", Column: column, Row: a.ID}
}

func (a *Authenticator) seal(keys *vault.Keys, column, secret string) (string, error) {
	sealed, err := keys.Seal([]byte(secret), a.place(column))
	return base64.StdEncoding.EncodeToString(sealed), err
}

func (a *Authenticator) open(keys *vault.Keys, column, sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", vault.ErrSealed
	}
	plain, err := keys.Open(raw, a.place(column))
	return string(plain), err
}

// AuthenticatorOf reads the app of an account; NotFound when it has none.
func AuthenticatorOf(ctx context.Context, r tenants.Reader, staffID int64) (*Authenticator, error) {
	a := new(Authenticator)
	return a, tenants.Err(r.Select(a).Where("app.staff_id = ?", staffID).Scan(ctx))
}

// BeginAuthenticator draws a new secret for the actor's app; the app that there
// is keeps working until the new one has shown a code.
func BeginAuthenticator(ctx context.Context, tx *tenants.Tx, keys *vault.Keys) error {
	id, now := tx.Actor().ID, tx.Now()
	if _, err := tx.InsertNew(ctx, &Authenticator{ID: tenants.NewID(), StaffID: id, CreatedAt: now}); err != nil {
		return fault.Wrap(err, "staff.BeginAuthenticator")
	}
	a := new(Authenticator)
	if err := tx.Lock(ctx, a, "app.staff_id = ?", id); err != nil {
		return fault.Wrap(err, "staff.BeginAuthenticator")
	}
	var raw [secretBytes]byte
	_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
	var err error
	if a.Pending, err = a.seal(keys, "pending", base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])); err != nil {
		return fault.Wrap(err, "staff.BeginAuthenticator")
	}
	a.PendingAt = &now
	if err := tx.Update(ctx, a, "pending", "pending_at"); err != nil {
		return fault.Wrap(err, "staff.BeginAuthenticator")
	}
	return audit.Record(ctx, tx, "factor:begin", "staff", id, "app")
}

// Waiting tells whether a secret waits for its first code.
func (a *Authenticator) Waiting(now time.Time) bool {
	return a.Pending != "" && a.PendingAt != nil && now.Sub(*a.PendingAt) < PendingTime
}

// PendingSecret is the secret that waits for its first code, in base32, and the
// address that apps read from a QR code; NotFound when none waits.
func PendingSecret(ctx context.Context, r tenants.Reader, keys *vault.Keys, who *Staff, issuer string) (secret, address string, err error) {
	a, err := AuthenticatorOf(ctx, r, who.ID)
	if err != nil {
		return "", "", err
	}
	if !a.Waiting(r.Now()) {
		return "", "", fault.New(fault.NotFound, "error.not_found")
	}
	if secret, err = a.open(keys, "pending", a.Pending); err != nil {
		return "", "", fault.Wrap(err, "staff.PendingSecret")
	}
	issuer = strings.ReplaceAll(issuer, ":", " ")
	values := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return secret, "otpauth://totp/" + url.PathEscape(issuer+":"+who.UserName) + "?" + strings.ReplaceAll(values.Encode(), "+", "%20"), nil
}

// ConfirmAuthenticator takes the first code of the waiting secret, which becomes
// the app of the actor from then on. codes are new recovery codes when there
// were none. Field error: code.
func ConfirmAuthenticator(ctx context.Context, tx *tenants.Tx, keys *vault.Keys, typed string) (codes []string, err error) {
	who, err := lockSelf(ctx, tx)
	if err != nil {
		return nil, err
	}
	a := new(Authenticator)
	if err := tx.Lock(ctx, a, "app.staff_id = ?", who.ID); err != nil {
		return nil, fault.Wrap(err, "staff.ConfirmAuthenticator")
	}
	if !a.Waiting(tx.Now()) {
		return nil, fault.New(fault.Conflict, "factor.pending_over")
	}
	secret, err := a.open(keys, "pending", a.Pending)
	if err != nil {
		return nil, fault.Wrap(err, "staff.ConfirmAuthenticator")
	}
	step := matchingStep(secret, bare(typed), tx.Now())
	if step == 0 {
		return nil, fault.Field("code", "factor.error.code")
	}
	now := tx.Now()
	if a.Secret, err = a.seal(keys, "secret", secret); err != nil {
		return nil, fault.Wrap(err, "staff.ConfirmAuthenticator")
	}
	a.Pending, a.PendingAt, a.LastStep, a.ConfirmedAt = "", nil, step, &now
	if err := tx.Update(ctx, a, "secret", "pending", "pending_at", "last_step", "confirmed_at"); err != nil {
		return nil, fault.Wrap(err, "staff.ConfirmAuthenticator")
	}
	return who.gained(ctx, tx, "app")
}

// RemoveAuthenticator takes the actor's app away, unless it is the last factor
// of somebody who must have one.
func RemoveAuthenticator(ctx context.Context, tx *tenants.Tx) error {
	who, err := lockSelf(ctx, tx)
	if err != nil {
		return err
	}
	n, err := tx.Delete(ctx, (*Authenticator)(nil), "staff_id = ?", who.ID)
	if err != nil {
		return fault.Wrap(err, "staff.RemoveAuthenticator")
	}
	if n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return who.lost(ctx, tx, "app")
}

// proves takes the digits of the app or a recovery code, each of them once; by
// says which. Field error: code.
func (s *Staff) proves(ctx context.Context, tx *tenants.Tx, keys *vault.Keys, typed string) (by string, err error) {
	code := bare(typed)
	if len(code) != 6 {
		return "recovery", s.useRecovery(ctx, tx, code)
	}
	a, err := AuthenticatorOf(ctx, tx, s.ID)
	if fault.Is(err, fault.NotFound) || err == nil && a.Secret == "" {
		return "", fault.Field("code", "factor.error.code")
	}
	if err != nil {
		return "", fault.Wrap(err, "staff.proves")
	}
	secret, err := a.open(keys, "secret", a.Secret)
	if err != nil {
		return "", fault.Wrap(err, "staff.proves")
	}
	step := matchingStep(secret, code, tx.Now())
	n, err := tx.Set(ctx, (*Authenticator)(nil), "last_step = ?", []any{step}, "id = ? AND last_step < ?", a.ID, step)
	if err == nil && n == 0 { // no step matches, or it has opened before
		err = fault.Field("code", "factor.error.code")
	}
	return "app", fault.Wrap(err, "staff.proves")
}

// matchingStep is the time step that the code belongs to; 0 for none.
func matchingStep(secret, code string, now time.Time) int64 {
	at, found := now.Unix()/stepSeconds, int64(0)
	for step := at - 1; step <= at+1; step++ {
		want, err := hotp.GenerateCode(secret, uint64(step)) //nolint:gosec // times are after 1970
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// bare is a code as it was meant: ASCII digits, capitals, nothing between.
func bare(typed string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(persian.ToASCII(typed)))
}
