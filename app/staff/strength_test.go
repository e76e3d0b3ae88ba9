package staff_test

import (
	"strings"
	"testing"

	"pasokh/app/staff"
)

func TestPasswordsThatAnybodyWouldTryAreRefused(t *testing.T) {
	about := []string{"karimi", "رضا کریمی", "Reza Karimi", "+989121234567", "شرکت گاز استان زنجان", "Zanjan Gas", "gas"}
	for password, want := range map[string]string{
		"":                       "password.short",
		"Xk7#mQ2p!":              "password.short", // nine
		strings.Repeat("x%", 65): "password.long",
		"password123":            "password.common",
		"P@ssw0rd1234":           "password.weak",
		"qwertyuiop":             "password.common",
		"ضصثقفغعهخح":             "password.common",
		"۱۲۳۴۵۶۷۸۹۰":             "password.common",
		"aaaaaaaaaaaaaaa":        "password.weak",
		"mohammad1365":           "password.weak",
		"یاعلی۱۳۶۵۱۲۳":           "password.weak",
		"سلامسلامسلام":           "password.weak",
		"Karimi@1403":            "password.weak",
		"zanjangas1405":          "password.weak",
		"iloveyou1234":           "password.common",
		"09121234567":            "password.common",
		"abcdefghij12345":        "password.weak",
	} {
		got := staff.Judge(password, about...)
		if got.Key != want || got.Score > 1 {
			t.Errorf("%q: %+v, want %s", password, got, want)
		}
	}
}

func TestGoodPasswordsPass(t *testing.T) {
	for _, password := range []string{
		"vk7 nmq2 pzhe", "صندلی‌آبیِ روی پله‌ها", "Torsh-lavashak.73?", "مه در جنگل‌های بلوط می‌پیچد", "kjhw9erknv", strings.Repeat("کتاب ", 25),
	} {
		if got := staff.Judge(password, "karimi"); got.Key != "" || got.Score < 2 {
			t.Errorf("%q: %+v", password, got)
		}
	}
	if weak, strong := staff.Judge("kjhw9erknv"), staff.Judge("kjhw9erknv zx81 pwtl dd"); weak.Score >= strong.Score {
		t.Errorf("longer is not stronger: %+v, %+v", weak, strong)
	}
}
