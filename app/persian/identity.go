package persian

import (
	"regexp"
	"strings"
)

// NationalID reads the ten-digit identity number of a person (کد ملی) in any digits, with spaces or
// hyphens, and returns it as ten ASCII digits. Eight and nine digits are padded with zeros, which
// spreadsheets drop. The check digit, ten equal digits and an empty serial are refused; the city prefix is
// not checked, because no published list is complete. Foreign nationals have other numbers.
func NationalID(s string) (string, bool) {
	id := compact(s)
	if n := len(id); n == 8 || n == 9 {
		id = strings.Repeat("0", 10-n) + id
	}
	if !allDigits(id, 10) || id == strings.Repeat(id[:1], 10) || id[3:9] == "000000" {
		return "", false
	}
	sum := 0
	for i := range 9 {
		sum += int(id[i]-'0') * (10 - i)
	}
	check := sum % 11
	if check >= 2 {
		check = 11 - check
	}
	if int(id[9]-'0') != check {
		return "", false
	}
	return id, true
}

// LegalID reads the eleven-digit number of a legal entity (شناسه ملی), checks its check digit and returns
// eleven ASCII digits. Nothing is padded.
func LegalID(s string) (string, bool) {
	id := compact(s)
	if !allDigits(id, 11) || id[3:9] == "000000" {
		return "", false
	}
	weights := [...]int{29, 27, 23, 19, 17}
	shift, sum := int(id[9]-'0')+2, 0
	for i := range 10 {
		sum += (shift + int(id[i]-'0')) * weights[i%len(weights)]
	}
	if int(id[10]-'0') != sum%11%10 {
		return "", false
	}
	return id, true
}

// The first five digits name the town and route and never use 0 or 2. Stricter rules in circulation have no
// source.
var postalCode = regexp.MustCompile(`^[13-9]{5}[0-9]{5}$`)

// PostalCode reads a ten-digit postal code (کدپستی) and returns ten ASCII digits.
func PostalCode(s string) (string, bool) {
	code := compact(s)
	if !postalCode.MatchString(code) {
		return "", false
	}
	return code, true
}
