package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// key makes the hashes of an organization's lines. Its id, with the form of the
// lines before it, stands in each.
type key struct {
	id     string
	tenant int64
	mac    hash.Hash
}

// form is the first part of the id: how the text of a line is made.
const form = "1."

// keyOf derives the organization's key. Nobody has it who has only the database.
func keyOf(r tenants.Reader) (*key, error) {
	secret, err := r.Derived("audit")
	if err != nil {
		return nil, fault.Wrap(err, "audit.keyOf")
	}
	k := &key{tenant: r.Tenant().ID, mac: hmac.New(sha256.New, secret)}
	k.id = form + k.hash([]byte("id"))[:16]
	return k, nil
}

func (k *key) hash(text []byte) string {
	k.mac.Reset()
	k.mac.Write(text)
	return hex.EncodeToString(k.mac.Sum(nil))
}

// sum is the hash of a line: over the organization, the form, the line and the
// hash of the line before it.
func (k *key) sum(e *Entry) string {
	return k.hash(e.text(fmt.Appendf(nil, "%d|%s|", k.tenant, k.id)))
}

// text appends the line's canonical bytes.
func (e *Entry) text(to []byte) []byte {
	return fmt.Appendf(to, "%d|%s|%s|%d|%q|%q|%d|%q|%s", e.Seq, e.At.UTC().Format(time.RFC3339Nano),
		e.ActorKind, e.ActorID, e.Act, e.ObjectKind, e.ObjectID, e.Detail, e.Previous)
}

// plain is the hash of a line of before there were keys.
func (e *Entry) plain() string {
	digest := sha256.Sum256(e.text(nil))
	return hex.EncodeToString(digest[:])
}

// ActImported is the line with which the record of an organization goes on that
// came from another deployment.
const ActImported = "organization:imported"
