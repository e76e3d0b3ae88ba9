package staff

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The lengths of a password, in characters.
const (
	PasswordMin = 10
	PasswordMax = 128
)

// common lists passwords and the words and keyboard walks that they are made of,
// of the Latin and of the Persian keyboard; one in a line.
//
//go:embed common_passwords.txt
var common string

// words are the common ones, by their characters; nothing is longer than longest.
var words = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(common) {
		if w := fold(strings.TrimSpace(line)); utf8.RuneCountInString(w) >= 3 {
			set[w] = true
		}
	}
	return set
})

const longest = 24

// Strength is how hard a password is to guess: 0 none, 1 weak, 2 fair, 3 good,
// 4 strong. Below 2 it is refused.
type Strength struct {
	Score int
	Key   string // message of what is wrong; empty when it may be taken
}

// What one piece of a password is worth, in bits: somebody who guesses tries
// what is common first.
const (
	bitsWord   = 11
	bitsWalk   = 6
	bitsAbout  = 3
	bitsLetter = 5
)

// Judge tells how strong a password is. about are the names of the person and
// the organization, which anybody would try.
func Judge(password string, about ...string) Strength {
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	bits := weigh(fold(password), own(about))
	score := min(4, 1+max(0, (bits-20))/12)
	switch {
	case n == 0:
		return Strength{0, "password.short"}
	case n < PasswordMin:
		return Strength{1, "password.short"}
	case n > PasswordMax || len(password) > passwordLimit:
		return Strength{1, "password.long"}
	case words()[fold(password)]:
		return Strength{1, "password.common"}
	case score < 2:
		return Strength{1, "password.weak"}
	}
	return Strength{Score: score}
}

// about are the words that stand for a person at an organization.
func (s *Staff) about(t *tenants.Tenant) []string {
	return []string{s.UserName, s.NameFA, s.NameEN, s.Mobile, s.Email, t.NameFA, t.NameEN, t.Slug}
}

// JudgeFor judges a password for a person.
func JudgeFor(t *tenants.Tenant, s *Staff, password string) Strength {
	return Judge(password, s.about(t)...)
}

// accept refuses a password that is easy to guess. Field error: password.
func (s *Staff) accept(t *tenants.Tenant, password string) error {
	if key := JudgeFor(t, s, password).Key; key != "" {
		return fault.Field("password", key)
	}
	return nil
}

var lookAlike = strings.NewReplacer("@", "a", "4", "a", "3", "e", "0", "o", "$", "s", "5", "s", "!", "i", "ي", "ی", "ك", "ک")

// fold gives the form in which passwords are compared: small letters, ASCII
// digits, one Persian alphabet. Digits stay digits between digits.
func fold(s string) string {
	return strings.ToLower(persian.ToASCII(strings.NewReplacer("ي", "ی", "ك", "ک", "\u200c", "").Replace(s)))
}

// own are the words about a person that are long enough to be looked for.
func own(about []string) []string {
	var list []string
	for _, text := range about {
		for _, w := range strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(w) >= 3 {
				list = append(list, w)
			}
		}
	}
	return list
}

// weigh adds up the pieces of a password, the longest known one first at every
// place.
func weigh(text string, own []string) int {
	r, plain := []rune(text), []rune(lookAlike.Replace(text))
	if len(plain) != len(r) {
		plain = r
	}
	bits, seen := 0, map[string]int{}
	for i := 0; i < len(r); {
		n, worth := piece(r[i:], plain[i:], own)
		what := string(plain[i : i+n])
		if seen[what]++; n > 1 && seen[what] > 1 || seen[what] > 3 {
			worth = 1 // said again
		}
		bits += worth
		i += n
	}
	return bits
}

// piece is the length and the worth of what a text begins with.
func piece(r, plain []rune, own []string) (length, bits int) {
	for _, w := range own {
		if strings.HasPrefix(string(plain), w) || strings.HasPrefix(string(r), w) {
			return utf8.RuneCountInString(w), bitsAbout
		}
	}
	n := walk(r)
	for size := min(longest, len(r)); size > max(2, n); size-- {
		if words()[string(r[:size])] || words()[string(plain[:size])] {
			return size, bitsWord
		}
	}
	if n >= 3 {
		return n, bitsWalk
	}
	if year(r) {
		return 4, bitsWalk
	}
	return 1, bitsLetter
}

// walk is how far a text goes on by the same step: aaaa, 1234, dcba.
func walk(r []rune) int {
	if len(r) < 3 {
		return 1
	}
	step := r[1] - r[0]
	if step < -1 || step > 1 {
		return 1
	}
	n := 2
	for n < len(r) && r[n]-r[n-1] == step {
		n++
	}
	return n
}

// year tells whether a text begins with a year of somebody's life.
func year(r []rune) bool {
	if len(r) < 4 {
		return false
	}
	return slices.Contains([]string{"13", "14", "19", "20"}, string(r[:2])) && unicode.IsDigit(r[2]) && unicode.IsDigit(r[3])
}
