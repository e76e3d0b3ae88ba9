package tenants

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Estate reads everything that one organization has, in one snapshot, with its
// personal data opened: for the organization itself, and nobody else. Close ends
// it. Nothing of a table is kept in memory but the row that is read.
type Estate struct {
	Tables     []WholeTable // that a package holds, in the order in which they can be written
	Unreadable int64        // values that no key opens
	root       *Root
	tenant     *Tenant
	conn       *conn
	ring       *ring
}

// Estate opens the snapshot.
func (r *Root) Estate(ctx context.Context, t *Tenant) (*Estate, error) {
	tables, err := UnscopedWholeTables(ctx, r)
	if err != nil {
		return nil, err
	}
	k, err := r.readRing(t.ID)
	if err != nil {
		return nil, err
	}
	tables = slices.DeleteFunc(tables, func(t WholeTable) bool { return stays[t.Name] != "" })
	c := r.reader(t.ID)
	if r.postgres {
		c.prepares = false
		c.begin = fmt.Sprintf("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT set_config('app.tenant_id', '%d', true)", t.ID)
	}
	return &Estate{Tables: tables, root: r, tenant: t, conn: c, ring: k.once()}, nil
}

// Close ends the snapshot.
func (w *Estate) Close() { _ = w.conn.end(nil) } // it has only read

// Count tells how many rows a table has.
func (w *Estate) Count(ctx context.Context, t *WholeTable) (n int64, err error) {
	err = w.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %q WHERE tenant_id = %d", t.Name, w.tenant.ID)).Scan(&n)
	return n, Err(err)
}

// Rows gives every row as one line of JSON, its end included, by the primary key.
// fn keeps nothing of a line.
func (w *Estate) Rows(ctx context.Context, t *WholeTable, fn func(line []byte) error) (Sum, error) {
	rows, err := w.conn.QueryContext(ctx, w.query(t)) //nolint:sqlclosecheck // closed below
	if err != nil {
		return Sum{}, Err(err)
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	read := t.read()
	values, into := make([]any, len(read)), make([]any, len(read))
	for i := range values {
		into[i] = &values[i]
	}
	sum := new(Summer)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return Sum{}, Err(err)
		}
		line, err := w.line(t, read, values)
		if err != nil {
			return Sum{}, fmt.Errorf("%s: %w", t.Name, err)
		}
		sum.add(line)
		if err := fn(append(line, '\n')); err != nil {
			return Sum{}, err
		}
	}
	return sum.Sum(), Err(rows.Err())
}

// person are the columns of a case's citizen, whose words lie blind in what the
// case is found by.
var person = []WholeColumn{{"person_key", TextColumn}, {"person_name", TextColumn}, {"person_mobile", TextColumn}, {"person_id", IntegerColumn}}

func (t *WholeTable) read() []WholeColumn {
	if t.Name == "complaints" {
		return append(slices.Clone(t.Columns), person...)
	}
	return t.Columns
}

// query selects the columns as both databases can tell them: documents as text.
func (w *Estate) query(t *WholeTable) string {
	var columns, key []string
	for _, c := range t.Columns {
		name := fmt.Sprintf("t.%q", c.Name)
		if c.Kind == JSONColumn {
			name = "CAST(" + name + " AS TEXT)"
		}
		columns = append(columns, name)
	}
	for _, c := range t.Key {
		key = append(key, fmt.Sprintf("t.%q", c))
	}
	join, order := "", ""
	if t.Name == "complaints" {
		columns = append(columns, "p.subject_key", "p.name", "p.mobile_sealed", "p.id")
		join = fmt.Sprintf(" LEFT JOIN citizens p ON p.tenant_id = %d AND p.id = t.citizen_id", w.tenant.ID)
	}
	if len(key) > 0 {
		order = " ORDER BY " + strings.Join(key, ", ")
	}
	return fmt.Sprintf("SELECT %s FROM %q t%s WHERE t.tenant_id = %d%s", strings.Join(columns, ", "), t.Name, join, w.tenant.ID, order) //nolint:gosec // of the catalog
}

// line makes the row's JSON, members by name.
func (w *Estate) line(t *WholeTable, read []WholeColumn, values []any) ([]byte, error) {
	row := make(map[string]any, len(read))
	for i, c := range read {
		v, err := plainValue(c.Kind, values[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		row[c.Name] = v
	}
	for column := range blanked[t.Name] {
		delete(row, column)
	}
	if at := slices.IndexFunc(sealedTables, func(s sealedTable) bool { return s.name == t.Name }); at >= 0 {
		if err := w.openRow(sealedTables[at], row); err != nil {
			return nil, err
		}
	}
	return compact(row)
}

// compact is JSON without the escapes of pages, members by name.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// plainValue is what a package says of a value: the same for both databases.
func plainValue(kind ColumnKind, v any) (any, error) {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	if v == nil {
		return nil, nil //nolint:nilnil // NULL
	}
	switch kind {
	case TimeColumn:
		at, err := timeOf(v)
		return at.UTC().Format(time.RFC3339Nano), err
	case BoolColumn:
		switch v := v.(type) {
		case bool:
			return v, nil
		case int64:
			return v != 0, nil
		}
		return fmt.Sprint(v) == "true" || fmt.Sprint(v) == "t", nil
	case JSONColumn:
		return document(fmt.Sprint(v))
	case IntegerColumn:
		return json.Number(fmt.Sprint(v)), nil
	case NumberColumn:
		f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		return f, err
	}
	return fmt.Sprint(v), nil
}

// document reads JSON so that no digit of a number is lost.
func document(text string) (v any, err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return v, dec.Decode(&v)
}

// timeShapes are how SQLite keeps an instant.
var timeShapes = []string{"2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999Z07:00", time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05"}

func timeOf(v any) (time.Time, error) {
	if at, ok := v.(time.Time); ok {
		return at.Truncate(time.Microsecond), nil
	}
	for _, shape := range timeShapes {
		if at, err := time.Parse(shape, fmt.Sprint(v)); err == nil {
			return at.Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("an instant that cannot be read")
}

// Blobs gives the key of every file of the store that a row names, each once.
func (w *Estate) Blobs(ctx context.Context, fn func(key string) error) error {
	var parts []string
	for _, t := range w.Tables {
		if t.Blobs {
			parts = append(parts, fmt.Sprintf("SELECT blob FROM %q WHERE tenant_id = %d AND blob <> ''", t.Name, w.tenant.ID)) //nolint:gosec // of the catalog
		}
	}
	if len(parts) == 0 {
		return nil
	}
	rows, err := w.conn.QueryContext(ctx, strings.Join(parts, " UNION ")+" ORDER BY 1")
	if err != nil {
		return Err(err)
	}
	defer rows.Close() //nolint:errcheck // the error comes from rows.Err
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return Err(err)
		}
		if err := fn(key); err != nil {
			return err
		}
	}
	return Err(rows.Err())
}
