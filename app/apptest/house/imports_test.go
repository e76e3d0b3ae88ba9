package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms says which of our own packages a room may import: the named ones, and
// whatever stands in a layer above it. It is architecture in one table.
var layers = [][]string{
	{"app/fault", "app/persian", "app/vault", "app/carriers", "app/carriers/fakes", "app/telemetry", "static", "tenants/migrations"},
	{"views/messages", "app/sheet", "app/fetch", "app/openid"},
	{"app/openid/fake"},
	{"tenants", "policies"},
	{"app/audit"},
	{"app/timeline", "app/files", "app/citizens", "app/staff"},
	{"scheduler/directives", "app/roles", "app/emergency", "app/signin", "app/handover"},
	{"app/complaints", "scheduler/meetings", "app/committees", "app/inspection"},
	{"app/quality"},
	{"app/privacy"},
	{"app/notify"},
	{"app/inbound", "app/settings"},
	{"views/parts"},
	{"views"},
	{"app/web", "jobs", "app/backup"},
	{"app/boot"},
	{"app"},
}

// keys says who alone may import a library.
var keys = map[string][]string{
	"github.com/uptrace/bun":         {"tenants"},
	"github.com/hibiken/asynq":       {"jobs", "app/boot", "app/apptest"},
	"github.com/gofiber/fiber":       {"app/web", "app/boot", "app/apptest"},
	"github.com/casbin/casbin":       {"policies", "app/boot"},
	"github.com/a-h/templ":           {"views", "views/parts", "app/web"},
	"github.com/emersion/go-ical":    {"scheduler/meetings"},
	"github.com/go-webauthn":         {"app/staff"},
	"github.com/coreos/go-oidc":      {"app/openid"},
	"golang.org/x/oauth2":            {"app/openid"},
	"github.com/go-jose/go-jose":     {"app/openid/fake"},
	"github.com/pquerna/otp":         {"app/staff"},
	"github.com/jackc/pgx":           {"tenants", "app/boot", "app/apptest/dbtest"},
	"modernc.org/sqlite":             {"tenants"},
	"github.com/alecthomas/kong":     {"app/boot", "app"},
	"github.com/caarlos0/env":        {"app/boot"},
	"github.com/boombuler/barcode":   {"app/web", "views/parts", "views"},
	"github.com/xuri/excelize":       {"app/sheet"},
	"github.com/prometheus":          {"app/telemetry"},
	"go.opentelemetry.io":            {"app/telemetry"},
	"github.com/wneessen/go-mail":    {"app/carriers"},
	"github.com/emersion/go-message": {"app/inbound"},
	"github.com/emersion/go-smtp":    {"app/carriers/fakes"},
	"github.com/emersion/go-imap":    {"app/carriers"},
}

// free are packages that the layers do not bind: they build or test all.
func free(pkg string) bool {
	return strings.HasPrefix(pkg, "app/apptest") || slices.Contains([]string{"app/browsertest", "app/killtest", "app/bench", "app/mutants"}, pkg)
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "pasokh/...")
	cmd.Stderr = &bytes.Buffer{}
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, cmd.Stderr)
	}
	var all []listed
	dec := json.NewDecoder(bytes.NewReader(raw))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func layerOf(pkg string) int {
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, pkg) })
}

func TestImportsObeyTheHouse(t *testing.T) {
	for _, p := range packages(t) {
		pkg := strings.TrimPrefix(p.ImportPath, "pasokh/")
		if free(pkg) {
			continue
		}
		own := layerOf(pkg)
		if own < 0 {
			t.Errorf("%s stands in no layer: give it a place in the house", pkg)
			continue
		}
		for _, imp := range p.Imports {
			if room, ours := strings.CutPrefix(imp, "pasokh/"); ours && layerOf(room) >= own {
				t.Errorf("%s imports %s, which is not below it", pkg, room)
			}
			for key, holders := range keys {
				if strings.HasPrefix(imp, key) && !slices.Contains(holders, pkg) {
					t.Errorf("%s imports %s; only %v may", pkg, imp, holders)
				}
			}
		}
	}
}

// Views know the rooms' types but never hold a handle to the database.
func TestViewsHoldNoDatabase(t *testing.T) {
	for _, p := range packages(t) {
		pkg := strings.TrimPrefix(p.ImportPath, "pasokh/")
		if strings.HasPrefix(pkg, "views") && slices.Contains(p.Imports, "database/sql") {
			t.Errorf("%s imports database/sql", pkg)
		}
		if pkg == "app" && slices.ContainsFunc(p.Imports, func(i string) bool {
			return strings.HasPrefix(i, "pasokh/") && i != "pasokh/app/boot"
		}) {
			t.Errorf("main imports more than boot: %v", p.Imports)
		}
	}
}
