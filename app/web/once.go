package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Forms of the desk that register something carry a number of their own. When the
// answer is lost on its way and the browser sends the form again, or sends it
// twice at once, it is taken once and answered alike.

// once is the number of the form: that which it came with, or a new one.
func (f form) once() string {
	if id := f.id("once"); id != 0 {
		return idText(id)
	}
	return idText(tenants.NewID())
}

// errTaken ends the transaction of a form that was taken before.
var errTaken = errors.New("the form was taken before")

// key names what is sent with a form: whoever goes back to the form and sends
// something else with it means something else. 0: the form has no number.
func (f form) key() int64 {
	if f.id("once") == 0 {
		return 0
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if name != csrfField {
			_, _ = fmt.Fprintf(h, "%q=%q\n", name, f.values[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		for _, file := range f.files[name] {
			_, _ = fmt.Fprintf(h, "%q: %q %d\n", name, file.Filename, file.Size)
		}
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)) >> 2) //nolint:gosec // it fits
}

// writeOnce runs fn in a transaction, together with a note of what it did, or
// gives that note when the form was taken before. A form without a number is
// taken every time.
func (r *req) writeOnce(f form, kind string, fn func(*tenants.Tx) (citizens.Filed, error)) (citizens.Filed, error) {
	key := f.key()
	var filed citizens.Filed
	err := r.write(func(tx *tenants.Tx) error {
		if key != 0 {
			if fresh, err := citizens.TakeForm(r.ctx, tx, key, kind, r.holder()); err != nil {
				return err
			} else if !fresh {
				return errTaken
			}
		}
		var err error
		if filed, err = fn(tx); err != nil || key == 0 {
			return err
		}
		filed.Desk = true
		return citizens.FileDraft(r.ctx, tx, key, r.holder(), filed)
	})
	if !errors.Is(err, errTaken) {
		return filed, err
	}
	filed, err = citizens.FiledDraft(r.ctx, r.db, key, r.holder())
	if fault.Is(err, fault.NotFound) {
		return filed, fault.New(fault.Conflict, "error.conflict") // the number is somebody else's
	}
	return filed, err
}

// seal hides words that only this browser may read again: its cookie is the key,
// and of that we keep the hash alone. Every form has a key of its own.
func (r *req) seal(form, words string) string {
	nonce := make([]byte, sealNonce)
	_, _ = rand.Read(nonce) // never fails: the runtime ends the program instead
	return base64.RawStdEncoding.EncodeToString(r.sealer(form).Seal(nonce, nonce, []byte(words), nil))
}

// unseal reads what seal wrote; empty when it is not this browser's.
func (r *req) unseal(form, text string) string {
	sealed, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(sealed) < sealNonce {
		return ""
	}
	words, err := r.sealer(form).Open(nil, sealed[:sealNonce], sealed[sealNonce:], nil)
	if err != nil {
		return ""
	}
	return string(words)
}

const sealNonce = 12

func (r *req) sealer(form string) cipher.AEAD {
	key := sha256.Sum256([]byte(strings.Join([]string{"once", form, r.visitor}, "\x00")))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // the block has the right size
	}
	return sealer
}
