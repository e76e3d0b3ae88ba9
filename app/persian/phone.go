package persian

import (
	"regexp"
	"strings"
)

// Operators are not listed: published lists disagree and numbers move between operators.
var mobile = regexp.MustCompile(`^(?:\+98|0098|98|0)?(9[0-9]{9})$`)

// The area codes are those of the 31 provinces since the numbers became eight digits long.
var landline = regexp.MustCompile(`^(?:\+98|0098|98|0)?((?:1[137]|2[134568]|3[1458]|4[145]|5[1468]|6[16]|` +
	`7[1467]|8[13467])[0-9]{8})$`)

// Short codes (137, 1888) belong to the caller's town and are dialled as they are.
var shortCode = regexp.MustCompile(`^[1-9][0-9]{2,4}$`)

// Mobile reads an Iranian mobile number in any digits, with or without +98, 0098, 98 or 0, and returns it in
// E.164: "+989123456789".
func Mobile(s string) (e164 string, ok bool) {
	return international(mobile, bareNumber(s))
}

// Dialable reads a number that can be dialled from anywhere in Iran. Mobile numbers and landlines with their
// area code come back in E.164 ("+982188991234"), short codes of three to five digits as they are. An
// eight-digit local number has no area code and is not dialable.
func Dialable(s string) (e164 string, ok bool) {
	number := bareNumber(s)
	if shortCode.MatchString(number) {
		return number, true
	}
	if e164, ok := international(landline, number); ok {
		return e164, true
	}
	return international(mobile, number)
}

// ShowMobile writes an E.164 mobile number as it is read aloud, "0912 345 6789", in ASCII digits. Put it in a
// left-to-right island. Anything else comes back unchanged.
func ShowMobile(e164 string) string {
	local, ok := localMobile(e164)
	if !ok {
		return e164
	}
	return local[:4] + " " + local[4:7] + " " + local[7:]
}

// MaskMobile writes an E.164 mobile number so that its owner recognises it and nobody else can call it:
// "0912•••6789". Anything else is hidden entirely.
func MaskMobile(e164 string) string {
	local, ok := localMobile(e164)
	if !ok {
		return "•••"
	}
	return local[:4] + "•••" + local[7:]
}

// bareNumber also drops the brackets and dots that are customary in telephone numbers only.
func bareNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '(' || r == ')' || r == '.' {
			return -1
		}
		return r
	}, compact(s))
}

func international(shape *regexp.Regexp, number string) (string, bool) {
	match := shape.FindStringSubmatch(number)
	if match == nil {
		return "", false
	}
	return "+98" + match[1], true
}

func localMobile(e164 string) (string, bool) {
	rest, ok := strings.CutPrefix(e164, "+98")
	if !ok || !allDigits(rest, 10) || rest[0] != '9' {
		return "", false
	}
	return "0" + rest, true
}
