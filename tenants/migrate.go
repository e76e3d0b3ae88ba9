package tenants

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/migrate"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"pasokh/tenants/migrations"
)

// Migrate brings the schema up to date as the owner of the tables, renews the
// application's rights on PostgreSQL, and returns the names it applied.
func Migrate(ctx context.Context, r *Root, rawURL string) ([]string, error) {
	owner, err := r.owner(rawURL)
	if err != nil {
		return nil, err
	}
	if r.postgres {
		defer owner.Close() //nolint:errcheck // a pool of one, done
	}
	m, err := newMigrator(owner, r.postgres)
	if err != nil {
		return nil, err
	}
	if err := m.Init(ctx); err != nil {
		return nil, fmt.Errorf("migrations table: %w", err)
	}
	if err := lock(ctx, m); err != nil {
		return nil, err
	}
	defer m.Unlock(context.WithoutCancel(ctx)) //nolint:errcheck // nothing left to do about it
	group, err := m.Migrate(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(group.Migrations))
	for _, one := range group.Migrations {
		names = append(names, one.Name+"_"+one.Comment)
	}
	if r.postgres {
		if err := grant(ctx, owner); err != nil {
			return names, err
		}
		r.dropConns()
	}
	return names, nil
}

// Migrated tells whether no migration is missing.
func Migrated(ctx context.Context, r *Root) (bool, error) {
	m, err := newMigrator(r.write, r.postgres)
	if err != nil {
		return false, err
	}
	all, err := m.MigrationsWithStatus(ctx)
	if err != nil {
		return false, err
	}
	return len(all.Unapplied()) == 0, nil
}

func newMigrator(db *bun.DB, postgres bool) (*migrate.Migrator, error) {
	all, err := discover(postgres)
	if err != nil {
		return nil, err
	}
	return migrate.NewMigrator(db, all, migrate.WithMarkAppliedOnSuccess(true)), nil
}

// discover reads the migrations that are built in.
func discover(postgres bool) (*migrate.Migrations, error) {
	all := migrate.NewMigrations()
	if err := all.Discover(migrations.Portable); err != nil {
		return nil, err
	}
	if !postgres {
		if err := all.Discover(migrations.SQLite); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// owner is a connection with the login role's own rights.
func (r *Root) owner(rawURL string) (*bun.DB, error) {
	if !r.postgres {
		return r.write, nil
	}
	cfg, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, errors.New("the database address cannot be read")
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(2)
	return bun.NewDB(pool, pgdialect.New()), nil
}

// lock waits while another process migrates.
func lock(ctx context.Context, m *migrate.Migrator) error {
	var err error
	for range 60 {
		if err = m.Lock(ctx); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return fmt.Errorf("another process has held the migration lock for a minute: %w", err)
}

// grant runs grants.sql and the other files of PostgreSQL's own; roles belong to the whole server, so two databases
// migrating at once may collide and simply try again.
func grant(ctx context.Context, owner *bun.DB) error {
	var err error
	for range 20 {
		if _, err = owner.ExecContext(ctx, migrations.Grants+migrations.Search+migrations.Planning+migrations.Minutes+migrations.Retention+migrations.Nameless); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("grants: %w", err)
}

// dropConns makes every later connection take the application's role, which
// may not have existed when the pool was opened.
func (r *Root) dropConns() {
	r.writePool.SetMaxIdleConns(0)
	r.writePool.SetMaxIdleConns(maxPostgresConns)
}
