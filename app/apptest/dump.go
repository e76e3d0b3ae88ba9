package apptest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Dump is everything that lies anywhere: each row of each table, named, the
// bytes of SQLite's files, and what Redis holds. Tests look in it for what must
// not be there.
func (a *App) Dump() map[string]string {
	a.T.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(a.Dir, "pasokh.db")+"?_pragma=busy_timeout(10000)"
	tables := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if a.URL != "" {
		driver, source = "pgx", a.URL
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		a.T.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read only
	all := map[string]string{}
	for _, table := range a.rows(db, tables) {
		query := "SELECT * FROM " + table
		if a.URL != "" {
			query = "SELECT t::text FROM " + table + " t"
		}
		all[table] = strings.Join(a.rows(db, query), "\n")
	}
	if a.URL == "" {
		for _, file := range []string{"pasokh.db", "pasokh.db-wal"} {
			raw, err := os.ReadFile(filepath.Join(a.Dir, file)) //nolint:gosec // of this test
			if err != nil && !os.IsNotExist(err) {
				a.T.Fatal(err)
			}
			all[file] = string(raw)
		}
	}
	all["redis"] = a.redisDump()
	return all
}

func (a *App) redisDump() string {
	if a.Mini != nil {
		return a.Mini.Dump()
	}
	ctx := context.Background()
	keys, err := a.Redis.Keys(ctx, "*").Result()
	if err != nil {
		a.T.Fatal(err)
	}
	var b strings.Builder
	for _, key := range keys {
		value, _ := a.Redis.Dump(ctx, key).Result() // what ends meanwhile is nothing
		fmt.Fprintln(&b, key, value)
	}
	return b.String()
}
