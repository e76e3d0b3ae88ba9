package persian

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	zwnj   = '\u200c' // zero-width non-joiner, the Persian half space: part of the spelling
	tatwil = '\u0640' // kashida, which only stretches a word

	// maxMarks is how many combining marks may follow one letter. Real spelling needs three or four; more
	// is text that spills over its neighbours, and norm would begin to insert characters of its own.
	maxMarks = 8
)

// invisible are the characters that show nothing and make equal texts unequal: zero-width characters except
// ZWNJ, directional controls, the byte order mark, soft hyphens and tags. Kashida goes with them.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1},
		{Lo: 0x061c, Hi: 0x061c, Stride: 1},
		{Lo: tatwil, Hi: tatwil, Stride: 1},
		{Lo: 0x180e, Hi: 0x180e, Stride: 1},
		{Lo: 0x200b, Hi: 0x200b, Stride: 1},
		{Lo: 0x200d, Hi: 0x200f, Stride: 1},
		{Lo: 0x202a, Hi: 0x202e, Stride: 1},
		{Lo: 0x2060, Hi: 0x206f, Stride: 1},
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0xe0000, Hi: 0xe007f, Stride: 1},
	},
	LatinOffset: 1,
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Clean is what text goes through before it is saved: valid UTF-8, NFC, Persian ی and ک for the Arabic
// letters, no control or invisible characters, one space for many, ZWNJ only between two visible
// characters. Line breaks become LF and are kept, except at both ends. Hamza, tanvin and digits stay as
// written. Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(visible, lineBreaks.Replace(s))
	// NFC comes before the letters: it makes ئ of ي + hamza, which ی + hamza would no longer become.
	s = strings.Map(persianLetter, norm.NFC.String(s))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = squeeze(line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// CleanLine is Clean for a field of one line: line breaks become spaces.
func CleanLine(s string) string {
	lines := strings.FieldsFunc(Clean(s), func(r rune) bool { return r == '\n' })
	return strings.Join(lines, " ")
}

// SearchKey is the form in which texts are compared, never shown: Clean, then compatibility forms resolved
// (ﻻ is لا), marks dropped, the families of ا و ی ه ک each one letter, ZWNJ removed, ASCII digits, lower
// case, one space between words, no signs. Texts that a reader would call the same word have the same key.
func SearchKey(s string) string {
	s = norm.NFKD.String(Clean(s))
	s = strings.Map(searchLetter, s)
	return strings.Join(strings.Fields(s), " ")
}

func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r) || unicode.Is(invisible, r):
		return -1
	}
	return r
}

func persianLetter(r rune) rune {
	switch r {
	case '\u064a', '\u0649': // Arabic yeh, alef maksura
		return 'ی'
	case '\u0643': // Arabic kaf
		return 'ک'
	}
	return r
}

// searchLetter expects decomposed text, where hamza and madda are marks: أ إ آ have already lost them.
func searchLetter(r rune) rune {
	switch {
	case unicode.Is(unicode.M, r) || r == zwnj || r == tatwil:
		return -1
	case r == '\u0671': // alef wasla
		return 'ا'
	case r == '\u0629' || r == '\u06be' || r == '\u06c1' || r == '\u06c3' || r == '\u06d5':
		// teh marbuta, the Urdu hehs, and ae, which is what ۀ decomposes to
		return 'ه'
	}
	if r = unicode.ToLower(asciiDigit(persianLetter(r))); unicode.IsLetter(r) || unicode.IsNumber(r) {
		return r
	}
	return ' '
}

// squeeze works on one line: runs of spaces become one, runs of ZWNJ one, a ZWNJ beside a space nothing,
// both ends are trimmed and stacks of combining marks are cut.
func squeeze(line string) string {
	var b strings.Builder
	var gap rune // what separates the next visible character from the last one
	marks := 0
	for _, r := range line {
		switch {
		case unicode.IsSpace(r):
			gap, marks = ' ', 0
			continue
		case r == zwnj:
			if gap == 0 {
				gap = zwnj
			}
			marks = 0
			continue
		case unicode.Is(unicode.M, r):
			marks++
		default:
			marks = 0
		}
		if marks > maxMarks {
			continue
		}
		if gap != 0 && b.Len() > 0 {
			b.WriteRune(gap)
		}
		gap = 0
		b.WriteRune(r)
	}
	return b.String()
}
