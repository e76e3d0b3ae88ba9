package apptest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // a second look at the database, past the door
	_ "modernc.org/sqlite"

	"pasokh/tenants"
)

// unguarded are tables that a request may change although it was refused:
// sessions are touched, denials are audited.
var unguarded = []string{"sessions", "audit_entries", "audit_heads"}

// Fingerprint is a hash for each table of everything an organization has. It
// looks past the door, straight into the database.
func (a *App) Fingerprint(tenant *tenants.Tenant) map[string]string {
	a.T.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(a.Dir, "pasokh.db")+"?_pragma=busy_timeout(10000)"
	tables := "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id' WHERE m.type = 'table'"
	if a.URL != "" {
		driver, source = "pgx", a.URL
		tables = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		a.T.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read only
	prints := map[string]string{}
	for _, row := range a.rows(db, tables) {
		if !slices.Contains(unguarded, row) {
			prints[row] = a.digest(db, row, tenant.ID)
		}
	}
	return prints
}

func (a *App) digest(db *sql.DB, table string, tenant int64) string {
	lines := a.rows(db, fmt.Sprintf("SELECT * FROM %s WHERE tenant_id = %d", table, tenant)) //nolint:gosec // a name of the catalog
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// rows reads every row as one line of text.
func (a *App) rows(db *sql.DB, query string) []string {
	found, err := db.QueryContext(context.Background(), query)
	if err != nil {
		a.T.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // read only
	columns, err := found.Columns()
	if err != nil {
		a.T.Fatal(err)
	}
	var lines []string
	for found.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := found.Scan(values...); err != nil {
			a.T.Fatal(err)
		}
		var line strings.Builder
		for i, v := range values {
			if i > 0 {
				line.WriteByte('|')
			}
			fmt.Fprint(&line, *v.(*any))
		}
		lines = append(lines, line.String())
	}
	if err := found.Err(); err != nil {
		a.T.Fatal(err)
	}
	return lines
}
