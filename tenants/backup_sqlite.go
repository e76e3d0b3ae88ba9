package tenants

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sqliteStream is the one stream of an SQLite database: its file.
const sqliteStream = "database"

// sqliteSource is a copy of the database that VACUUM INTO made.
type sqliteSource struct {
	file string
	db   *sql.DB
}

func sqliteSnapshot(ctx context.Context, r *Root, scratch string) (*Snapshot, error) {
	dir, err := os.MkdirTemp(scratch, ".snapshot-*")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "pasokh.db")
	if err := r.vacuumInto(ctx, file); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	db, err := openCopy(file)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &Snapshot{Streams: []string{sqliteStream}, source: &sqliteSource{file, db}}
	if s.tables, err = sqliteTables(ctx, db); err == nil {
		s.Migrations, err = names(ctx, db, "SELECT name FROM bun_migrations ORDER BY name")
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// vacuumInto copies the database by a connection of its own: those of the
// readers refuse everything that writes, and the writer's is others' to use.
func (r *Root) vacuumInto(ctx context.Context, file string) error {
	var source string
	if err := r.readPool.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&source); err != nil {
		return err
	}
	own, err := sql.Open("sqlite", sqliteDSN(source))
	if err != nil {
		return err
	}
	_, err = own.ExecContext(ctx, "VACUUM INTO ?", file)
	return errors.Join(err, own.Close())
}

// openCopy opens a file that nobody else writes.
func openCopy(file string) (*sql.DB, error) {
	q := url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"trusted_schema(0)"}}
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: file, RawQuery: q.Encode()}).String())
}

func names(ctx context.Context, db *sql.DB, query string, args ...any) (list []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}

func sqliteTables(ctx context.Context, db *sql.DB) ([]dumped, error) {
	all, err := names(ctx, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
	if err != nil {
		return nil, err
	}
	var list []dumped
	for _, name := range all {
		if slices.Contains(notDumped, name) {
			continue
		}
		columns, err := names(ctx, db, "SELECT name FROM pragma_table_info(?) ORDER BY name", name)
		if err != nil {
			return nil, err
		}
		list = append(list, dumped{name, columns, slices.Contains(columns, "blob")})
	}
	return list, nil
}

func (s *sqliteSource) copy(ctx context.Context, snapshot *Snapshot, _ string, w io.Writer) (map[string]Sum, error) {
	sums, err := sqliteSums(ctx, s.db, snapshot.tables)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(s.file)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(w, f)
	return sums, errors.Join(err, f.Close())
}

func sqliteSums(ctx context.Context, db *sql.DB, tables []dumped) (map[string]Sum, error) {
	sums := make(map[string]Sum, len(tables))
	for _, t := range tables {
		sum, err := sqliteSum(ctx, db, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		sums[t.name] = sum
	}
	return sums, nil
}

func sqliteSum(ctx context.Context, db *sql.DB, t dumped) (Sum, error) {
	quoted := `"` + strings.Join(t.columns, `", "`) + `"`
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %q", quoted, t.name)) //nolint:gosec // from the catalog
	if err != nil {
		return Sum{}, err
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	values, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range values {
		into[i] = &values[i]
	}
	sum, line := new(Summer), []byte(nil)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return Sum{}, err
		}
		line = line[:0]
		for _, v := range values {
			line = appendValue(line, v)
		}
		sum.add(line)
	}
	return sum.Sum(), rows.Err()
}

// appendValue writes a value so that no two rows look alike.
func appendValue(line []byte, v any) []byte {
	var text string
	switch v := v.(type) {
	case nil:
		return append(line, 'n')
	case time.Time:
		text = v.UTC().Format(time.RFC3339Nano)
	case []byte:
		text = string(v)
	default:
		text = fmt.Sprint(v)
	}
	return append(binary.AppendUvarint(append(line, 'v'), uint64(len(text))), text...)
}

func (s *sqliteSource) blobs(ctx context.Context, tables []dumped, fn func(int64, string) error) error {
	query := blobQuery(tables)
	if query == "" {
		return nil
	}
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	for rows.Next() {
		var tenant int64
		var key string
		if err := rows.Scan(&tenant, &key); err != nil {
			return err
		}
		if err := fn(tenant, key); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqliteSource) close() error {
	return errors.Join(s.db.Close(), os.RemoveAll(filepath.Dir(s.file)))
}
