package staff

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Passkey is one passkey of an account: a key pair whose private half never
// leaves the person's device. It counts as both factors, because the device
// asks for finger, face or PIN.
type Passkey struct {
	tenants.BaseModel `bun:"table:staff_passkeys,alias:passkey"`
	tenants.Owned
	ID           int64 `bun:",pk"`
	StaffID      int64
	CredentialID string // base64url
	Name         string
	Credential   webauthn.Credential `bun:"type:jsonb" json:"-"`
	CreatedAt    time.Time
	UsedAt       *time.Time
}

// Party is the organization as passkeys know it: the host that they are bound
// to, the origin of its pages, its name.
type Party struct{ Host, Origin, Name string }

func (p Party) open() (*webauthn.WebAuthn, error) {
	yes := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: p.Host, RPDisplayName: p.Name, RPOrigins: []string{p.Origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	return w, fault.Wrap(err, "staff.Party")
}

// keyholder is an account as the library asks for it. Its handle is the number
// of the account, which says nothing about the person.
type keyholder struct {
	*Staff
	keys []webauthn.Credential
}

func (k keyholder) WebAuthnID() []byte                         { return binary.BigEndian.AppendUint64(nil, uint64(k.ID)) } //nolint:gosec // a number as it is
func (k keyholder) WebAuthnName() string                       { return k.UserName }
func (k keyholder) WebAuthnDisplayName() string                { return k.NameFA }
func (k keyholder) WebAuthnCredentials() []webauthn.Credential { return k.keys }

// Passkeys lists the passkeys of an account, oldest first.
func Passkeys(ctx context.Context, r tenants.Reader, staffID int64) ([]Passkey, error) {
	var list []Passkey
	err := r.Select(&list).Where("passkey.staff_id = ?", staffID).Order("passkey.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.Passkeys")
}

func holderOf(ctx context.Context, r tenants.Reader, staffID int64) (keyholder, error) {
	who, err := ByID(ctx, r, staffID)
	if err != nil {
		return keyholder{}, err
	}
	list, err := Passkeys(ctx, r, staffID)
	k := keyholder{Staff: who}
	for i := range list {
		k.keys = append(k.keys, list[i].Credential)
	}
	return k, err
}

// BeginPasskey gives the options with which the actor's browser makes a new
// passkey, in JSON.
func BeginPasskey(ctx context.Context, tx *tenants.Tx, at Party, holder string) ([]byte, error) {
	party, err := at.open()
	if err != nil {
		return nil, err
	}
	k, err := holderOf(ctx, tx, tx.Actor().ID)
	if err != nil {
		return nil, err
	}
	known := make([]protocol.CredentialDescriptor, len(k.keys))
	for i := range k.keys {
		known[i] = k.keys[i].Descriptor()
	}
	options, data, err := party.BeginRegistration(k, webauthn.WithExclusions(known))
	if err != nil {
		return nil, fault.Wrap(err, "staff.BeginPasskey")
	}
	if err := ask(ctx, tx, purposeRegister, holder, &k.ID, data); err != nil {
		return nil, err
	}
	out, err := json.Marshal(options)
	return out, fault.Wrap(err, "staff.BeginPasskey")
}

// passkeyNameLength bounds the name of a passkey, in letters.
const passkeyNameLength = 60

// AddPasskey keeps the passkey that the actor's browser has made. codes are
// recovery codes when there were none. Field errors: name; Invalid
// "factor.error.passkey" when the answer does not fit.
func AddPasskey(ctx context.Context, db *tenants.DB, at Party, actor tenants.Actor, holder, name string, answer []byte) (codes []string, err error) {
	name = persian.CleanLine(name)
	if name == "" || len([]rune(name)) > passkeyNameLength {
		return nil, fault.Field("name", "factor.error.name")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, errPasskey()
	}
	party, err := at.open()
	if err != nil {
		return nil, err
	}
	data, err := take(ctx, db, actor, purposeRegister, holder, parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return nil, err
	}
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		codes, err = addPasskey(ctx, tx, party, name, data, parsed)
		return err
	})
	return codes, err
}

func addPasskey(ctx context.Context, tx *tenants.Tx, party *webauthn.WebAuthn, name string, data *webauthn.SessionData, parsed *protocol.ParsedCredentialCreationData) ([]string, error) {
	who, err := lockSelf(ctx, tx)
	if err != nil {
		return nil, err
	}
	made, err := party.CreateCredential(keyholder{Staff: who}, *data, parsed)
	if err != nil || !made.Flags.UserVerified {
		return nil, errPasskey()
	}
	row := &Passkey{
		ID: tenants.NewID(), StaffID: who.ID, Name: name, Credential: *made, CreatedAt: tx.Now(),
		CredentialID: base64.RawURLEncoding.EncodeToString(made.ID),
	}
	fresh, err := tx.InsertNew(ctx, row)
	if err != nil {
		return nil, fault.Wrap(err, "staff.AddPasskey")
	}
	if !fresh {
		return nil, errPasskey()
	}
	return who.gained(ctx, tx, "passkey "+name)
}

func errPasskey() error { return fault.Field("passkey", "factor.error.passkey") }

