package tenants

import (
	"context"
	"fmt"
	"strings"
)

// Table is one table as the database describes it; the walls judge it.
type Table struct {
	Name       string
	Columns    []string
	Keys       []Key
	References []Reference
	Secured    bool // row-level security is enabled and forced (PostgreSQL)
}

// Key is the primary key or one index, its columns in order.
type Key struct {
	Unique  bool
	Columns []string
}

// Reference is one foreign key, its own columns in order.
type Reference struct {
	Table   string
	Columns []string
}

// UnscopedSchema describes all tables, from the catalog and not from a list.
func UnscopedSchema(ctx context.Context, r *Root) ([]Table, error) {
	if r.postgres {
		return r.postgresSchema(ctx)
	}
	return r.sqliteSchema(ctx)
}

// catalog runs a query of the catalog and gives its rows of text.
func (r *Root) catalog(ctx context.Context, query string, args ...any) ([][]string, error) {
	rows, err := r.readPool.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, Err(err)
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	names, err := rows.Columns()
	if err != nil {
		return nil, Err(err)
	}
	var all [][]string
	for rows.Next() {
		line := make([]string, len(names))
		into := make([]any, len(names))
		for i := range line {
			into[i] = &line[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, Err(err)
		}
		all = append(all, line)
	}
	return all, Err(rows.Err())
}

func (r *Root) sqliteSchema(ctx context.Context) ([]Table, error) {
	names, err := r.catalog(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
	if err != nil {
		return nil, err
	}
	tables := make([]Table, 0, len(names))
	for _, name := range names {
		t := Table{Name: name[0]}
		columns, err := r.catalog(ctx, `SELECT name, pk FROM pragma_table_info(?)`, t.Name)
		if err != nil {
			return nil, err
		}
		for _, c := range columns {
			t.Columns = append(t.Columns, c[0])
		}
		indexes, err := r.catalog(ctx, `SELECT l.name, l."unique", coalesce(group_concat(i.name, ','), '') FROM pragma_index_list(?) l, pragma_index_info(l.name) i GROUP BY l.name, l."unique"`, t.Name)
		if err != nil {
			return nil, err
		}
		for _, i := range indexes {
			t.Keys = append(t.Keys, Key{Unique: i[1] == "1", Columns: strings.Split(i[2], ",")})
		}
		refs, err := r.catalog(ctx, `SELECT "table", group_concat("from", ',') FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id`, t.Name)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			t.References = append(t.References, Reference{Table: ref[0], Columns: strings.Split(ref[1], ",")})
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (r *Root) postgresSchema(ctx context.Context) ([]Table, error) {
	rows, err := r.catalog(ctx, `SELECT c.relname, (c.relrowsecurity AND c.relforcerowsecurity)::text,
		(SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
		FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`)
	if err != nil {
		return nil, err
	}
	tables := make([]Table, 0, len(rows))
	for _, row := range rows {
		t := Table{Name: row[0], Secured: row[1] == "true", Columns: strings.Split(row[2], ",")}
		keys, err := r.catalog(ctx, `SELECT i.indisunique::text, (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::int[]) WITH ORDINALITY k(num, n)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
			WHERE i.indrelid = $1::regclass`, "public."+t.Name)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			t.Keys = append(t.Keys, Key{Unique: k[0] == "true", Columns: strings.Split(k[1], ",")})
		}
		refs, err := r.catalog(ctx, `SELECT confrelid::regclass::text, (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(f.conkey::int[]) WITH ORDINALITY k(num, n)
			JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num) FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = $1::regclass`, "public."+t.Name)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			t.References = append(t.References, Reference{Table: ref[0], Columns: strings.Split(ref[1], ",")})
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// UnscopedVisibleWithoutTenant counts the rows of a table that a connection of
// the application sees when no tenant is set: always none on PostgreSQL.
func UnscopedVisibleWithoutTenant(ctx context.Context, r *Root, table string) (n int, err error) {
	err = r.readPool.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %q", table)).Scan(&n)
	return n, Err(err)
}
