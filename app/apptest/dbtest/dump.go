package dbtest

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Dump is everything that lies in the database: the rows of each table, and the
// bytes of SQLite's files. Tests look in it for what must not be there.
func (w *World) Dump(t testing.TB) map[string]string {
	t.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(w.Dir, "pasokh.db")+"?_pragma=busy_timeout(10000)"
	tables := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if w.URL != "" {
		driver, source = "pgx", w.URL
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read only
	all := map[string]string{}
	for _, table := range lines(t, db, tables) {
		query := "SELECT * FROM " + table
		if w.URL != "" {
			query = "SELECT t::text FROM " + table + " t"
		}
		all[table] = strings.Join(lines(t, db, query), "\n")
	}
	if w.URL != "" {
		return all
	}
	for _, file := range []string{"pasokh.db", "pasokh.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(w.Dir, file)) //nolint:gosec // of this test
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all[file] = string(raw)
	}
	return all
}

func lines(t testing.TB, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(sql.NullString)
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var line strings.Builder
		for _, v := range into {
			fmt.Fprint(&line, v.(*sql.NullString).String, "|")
		}
		list = append(list, line.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if len(columns) == 1 {
			list[i] = strings.TrimSuffix(list[i], "|")
		}
	}
	return list
}
