package tenants

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pasokh/app/fault"
)

// conn is one database connection that opens its transaction, bound to a
// tenant, with the first statement: one round trip on PostgreSQL.
type conn struct {
	root      *Root
	tenant    int64 // 0: all of them
	pool      *sql.DB
	begin     string
	prepares  bool // reads become prepared statements: see Prepared
	sql       *sql.Conn
	line      *line // below sql; nil on SQLite
	enqueued  bool  // the transaction wrote an outbox row, so the relay is woken
	policies  bool  // the transaction changed the policy, so all processes read it again
	calendar  bool  // the transaction changed the calendar, so readers read it again
	directory bool  // the transaction changed the directory, so readers read it again
	settings  bool  // the transaction changed the settings, so the cached organization goes
	err       error
	writing   bool // a transaction of the same handle goes on beside it
}

func (r *Root) reader(tenant int64) *conn {
	if !r.postgres {
		return &conn{root: r, tenant: tenant, pool: r.readPool, begin: "BEGIN"}
	}
	return &conn{root: r, tenant: tenant, pool: r.readPool, prepares: true, begin: fmt.Sprintf("BEGIN READ ONLY; SELECT set_config('app.tenant_id', '%d', true)", tenant)}
}

func (r *Root) writer(tenant int64) *conn {
	if !r.postgres {
		return &conn{root: r, tenant: tenant, pool: r.writePool, begin: "BEGIN IMMEDIATE"}
	}
	return &conn{root: r, tenant: tenant, pool: r.writePool, prepares: true, begin: fmt.Sprintf("BEGIN; SELECT set_config('app.tenant_id', '%d', true)", tenant)}
}

// unscopedReader and unscopedWriter open a transaction that sees every tenant,
// as a role that may do only what unscoped.go does.
func (r *Root) unscopedReader() *conn {
	if !r.postgres {
		return &conn{root: r, pool: r.readPool, begin: "BEGIN"}
	}
	return &conn{root: r, pool: r.readPool, begin: "BEGIN READ ONLY; SET LOCAL ROLE pasokh_unscoped"}
}

func (r *Root) unscopedWriter() *conn {
	if !r.postgres {
		return &conn{root: r, pool: r.writePool, begin: "BEGIN IMMEDIATE"}
	}
	return &conn{root: r, pool: r.writePool, begin: "BEGIN; SET LOCAL ROLE pasokh_unscoped"}
}

func (c *conn) open(ctx context.Context) error {
	if c.sql != nil || c.err != nil {
		return c.err
	}
	if c.writing && c.root.OnNested != nil {
		c.root.OnNested()
	}
	var err error
	for range staleConns {
		// What the pool gives may have died with a server that is back already.
		if err = c.take(ctx); err == nil || !c.root.postgres || ctx.Err() != nil || !Away(err) || patienceOf(ctx).over() {
			return err
		}
	}
	return err
}

// staleConns is how many connections are tried, the last of them surely a new one
// when all die together: the pool drops those that it sees are dead.
const staleConns = 3

func (c *conn) take(ctx context.Context) error {
	if !c.root.postgres {
		return c.start(ctx, c.pool.Conn)
	}
	who := patienceOf(ctx)
	return c.start(ctx, func(ctx context.Context) (*sql.Conn, error) {
		sc, err := who.grab(ctx, c.pool, c.root.pulse)
		if err != nil {
			return nil, err
		}
		if c.line = lineOf(sc); c.line != nil {
			c.line.who.Store(who)
		}
		return sc, nil
	})
}

// start begins the transaction on a connection that grab takes.
func (c *conn) start(ctx context.Context, grab func(context.Context) (*sql.Conn, error)) error {
	sc, err := grab(ctx)
	if err != nil {
		return err
	}
	done, began := c.root.watch(ctx, c.begin), uptime()
	_, err = sc.ExecContext(ctx, c.begin)
	if done(err); err != nil {
		_ = sc.Raw(discard)
		_ = sc.Close()
		return err
	}
	if c.line != nil {
		c.root.pulse.felt(uptime() - began)
	}
	c.sql = sc
	return nil
}

// end commits, or rolls back when cause is not nil, and gives the connection
// back. A connection whose end is in doubt is thrown away.
func (c *conn) end(cause error) error {
	if c.sql == nil {
		return nil
	}
	sc := c.sql
	c.sql = nil
	defer sc.Close() //nolint:errcheck // the connection only goes back to its pool
	// The request's own deadline may be what ended it, so ending gets its own.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	verb := "COMMIT"
	if cause != nil {
		verb = "ROLLBACK"
	}
	if _, err := sc.ExecContext(ctx, verb); err != nil {
		_ = sc.Raw(discard)
		return fault.Wrap(err, "tenants.conn.end")
	}
	if c.line != nil {
		c.line.who.Store(nil) // whoever takes it next has patience of their own
	}
	if demoted(cause) {
		_ = sc.Raw(discard)
		c.root.dropIdle()
	}
	return nil
}

func discard(any) error { return driver.ErrBadConn }

// QueryContext implements bun.IConn.
func (c *conn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	if whose, ok := ctx.Value(openingKey{}).(*int64); ok {
		*whose = c.tenant
	}
	c.root.count(query)
	done := c.root.watch(ctx, query)
	rows, err := c.query(ctx, query, args...) //nolint:rowserrcheck,sqlclosecheck // the caller's
	done(err)
	return rows, err
}

func (c *conn) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if c.prepares && len(args) == 0 {
		if text, values, ok := Prepared(query); ok {
			args = append(make([]any, 0, len(values)+1), pgx.QueryExecModeCacheStatement)
			for _, v := range values {
				args = append(args, v)
			}
			return c.sql.QueryContext(ctx, text, args...)
		}
	}
	return c.sql.QueryContext(ctx, query, args...)
}

// ExecContext implements bun.IConn.
func (c *conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	c.root.count(query)
	done := c.root.watch(ctx, query)
	res, err := c.sql.ExecContext(ctx, query, args...)
	done(err)
	return res, err
}

// QueryRowContext implements bun.IConn.
func (c *conn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := c.open(ctx); err != nil {
		// sql.Row cannot carry an error of ours; a cancelled query reports one.
		done, cancel := context.WithCancel(ctx)
		cancel()
		return c.pool.QueryRowContext(done, query, args...)
	}
	c.root.count(query)
	done := c.root.watch(ctx, query)
	row := c.sql.QueryRowContext(ctx, query, args...)
	done(row.Err())
	return row
}
