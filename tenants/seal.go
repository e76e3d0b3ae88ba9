package tenants

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"pasokh/app/vault"
)

// What is sealed is a word in the column of the text it stands for:
//
//	#s3.…  sealed with the organization's key 3
//	#k3.…  a person's own key, sealed so
//	#p.…   sealed with a person's own key
//	#k3.…#p.… the two together, as lists select them (SubjectColumn)
//
// Anything else is clear text: of an older installation, or never sealed.
const (
	byTenant  = "#s"
	byKey     = "#k"
	bySubject = "#p."
)

// unreadable is shown in the place of what cannot be opened.
const unreadable = "—"

var wordCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Blind implements Reader.
func (s *scope) Blind(kind, value string) string {
	if value == "" {
		return ""
	}
	k, err := s.root.ring(s.tenant.ID)
	if err != nil {
		slog.Error("no keys to look up with", "tenant", s.tenant.ID)
		return "#" // finds nothing
	}
	return k.blindText(kind, value)
}

func (k *ring) blindText(kind, value string) string {
	return base64.RawURLEncoding.EncodeToString(k.blind(kind, value)[:16])
}

// BlindWords implements Reader.
func (s *scope) BlindWords(text string) string {
	k, err := s.root.ring(s.tenant.ID)
	if err != nil {
		return ""
	}
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = k.blindWord(w)
	}
	return strings.Join(words, " ")
}

func (k *ring) blindWord(word string) string {
	return wordCode.EncodeToString(k.blind("word", word)[:10])
}

// Derived implements Reader.
func (s *scope) Derived(purpose string) ([]byte, error) {
	k, err := s.root.ring(s.tenant.ID)
	if err != nil {
		return nil, err
	}
	return k.blind("derived", purpose), nil
}

// SubjectColumn is the expression of a person's sealed column for a list, with
// the key it opens with: alias is that of the citizens' table.
func SubjectColumn(alias, column string) string {
	return "coalesce(" + alias + ".subject_key || " + alias + "." + column + ", '')"
}

func (k *ring) seal(plain string, at vault.Place) (string, error) {
	return k.sealAs(byTenant, []byte(plain), at)
}

func (k *ring) sealAs(mark string, plain []byte, at vault.Place) (string, error) {
	sealed, err := k.data.Seal(plain, at)
	if err != nil {
		return "", err
	}
	return mark + strconv.Itoa(k.newest) + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// unseal opens one word of the organization's keys.
func (k *ring) unseal(word string, at vault.Place) ([]byte, error) {
	_, text, ok := strings.Cut(word, ".")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, vault.ErrSealed
	}
	return k.data.Open(sealed, at)
}

// newSubject draws a person's own key.
func (k *ring) newSubject(at vault.Place) (string, error) {
	key := make([]byte, vault.KeySize)
	_, _ = rand.Read(key) // never fails: the runtime ends the program instead
	return k.sealAs(byKey, key, at)
}

// subject opens a person's own key.
func (k *ring) subject(word string, at vault.Place) (*vault.Keys, error) {
	if k.last != nil && k.last.word == word+strconv.FormatInt(at.Row, 36) {
		return k.last.own, nil
	}
	key, err := k.unseal(word, at)
	if err != nil {
		return nil, err
	}
	own, err := vault.New(1, map[byte][]byte{1: key})
	if err == nil && k.last != nil {
		k.last.word, k.last.own = word+strconv.FormatInt(at.Row, 36), own
	}
	return own, err
}

func (k *ring) sealSubject(key, plain string, at vault.Place) (string, error) {
	own, err := k.subject(key, subjectPlace(at))
	if err != nil {
		return "", fmt.Errorf("the person's key: %w", err)
	}
	sealed, err := own.Seal([]byte(plain), at)
	return bySubject + base64.RawURLEncoding.EncodeToString(sealed), err
}

// subjectPlace is where the key of a person stands whose value stands at.
func subjectPlace(at vault.Place) vault.Place {
	return vault.Place{Tenant: at.Tenant, Table: at.Table, Column: "subject_key", Row: at.Row}
}

// open gives back what a word stands for; clear text is given as it is, and
// what was erased is empty.
func (k *ring) open(word string, at vault.Place) (string, error) {
	switch {
	case strings.HasPrefix(word, byTenant):
		plain, err := k.unseal(word, at)
		return string(plain), err
	case strings.HasPrefix(word, byKey):
		key, value, ok := strings.Cut(word, bySubject)
		if !ok {
			return "", nil // a key with nothing behind it
		}
		return k.openSubject(key, value, at)
	case strings.HasPrefix(word, bySubject):
		return "", nil
	}
	return word, nil
}

func (k *ring) openSubject(key, value string, at vault.Place) (string, error) {
	own, err := k.subject(key, subjectPlace(at))
	if err != nil {
		return "", err
	}
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return "", vault.ErrSealed
	}
	plain, err := own.Open(sealed, at)
	return string(plain), err
}

// shown is open for pages: what cannot be opened is a dash and a line in the
// log, never a broken page.
func (r *Root) shown(k *ring, word string, at vault.Place) string {
	plain, err := k.open(word, at)
	if err == nil {
		return plain
	}
	if newer, readErr := r.readRing(at.Tenant); readErr == nil { // sealed by a key that was made meanwhile
		if plain, err = newer.open(word, at); err == nil {
			return plain
		}
	}
	slog.Error("a sealed value cannot be opened", "tenant", at.Tenant, "table", at.Table, "column", at.Column, "row", at.Row)
	return unreadable
}