// RemovePasskey takes one of the actor's passkeys away, unless it is the last
// factor of somebody who must have one.
func RemovePasskey(ctx context.Context, tx *tenants.Tx, id int64) error {
	who, err := lockSelf(ctx, tx)
	if err != nil {
		return err
	}
	row := new(Passkey)
	if err := tx.Lock(ctx, row, "passkey.id = ? AND passkey.staff_id = ?", id, who.ID); err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*Passkey)(nil), "id = ?", id); err != nil {
		return fault.Wrap(err, "staff.RemovePasskey")
	}
	return who.lost(ctx, tx, "passkey "+row.Name)
}

// AskPasskey gives the options with which a browser signs in, or confirms who
// sits there (confirm), with a passkey that it finds by itself, in JSON.
func AskPasskey(ctx context.Context, tx *tenants.Tx, at Party, holder string, confirm bool) ([]byte, error) {
	party, err := at.open()
	if err != nil {
		return nil, err
	}
	options, data, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fault.Wrap(err, "staff.AskPasskey")
	}
	if err := ask(ctx, tx, purposeOf(confirm), holder, nil, data); err != nil {
		return nil, err
	}
	out, err := json.Marshal(options)
	return out, fault.Wrap(err, "staff.AskPasskey")
}

// SignInPasskey opens a session for the account of a passkey, without password:
// the device has asked for a second proof itself. Whatever is wrong is Forbidden
// "session.refused".
func SignInPasskey(ctx context.Context, db *tenants.DB, at Party, from Device, answer []byte) (*SignedIn, error) {
	var signed *SignedIn
	err := withPasskey(ctx, db, at, tenants.SystemActor(), purposeSignIn, from.Holder, answer, func(tx *tenants.Tx, key *Passkey) error {
		who, roles, err := admitted(ctx, tx, key.StaffID)
		if err != nil {
			return err
		}
		if err := byOwnDoor(tx, roles); err != nil {
			return err
		}
		if _, err := tx.Delete(ctx, (*halfRow)(nil), "staff_id = ? AND holder = ?", who.ID, from.holder()); err != nil {
			return fault.Wrap(err, "staff.SignInPasskey")
		}
		signed, err = who.begin(ctx, tx, roles, from, "passkey")
		return err
	})
	return signed, err
}

// ConfirmPasskey is Confirm with one of the actor's passkeys.
func ConfirmPasskey(ctx context.Context, db *tenants.DB, at Party, actor tenants.Actor, holder, session string, answer []byte) (token string, err error) {
	err = withPasskey(ctx, db, at, actor, purposeConfirm, holder, answer, func(tx *tenants.Tx, key *Passkey) error {
		if key.StaffID != actor.ID {
			return errRefused()
		}
		token, err = confirmed(ctx, tx, session, "passkey")
		return err
	})
	return token, err
}

// withPasskey checks what a browser has signed and hands the passkey on. A
// counter that does not grow says that there may be a copy of the key: it is
// refused and recorded.
func withPasskey(ctx context.Context, db *tenants.DB, at Party, actor tenants.Actor, purpose, holder string, answer []byte, then func(*tenants.Tx, *Passkey) error) error {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return errRefused()
	}
	party, err := at.open()
	if err != nil {
		return err
	}
	data, err := take(ctx, db, actor, purpose, holder, parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return err
	}
	// Who acts is known only by the passkey, so it is read before the transaction.
	key, err := passkeyOf(ctx, db, parsed.RawID, parsed.Response.UserHandle)
	if err != nil {
		return err
	}
	actor = tenants.Actor{Kind: tenants.Staff, ID: key.StaffID}
	copied := false
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		if copied, err = signedWith(ctx, tx, party, data, parsed, key); err != nil {
			return err
		}
		return then(tx, key)
	})
	if !copied {
		return err
	}
	noted := db.Write(ctx, actor, func(tx *tenants.Tx) error {
		return audit.Record(ctx, tx, "passkey:copy_suspected", "staff", key.StaffID, key.Name)
	})
	if noted != nil {
		return noted
	}
	return errRefused()
}

// signedWith verifies the signature under a lock of the passkey, whose counter
// it keeps.
func signedWith(ctx context.Context, tx *tenants.Tx, party *webauthn.WebAuthn, data *webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData, key *Passkey) (copied bool, err error) {
	if err := tx.Lock(ctx, key, "passkey.id = ?", key.ID); err != nil {
		return false, errRefused()
	}
	who, err := ByID(ctx, tx, key.StaffID)
	if err != nil {
		return false, err
	}
	used, err := party.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) {
		return keyholder{Staff: who, keys: []webauthn.Credential{key.Credential}}, nil
	}, *data, parsed)
	if err != nil || !used.Flags.UserVerified {
		return false, errRefused()
	}
	if used.Authenticator.CloneWarning {
		return true, errRefused()
	}
	now := tx.Now()
	key.Credential, key.UsedAt = *used, &now
	return false, fault.Wrap(tx.Update(ctx, key, "credential", "used_at"), "staff.signedWith")
}

// passkeyOf finds the passkey that a browser says it has signed with.
func passkeyOf(ctx context.Context, r tenants.Reader, id, handle []byte) (*Passkey, error) {
	key := new(Passkey)
	err := tenants.Err(r.Select(key).Where("passkey.credential_id = ?", base64.RawURLEncoding.EncodeToString(id)).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, errRefused()
	}
	if err != nil {
		return nil, fault.Wrap(err, "staff.passkeyOf")
	}
	if !bytes.Equal(handle, keyholder{Staff: &Staff{ID: key.StaffID}}.WebAuthnID()) {
		return nil, errRefused()
	}
	return key, nil
}
