package tenants_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pasokh/tenants"
)

// Whoever is told "come again" must be able to: only a database that cannot
// answer now is away, not one that refuses.
func TestAwayIsWhatComingAgainMends(t *testing.T) {
	for err, want := range map[error]bool{
		driver.ErrBadConn:                    true,
		io.ErrUnexpectedEOF:                  true,
		context.DeadlineExceeded:             true,
		&pgconn.PgError{Code: "57P01"}:       true,
		&pgconn.PgError{Code: "57P03"}:       true,
		&pgconn.PgError{Code: "08006"}:       true,
		&pgconn.PgError{Code: "23505"}:       false,
		&pgconn.PgError{Code: "42501"}:       false,
		errors.New("something of the rooms"): false,
	} {
		if got := tenants.Away(fmt.Errorf("wrapped: %w", err)); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
	if tenants.Away(nil) {
		t.Error("nothing is wrong")
	}
}
