package boot_test

import (
	"io"
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
