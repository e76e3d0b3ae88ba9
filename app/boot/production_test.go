package boot_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/boot"
	"pasokh/tenants"
)

func TestProductionNamesEveryUnsafeSetting(t *testing.T) {
	configured(t)
	t.Setenv("PASOKH_ENV", "production")
	err := boot.Run(t.Context(), boot.Order{Command: "serve"}, io.Discard)
	if err == nil {
		t.Fatal("started")
	}
	for _, reason := range []string{"PASOKH_DEMO", "PASOKH_SENDER", "PASOKH_BASE_URL is not set", "not https", "PASOKH_TRUSTED_PROXIES"} {
		if !strings.Contains(err.Error(), reason) {
			t.Errorf("%s is not among: %v", reason, err)
		}
	}
	if strings.Contains(err.Error(), "database") || strings.Contains(err.Error(), "SQLite") || strings.Contains(err.Error(), "migrations") {
		t.Errorf("a safe database is refused: %v", err)
	}
}

func TestDatabaseIsSafeByItself(t *testing.T) {
	a := opened(t, configured(t))
	s, err := tenants.Inspect(t.Context(), a.Root)
	if err != nil {
		t.Fatal(err)
	}
	if a.Root.Postgres() {
		if s.Role != "pasokh_app" || s.OwnsTables || s.BypassesRLS {
			t.Fatalf("%+v", s)
		}
		return
	}
	if !s.SyncFull || !s.ForeignKeys || !s.WAL {
		t.Fatalf("%+v", s)
	}
}

// Production starts with no key that is missing, short or everybody's.
func TestProductionRefusesABadKeyFile(t *testing.T) {
	configured(t)
	dir := t.TempDir()
	t.Setenv("PASOKH_ENV", "production")
	open := filepath.Join(dir, "open")
	if err := errors.Join(os.WriteFile(open, []byte(strings.Repeat("07", 32)), 0o600), os.Chmod(open, 0o644)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"": "PASOKH_KEY_FILE is not set", open: "can be read by everybody", filepath.Join(dir, "missing"): "PASOKH_KEY_FILE: "} {
		t.Setenv("PASOKH_KEY_FILE", path)
		if err := boot.Run(t.Context(), boot.Order{Command: "serve"}, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", path, err, want)
		}
	}
}
