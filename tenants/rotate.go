package tenants

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"pasokh/app/fault"
)

// lastKey is the highest number that a key can have.
const lastKey = 255

// KeyStatus tells how the keys of one organization stand.
type KeyStatus struct {
	Slug    string
	Newest  int // the key that seals
	Keys    int // of data, with those that only open
	Wrapped int // keys that an older key outside the database wraps
	Behind  int // rows with values under an older key
}

// KeyStatuses tells how the keys of all organizations stand.
func (r *Root) KeyStatuses(ctx context.Context) ([]KeyStatus, error) {
	all, err := r.UnscopedTenants(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]KeyStatus, 0, len(all))
	for i := range all {
		wrapped, err := r.wrappedKeys(ctx, all[i].ID)
		if err != nil {
			return nil, Err(err)
		}
		s := KeyStatus{Slug: all[i].Slug, Keys: max(0, len(wrapped)-1)}
		for number, sealed := range wrapped {
			if s.Newest = max(s.Newest, number); r.vault != nil && r.vault.Old(sealed) {
				s.Wrapped++
			}
		}
		if s.Behind, err = r.behind(ctx, &all[i], s.Newest, slices.Collect(maps.Keys(wrapped))); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (r *Root) behind(ctx context.Context, t *Tenant, newest int, numbers []int) (rows int, err error) {
	db := r.For(t)
	defer db.Release()
	for _, table := range sealedTables {
		where := table.under(numbers, newest)
		if where == "" {
			return 0, nil
		}
		var n int
		query := fmt.Sprintf("SELECT count(*) FROM %s WHERE tenant_id = ? AND (%s)", table.name, where)
		if err := r.write.NewRaw(query, t.ID).Conn(db.conn).Scan(ctx, &n); err != nil {
			return 0, Err(err)
		}
		rows += n
	}
	return rows, nil
}

// under is the condition of rows with values under keys older than the newest;
// empty when there is none.
func (t sealedTable) under(numbers []int, newest int) string {
	var any []string
	for _, n := range numbers {
		if n == indexKey || n == newest {
			continue
		}
		if t.subject {
			any = append(any, fmt.Sprintf("subject_key LIKE '#k%d.%%'", n))
			continue
		}
		for _, c := range t.columns {
			any = append(any, fmt.Sprintf("CAST(%s AS TEXT) LIKE '%%#s%d.%%'", c.stored(), n))
		}
	}
	return strings.Join(any, " OR ")
}

// Rewrap seals the keys of all organizations with the newest key outside the
// database, and tells how many were wrapped by an older one.
func (r *Root) Rewrap(ctx context.Context) (n int, err error) {
	all, err := r.UnscopedTenants(ctx)
	if err != nil {
		return 0, err
	}
	for i := range all {
		db := r.For(&all[i])
		err := db.Write(ctx, SystemActor(), func(tx *Tx) error {
			var list []dataKey
			if err := tx.lockKeys(ctx, &list); err != nil {
				return err
			}
			for k := range list {
				sealed, err := base64.StdEncoding.DecodeString(list[k].Wrapped)
				if err != nil || !r.vault.Old(sealed) {
					continue
				}
				plain, err := r.vault.Open(sealed, keyPlace(all[i].ID, list[k].Number))
				if err != nil {
					return errors.Join(errNoKeys, err)
				}
				if err := list[k].wrap(r.vault, all[i].ID, plain); err != nil {
					return err
				}
				if err := tx.Update(ctx, &list[k], "wrapped"); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		db.Release()
		if err != nil {
			return n, fault.Wrap(err, "tenants.Rewrap")
		}
	}
	return n, nil
}

// lockKeys reads the organization's keys for update.
func (tx *Tx) lockKeys(ctx context.Context, list any) error {
	q := tx.Select(list).Order("number")
	if tx.root.postgres {
		q = q.For("NO KEY UPDATE")
	}
	return Err(q.Scan(ctx))
}

// Settle is how long other processes may go on sealing with the key before: as
// long as they keep it, and as long as a transaction lasts.
const Settle = 2*cacheFor + 10*time.Second

// Rotate gives every organization a new key and seals all values with it again,
// a batch at a time, while others read and write. It ends when settle has passed
// since the last key was made and nothing is under an older one; run
// again after it was stopped, it makes a key more. The keys before stay,
// retired: they open what a restored row brings back.
func (r *Root) Rotate(ctx context.Context, settle time.Duration, say func(tenant string, rows int)) error {
	all, err := r.UnscopedTenants(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		if err := r.addKey(ctx, &all[i]); err != nil {
			return fault.Wrap(err, "tenants.Rotate")
		}
	}
	made := time.Now() //nolint:forbidigo // the clock of other processes
	for i := range all {
		total := 0
		for {
			late := time.Since(made) >= settle
			n, err := r.turn(ctx, &all[i])
			if total += n; err != nil {
				return fault.Wrap(err, "tenants.Rotate")
			}
			if n == 0 && late {
				break
			}
			if n > 0 {
				continue
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(min(time.Second, settle/4+time.Millisecond)):
			}
		}
		if err := r.retire(ctx, &all[i]); err != nil {
			return fault.Wrap(err, "tenants.Rotate")
		}
		if say != nil {
			say(all[i].Slug, total)
		}
	}
	return nil
}

func (r *Root) addKey(ctx context.Context, t *Tenant) error {
	if err := r.ensureKeys(ctx, t, false); err != nil {
		return err
	}
	k, err := r.readRing(t.ID)
	if err != nil {
		return err
	}
	if k.newest == lastKey {
		return errors.New("all 255 numbers of keys are used")
	}
	added, err := r.newDataKey(t.ID, k.newest+1)
	if err != nil {
		return err
	}
	db := r.For(t)
	defer db.Release()
	if err := db.Write(ctx, SystemActor(), func(tx *Tx) error { return tx.Insert(ctx, added) }); err != nil {
		return err
	}
	_, err = r.readRing(t.ID)
	return err
}

// turn goes over all tables of an organization once.
func (r *Root) turn(ctx context.Context, t *Tenant) (rows int, err error) {
	k, err := r.ring(t.ID)
	if err != nil {
		return 0, err
	}
	numbers := make([]int, 0, k.newest)
	for n := 1; n < k.newest; n++ {
		numbers = append(numbers, n)
	}
	for _, table := range sealedTables {
		n, err := r.walk(ctx, t, table, table.under(numbers, k.newest), (*sealedRow).turn)
		if rows += n; err != nil {
			return rows, fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return rows, nil
}

func (r *Root) retire(ctx context.Context, t *Tenant) error {
	k, err := r.ring(t.ID)
	if err != nil {
		return err
	}
	db := r.For(t)
	defer db.Release()
	return db.Write(ctx, SystemActor(), func(tx *Tx) error {
		_, err := tx.Set(ctx, (*dataKey)(nil), "retired_at = ?", []any{tx.Now()}, "number > 0 AND number < ? AND retired_at IS NULL", k.newest)
		return err
	})
}

// sealedWord is a value or a key under a key of the organization.
var sealedWord = regexp.MustCompile(`#[sk]\d+\.[A-Za-z0-9_-]+`)

// turn seals the words of a row again, with the newest key.
func (s *sealedRow) turn() (err error) {
	columns := map[string]string{}
	if s.table.subject {
		columns["subject_key"] = "subject_key"
	} else {
		for _, c := range s.table.columns {
			columns[c.stored()] = c.name
		}
	}
	for stored, name := range columns {
		text := sealedWord.ReplaceAllStringFunc(s.old[stored], func(word string) string {
			plain, failed := s.k.unseal(word, s.place(name))
			if failed != nil {
				return word // not ours to lose
			}
			again, failed := s.k.sealAs(word[:2], plain, s.place(name))
			if failed != nil {
				err = failed
				return word
			}
			return again
		})
		if text != s.old[stored] {
			s.now[stored] = text
		}
	}
	return err
}
