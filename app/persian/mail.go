package persian

import (
	"net/mail"
	"strings"
)

// MaxMail is the longest address of mail that can be written to (RFC 5321).
const (
	MaxMail      = 254
	maxMailLocal = 64
)

// Mail reads an address of mail as people type it on any keyboard: digits become
// ASCII, spaces around it and characters that show nothing go. It is refused with
// a name, with spaces in it, without a domain of two parts, and in letters that
// are not ASCII, which most servers do not take; an international domain is
// written in its xn-- form.
func Mail(typed string) (address string, ok bool) {
	address = ToASCII(CleanLine(typed))
	at, err := mail.ParseAddress(address)
	if err != nil || at.Address != address || len(address) > MaxMail {
		return "", false
	}
	for _, r := range address {
		if r <= ' ' || r > '~' || r == '"' {
			return "", false
		}
	}
	cut := strings.LastIndexByte(address, '@')
	local, domain := address[:cut], address[cut+1:]
	if len(local) > maxMailLocal || !strings.Contains(strings.Trim(domain, "."), ".") || strings.HasSuffix(domain, ".") {
		return "", false
	}
	return address, true
}
