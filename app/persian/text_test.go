package persian

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"only invisible", " \u200b\u200c\ufeff\t\r\n ", ""},
		{"Arabic yeh, alef maksura and kaf", "عل\u064a موس\u0649 \u0643ر\u064aم", "علی موسی کریم"},
		{"hamza, tanvin and madda stay", "مسئول، رؤیا، أحمد، حتماً، خانۀ آباد", "مسئول، رؤیا، أحمد، حتماً، خانۀ آباد"},
		{"composed", "ا\u0653ب مس\u064a\u0654ول", "آب مسئول"},
		{"kashida", "ســـلام", "سلام"},
		{"composed across what is stripped", "ا\u0640\u0653ب", "آب"},
		{"ZWNJ stays in words", "می\u200cشود", "می\u200cشود"},
		{"ZWNJ runs", "می\u200c\u200c\u200cشود", "می\u200cشود"},
		{"ZWNJ beside spaces and ends", "\u200cمی \u200cشود\u200c کتاب\u200c", "می شود کتاب"},
		{"other zero widths and joiner", "a\u200bb\u200dc\u2060d\ufeffe\u00adf", "abcdef"},
		{"directional controls", "\u200f\u202b0912\u202c\u200e\u2066\u2069\u061c", "0912"},
		{"spaces", "  a \u00a0\t\u3000 b  ", "a b"},
		{"line breaks", "a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"},
		{"blank lines inside stay, at the ends go", "\n\n a \n\n b \n", "a\n\nb"},
		{"controls", "a\x00\x1b[31mb\x7f", "a[31mb"},
		{"broken UTF-8", "a\xffb", "a\ufffdb"},
		{"stacked marks", "z" + strings.Repeat("\u0489", 100) + "a", "z" + strings.Repeat("\u0489", 8) + "a"},
		{"digits as written", "۱۲ 34", "۱۲ 34"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		" سید \r\n\r\n محمد\u200cرضا\u200c\n": "سید محمد\u200cرضا",
		"\n": "",
	} {
		if got := CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSearchKeyOfEqualWords(t *testing.T) {
	for key, texts := range map[string][]string{
		"علی":           {"علی", "عل\u064a", "عل\u0649", " علی ", "عَلیّ", "\ufecb\ufee0\ufef2"},
		"میشود":         {"می\u200cشود", "میشود", "مـیـشود"},
		"مسیول":         {"مسئول", "مسي\u0654ول"},
		"احمد":          {"أحمد", "احمد", "ٱحمد", "اَحمد"},
		"اب":            {"آب", "ا\u0653ب"},
		"رویا":          {"رؤیا", "رویا"},
		"خانه":          {"خانۀ", "خانه", "خانهٔ", "خانة", "خان\u06d5", "خان\u06be"},
		"کلاس":          {"\u0643\ufefbس", "ک\u0644\u0627س"},
		"پلاک 12":       {"پلاک ۱۲", "پلاك \u0661\u0662", "پلاک\n\n12"},
		"cafe":          {"Café", "CAFÉ"},
		"10000000 ریال": {"۱۰۰۰۰۰۰۰ \ufdfc"},
		"":              {"", " ", "\u200c", "\u064b"},
	} {
		for _, text := range texts {
			if got := SearchKey(text); got != key {
				t.Errorf("SearchKey(%q) = %q, want %q", text, got, key)
			}
		}
	}
}

// Long runs of marks and characters that compose across what is removed are where normalising twice differs
// from normalising once; random bytes seldom meet them.
func TestNormalisingTwiceIsNormalisingOnce(t *testing.T) {
	awkward := []rune("aا\u064a\u0649\u0643\u06c0\u0653\u0654\u0655\u064b\u0670\u0301\u0315\u0344\u034f\u0345\u0f73\u0f77" +
		"\u0dd9\u0dcf\u0dca\u0ddd\u1100\u1161\u11a8\uac00\u212b\u0130\ufdfa\ufefb\ufe71\u0958\U0001d15e\U0001d165\u200c\u200d\u0640 \u00a0\n\t\ufffd")
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOfN(rapid.SampledFrom(awkward), 0, 80).Draw(t, "s"))
		if rapid.Bool().Draw(t, "stacked") {
			s += "a" + strings.Repeat("\u0301", rapid.IntRange(20, 70).Draw(t, "marks")) + s
		}
		once, key := Clean(s), SearchKey(s)
		if twice := Clean(once); twice != once || !norm.NFC.IsNormalString(once) {
			t.Fatalf("Clean(%+q) = %+q, again %+q", s, once, twice)
		}
		if again := SearchKey(key); again != key || SearchKey(once) != key {
			t.Fatalf("SearchKey(%+q) = %+q, again %+q, after Clean %+q", s, key, again, SearchKey(once))
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "علي \u200c\u200c\r\n", "ا\u0640\u0653", "\u0344\u0344", "\xff\u1100\u1161", "a\u200c\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Clean(s)
		if twice := Clean(once); twice != once {
			t.Errorf("Clean(%q) = %q, again %q", s, once, twice)
		}
		if !utf8.ValidString(once) || strings.ContainsAny(once, "\r\x00\t\u064a\u0649\u0643\u0640\u200b\u200e\u202e\ufeff") {
			t.Errorf("Clean(%q) = %q is not clean", s, once)
		}
		if line := CleanLine(s); strings.Contains(line, "\n") || CleanLine(line) != line || Clean(line) != line {
			t.Errorf("CleanLine(%q) = %q", s, line)
		}
	})
}

func FuzzSearchKey(f *testing.F) {
	for _, s := range []string{"", "خانۀ آباد", "\ufdfa", "می\u200cشود", "K\u0345\u0f77", "\u0ddd\u200c\u0ddd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := SearchKey(s)
		if again := SearchKey(key); again != key {
			t.Errorf("SearchKey(%q) = %q, again %q", s, key, again)
		}
		if saved := SearchKey(Clean(s)); saved != key {
			t.Errorf("SearchKey(%q) = %q, after Clean %q", s, key, saved)
		}
		if strings.ContainsAny(key, "\u200c\n\r\t") || strings.Contains(key, "  ") || strings.TrimSpace(key) != key {
			t.Errorf("SearchKey(%q) = %q", s, key)
		}
	})
}
