package boot_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pasokh/app/boot"
)

// parts are what a file says beside its template.
const parts = `
logo: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAUElEQVR42u3PQQkAAAgEsEvi2/4pjGUE38JgBZapfi0CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICApcFDOLg8TRIeqAAAAAASUVORK5CYII="
roles:
  - name_fa: پاسخ‌گوی شب
    name_en: Night desk
    description: تنها می‌خواند
    scope: tenant
    allow: ["complaint:read", "file:read"]
permissions:
  - role: unit_expert
    deny: ["complaint:note"]
messages:
  - event: complaint.registered
    channels: [sms, mail]
    texts:
      - {channel: sms, language: fa, text: "{office}\nپیام شما نزد ماست. کد:\n{code}\n{link}"}
weeks:
  - from_day: "2026-01-03"
    week: [[{from: 480, until: 840}], [{from: 480, until: 840}], [{from: 480, until: 840}], [{from: 480, until: 840}], [], [], []]
closures:
  - {day: "2099-01-01", name_fa: تعطیلی آزمون}
invitations:
  - {user: night, name_fa: شب‌کار, name_en: Night, mobile: "09120009988", unit: pr, roles: [پاسخ‌گوی شب]}
`

// What a file says of roles, words, calendar and logo is shown again as it was,
// and makes an empty place alike.
func TestAFileCarriesRolesWordsCalendarAndLogo(t *testing.T) {
	raw, err := os.ReadFile("../../tenants/sectors/water.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a := opened(t, configured(t))
	day := a.Root.Clock()().AddDate(1, 0, 0).Format(time.DateOnly)
	text := strings.Replace(string(raw), "\ncontacts:", strings.ReplaceAll(parts, "2099-01-01", day)+"contacts:", 1)
	if out := applied(t, a, text); !strings.Contains(out, "add organization water") {
		t.Fatal(out)
	}
	if out := applied(t, a, text); !strings.Contains(out, "0 changes") {
		t.Errorf("applied twice: %s", out)
	}
	shown := show(t, a)
	for _, want := range []string{"data:image/png;base64,", "پاسخ‌گوی شب", "complaint:note", "نزد ماست", "2026-01-03", "تعطیلی آزمون"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown:\n%s", want, shown)
		}
	}
	if out := applied(t, a, shown); !strings.Contains(out, "0 changes") {
		t.Errorf("what is shown is not what stands: %s", out)
	}
	b := opened(t, configured(t))
	applied(t, b, shown)
	if again := show(t, b); again != shown {
		t.Errorf("an empty place is not made alike:\n%s\n---\n%s", shown, again)
	}
	less := strings.Replace(text, "    deny: [\"complaint:note\"]\n", "", 1)
	less = strings.Replace(less, "closures:\n  - {day: \""+day+"\", name_fa: تعطیلی آزمون}", "closures: []", 1)
	if out := applied(t, a, strings.Replace(less, "allow: [\"complaint:read\", \"file:read\"]", "allow: [\"complaint:read\"]", 1)); !strings.Contains(out, "permissions of unit_expert") ||
		!strings.Contains(out, "permissions of پاسخ‌گوی شب") || !strings.Contains(out, "retire closure "+day) || !strings.Contains(out, "3 changes") {
		t.Error(out)
	}
}

func applied(t *testing.T, a *boot.App, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "o.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := boot.ApplyForTest(t.Context(), a, boot.TenantFile{File: file}, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func show(t *testing.T, a *boot.App) string {
	t.Helper()
	var out bytes.Buffer
	if err := a.ShowTenant(t.Context(), "water", &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
