package files

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"a.jpg", `../..\x`, "a\u202egpj.exe", " . ", "می\u200cخواهم.pdf", "\xff\x00", strings.Repeat("ع", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		name := cleanName(typed, "jpg")
		if !utf8.ValidString(name) || utf8.RuneCountInString(name) > nameRunes {
			t.Errorf("%q became %d runes", typed, utf8.RuneCountInString(name))
		}
		if len(name) <= len(".jpg") || !strings.HasSuffix(name, ".jpg") || strings.HasPrefix(name, ".") {
			t.Errorf("%q became %q", typed, name)
		}
		if i := strings.IndexFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(marks, r)
		}); i >= 0 {
			t.Errorf("%q became %q", typed, name)
		}
		if again := cleanName(name, "jpg"); again != name {
			t.Errorf("%q became %q, and then %q", typed, name, again)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(_ *testing.T, jpeg []byte) {
		if len(jpeg) >= 2 { // the sniffer has seen the first two bytes
			orientation(jpeg)
		}
	})
}
