package tenants

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/vault"
)

// sealBatch is how many rows one transaction goes over.
const sealBatch = 500

// SealExisting gives every organization its keys and seals what an older
// program left in clear: in batches, so that it goes on where it was stopped;
// say is told how far it is. What is sealed is left as it is.
func (r *Root) SealExisting(ctx context.Context, say func(tenant, table string, rows int)) error {
	all, err := r.UnscopedTenants(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		if err := r.sealTenant(ctx, &all[i], say); err != nil {
			return fault.Wrap(err, "tenants.SealExisting")
		}
	}
	return nil
}

func (r *Root) sealTenant(ctx context.Context, t *Tenant, say func(tenant, table string, rows int)) error {
	if err := r.ensureKeys(ctx, t, false); err != nil {
		return err
	}
	db := r.For(t)
	defer db.Release()
	index := new(dataKey)
	if err := db.Select(index).Where("number = ?", indexKey).Scan(ctx); err != nil || index.SealedAt != nil {
		return Err(err)
	}
	for _, table := range sealedTables {
		done, err := r.walk(ctx, t, table, table.clear(), (*sealedRow).sealClear)
		if err != nil {
			return fmt.Errorf("seal %s of %s: %w", table.name, t.Slug, err)
		}
		if done > 0 && say != nil {
			say(t.Slug, table.name, done)
		}
	}
	return db.Write(ctx, SystemActor(), func(tx *Tx) error {
		_, err := tx.Set(ctx, index, "sealed_at = ?", []any{tx.Now()}, "number = ?", indexKey)
		return err
	})
}

// clear is the condition of rows that are not sealed, over bare columns.
func (t sealedTable) clear() string {
	if t.subject {
		return "subject_key = '' AND erased_at IS NULL"
	}
	var any []string
	for _, c := range t.columns {
		switch {
		case c.blind != "":
			any = append(any, fmt.Sprintf("%s <> '' AND %s_sealed = ''", c.name, c.name))
		case c.whole:
			any = append(any, fmt.Sprintf(`CAST(%s AS TEXT) NOT LIKE '"#s%%'`, c.name))
		case c.document != nil:
			for member, blind := range c.document {
				if blind == "" {
					any = append(any, fmt.Sprintf("coalesce(%s ->> '%s', '') <> '' AND %s ->> '%s' NOT LIKE '#s%%'", c.name, member, c.name, member))
				} else {
					any = append(any, fmt.Sprintf("coalesce(%s ->> '%s', '') <> '' AND coalesce(%s ->> '%s_sealed', '') = ''", c.name, member, c.name, member))
				}
			}
		default:
			any = append(any, fmt.Sprintf("%s <> '' AND %s NOT LIKE '#s%%'", c.name, c.name))
		}
	}
	if t.name == "complaints" {
		any = append(any, "citizen_id IS NOT NULL AND EXISTS (SELECT 1 FROM citizens p WHERE p.tenant_id = complaints.tenant_id AND p.id = complaints.citizen_id AND p.subject_key = '' AND p.erased_at IS NULL)")
	}
	return "(" + strings.Join(any, ") OR (") + ")"
}

// sealedRow is one row as it is gone over: its texts by column, and what is to
// be written.
type sealedRow struct {
	table sealedTable
	k     *ring
	id    string
	old   map[string]string
	now   map[string]string
}

func (s *sealedRow) place(column string) vault.Place {
	at := vault.Place{Tenant: s.k.tenant, Table: s.table.name, Column: column}
	if at.Row = rowOf(s.id); !s.table.words {
		at.Row, _ = strconv.ParseInt(s.id, 10, 64) // the database wrote it
	}
	return at
}

// walk goes over the rows that match where, a batch at a time, has step change
// each, and tells how many were changed. A row that changed meanwhile is left
// to the next time.
func (r *Root) walk(ctx context.Context, t *Tenant, table sealedTable, where string, step func(*sealedRow) error) (int, error) {
	done, after := 0, ""
	for {
		changed, last, err := r.walkBatch(ctx, t, table, where, after, step)
		done += changed
		if err != nil || last == "" {
			return done, err
		}
		after = last
	}
}

func (r *Root) walkBatch(ctx context.Context, t *Tenant, table sealedTable, where, after string, step func(*sealedRow) error) (changed int, last string, err error) {
	db := r.For(t)
	defer db.Release()
	err = db.Write(ctx, SystemActor(), func(tx *Tx) error {
		changed, last = 0, ""
		k, err := r.ring(t.ID)
		if err != nil {
			return err
		}
		rows, err := tx.rowsOf(ctx, table, where, after)
		if err != nil {
			return err
		}
		for _, texts := range rows {
			row := &sealedRow{table: table, k: k, id: texts["row_id"], old: texts, now: map[string]string{}}
			last = row.id
			if err := step(row); err != nil {
				return fmt.Errorf("row %s: %w", row.id, err)
			}
			n, err := tx.rewrite(ctx, row)
			if err != nil {
				return err
			}
			changed += n
		}
		return nil
	})
	return changed, last, err
}

