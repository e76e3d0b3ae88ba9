package tenants

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	"golang.org/x/sync/singleflight"
	_ "modernc.org/sqlite" // the embedded database

	"pasokh/app/vault"
)

// Root holds the database for all tenants. Only boot and apptest make one; the
// rest of the program is handed a DB for one tenant.
type Root struct {
	write     *bun.DB
	readPool  *sql.DB
	writePool *sql.DB
	postgres  bool
	clock     Clock
	cache     sync.Map // slug → cached
	hosts     sync.Map // own host → cached
	takers    atomic.Pointer[takers]
	holidays  atomic.Pointer[holidayCache]
	calendars sync.Map // tenant → *ownCalendar
	directory sync.Map // directoryKey → directoryList
	glances   sync.Map // glanceKey → glance
	committed sync.Map // tenant → *atomic.Int64
	migrated  atomic.Bool
	pulse     *pulse
	vault     *vault.Keys // see UseKeys
	rings     sync.Map    // tenant → *ring
	reading   singleflight.Group
	// OnStatement, when set, sees every statement; tests count with it.
	OnStatement func(query string)
	// OnQuery, when set, is told of every statement with its values, and what it
	// gives is told how the statement ended; traces are made with it.
	OnQuery func(ctx context.Context, query string) func(error)
	// OnTask, when set, is told of every task that is written to the outbox.
	OnTask func(ctx context.Context, kind string, id int64)
	// OnNested, when set, is called when something reads beside the transaction
	// that it is part of. Each such reading wants a second connection while it
	// keeps others waiting for the first, so a crowd of them stops the process;
	// tests fail on it.
	OnNested func()
	// OnEnqueue, when set, is called after a commit that wrote an outbox row,
	// so that the relay need not wait for its next look.
	OnEnqueue func()
	// UrgencyOf, when set, tells how urgent tasks of a kind are; else all are usual.
	UrgencyOf func(kind string) Urgency
	// OnPolicy, when set, is called after a commit that changed an
	// organization's policy.
	OnPolicy func()
}

// Open connects to PostgreSQL when url is given, else to an SQLite file in the
// folder dir. It changes nothing in the database; see Migrate.
func Open(ctx context.Context, rawURL, dir string, clock Clock) (*Root, error) {
	if rawURL == "" {
		return openSQLite(ctx, filepath.Join(dir, "pasokh.db"), clock)
	}
	return openPostgres(ctx, rawURL, clock)
}

// sqliteDSN turns every durability and integrity setting on for each
// connection; kill -9 and power cuts lose no committed row (security.md §9).
func sqliteDSN(file string) string {
	q := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "temp_store(MEMORY)", "cache_size(-32000)", "trusted_schema(0)",
	}}
	return (&url.URL{Scheme: "file", Opaque: file, RawQuery: q.Encode()}).String()
}

func openSQLite(ctx context.Context, file string, clock Clock) (*Root, error) {
	w, err := sql.Open("sqlite", sqliteDSN(file))
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1) // one writer queues in the process instead of failing busy
	if err := w.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	r, err := sql.Open("sqlite", sqliteDSN(file)+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	r.SetMaxOpenConns(8)
	r.SetMaxIdleConns(8)
	return (&Root{write: bun.NewDB(w, sqlitedialect.New()), readPool: r, writePool: w, clock: clock}).opens(), nil
}

// maxPostgresConns bounds one process; several processes share one server.
const maxPostgresConns = 24

func openPostgres(ctx context.Context, rawURL string, clock Clock) (*Root, error) {
	cfg, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, errors.New("the database address cannot be read; expected postgres://user:password@host:port/name")
	}
	// The builder inlines arguments, so preparing every text would cost a
	// second round trip and never be reused.
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	cfg.RuntimeParams["application_name"] = "pasokh"
	cfg.RuntimeParams["timezone"] = "UTC"
	beat := new(pulse)
	cfg.DialFunc = beat.dial
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTime
	}
	pool := sql.OpenDB(&knocker{Connector: stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(soon(becomeApp))), every: knockEvery})
	pool.SetMaxOpenConns(maxPostgresConns)
	pool.SetMaxIdleConns(maxPostgresConns)
	pool.SetConnMaxLifetime(30 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, err
	}
	return (&Root{write: bun.NewDB(pool, pgdialect.New()), readPool: pool, writePool: pool, postgres: true, clock: clock, pulse: beat}).opens(), nil
}

// opens has what was sealed opened when it is read.
func (r *Root) opens() *Root {
	r.write = r.write.WithQueryHook(opener{r})
	clock := r.clock
	r.clock = func() time.Time { return kept(clock()) }
	return r
}

// becomeApp lays down the login role's rights as soon as the application's
// role exists (before the first migration it does not).
func becomeApp(ctx context.Context, c *pgx.Conn) error {
	// A process that has vanished without a word must not keep its locks.
	if _, err := c.Exec(ctx, "SET idle_in_transaction_session_timeout = '60s'"); err != nil {
		return err
	}
	var exists bool
	err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pasokh_app') AND pg_has_role(session_user, 'pasokh_app', 'MEMBER')").Scan(&exists)
	if err != nil || !exists {
		return err
	}
	_, err = c.Exec(ctx, "SET ROLE pasokh_app")
	return err
}

// Postgres tells which of the two databases this is.
func (r *Root) Postgres() bool { return r.postgres }

// Clock is the injected clock.
func (r *Root) Clock() Clock { return r.clock }

// Close ends all connections.
func (r *Root) Close() error {
	err := r.writePool.Close()
	if !r.postgres {
		err = errors.Join(err, r.readPool.Close())
	}
	return err
}

func (r *Root) count(query string) {
	if r.OnStatement != nil {
		r.OnStatement(query)
	}
}

var rowType = reflect.TypeFor[Row]()

// table finds the tenant table of a model (row pointer, slice pointer); nil
// when its type does not embed Owned.
func (r *Root) table(model any) *schema.Table {
	t := reflect.TypeOf(model)
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(rowType) {
		return nil
	}
	return r.write.Table(t)
}
