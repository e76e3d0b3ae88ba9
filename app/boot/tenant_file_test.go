package boot_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/boot"
	"pasokh/tenants"
)

// A file is applied, changes nothing when it is applied again, prints what it
// would change, and is what show prints.
func TestAnOrganizationIsAFile(t *testing.T) {
	a := opened(t, configured(t))
	dir := t.TempDir()
	raw, err := os.ReadFile("../../tenants/sectors/water.yaml")
	if err != nil {
		t.Fatal(err)
	}
	apply := func(text string, dry bool) (string, error) {
		file := filepath.Join(dir, "o.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := boot.ApplyForTest(t.Context(), a, boot.TenantFile{File: file, DryRun: dry}, &out)
		return out.String(), err
	}
	is := func(text string, dry bool, want ...string) {
		t.Helper()
		got, err := apply(text, dry)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q is not in what was printed:\n%s", w, got)
			}
		}
	}
	first := string(raw)
	is(first, false, "add organization water")
	is(first, false, "0 changes")
	var shown bytes.Buffer
	if err := a.ShowTenant(t.Context(), "water", &shown); err != nil {
		t.Fatal(err)
	}
	is(shown.String(), false, "0 changes")
	changed := strings.Replace(first, "respond_minutes: 1440", "respond_minutes: 1500", 1)
	changed = strings.Replace(changed, "settings:\n", "settings:\n  bounce_limit: 4\n", 1)
	want := []string{"change sla_class", "respond_minutes: 1440 → 1500", "bounce_limit: 2 → 4", "2 changes"}
	is(changed, true, append(want, "nothing was written")...)
	is(changed, false, want...)
	is(changed, false, "0 changes")
	for _, bad := range []struct{ text, want string }{
		{strings.Replace(first, "kind: call_centre", "kind: call_center", 1), "call_center"},
		{strings.Replace(first, "slug: water", "slug: water\ncolour: red", 1), "line 2"},
	} {
		if _, err := apply(bad.text, false); err == nil || !strings.Contains(err.Error(), bad.want) || !strings.Contains(err.Error(), "line") {
			t.Errorf("%v does not tell %q and its line", err, bad.want)
		}
	}
	all, err := a.Root.UnscopedTenants(t.Context())
	if err != nil || len(all) == 0 || all[0].Standing() != tenants.StatusLive {
		t.Errorf("%v %v", all, err)
	}
}
