package boot

import (
	"context"
	"errors"
	"fmt"
	"os"

	"pasokh/tenants"
)

// openDatabase connects to the database of the configuration; it makes the
// folder of the SQLite file when that is missing.
func openDatabase(ctx context.Context, c Config) (*tenants.Root, error) {
	if c.DatabaseURL == "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, fmt.Errorf("the folder of PASOKH_DATA: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	root, err := tenants.Open(ctx, c.DatabaseURL, c.Data, tenants.SystemClock)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	keys, err := openKeys(c)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	root.UseKeys(keys)
	return root, nil
}

// migrate brings the schema up to date unless it is, and gives the names of
// what was applied.
func migrate(ctx context.Context, root *tenants.Root, c Config) ([]string, error) {
	if done, err := tenants.Migrated(ctx, root); err == nil && done {
		return nil, nil // an unreadable list means a database without one: a new one
	}
	applied, err := tenants.Migrate(ctx, root, c.DatabaseURL)
	if err != nil {
		return applied, fmt.Errorf("migrations: %w", err)
	}
	return applied, nil
}
