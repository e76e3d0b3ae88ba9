package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Hasher says how much work a password costs. The zero Hasher is the one to
// use: 19 MiB, two passes, one lane, as OWASP's password storage sheet asks
// for argon2id (about 55 ms on the machine this was measured on). Tests and
// demonstration data take a cheaper one.
type Hasher struct {
	MemoryKiB uint32
	Passes    uint32
}

// Cheap makes hashes that protect nothing; it is for tests and for accounts
// whose passwords are published.
func Cheap() Hasher { return Hasher{MemoryKiB: 64, Passes: 1} }

const (
	saltBytes = 16
	keyBytes  = 32
	lanes     = 1

	// passwordLimit bounds what is hashed, in bytes; longer ones never fit.
	passwordLimit = 1024
	// memoryLimit bounds what a stored hash may ask for.
	memoryLimit = 1 << 20
)

func (h Hasher) orDefault() Hasher {
	if h == (Hasher{}) {
		return Hasher{MemoryKiB: 19 * 1024, Passes: 2}
	}
	return h
}

// Hash gives the PHC string of a password under a new salt.
func (h Hasher) Hash(password string) string {
	h = h.orDefault()
	var salt [saltBytes]byte
	_, _ = rand.Read(salt[:]) // never fails: the runtime ends the program instead
	return encoded{Hasher: h, salt: salt[:], key: h.key(password, salt[:])}.String()
}

// key does the work. The password is NFC, because keyboards compose letters
// differently, and never trimmed.
func (h Hasher) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, h.Passes, h.MemoryKiB, lanes, keyBytes)
}

// Matches tells whether the password is the one behind the PHC string. It does
// the same work whatever it is given: an empty or unreadable string, or an
// over-long password, costs one hash as well and never matches.
func (h Hasher) Matches(stored, password string) bool {
	e, err := parse(stored)
	fits := err == nil && len(password) <= passwordLimit
	if !fits {
		e, password = encoded{Hasher: h.orDefault(), salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}, ""
	}
	same := subtle.ConstantTimeCompare(e.key, e.Hasher.key(password, e.salt)) == 1
	return fits && same
}

// Outdated tells whether the PHC string was made with other parameters.
func (h Hasher) Outdated(stored string) bool {
	e, err := parse(stored)
	return err != nil || e.Hasher != h.orDefault()
}

// encoded is a hash with everything that is needed to check it:
// $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type encoded struct {
	Hasher
	salt, key []byte
}

func (e encoded) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		e.MemoryKiB, e.Passes, lanes, b64.EncodeToString(e.salt), b64.EncodeToString(e.key))
}

var errHash = errors.New("not an argon2id hash of ours")

func parse(phc string) (encoded, error) {
	var e encoded
	part := strings.Split(phc, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return e, errHash
	}
	var p int
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &e.MemoryKiB, &e.Passes, &p); err != nil {
		return e, errHash
	}
	var err1, err2 error
	e.salt, err1 = base64.RawStdEncoding.DecodeString(part[4])
	e.key, err2 = base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(e.salt) == 0 || len(e.key) != keyBytes {
		return e, errHash
	}
	if p != lanes || e.Passes == 0 || e.Passes > 64 || e.MemoryKiB == 0 || e.MemoryKiB > memoryLimit {
		return e, errHash
	}
	return e, nil
}
