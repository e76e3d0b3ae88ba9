package tenants

import (
	"context"
	"errors"
)

// UnscopedReady tells whether the database answers and takes writes: a server
// that was demoted to a standby answers reads long after it stopped to. The
// connections to such a one are dropped, so that the next ones find its successor.
func (r *Root) UnscopedReady(ctx context.Context) error {
	if err := r.writePool.PingContext(ctx); err != nil || !r.postgres {
		return err
	}
	var readOnly bool
	err := r.writePool.QueryRowContext(ctx, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean").Scan(&readOnly)
	if err != nil {
		return err
	}
	if readOnly {
		r.dropIdle()
		return errors.New("the database is a standby or read only and takes no writes")
	}
	return nil
}

// dropIdle closes the connections that nobody uses.
func (r *Root) dropIdle() {
	r.writePool.SetMaxIdleConns(-1)
	r.writePool.SetMaxIdleConns(maxPostgresConns)
}
