package tenants

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Refill is what a restore works with: Next gives one stream after another and
// io.EOF at the end; Check judges what the database then holds, before anything
// of it is seen by others.
type Refill struct {
	Next  func() (stream string, r io.Reader, err error)
	Check func(map[string]Sum) error
}

// RestoreSQLite makes the database file in the folder from its stream. It
// refuses a folder that has one.
func RestoreSQLite(ctx context.Context, dir string, fill Refill) (err error) {
	final := filepath.Join(dir, "pasokh.db")
	if err := SQLiteAbsent(dir); err != nil {
		return err
	}
	half := final + ".restoring"
	defer func() {
		if err != nil {
			_ = os.Remove(half)
		}
	}()
	stream, r, err := fill.Next()
	if err != nil {
		return err
	}
	if stream != sqliteStream {
		return fmt.Errorf("the archive has %q where the SQLite file is expected", stream)
	}
	if err := writeSynced(half, r); err != nil {
		return err
	}
	if err := judgeSQLite(ctx, half, fill.Check); err != nil {
		return err
	}
	if err := os.Rename(half, final); err != nil {
		return err
	}
	return syncDir(dir)
}

// SQLiteAbsent is ErrNotEmpty when the folder has a database.
func SQLiteAbsent(dir string) error {
	_, err := os.Stat(filepath.Join(dir, "pasokh.db"))
	switch {
	case err == nil:
		return ErrNotEmpty
	case errors.Is(err, os.ErrNotExist):
		return nil
	}
	return err
}

func writeSynced(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the operator's folder
	if err != nil {
		return err
	}
	if _, err = io.Copy(f, r); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the operator's folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func judgeSQLite(ctx context.Context, file string, check func(map[string]Sum) error) (err error) {
	db, err := openCopy(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		return errors.Join(fmt.Errorf("the restored file is damaged: %s", verdict), err)
	}
	if err := foreignKeysHold(ctx, db); err != nil {
		return err
	}
	tables, err := sqliteTables(ctx, db)
	if err != nil {
		return err
	}
	sums, err := sqliteSums(ctx, db, tables)
	if err != nil {
		return err
	}
	return check(sums)
}

func foreignKeysHold(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	if rows.Next() {
		return errors.New("the restored file has rows that refer to nothing")
	}
	return rows.Err()
}

// RestorePostgres fills a freshly migrated database in one transaction, as the
// owner of the tables: what fails leaves it as it was. References are taken off
// meanwhile and put back, and so checked, at the end; row-level security, rights
// and policies are those of the migration.
func RestorePostgres(ctx context.Context, rawURL string, fill Refill) (err error) {
	conn, err := ownerConn(ctx, rawURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // after a commit it does nothing
	tables, err := pgTables(ctx, conn)
	if err != nil {
		return err
	}
	if err := emptyPostgres(ctx, conn, tables); err != nil {
		return err
	}
	sums, err := refill(ctx, conn, tables, fill)
	if err != nil {
		return err
	}
	if err := fill.Check(sums); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ANALYZE")
	return err
}

// EmptyPostgres is ErrNotEmpty when any table has a row.
func EmptyPostgres(ctx context.Context, rawURL string) (err error) {
	conn, err := ownerConn(ctx, rawURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	tables, err := pgTables(ctx, conn)
	if err != nil || len(tables) == 0 {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is kept
	return emptyPostgres(ctx, conn, tables)
}

// emptyPostgres looks as the owner, whom row-level security is lifted for until
// the transaction ends or forced puts it back.
func emptyPostgres(ctx context.Context, conn *pgx.Conn, tables []dumped) error {
	if err := forced(ctx, conn, tables, "NO FORCE"); err != nil {
		return err
	}
	for _, t := range tables {
		var some bool
		if err := conn.QueryRow(ctx, fmt.Sprintf("SELECT EXISTS (SELECT FROM %q)", t.name)).Scan(&some); err != nil {
			return err
		}
		if some {
			return fmt.Errorf("%w (the table %s has rows)", ErrNotEmpty, t.name)
		}
	}
	return nil
}

func forced(ctx context.Context, conn *pgx.Conn, tables []dumped, word string) error {
	for _, t := range tables {
		if !slices.Contains(t.columns, "tenant_id") {
			continue
		}
		if _, err := conn.Exec(ctx, fmt.Sprintf("ALTER TABLE %q %s ROW LEVEL SECURITY", t.name, word)); err != nil {
			return err
		}
	}
	return nil
}

func refill(ctx context.Context, conn *pgx.Conn, tables []dumped, fill Refill) (map[string]Sum, error) {
	back, err := withoutReferences(ctx, conn)
	if err != nil {
		return nil, err
	}
	for {
		name, r, err := fill.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(tables, func(d dumped) bool { return d.name == name })
		if i < 0 {
			return nil, fmt.Errorf("the archive has a table %q that this schema does not have", name)
		}
		if _, err := conn.PgConn().CopyFrom(ctx, r, "COPY "+tables[i].spelled()+" FROM STDIN"); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, statement := range back {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return nil, fmt.Errorf("references: %w", err)
		}
	}
	sums, err := pgSums(ctx, conn, tables)
	if err != nil {
		return nil, err
	}
	return sums, forced(ctx, conn, tables, "FORCE")
}

// withoutReferences drops the foreign keys and gives what makes them again:
// some tables refer to each other, so no order would do.
func withoutReferences(ctx context.Context, conn *pgx.Conn) (back []string, err error) {
	rows, err := conn.Query(ctx, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
		format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	type pair struct{ Drop, Add string }
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pair])
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if _, err := conn.Exec(ctx, p.Drop); err != nil {
			return nil, err
		}
		back = append(back, p.Add)
	}
	return back, nil
}

func pgSums(ctx context.Context, conn *pgx.Conn, tables []dumped) (map[string]Sum, error) {
	sums := make(map[string]Sum, len(tables))
	for _, t := range tables {
		sum := new(Summer)
		if _, err := conn.PgConn().CopyTo(ctx, sum, "COPY "+t.spelled()+" TO STDOUT"); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		sums[t.name] = sum.Sum()
	}
	return sums, nil
}
