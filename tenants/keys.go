package tenants

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"pasokh/app/vault"
)

// indexKey is the number of the key that makes an organization's blind indexes;
// it is never replaced, because all indexes hang on it.
const indexKey = 0

// ring are the keys of one organization, unwrapped.
type ring struct {
	tenant int64
	data   *vault.Keys
	newest int    // the number of the key that seals
	index  []byte // of the blind indexes
	until  time.Time
	last   *lastSubject // of the rows that are opened now; nil in what all share
}

// lastSubject is the person's key that was opened last: the values of a row lie
// under one.
type lastSubject struct {
	word string
	own  *vault.Keys
}

// once is the ring for one list of rows.
func (k *ring) once() *ring {
	own := *k
	own.last = new(lastSubject)
	return &own
}

// errNoKeys says that the keys of an organization are not there: nothing is
// sealed or opened, and nothing is written in clear instead.
var errNoKeys = errors.New("tenants: the keys of this organization cannot be read")

// UseKeys gives the keys outside the database that wrap those of the
// organizations. Whoever opens a database to write gives them first.
func (r *Root) UseKeys(k *vault.Keys) { r.vault = k }

// Keys are what UseKeys gave.
func (r *Root) Keys() *vault.Keys { return r.vault }

// warm reads the keys of an organization unless they were read a moment ago; a
// failure is told to whoever needs them. Many who come at once wait for one
// reading, and not long when those read before will do: they open all that they
// opened then, and what they seal is only sealed again by the next Rotate.
func (r *Root) warm(tenant int64) {
	known, ok := r.rings.Load(tenant)
	if ok && fresh(known.(*ring).until, r.clock()) {
		return
	}
	wait := ringTime
	if ok {
		wait = ringPatience
	}
	read := r.reading.DoChan(strconv.FormatInt(tenant, 10), func() (any, error) { return r.readRing(tenant) })
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case <-read:
	case <-late.C:
	}
}

// ring gives the keys of an organization.
func (r *Root) ring(tenant int64) (*ring, error) {
	if k, ok := r.rings.Load(tenant); ok {
		return k.(*ring), nil
	}
	return r.readRing(tenant)
}

const (
	// ringTime bounds how long the keys are waited for.
	ringTime = 5 * time.Second
	// ringPatience bounds it when there are some.
	ringPatience = 100 * time.Millisecond
)

func (r *Root) readRing(tenant int64) (*ring, error) {
	if r.vault == nil {
		return nil, errNoKeys
	}
	ctx, cancel := context.WithTimeout(context.Background(), ringTime)
	defer cancel()
	wrapped, err := r.wrappedKeys(ctx, tenant)
	if err != nil || wrapped[indexKey] == nil {
		return nil, errors.Join(errNoKeys, err)
	}
	k := &ring{tenant: tenant, until: r.clock().Add(cacheFor)}
	data := map[byte][]byte{}
	for number, sealed := range wrapped {
		plain, err := r.vault.Open(sealed, keyPlace(tenant, number))
		if err != nil {
			return nil, errors.Join(errNoKeys, err)
		}
		if number == indexKey {
			k.index = plain
			continue
		}
		data[byte(number)], k.newest = plain, max(k.newest, number) //nolint:gosec // the table allows 0 to 255
	}
	if k.data, err = vault.New(byte(k.newest), data); err != nil { //nolint:gosec // as above
		return nil, errors.Join(errNoKeys, err)
	}
	r.rings.Store(tenant, k)
	return k, nil
}

// wrappedKeys reads the keys of an organization as they stand. It is a
// connection of its own for a moment, and counts as no statement of a request.
func (r *Root) wrappedKeys(ctx context.Context, tenant int64) (map[int][]byte, error) {
	tx, err := r.readPool.BeginTx(ctx, &sql.TxOptions{ReadOnly: r.postgres})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // only read
	if r.postgres {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT set_config('app.tenant_id', '%d', true)", tenant)); err != nil {
			return nil, err
		}
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf("SELECT number, wrapped FROM tenant_keys WHERE tenant_id = %d", tenant))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	found := map[int][]byte{}
	for rows.Next() {
		var number int
		var text string
		if err := rows.Scan(&number, &text); err != nil {
			return nil, err
		}
		if found[number], err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, err
		}
	}
	return found, rows.Err()
}

func keyPlace(tenant int64, number int) vault.Place {
	return vault.Place{Tenant: tenant, Table: "tenant_keys", Column: "wrapped", Row: int64(number)}
}

// dataKey is one wrapped key of an organization.
type dataKey struct {
	BaseModel `bun:"table:tenant_keys,alias:tenant_key"`
	Owned
	Number    int `bun:",pk"`
	Wrapped   string
	CreatedAt time.Time
	RetiredAt *time.Time
	SealedAt  *time.Time // of the key of indexes: nothing of an older program is in clear any more
}

// newDataKey draws a key and wraps it.
func (r *Root) newDataKey(tenant int64, number int) (*dataKey, error) {
	plain := make([]byte, vault.KeySize)
	_, _ = rand.Read(plain) // never fails: the runtime ends the program instead
	k := &dataKey{Number: number, CreatedAt: r.clock()}
	return k, k.wrap(r.vault, tenant, plain)
}

func (k *dataKey) wrap(by *vault.Keys, tenant int64, plain []byte) error {
	sealed, err := by.Seal(plain, keyPlace(tenant, k.Number))
	k.Wrapped = base64.StdEncoding.EncodeToString(sealed)
	return err
}

// ensureKeys gives an organization its first keys unless it has them; one that is
// new has nothing in clear.
func (r *Root) ensureKeys(ctx context.Context, t *Tenant, isNew bool) error {
	if r.vault == nil {
		return errNoKeys
	}
	if k, err := r.ring(t.ID); err == nil && k.newest > 0 {
		return nil
	}
	db := r.For(t)
	defer db.Release()
	err := db.Write(ctx, SystemActor(), func(tx *Tx) error {
		for _, number := range []int{indexKey, 1} {
			k, err := r.newDataKey(t.ID, number)
			if err != nil {
				return err
			}
			if isNew {
				k.SealedAt = &k.CreatedAt
			}
			if _, err := tx.InsertNew(ctx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = r.readRing(t.ID)
	return err
}

// blind is what a value is found by: the same for the same value of one
// organization, and of no use to whoever lacks its key.
func (k *ring) blind(kind, value string) []byte {
	mac := hmac.New(sha256.New, k.index)
	mac.Write([]byte(kind + "\x00" + value))
	return mac.Sum(nil)
}
