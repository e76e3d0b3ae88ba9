package tenants_test

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// The second wall, below the door, judged by the catalog and not by a list
// (security.md, section 4.7): every table with an organization's rows has
// row-level security that binds its owner too, for reads and writes alike, and
// the roles that the program works as can lift none of it.
func TestTheCatalogKeepsTenantsApart(t *testing.T) {
	w := dbtest.New(t)
	if w.URL == "" {
		t.Skip("SQLite has no row-level security")
	}
	db, err := sql.Open("pgx", w.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read only
	for what, query := range map[string]string{
		"tables without row-level security": `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
		"tables that take rows without an organization": `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT a.attnotnull`,
		"policies of the program that bind less than one organization": `SELECT tablename FROM pg_policies WHERE 'pasokh_app' = ANY (roles) AND
			(cmd <> 'ALL' OR qual NOT LIKE '%tenant_id = (NULLIF(current_setting(''app.tenant_id''%' OR with_check IS DISTINCT FROM qual)`,
		"policies for everybody":                `SELECT tablename FROM pg_policies WHERE 'public' = ANY (roles)`,
		"roles that stand above the policies":   `SELECT rolname FROM pg_roles WHERE rolname LIKE 'pasokh\_%' AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole)`,
		"functions that run as their owner":     `SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND proname <> 'search_complaints'`,
		"tables that the program's roles own":   `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relowner IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'pasokh\_%')`,
		"what the role for everybody may write": `SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_schema = 'public'`,
	} {
		if names := column(t, db, query); len(names) > 0 {
			t.Errorf("%s: %s", what, strings.Join(names, ", "))
		}
	}
	if n := len(column(t, db, `SELECT tablename FROM pg_policies WHERE policyname = 'one_tenant'`)); n < 50 {
		t.Errorf("only %d tables have the policy", n)
	}
}

// The database itself refuses a row in another organization's name, and shows
// nothing to whoever names none.
func TestTheDatabaseRefusesWhatTheDoorWould(t *testing.T) {
	w := dbtest.New(t)
	if w.URL == "" {
		t.Skip("SQLite has no row-level security")
	}
	db, err := sql.Open("pgx", w.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // rolled back
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is kept
	exec := func(query string, args ...any) error {
		_, err := tx.ExecContext(t.Context(), query, args...)
		return err
	}
	if err := exec("SET LOCAL ROLE pasokh_app"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM units").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d units without an organization: %v", n, err)
	}
	if err := exec("SELECT set_config('app.tenant_id', $1::bigint::text, true)", w.A.ID); err != nil {
		t.Fatal(err)
	}
	if err := exec("SAVEPOINT here"); err != nil {
		t.Fatal(err)
	}
	into := "INSERT INTO contacts (tenant_id, id, position, kind, label_fa, label_en, number, hours_fa, hours_en) VALUES ($1, $2, 1, 'phone', 'x', 'x', '1', '', '')"
	if err := exec(into, w.B.ID, tenants.NewID()); err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("a row in another's name: %v", err)
	}
	if err := exec("ROLLBACK TO here"); err != nil {
		t.Fatal(err)
	}
	if err := exec("UPDATE units SET tenant_id = $1 WHERE tenant_id = $2", w.B.ID, w.A.ID); err == nil {
		t.Error("rows were given away")
	}
}

func column(t *testing.T, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		list = append(list, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
