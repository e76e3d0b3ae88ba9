package persian

import (
	"regexp"
	"testing"
)

func TestMobile(t *testing.T) {
	for in, want := range map[string]string{
		"09123456789": "+989123456789", "9123456789": "+989123456789", "989123456789": "+989123456789",
		"+989123456789": "+989123456789", "00989123456789": "+989123456789",
		"۰۹۱۲ ۳۴۵ ۶۷۸۹":                  "+989123456789",
		"\u0660\u0669١٢-٣٤٥-٦٧٨٩":        "+989123456789",
		"\u202a(+98) 912.345.6789\u202c": "+989123456789",
		"09992345678":                    "+989992345678", // no list of operators
		"":                               "", "0912345678": "", "091234567890": "", "02188991234": "", "+19123456789": "",
		"0912345678a": "", "9+89123456789": "", "١١١": "",
	} {
		got, ok := Mobile(in)
		if got != want || ok != (want != "") {
			t.Errorf("Mobile(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestShowAndMaskMobile(t *testing.T) {
	if got := ShowMobile("+989123456789"); got != "0912 345 6789" {
		t.Errorf("ShowMobile = %q", got)
	}
	if got := MaskMobile("+989123456789"); got != "0912•••6789" {
		t.Errorf("MaskMobile = %q", got)
	}
	for _, other := range []string{"", "137", "+982188991234", "09123456789", "+98912345678x"} {
		if got := ShowMobile(other); got != other {
			t.Errorf("ShowMobile(%q) = %q", other, got)
		}
		if got := MaskMobile(other); got != "•••" {
			t.Errorf("MaskMobile(%q) = %q shows something", other, got)
		}
	}
}

func TestDialable(t *testing.T) {
	for in, want := range map[string]string{
		"02188991234": "+982188991234", "۰۲۱-۸۸۹۹۱۲۳۴": "+982188991234", "(021) 8899 1234": "+982188991234",
		"+98 21 88991234": "+982188991234", "00982188991234": "+982188991234", "2188991234": "+982188991234",
		"08633123456": "+988633123456", "05138000000": "+985138000000",
		"137": "137", "۱۸۸۸": "1888", "23055": "23055",
		"09123456789": "+989123456789",
		"88991234":    "", // local, without area code
		"01288991234": "", // no such area
		"12":          "", "021137": "", "": "", "0888": "", "137x": "",
	} {
		got, ok := Dialable(in)
		if got != want || ok != (want != "") {
			t.Errorf("Dialable(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzMobile(f *testing.F) {
	for _, s := range []string{"09123456789", "+98 912 345 67 89", "۰۹۱۲۳۴۵۶۷۸۹", "137", "", "\xff"} {
		f.Add(s)
	}
	stored := regexp.MustCompile(`^\+989[0-9]{9}$`)
	f.Fuzz(func(t *testing.T, s string) {
		number, ok := Mobile(s)
		if ok != stored.MatchString(number) || !ok && number != "" {
			t.Errorf("Mobile(%q) = %q, %v", s, number, ok)
		}
		if !ok {
			return
		}
		if again, _ := Mobile(ToPersian(ShowMobile(number))); again != number {
			t.Errorf("%q as shown is read as %q", number, again)
		}
		if dial, _ := Dialable(s); dial != number {
			t.Errorf("Dialable(%q) = %q, Mobile %q", s, dial, number)
		}
	})
}
