package house_test

import (
	"bufio"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// global are the tables without a tenant; every other table must have one.
var global = []string{"tenants", "holidays", "clocks", "tenant_domains", "tenant_removals", "announcements", "account_links", "account_crossings", "bun_migrations", "bun_migration_locks"}

func TestEveryTenantTableIsKeyedByTenant(t *testing.T) {
	w := dbtest.Empty(t)
	tables, err := tenants.UnscopedSchema(t.Context(), w.Root)
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) < 25 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	for _, table := range tables {
		if slices.Contains(global, table.Name) {
			continue
		}
		if !slices.Contains(table.Columns, "tenant_id") {
			t.Errorf("%s has no tenant_id and is not named as global", table.Name)
			continue
		}
		for _, key := range table.Keys {
			// An index may serve cross-tenant sweeps; a unique key may not.
			if key.Unique && (len(key.Columns) == 0 || key.Columns[0] != "tenant_id") {
				t.Errorf("%s: unique key %v does not begin with tenant_id", table.Name, key.Columns)
			}
		}
		for _, ref := range table.References {
			if ref.Table == "tenants" {
				continue
			}
			if ref.Columns[0] != "tenant_id" {
				t.Errorf("%s: reference %v to %s is not composite", table.Name, ref.Columns, ref.Table)
			}
		}
		if w.Root.Postgres() && !table.Secured {
			t.Errorf("%s: row-level security is not enabled and forced", table.Name)
		}
	}
}

// Without a tenant set, the application's role sees nothing at all.
func TestWithoutATenantNothingIsSeen(t *testing.T) {
	w := dbtest.New(t)
	if !w.Root.Postgres() {
		return // SQLite has no second lock; the door alone is tested in tenants
	}
	n, err := tenants.UnscopedVisibleWithoutTenant(t.Context(), w.Root, "units")
	if err != nil {
		t.Fatal(err)
	}
	if n != 0 {
		t.Fatalf("%d units are visible without a tenant", n)
	}
}

var rawTable = regexp.MustCompile(`\.(TableExpr|Table|ModelTableExpr|NewRaw|Relation)\(|\.(Join)\(("[^"]*"|\x60[^\x60]*\x60)`)

// Outside the door nobody names a table: joins take their table from From.
func TestNoRawTablesOutsideTheDoor(t *testing.T) {
	root := "../../.."
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/tenants/") {
			return err
		}
		f, err := os.Open(path) //nolint:gosec // a file of this tree
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // read only
		for n, sc := 1, bufio.NewScanner(f); sc.Scan(); n++ {
			m := rawTable.FindString(sc.Text())
			if m == "" || strings.Contains(m, `"JOIN ? `) || strings.Contains(m, `"LEFT JOIN ? `) {
				continue
			}
			if !strings.Contains(sc.Text(), "filepath.") && !strings.Contains(sc.Text(), "parts.") {
				t.Errorf("%s:%d names a table: %s", path, n, strings.TrimSpace(sc.Text()))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// Both databases have the schema of one golden file, so they agree.
func TestBothDatabasesHaveTheSameSchema(t *testing.T) {
	w := dbtest.Empty(t)
	tables, err := tenants.UnscopedSchema(t.Context(), w.Root)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, table := range tables {
		if strings.HasPrefix(table.Name, "bun_") {
			continue // the migration library's own
		}
		slices.Sort(table.Columns)
		lines = append(lines, table.Name+": "+strings.Join(table.Columns, " "))
		for _, ref := range table.References {
			lines = append(lines, table.Name+" -> "+ref.Table+" ("+strings.Join(ref.Columns, " ")+")")
		}
		for _, key := range table.Keys {
			if key.Unique {
				lines = append(lines, table.Name+" unique ("+strings.Join(key.Columns, " ")+")")
			}
		}
	}
	slices.Sort(lines)
	got := strings.Join(slices.Compact(lines), "\n") + "\n"
	const golden = "testdata/schema.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the schema differs from %s; run with -update and review the diff", golden)
	}
}
