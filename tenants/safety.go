package tenants

import (
	"context"
	"database/sql"

	"pasokh/app/fault"
)

// Safety is what the database itself says about the connections of this
// program; production refuses to start on most of it (security.md §9).
type Safety struct {
	Version string
	// PostgreSQL only.
	Role        string // the effective one
	OwnsTables  bool
	BypassesRLS bool // superuser, or exempt from row-level security
	// SQLite only, of the writing and the reading connections.
	SyncFull    bool
	ForeignKeys bool
	WAL         bool
}

// Inspect asks the database about the connections that the program works with.
func Inspect(ctx context.Context, r *Root) (Safety, error) {
	if r.postgres {
		return inspectPostgres(ctx, r.writePool)
	}
	s := Safety{SyncFull: true, ForeignKeys: true, WAL: true}
	for _, pool := range []*sql.DB{r.writePool, r.readPool} {
		if err := s.inspectSQLite(ctx, pool); err != nil {
			return s, fault.Wrap(err, "tenants.Inspect")
		}
	}
	return s, nil
}

func inspectPostgres(ctx context.Context, pool *sql.DB) (Safety, error) {
	var s Safety
	err := pool.QueryRowContext(ctx, `
		SELECT current_setting('server_version'), current_user,
		  EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		    AND pg_has_role(current_user, c.relowner, 'USAGE')),
		  (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)`).
		Scan(&s.Version, &s.Role, &s.OwnsTables, &s.BypassesRLS)
	return s, fault.Wrap(err, "tenants.Inspect")
}

// full is how SQLite numbers synchronous = FULL.
const full = 2

func (s *Safety) inspectSQLite(ctx context.Context, pool *sql.DB) error {
	var (
		sync    int
		foreign bool
		mode    string
	)
	for query, into := range map[string]any{
		"SELECT sqlite_version()": &s.Version, "PRAGMA synchronous": &sync,
		"PRAGMA foreign_keys": &foreign, "PRAGMA journal_mode": &mode,
	} {
		if err := pool.QueryRowContext(ctx, query).Scan(into); err != nil {
			return err
		}
	}
	s.SyncFull = s.SyncFull && sync >= full
	s.ForeignKeys = s.ForeignKeys && foreign
	s.WAL = s.WAL && mode == "wal"
	return nil
}
