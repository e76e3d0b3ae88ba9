package persian

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func anyCode(t *rapid.T) string {
	seed := rapid.SliceOfN(rapid.Byte(), codeLength-1, codeLength-1).Draw(t, "seed")
	code, err := NewCode(bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestCodesAreFixedByTheirRandomness(t *testing.T) {
	// These never change: codes are printed on receipts.
	for seed, want := range map[string]string{
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00": "00000000000",
		"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09": "0123456789T",
		"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6": "ZYXWVTSRQPG",
	} {
		if got, err := NewCode(strings.NewReader(seed)); err != nil || got != want {
			t.Errorf("NewCode(%x) = %q, %v, want %q", seed, got, err, want)
		}
	}
}

func TestNewCodeAndPINFromTheSystem(t *testing.T) {
	code, err := NewCode(rand.Reader)
	if err != nil || !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{11}$`).MatchString(code) {
		t.Errorf("NewCode = %q, %v", code, err)
	}
	pin, err := NewPIN(rand.Reader)
	if err != nil || !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{16}$`).MatchString(pin) {
		t.Errorf("NewPIN = %q, %v", pin, err)
	}
}

func TestTooLittleRandomnessIsAnError(t *testing.T) {
	if code, err := NewCode(strings.NewReader("short")); !errors.Is(err, io.ErrUnexpectedEOF) || code != "" {
		t.Errorf("NewCode = %q, %v", code, err)
	}
	if pin, err := NewPIN(strings.NewReader("")); !errors.Is(err, io.EOF) || pin != "" {
		t.Errorf("NewPIN = %q, %v", pin, err)
	}
}

func TestParseCodeIsTolerant(t *testing.T) {
	for in, want := range map[string]string{
		"0123456789T": "0123456789T", "0123-4567-89t": "0123456789T", " o i 2 3 4 5 6 7 8 9 T ": "0123456789T",
		"OL23456789t": "0123456789T", "۰۱۲۳\u2013۴۵۶۷\u2013۸۹T": "0123456789T", "\u200e٠١٢٣٤٥٦٧٨٩T\u200e": "0123456789T",
		"":            "",
		"0123456789W": "", // wrong check character
		"0123456789":  "", "0123456789TV": "", "U123456789T": "", "0123456789؟": "", "012345678\u017fT": "",
	} {
		got, ok := ParseCode(in)
		if got != want || ok != (want != "") {
			t.Errorf("ParseCode(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestShowAndParseCode(t *testing.T) {
	if got := ShowCode("PX4K7M2Q9TB"); got != "PX4K-7M2Q-9TB" {
		t.Errorf("ShowCode = %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		code := anyCode(t)
		for _, typed := range []string{code, ShowCode(code), strings.ToLower(code), ToPersian(ShowCode(code))} {
			if got, ok := ParseCode(typed); !ok || got != code {
				t.Errorf("ParseCode(%q) = %q, %v", typed, got, ok)
			}
		}
	})
}

func TestCodeCatchesEveryWrongCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := anyCode(t)
		for at := range codeLength {
			for _, c := range crockford {
				other := code[:at] + string(c) + code[at+1:]
				if _, ok := ParseCode(other); ok != (other == code) {
					t.Fatalf("ParseCode(%s) = %v, the code is %s", other, ok, code)
				}
			}
		}
	})
}

func TestCodeCatchesExchangedNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := anyCode(t)
		for at := range codeLength - 1 {
			a, b := code[at:at+1], code[at+1:at+2]
			unseen := a == b || a+b == "0Z" || a+b == "Z0"
			if _, ok := ParseCode(code[:at] + b + a + code[at+2:]); ok != unseen {
				t.Fatalf("exchanging %s and %s of %s: %v", a, b, code, ok)
			}
		}
	})
}

func TestPIN(t *testing.T) {
	if got := ShowPIN("7M2Q9TBX0PX4K7M2"); got != "7M2Q-9TBX-0PX4-K7M2" {
		t.Errorf("ShowPIN = %q", got)
	}
	for in, want := range map[string]string{
		"7m2q-9tbx-oPX4 k7m2": "7M2Q9TBX0PX4K7M2", "7M2Q9TBX0PX4K7M": "", "7M2Q9TBX0PX4K7MU": "", "": "",
	} {
		got, ok := ParsePIN(in)
		if got != want || ok != (want != "") {
			t.Errorf("ParsePIN(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"0123456789T", "oi23-4567-89t", "۰۱۲۳۴۵۶۷۸۹T", "", "\xff", "PX4K-7M2Q-9TB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, ok := ParseCode(s)
		if !ok {
			if code != "" {
				t.Errorf("ParseCode(%q) = %q without ok", s, code)
			}
			return
		}
		if len(code) != codeLength || strings.Trim(code, crockford) != "" {
			t.Errorf("ParseCode(%q) = %q", s, code)
		}
		if again, ok := ParseCode(ShowCode(code)); !ok || again != code {
			t.Errorf("ParseCode(%q) = %q, %v", ShowCode(code), again, ok)
		}
	})
}
