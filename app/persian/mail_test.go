package persian

import (
	"strings"
	"testing"
)

func TestMail(t *testing.T) {
	for in, want := range map[string]string{
		"ali@example.ir": "ali@example.ir", "  ali@example.ir ": "ali@example.ir", "ali۱۲@example.ir": "ali12@example.ir", "ali٣@example.ir": "ali3@example.ir",
		"\u200fali@example.ir\u200e": "ali@example.ir", "Ali.Rezaei+gas@Mail.Example.co.ir": "Ali.Rezaei+gas@Mail.Example.co.ir",
		"o'neil_99@xn--mgba3a4f16a.ir": "o'neil_99@xn--mgba3a4f16a.ir",
		"":                             "", "ali": "", "ali@": "", "@example.ir": "", "ali@localhost": "", "ali@example.": "", "a li@example.ir": "", "ali@exam ple.ir": "",
		"ali @example.ir": "", "Ali <ali@example.ir>": "", "<ali@example.ir>": "", "ali@example.ir, eve@example.ir": "", "علی@example.ir": "", "ali@مثال.ایران": "",
		`"a b"@example.ir`: "", "ali@example.ir\r\nBcc: eve@example.ir": "", "ali@example.ir\nSubject: x": "", "ali@example.ir\x00": "ali@example.ir",
		strings.Repeat("a", 65) + "@example.ir": "", "a@" + strings.Repeat("b", 250) + ".ir": "",
	} {
		got, ok := Mail(in)
		if got != want || ok != (want != "") {
			t.Errorf("Mail(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}
