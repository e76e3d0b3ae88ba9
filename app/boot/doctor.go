package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pasokh/app/vault"
	"pasokh/tenants"
)

// examination collects what Doctor finds.
type examination struct {
	out io.Writer
	bad int
}

func (e *examination) good(format string, args ...any) { e.say("ok  ", format, args...) }
func (e *examination) note(format string, args ...any) { e.say("note", format, args...) }
func (e *examination) wrong(format string, args ...any) {
	e.bad++
	e.say("BAD ", format, args...)
}

func (e *examination) say(mark, format string, args ...any) {
	fmt.Fprintf(e.out, mark+"  "+format+"\n", args...) //nolint:errcheck // a terminal
}

// Doctor tells in plain words what is wrong with configuration, database,
// Redis, storage and senders. It changes nothing. The error counts what is bad.
func Doctor(ctx context.Context, c Config, configErr error, out io.Writer) error {
	e := &examination{out: out}
	e.configuration(c, configErr)
	if configErr == nil {
		e.database(ctx, c)
		e.redis(ctx, c)
		e.storage(c)
		e.scanner(ctx, c)
		e.senders(c)
	}
	if e.bad > 0 {
		return fmt.Errorf("%d of these need mending", e.bad)
	}
	return nil
}

func (e *examination) configuration(c Config, err error) {
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			e.wrong("configuration: %s", strings.TrimSpace(line))
		}
		return
	}
	e.good("configuration: %s, listening on %s, links to %s", c.Env, c.Addr, c.BaseURL)
	for _, name := range c.unknown {
		e.note("configuration: nothing reads %s; a slip of the pen?", name)
	}
	for _, reason := range c.unsafe() {
		if c.Production() {
			e.wrong("production: %s", reason)
		}
	}
}

func (e *examination) database(ctx context.Context, c Config) {
	if c.DatabaseURL == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "pasokh.db")); errors.Is(err, os.ErrNotExist) {
			e.note("database: none yet; the first start makes an SQLite file in %s", c.Data)
			return
		}
	}
	root, err := openDatabase(ctx, c)
	if err != nil {
		e.wrong("%v", err)
		return
	}
	defer root.Close() //nolint:errcheck // only looked at
	kind := "SQLite"
	if root.Postgres() {
		kind = "PostgreSQL"
	}
	s, err := tenants.Inspect(ctx, root)
	if err != nil {
		e.wrong("database: %v", err)
		return
	}
	e.good("database: %s %s answers", kind, s.Version)
	e.schema(ctx, root)
	reasons, err := unsafeDatabase(ctx, root)
	if err != nil {
		return // said by schema
	}
	for _, reason := range reasons {
		e.wrong("database: %s", reason)
	}
}

func (e *examination) schema(ctx context.Context, root *tenants.Root) {
	done, err := tenants.Migrated(ctx, root)
	switch {
	case err != nil:
		e.wrong("database: no schema yet, or it cannot be read: run `pasokh migrate`")
	case done:
		list, err := root.UnscopedTenants(ctx)
		if err != nil {
			e.wrong("database: the organizations cannot be read: %v", err)
			return
		}
		e.good("database: schema up to date, %d organizations", len(list))
	}
	dead, err := root.UnscopedDeadTasks(ctx, tenants.DeadFilter{}, 100)
	if err == nil && len(dead) > 0 {
		e.note("jobs: %d tasks were given up; see /platform/queues", len(dead))
	}
	e.clocks(ctx, root)
}

// late is how long after its time a clock counts as standing still.
const late = 2 * time.Minute

func (e *examination) clocks(ctx context.Context, root *tenants.Root) {
	lines, err := root.UnscopedClocks(ctx)
	if err != nil {
		return
	}
	for _, line := range lines {
		if behind := root.Clock()().Sub(line.NextRunAt); behind > late {
			e.note("jobs: the clock %s is %s behind; no worker runs now", line.Name, behind.Round(time.Minute))
		}
		if line.LastError != "" {
			e.wrong("jobs: the clock %s failed: %s", line.Name, line.LastError)
		}
	}
}

func (e *examination) redis(ctx context.Context, c Config) {
	if c.RedisURL == "" {
		e.good("Redis: inside the process; one process only")
		return
	}
	r, err := OpenRedis(ctx, c.RedisURL)
	if err != nil {
		e.wrong("%v", err)
		return
	}
	defer r.Close() //nolint:errcheck // only looked at
	e.good("Redis: answers")
	reasons, err := unsafeRedis(ctx, r)
	if err != nil {
		e.wrong("%v", err)
	}
	for _, reason := range reasons {
		e.wrong("Redis: %s", reason)
	}
}

// leastFree is the room below which the disk counts as full: uploads and the
// database's journal need it.
const leastFree = 1 << 30

func (e *examination) storage(c Config) {
	if _, err := os.Stat(c.Data); errors.Is(err, os.ErrNotExist) {
		e.note("storage: %s is made at the first start", c.Data)
		return
	}
	probe, err := os.CreateTemp(c.Data, ".doctor-*")
	if err != nil {
		e.wrong("storage: %s cannot be written to: %v", c.Data, err)
		return
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	free, err := freeSpace(c.Data)
	switch {
	case err != nil:
		e.note("storage: %s can be written to; the free room is unknown", c.Data)
	case free < leastFree:
		e.wrong("storage: only %d MB are free in %s", free>>20, c.Data)
	default:
		e.good("storage: %s can be written to, %d GB free", c.Data, free>>30)
	}
}

func (e *examination) senders(c Config) {
	if c.Sender == "console" {
		e.note("messages: of organizations without a gateway, the console takes them and reaches nobody; for demonstrations only")
	}
	if c.FakeGateways != "" {
		e.note("messages: %s takes them in place of the providers; for demonstrations only", c.FakeGateways)
	}
	if _, err := os.Stat(c.keyFile()); errors.Is(err, os.ErrNotExist) && c.KeyFile == "" {
		e.note("key file: made at the first start")
		return
	}
	if _, err := vault.Load(c.keyFile()); err != nil {
		e.wrong("PASOKH_KEY_FILE: %v", err)
		return
	}
	e.good("key file: %s can be used", c.keyFile())
}
