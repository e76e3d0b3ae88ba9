package persian

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

const (
	decimalMark = '\u066b' // ٫
	groupMark   = '\u066c' // ٬
	percentSign = '\u066a' // ٪

	// minus is the CLDR "fa" minus sign. The left-to-right mark keeps it on the left of the number in a
	// right-to-left line, where a bare minus would jump to the right.
	minus = "\u200e\u2212"
)

// ToASCII replaces Persian (U+06F0-06F9) and Arabic (U+0660-0669) digits by 0-9, the decimal mark U+066B
// by a full stop and the grouping mark U+066C by a comma. Everything else is left as it is.
func ToASCII(s string) string {
	return strings.Map(asciiDigit, s)
}

func asciiDigit(r rune) rune {
	switch {
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r == decimalMark:
		return '.'
	case r == groupMark:
		return ','
	}
	return r
}

// ToPersian replaces the ASCII digits of s by Persian ones: "1405" becomes «۱۴۰۵». It is for prose, counts
// and dates; codes that people copy stay ASCII.
func ToPersian(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// Number writes a count in Persian digits grouped by threes: 1234 becomes «۱٬۲۳۴». Never use it for years
// and codes, which are not grouped.
func Number(n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], minus
	}
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune(groupMark)
		}
		b.WriteRune(r)
	}
	return sign + ToPersian(b.String())
}

// Percent writes p, already counted in hundredths (97.2 means 97.2 %), with at most one decimal: «۹۷٫۲٪».
// A share of nothing (NaN, from 0/0) and infinities are shown as a dash.
func Percent(p float64) string {
	if math.IsNaN(p) || math.IsInf(p, 0) {
		return "—"
	}
	sign := ""
	rounded := strconv.FormatFloat(math.Abs(p), 'f', 1, 64)
	rounded = strings.TrimSuffix(rounded, ".0")
	if p < 0 && rounded != "0" {
		sign = minus
	}
	return sign + strings.ReplaceAll(ToPersian(rounded), ".", string(decimalMark)) + string(percentSign)
}

// compact makes a typed number bare: ASCII digits, without the spaces, dashes and invisible marks that
// people, spreadsheets and right-to-left pages put between and around digits.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isDash(r) || r == zwnj || unicode.Is(invisible, r) {
			return -1
		}
		return asciiDigit(r)
	}, s)
}

func isDash(r rune) bool {
	return unicode.Is(unicode.Pd, r) || r == '\u2212'
}

// allDigits reports whether s is n ASCII digits and nothing else.
func allDigits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}
