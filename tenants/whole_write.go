package tenants

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pasokh/app/fault"
)

// Settling writes the rows of a package into an organization that has none:
// sealed under its own keys, with the ids that they had. The keys of all tables
// begin with the organization, so no id can be taken.
type Settling struct {
	root   *Root
	tenant *Tenant
	tables []WholeTable
	later  []pendingOwn
}

// pendingOwn is a reference of a row to one of its own table, which may not have
// been written yet.
type pendingOwn struct {
	table  *WholeTable
	column string
	key    map[string]any
	to     any
}

// settleBatch is how many rows one transaction writes.
const settleBatch = 250

// imported says in the list of the platform why a task does not run.
const imported = "imported"

// Settle begins it. Conflict when the organization has any row but its keys.
func (r *Root) Settle(ctx context.Context, t *Tenant) (*Settling, error) {
	tables, err := UnscopedWholeTables(ctx, r)
	if err != nil {
		return nil, err
	}
	db := r.For(t)
	defer db.Release()
	for i := range tables {
		if tables[i].Name == "tenant_keys" {
			continue
		}
		var n int
		query := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %q WHERE tenant_id = %d LIMIT 1) AS first_of_all", tables[i].Name, t.ID)
		if err := db.conn.QueryRowContext(ctx, query).Scan(&n); err != nil {
			return nil, Err(err)
		}
		if n > 0 {
			return nil, fault.New(fault.Conflict, "handover.error.not_empty", "table", tables[i].Name)
		}
	}
	if err := r.ensureKeys(ctx, t, true); err != nil {
		return nil, err
	}
	return &Settling{root: r, tenant: t, tables: tables}, nil
}

// Into is the table of that name, if a package may bring rows for it.
func (s *Settling) Into(name string) (*WholeTable, error) {
	at := slices.IndexFunc(s.tables, func(t WholeTable) bool { return t.Name == name })
	if at < 0 || stays[name] != "" {
		return nil, fault.New(fault.Invalid, "handover.error.table", "table", name)
	}
	return &s.tables[at], nil
}

// Write writes rows of one table, as many as come, in batches; next gives one
// after the other and io.EOF is told by ok.
func (s *Settling) Write(ctx context.Context, t *WholeTable, next func() (line []byte, ok bool, err error)) (n int64, err error) {
	for more := true; more; {
		var batch []map[string]any
		for len(batch) < settleBatch {
			line, ok, err := next()
			if err != nil {
				return n, err
			}
			if more = ok; !ok {
				break
			}
			row, err := s.row(t, line)
			if err != nil {
				return n, fmt.Errorf("%s, line %d: %w", t.Name, n+int64(len(batch))+1, err)
			}
			batch = append(batch, row)
		}
		if err := s.insert(ctx, t, batch); err != nil {
			return n, fmt.Errorf("%s: %w", t.Name, err)
		}
		n += int64(len(batch))
	}
	return n, nil
}

// row reads a line and seals it.
func (s *Settling) row(t *WholeTable, line []byte) (map[string]any, error) {
	v, err := document(string(line))
	row, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, fault.New(fault.Invalid, "handover.error.line")
	}
	for name, empty := range blanked[t.Name] {
		row[name] = empty
	}
	if sealed, ok := sealedOf(t.Name); ok {
		k, err := s.root.ring(s.tenant.ID)
		if err != nil {
			return nil, err
		}
		if err := k.sealWhole(sealed, row); err != nil {
			return nil, err
		}
	}
	if t.Name == "outbox" && row["done_at"] == nil {
		// What was still to be done waits until somebody sets it off here.
		row["dead"], row["dead_at"], row["failure"], row["result"] = true, s.root.clock().Format(time.RFC3339Nano), imported, imported
	}
	for name := range row {
		if !slices.ContainsFunc(t.Columns, func(c WholeColumn) bool { return c.Name == name }) {
			return nil, fault.New(fault.Invalid, "handover.error.column", "column", t.Name+"."+name)
		}
	}
	s.ownRefs(t, row)
	return row, nil
}

