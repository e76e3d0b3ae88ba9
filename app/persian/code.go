package persian

import (
	"fmt"
	"io"
	"strings"
)

// crockford is Douglas Crockford's base 32: no I, L, O (read as 1 and 0) and no U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLength = 11 // 10 random characters (50 bits) and a check character
	pinLength  = 16 // 80 bits
)

// NewCode draws a tracking code from r (crypto/rand.Reader): 10 random characters and one check character, in
// the canonical form that ParseCode returns. It names a case; it is not a secret.
func NewCode(r io.Reader) (string, error) {
	body, err := random(r, codeLength-1)
	if err != nil {
		return "", fmt.Errorf("persian: tracking code: %w", err)
	}
	return body + string(crockford[checkValue(body)]), nil
}

// ParseCode reads a tracking code as people type it: lower case, any digits, spaces and hyphens, O for 0, I
// and L for 1. It returns the canonical 11 characters. The check character catches every single wrong
// character and every exchange of neighbours except 0 with Z.
func ParseCode(s string) (string, bool) {
	code, ok := canonical(s, codeLength)
	if !ok || strings.IndexByte(crockford, code[codeLength-1]) != checkValue(code[:codeLength-1]) {
		return "", false
	}
	return code, true
}

// ShowCode groups a canonical code for the eye: "PX4K-7M2Q-9TB".
func ShowCode(code string) string { return grouped(code) }

// NewPIN draws the secret that belongs to an anonymous case from r (crypto/rand.Reader): 16 characters, 80
// bits, enough to be stored only as a hash.
func NewPIN(r io.Reader) (string, error) {
	pin, err := random(r, pinLength)
	if err != nil {
		return "", fmt.Errorf("persian: PIN: %w", err)
	}
	return pin, nil
}

// ParsePIN reads a PIN with the tolerance of ParseCode and returns its canonical 16 characters. A PIN has no
// check character.
func ParsePIN(s string) (string, bool) { return canonical(s, pinLength) }

// ShowPIN groups a canonical PIN by four: "7M2Q-9TBX-0PX4-K7M2".
func ShowPIN(pin string) string { return grouped(pin) }

// random is unbiased because 32 divides 256.
func random(r io.Reader, n int) (string, error) {
	code := make([]byte, n)
	if _, err := io.ReadFull(r, code); err != nil {
		return "", err
	}
	for i, b := range code {
		code[i] = crockford[b%32]
	}
	return string(code), nil
}

// canonical is s as n Crockford characters.
func canonical(s string, n int) (string, bool) {
	s = compact(s)
	if len(s) != n {
		return "", false
	}
	code := make([]byte, n)
	for i := range n {
		c, ok := canonicalByte(s[i])
		if !ok {
			return "", false
		}
		code[i] = c
	}
	return string(code), true
}

func canonicalByte(c byte) (byte, bool) {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	switch c {
	case 'O':
		c = '0'
	case 'I', 'L':
		c = '1'
	}
	return c, strings.IndexByte(crockford, c) >= 0
}

// checkValue is Luhn's sum modulo 32: from the right every second value counts double, and a double of 32 or
// more gives its two base-32 digits. Doubling so is one-to-one, hence every substitution shows.
func checkValue(body string) int {
	sum, double := 0, true
	for i := len(body) - 1; i >= 0; i-- {
		value := strings.IndexByte(crockford, body[i])
		if double {
			value = value*2/32 + value*2%32
		}
		sum += value
		double = !double
	}
	return (32 - sum%32) % 32
}

// grouped puts a hyphen after every fourth character.
func grouped(code string) string {
	var b strings.Builder
	for i := range len(code) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(code[i])
	}
	return b.String()
}
