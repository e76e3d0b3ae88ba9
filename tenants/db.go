package tenants

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"pasokh/app/fault"
)

// Reader reads the rows of one tenant, and of no other: every FROM is a
// sub-select bound to the tenant, which no WHERE can escape. DB and Tx are the
// two Readers.
type Reader interface {
	// Tenant is whose rows these are.
	Tenant() *Tenant
	// Now is the instant of the request or transaction, in UTC.
	Now() time.Time
	// Select starts a query whose result goes into model: a pointer to a row,
	// to a slice of rows, or a nil row pointer to name the table only.
	Select(model any) *Query
	// Around starts a query over the rows that another query chose, under the
	// alias of model: choose a page first, then join what its rows show.
	Around(model any, chosen *Query) *Query
	// From is the table of a row type, bound to the tenant and aliased, for
	// `Join("JOIN ? ON …", r.From((*Unit)(nil)))`.
	From(model any) schema.QueryWithArgs
	// ComplaintsWith looks up the cases whose search key holds, for each of the
	// words (letters and digits), one that begins with it. all is false when there
	// are more than atMost, or when the database has no index for it: then nothing
	// is known.
	ComplaintsWith(ctx context.Context, words []string, atMost int) (ids []int64, all bool, err error)
	// Blind is what a value (mobile, national_id, email) is looked up by in a
	// sealed column; empty for an empty value.
	Blind(kind, value string) string
	// BlindWords are the words of a text, in which something may be searched, one
	// by one as Blind makes them.
	BlindWords(text string) string
	// Derived is a key for one purpose, made of the organization's own; it is the
	// same for ever, and nobody has it who has only the database.
	Derived(purpose string) ([]byte, error)
	holidays(ctx context.Context) ([]Holiday, error)
	calendar(ctx context.Context) (*ownCalendar, error)
	self() *scope
}

// DB reads for one request or task of one tenant, in one snapshot that opens
// with the first query; Write adds transactions. It is not safe for concurrent
// use. Release ends the snapshot.
type DB struct{ scope }

// Tx is one write transaction of one tenant: the only thing that writes,
// enqueues and audits.
type Tx struct {
	scope
	actor Actor
	ends  []func(context.Context) error
	kept  map[any]any // see Keep
	// founding is set while an organization is made: there is no state before.
	founding bool
}

// scope is what DB and Tx share.
type scope struct {
	root   *Root
	tenant *Tenant
	conn   *conn
	now    time.Time
	writes bool         // a transaction, which reads no cache
	added  *ownCalendar // once read
}

// For opens the door to one tenant.
func (r *Root) For(t *Tenant) *DB {
	r.warm(t.ID)
	return &DB{scope{root: r, tenant: t, conn: r.reader(t.ID), now: r.clock()}}
}

// Tenant implements Reader.
func (s *scope) Tenant() *Tenant { return s.tenant }

func (s *scope) self() *scope { return s }

// Now implements Reader.
func (s *scope) Now() time.Time { return s.now }

// Select implements Reader.
func (s *scope) Select(model any) *Query {
	table := s.root.table(model)
	q := s.root.write.NewSelect().Conn(s.conn).Model(model)
	if table == nil {
		return q.Err(errNotOwned(model))
	}
	return q.ModelTableExpr("(SELECT * FROM ? WHERE tenant_id = ?) AS ?",
		bun.Ident(table.Name), s.tenant.ID, bun.Ident(table.Alias))
}

// Around implements Reader.
func (s *scope) Around(model any, chosen *Query) *Query {
	return s.Select(model).ModelTableExpr("(?) AS ?", chosen, bun.Ident(s.root.table(model).Alias))
}

// From implements Reader.
func (s *scope) From(model any) schema.QueryWithArgs {
	table := s.root.table(model)
	if table == nil {
		panic(errNotOwned(model)) // a mistake of the source, met by the first test
	}
	return bun.SafeQuery("(SELECT * FROM ? WHERE tenant_id = ?) AS ?",
		bun.Ident(table.Name), s.tenant.ID, bun.Ident(table.Alias))
}

func errNotOwned(model any) error {
	return fmt.Errorf("tenants: %T is no row type of a tenant table", model)
}

// Release ends the snapshot; a later query opens a new one.
func (db *DB) Release() { _ = db.conn.end(nil) } // a snapshot that ends badly loses nothing

// Write runs fn in one transaction, in the tenant's name. It is run again from
// the start when the database asks for it (deadlock, serialization), so fn
// must do nothing but use tx.
func (db *DB) Write(ctx context.Context, actor Actor, fn func(*Tx) error) error {
	db.Release()
	var err error
	for i := range 4 {
		if err = db.try(ctx, actor, fn); !retryable(err) {
			return err
		}
		// Two that met once would meet again without a moment of their own each.
		select {
		case <-ctx.Done():
			return Err(ctx.Err())
		case <-time.After(time.Duration(rand.Int64N(int64(20*time.Millisecond)) << i)): //nolint:gosec // not a secret
		}
	}
	return err
}

func (db *DB) try(ctx context.Context, actor Actor, fn func(*Tx) error) (err error) {
	db.now = db.root.clock()
	tx := &Tx{scope: scope{root: db.root, tenant: db.tenant, conn: db.root.writer(db.tenant.ID), now: db.now, writes: true}, actor: actor}
	db.conn.writing = true
	defer func() {
		db.conn.writing = false
		if p := recover(); p != nil {
			_ = tx.conn.end(errors.New("panic")) // the panic is what is reported
			panic(p)
		}
		if endErr := tx.conn.end(err); err == nil {
			err = endErr
		}
		if err == nil {
			db.root.Changed(db.tenant.ID)
		}
		if err == nil && tx.conn.calendar {
			db.added = nil
			db.root.calendars.Delete(db.tenant.ID)
		}
		if err == nil && tx.conn.directory {
			db.root.forget(db.tenant.ID)
		}
		if err == nil && tx.conn.settings {
			db.root.cache.Delete(db.tenant.Slug)
		}
		if err == nil && tx.conn.enqueued && db.root.OnEnqueue != nil {
			db.root.OnEnqueue()
		}
		if err == nil && tx.conn.policies && db.root.OnPolicy != nil {
			db.root.OnPolicy()
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	for _, end := range tx.ends {
		if err := end(ctx); err != nil {
			return err
		}
	}
	return nil
}

// AtEnd has fn run after the command, before the commit: for what takes a lock
// that all commands share and must hold as shortly as possible.
func (tx *Tx) AtEnd(fn func(context.Context) error) { tx.ends = append(tx.ends, fn) }

// Keep gives what a room keeps with the transaction under its own key, made when
// it is asked for first.
func (tx *Tx) Keep(key any, first func() any) any {
	if v, ok := tx.kept[key]; ok {
		return v
	}
	if tx.kept == nil {
		tx.kept = map[any]any{}
	}
	v := first()
	tx.kept[key] = v
	return v
}

// Actor is on whose behalf the transaction runs.
func (tx *Tx) Actor() Actor { return tx.actor }

func one(res sql.Result, err error) error {
	if err != nil {
		return Err(err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return Err(err)
}
