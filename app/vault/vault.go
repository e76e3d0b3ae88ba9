// Package vault seals small secrets for the database with a key that is kept
// outside it: credentials of gateways, identity numbers.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// KeySize is the length of a key in bytes: AES-256.
const KeySize = 32

// ErrSealed says that a sealed value cannot be opened: its key is not here, it
// was changed, or it was moved from another place.
var ErrSealed = errors.New("vault: this cannot be opened here")

// Place is where a sealed value stands. It is bound to it: the same bytes in
// another organization, table, column or row do not open.
type Place struct {
	Tenant        int64
	Table, Column string
	Row           int64
}

func (p Place) bytes(id byte) []byte {
	return fmt.Appendf(nil, "pasokh/1/%d/%d/%s/%s/%d", id, p.Tenant, p.Table, p.Column, p.Row)
}

// Keys are the keys of a deployment. The newest seals; the older ones only open.
type Keys struct {
	newest byte
	doors  map[byte]cipher.AEAD
}

// New takes keys by their numbers; newest names the one that seals.
func New(newest byte, keys map[byte][]byte) (*Keys, error) {
	k := &Keys{newest: newest, doors: map[byte]cipher.AEAD{}}
	for id, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("vault: key %d has %d bytes, not %d", id, len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if k.doors[id], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	if k.doors[newest] == nil {
		return nil, fmt.Errorf("vault: there is no key %d to seal with", newest)
	}
	return k, nil
}

// Seal hides plain: one byte with the number of the key, the nonce, the
// ciphertext.
func (k *Keys) Seal(plain []byte, at Place) ([]byte, error) {
	door := k.doors[k.newest]
	nonce := make([]byte, door.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return door.Seal(append([]byte{k.newest}, nonce...), nonce, plain, at.bytes(k.newest)), nil
}

// Open gives back what Seal hid at this place; ErrSealed when it cannot.
func (k *Keys) Open(sealed []byte, at Place) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, ErrSealed
	}
	door := k.doors[sealed[0]]
	if door == nil || len(sealed) < 1+door.NonceSize() {
		return nil, ErrSealed
	}
	nonce, text := sealed[1:1+door.NonceSize()], sealed[1+door.NonceSize():]
	plain, err := door.Open(nil, nonce, text, at.bytes(sealed[0]))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Old tells whether a value was sealed with a key that is no longer the newest
// and should be sealed again.
func (k *Keys) Old(sealed []byte) bool { return len(sealed) > 0 && sealed[0] != k.newest }

// Load reads a file of keys. A line is 32 bytes in hex or base64, with its
// number before it when there are several ("2:…"); the last line seals. Empty
// lines and lines that begin with # are left out.
func Load(path string) (*Keys, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	keys, newest := map[byte][]byte{}, byte(0)
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, key, err := parseLine(line)
		if err != nil {
			return nil, err
		}
		if keys[id] != nil {
			return nil, fmt.Errorf("key file: two keys have the number %d", id)
		}
		keys[id], newest = key, id
	}
	return New(newest, keys)
}

func parseLine(line string) (id byte, key []byte, err error) {
	number, text, several := strings.Cut(line, ":")
	if !several {
		number, text = "1", line
	}
	n, err := strconv.ParseUint(number, 10, 8)
	if err != nil || n == 0 {
		return 0, nil, errors.New("key file: the number of a key is from 1 to 255")
	}
	if key, err = hex.DecodeString(text); err != nil {
		key, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(key) != KeySize {
		return 0, nil, fmt.Errorf("key file: key %d is not %d bytes in hex or base64", n, KeySize)
	}
	return byte(n), key, nil
}

// Exposed tells whether others than the owner and the group may read the file.
func Exposed(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, fmt.Errorf("key file: %w", err)
	}
	return info.Mode().Perm()&0o007 != 0, nil
}

// Make writes a file with one new key that only its owner reads, unless a file
// stands there already.
func Make(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	key := make([]byte, KeySize)
	if _, err = rand.Read(key); err == nil {
		_, err = fmt.Fprintf(f, "1:%x\n", key)
	}
	return errors.Join(err, f.Close())
}