// ownLater tells whether references of the table to itself are written at the
// end: all but those of append-only tables, whose rows come after what they
// refer to.
func (t *WholeTable) ownLater() bool { return t.Name != "scores" && t.Name != "violation_scores" }

func (s *Settling) ownRefs(t *WholeTable, row map[string]any) {
	if !t.ownLater() {
		return
	}
	for _, column := range t.Own {
		if row[column] == nil {
			continue
		}
		p := pendingOwn{table: t, column: column, to: row[column], key: map[string]any{}}
		for _, name := range t.Key {
			p.key[name] = row[name]
		}
		s.later, row[column] = append(s.later, p), nil
	}
}

func (s *Settling) insert(ctx context.Context, t *WholeTable, batch []map[string]any) error {
	if len(batch) == 0 {
		return nil
	}
	names := []string{"tenant_id"}
	for _, c := range t.Columns {
		names = append(names, fmt.Sprintf("%q", c.Name))
	}
	var args []any
	one := "(?" + strings.Repeat(", ?", len(t.Columns)) + ")"
	for _, row := range batch {
		args = append(args, s.tenant.ID)
		for _, c := range t.Columns {
			v, err := storedValue(c, row[c.Name])
			if err != nil {
				return fmt.Errorf("%s: %w", c.Name, err)
			}
			args = append(args, v)
		}
	}
	query := fmt.Sprintf("INSERT INTO %q (%s) VALUES %s", t.Name, strings.Join(names, ", "), strings.Repeat(one+", ", len(batch)-1)+one)
	return s.write(ctx, func(tx *Tx) error {
		_, err := tx.root.write.NewRaw(query, args...).Conn(tx.conn).Exec(ctx)
		return Err(err)
	})
}

func (s *Settling) write(ctx context.Context, fn func(*Tx) error) error {
	db := s.root.For(s.tenant)
	defer db.Release()
	return db.Write(ctx, SystemActor(), fn)
}

// storedValue is what a package says as the database takes it.
func storedValue(c WholeColumn, v any) (any, error) {
	if v == nil && c.Kind != JSONColumn {
		return nil, nil //nolint:nilnil // NULL
	}
	switch c.Kind {
	case TimeColumn:
		return timeOf(v)
	case BoolColumn:
		b, ok := v.(bool)
		if !ok {
			return nil, fault.New(fault.Invalid, "handover.error.line")
		}
		return b, nil
	case JSONColumn:
		raw, err := compact(v)
		return string(raw), err
	case IntegerColumn:
		return number(v)
	case NumberColumn:
		n, err := number(v)
		if err == nil {
			return n, nil
		}
		var f float64
		_, err = fmt.Sscan(fmt.Sprint(v), &f)
		return f, err
	}
	text, ok := v.(string)
	if !ok {
		return nil, fault.New(fault.Invalid, "handover.error.line")
	}
	return text, nil
}

func number(v any) (int64, error) {
	n, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		return 0, fault.New(fault.Invalid, "handover.error.line")
	}
	return n.Int64()
}

// Finish writes the references of rows to others of their own table.
func (s *Settling) Finish(ctx context.Context) error {
	for from := 0; from < len(s.later); from += settleBatch {
		part := s.later[from:min(from+settleBatch, len(s.later))]
		err := s.write(ctx, func(tx *Tx) error {
			for _, p := range part {
				if err := p.write(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pendingOwn) write(ctx context.Context, tx *Tx) error {
	where, args := "tenant_id = ?", []any{p.to, tx.tenant.ID}
	to, err := number(p.to)
	if err != nil {
		return err
	}
	args[0] = to
	for _, name := range p.table.Key {
		id, err := number(p.key[name])
		if err != nil {
			return err
		}
		where, args = where+fmt.Sprintf(" AND %q = ?", name), append(args, id)
	}
	_, err = tx.root.write.NewRaw(fmt.Sprintf("UPDATE %q SET %q = ? WHERE %s", p.table.Name, p.column, where), args...).Conn(tx.conn).Exec(ctx)
	return Err(err)
}
