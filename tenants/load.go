package tenants

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"

	"pasokh/tenants/migrations"
)

// Loader writes made-up rows by the hundred thousand, past the commands that
// real rows go through: only for data to measure with. It keeps no referential
// integrity by itself, so the rows must agree.
type Loader struct {
	root *Root
	pg   *pgx.Conn
}

// loadRows is how many rows one INSERT of SQLite carries.
const loadRows = 300

// NewLoader opens a loader. On PostgreSQL the address must be a superuser's:
// COPY goes past row-level security and foreign keys are not asked.
func NewLoader(ctx context.Context, r *Root, rawURL string) (*Loader, error) {
	l := &Loader{root: r}
	if !r.postgres {
		return l, l.pragma(ctx, "PRAGMA foreign_keys = 0; PRAGMA synchronous = OFF")
	}
	var err error
	if l.pg, err = pgx.Connect(ctx, rawURL); err != nil {
		return nil, errors.New("the loader cannot connect as the owner of the tables")
	}
	// The index of words is made again at the end: many times faster than row by row.
	if _, err := l.pg.Exec(ctx, "SET session_replication_role = replica; SET synchronous_commit = off; DROP INDEX complaints_own_words"); err != nil {
		return nil, errors.Join(fmt.Errorf("made-up rows need a superuser of PostgreSQL: %w", err), l.pg.Close(ctx))
	}
	return l, nil
}

func (l *Loader) pragma(ctx context.Context, text string) error {
	_, err := l.root.writePool.ExecContext(ctx, text)
	return err
}

// Load writes a slice of rows of one table; nothing when it is empty.
func (l *Loader) Load(ctx context.Context, rows any) error {
	v := reflect.ValueOf(rows)
	if v.Len() == 0 {
		return nil
	}
	v, err := l.seal(v)
	if err != nil {
		return err
	}
	if l.pg != nil {
		return l.copy(ctx, v)
	}
	tx, err := l.root.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for at := 0; at < v.Len(); at += loadRows {
		some := reflect.New(v.Type())
		some.Elem().Set(v.Slice(at, min(at+loadRows, v.Len())))
		if _, err := tx.NewInsert().Model(some.Interface()).Exec(ctx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// seal seals the rows, which are one organization's, as the door would.
func (l *Loader) seal(v reflect.Value) (reflect.Value, error) {
	tenant, ok := v.Index(0).FieldByName("TenantID").Interface().(int64)
	if !ok {
		return v, errNotOwned(v.Interface())
	}
	rows := reflect.New(v.Type())
	rows.Elem().Set(v)
	sealed, _, err := l.root.sealed(tenant, rows.Interface(), nil)
	if err != nil {
		return v, err
	}
	return reflect.ValueOf(sealed).Elem(), nil
}

func (l *Loader) copy(ctx context.Context, v reflect.Value) error {
	table := l.root.write.Table(v.Type().Elem())
	columns := make([]string, len(table.Fields))
	for i, f := range table.Fields {
		columns[i] = f.Name
	}
	source := pgx.CopyFromSlice(v.Len(), func(i int) ([]any, error) {
		line := make([]any, len(table.Fields))
		for j, f := range table.Fields {
			line[j] = f.Value(v.Index(i)).Interface()
		}
		return line, nil
	})
	_, err := l.pg.CopyFrom(ctx, pgx.Identifier{table.Name}, columns, source)
	return err
}

// Close renews the planner's figures and gives the connection back.
func (l *Loader) Close(ctx context.Context) error {
	if l.pg == nil {
		return l.pragma(ctx, "PRAGMA foreign_keys = 1; PRAGMA synchronous = FULL; ANALYZE")
	}
	_, err := l.pg.Exec(ctx, "SET maintenance_work_mem = '1GB';"+migrations.Search)
	if err == nil {
		_, err = l.pg.Exec(ctx, "VACUUM (ANALYZE)")
	}
	return errors.Join(err, l.pg.Close(ctx))
}