// texts are the columns that are read of a table.
func (t sealedTable) texts() []string {
	var list []string
	if t.subject {
		list = append(list, "subject_key")
	}
	for _, c := range t.columns {
		if list = append(list, c.name); c.blind != "" {
			list = append(list, c.stored())
		}
	}
	if t.name == "complaints" {
		list = append(list, "search_key", "text", "code")
	}
	return list
}

func (tx *Tx) rowsOf(ctx context.Context, t sealedTable, where, after string) ([]map[string]string, error) {
	columns := []string{"CAST(id AS TEXT) AS row_id"}
	for _, c := range t.texts() {
		columns = append(columns, "CAST("+c+" AS TEXT) AS "+c)
	}
	if t.name == "complaints" {
		columns = append(columns, "(SELECT p.name || ' ' || replace(p.mobile, '+98', '') FROM citizens p WHERE p.tenant_id = complaints.tenant_id AND p.id = complaints.citizen_id AND p.subject_key = '') AS person")
	}
	query := fmt.Sprintf("SELECT %s FROM %s WHERE tenant_id = ? AND (%s)", strings.Join(columns, ", "), t.name, where)
	args := []any{tx.tenant.ID}
	if after != "" {
		query, args = query+" AND id > ?", append(args, t.idOf(after))
	}
	var found []map[string]any
	if err := tx.root.write.NewRaw(query+" ORDER BY id LIMIT ?", append(args, sealBatch)...).Conn(tx.conn).Scan(ctx, &found); err != nil {
		return nil, Err(err)
	}
	list := make([]map[string]string, len(found))
	for i, row := range found {
		list[i] = map[string]string{}
		for column, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			list[i][column], _ = v.(string)
		}
	}
	return list, nil
}

func (t sealedTable) idOf(text string) any {
	if t.words {
		return text
	}
	id, _ := strconv.ParseInt(text, 10, 64) // the database wrote it
	return id
}

// rewrite writes what became of a row, unless somebody else has changed it.
func (tx *Tx) rewrite(ctx context.Context, row *sealedRow) (int, error) {
	if len(row.now) == 0 {
		return 0, nil
	}
	q := tx.root.write.NewUpdate().Conn(tx.conn).TableExpr("?", bun.Ident(row.table.name)).
		Where("tenant_id = ? AND id = ?", tx.tenant.ID, row.table.idOf(row.id))
	for column, text := range row.now {
		q = q.Set("? = ?", bun.Ident(column), text).Where("CAST(? AS TEXT) = ?", bun.Ident(column), row.old[column])
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return 0, Err(err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// sealClear seals what is clear in a row.
func (s *sealedRow) sealClear() (err error) {
	if s.table.subject {
		if s.now["subject_key"], err = s.k.newSubject(s.place("subject_key")); err != nil {
			return err
		}
	}
	for _, c := range s.table.columns {
		switch {
		case c.document != nil:
			err = s.sealDocument(c)
		case c.whole:
			var word string
			word, err = s.k.seal(s.old[c.name], s.place(c.name))
			s.now[c.name] = `"` + word + `"`
		default:
			err = s.sealColumn(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sealedRow) sealColumn(c sealedColumn) (err error) {
	clear := s.old[c.name]
	if clear == "" || c.blind != "" && s.old[c.stored()] != "" || c.blind == "" && strings.HasPrefix(clear, byTenant) {
		return nil
	}
	if s.table.subject {
		s.now[c.stored()], err = s.k.sealSubject(s.now["subject_key"], clear, s.place(c.name))
	} else {
		s.now[c.stored()], err = s.k.seal(clear, s.place(c.name))
	}
	if c.blind != "" {
		s.now[c.name] = s.k.blindText(c.blind, clear)
	}
	return err
}

func (s *sealedRow) sealDocument(c sealedColumn) error {
	document := map[string]any{}
	if err := json.Unmarshal([]byte(s.old[c.name]), &document); err != nil {
		return err
	}
	own := []string{s.old["person"]}
	for member, blind := range c.document {
		clear, _ := document[member].(string)
		if clear == "" || strings.HasPrefix(clear, byTenant) || blind != "" && document[member+"_sealed"] != nil {
			continue
		}
		word, err := s.k.seal(clear, s.place(c.name))
		if err != nil {
			return err
		}
		own = append(own, clear)
		if blind == "" {
			document[member] = word
		} else {
			document[member], document[member+"_sealed"] = s.k.blindText(blind, clear), word
		}
	}
	text, err := json.Marshal(document)
	s.now[c.name] = string(text)
	s.blindSearch(own)
	return err
}

// blindSearch makes the words of sealed texts blind in what a case is found by,
// unless they stand in its own text, too.
func (s *sealedRow) blindSearch(own []string) {
	key, kept := s.old["search_key"], " "+persian.SearchKey(s.old["code"]+" "+s.old["text"])+" "
	blind := map[string]bool{}
	for _, w := range strings.Fields(persian.SearchKey(strings.Join(own, " "))) {
		blind[w] = true
	}
	words := strings.Fields(key)
	for i, w := range words {
		switch {
		case !blind[w]:
		case strings.Contains(kept, " "+w+" "):
			if b := s.k.blindWord(w); !slices.Contains(words, b) {
				words = append(words, b)
			}
		default:
			words[i] = s.k.blindWord(w)
		}
	}
	s.now["search_key"] = strings.Join(words, " ")
}
