package tenants

import (
	"context"
	"errors"
)

// UnscopedReady tells whether the database answers and takes writes: a server
// that was demoted to a standby answers reads long after it stopped to.
func (r *Root) UnscopedReady(ctx context.Context) error {
	if err := r.writePool.PingContext(ctx); err != nil || !r.postgres {
		return err
	}
	var standby bool
	if err := r.writePool.QueryRowContext(ctx, "SELECT pg_is_in_recovery()").Scan(&standby); err != nil {
		return err
	}
	if standby {
		return errors.New("the database is a standby and takes no writes")
	}
	return nil
}
