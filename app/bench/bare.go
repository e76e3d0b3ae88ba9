package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// peer is what the bare handler of a page does: the page's main SELECT in the
// tenant's name under row-level security, prepared once or (Plain) sent as the
// builder writes it, and as many bytes. Without SQL it only writes.
type peer struct {
	Database string
	Tenant   int64
	SQL      string
	Size     int
	Plain    bool
	Insert   bool // SQL is an INSERT; its %d is a number that no other has
}

// bare serves peers by name from another process, given as JSON by argument.
func bare(addr, peers string) error {
	all := map[string]peer{}
	if err := json.Unmarshal([]byte(peers), &all); err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	pools := map[string]*sql.DB{}
	for name, p := range all {
		body := []byte(strings.Repeat("x", p.Size))
		if p.SQL == "" {
			app.Get("/"+name, func(c *fiber.Ctx) error { return c.Send(body) })
			continue
		}
		if pools[p.Database] == nil {
			pool, err := pool(p.Database)
			if err != nil {
				return err
			}
			pools[p.Database] = pool
		}
		pool := pools[p.Database]
		if p.Insert {
			var n atomic.Int64
			app.Get("/"+name, func(c *fiber.Ctx) error {
				if err := p.write(c.Context(), pool, n.Add(1)); err != nil {
					return err
				}
				return c.SendString("ok")
			})
			continue
		}
		app.Get("/"+name, func(c *fiber.Ctx) error {
			if err := p.read(c.Context(), pool); err != nil {
				return err
			}
			return c.Send(body)
		})
	}
	return app.Listen(addr)
}

func pool(database string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SET ROLE pasokh_app")
		return err
	}))
	db.SetMaxOpenConns(24)
	db.SetMaxIdleConns(24)
	return db, nil
}

// read runs the statement and takes every row, as text.
func (p peer) read(ctx context.Context, pool *sql.DB) error {
	c, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // back to its pool
	if _, err := c.ExecContext(ctx, fmt.Sprintf("BEGIN READ ONLY; SELECT set_config('app.tenant_id', '%d', true)", p.Tenant), pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	var how []any
	if p.Plain {
		how = append(how, pgx.QueryExecModeSimpleProtocol)
	}
	rows, err := c.QueryContext(ctx, p.SQL, how...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // its error comes below
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	line := make([]sql.RawBytes, len(names))
	into := make([]any, len(names))
	for i := range line {
		into[i] = &line[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "COMMIT", pgx.QueryExecModeSimpleProtocol)
	return err
}

// write runs the INSERT in a transaction of its own.
func (p peer) write(ctx context.Context, pool *sql.DB, n int64) error {
	c, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // back to its pool
	for _, text := range []string{fmt.Sprintf("BEGIN; SELECT set_config('app.tenant_id', '%d', true)", p.Tenant), fmt.Sprintf(p.SQL, n), "COMMIT"} {
		if _, err := c.ExecContext(ctx, text, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
	}
	return nil
}

// beside starts the bare handlers and gives their address.
func beside(peers map[string]peer) (addr string, stop func(), err error) {
	raw, err := json.Marshal(peers)
	if err != nil {
		return "", nil, err
	}
	addr = freeAddr()
	cmd := exec.Command(os.Args[0], "bare", addr, string(raw)) //nolint:gosec // this very program
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	if err := waitFor(addr, 10*time.Second); err != nil {
		stop()
		return "", nil, err
	}
	return addr, stop, nil
}
