package tenants

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"pasokh/app/fault"
)

// Err turns a driver's error into the house's: no rows is NotFound, a broken
// unique, exclusion or foreign key is Conflict, all else Internal.
func Err(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &fault.Error{Kind: fault.NotFound, Key: "error.not_found", Err: err}
	}
	if conflict(err) {
		return &fault.Error{Kind: fault.Conflict, Key: "error.conflict", Err: err}
	}
	return &fault.Error{Kind: fault.Internal, Key: "error.internal", Err: err}
}

func conflict(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505", "23P01", "23503":
			return true
		}
		return false
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
			sqlite3.SQLITE_CONSTRAINT_TRIGGER:
			return true
		}
	}
	return false
}

// OfDatabase tells whether the database itself is what failed: it said so, or it
// could not be reached.
func OfDatabase(err error) bool {
	var pg *pgconn.PgError
	var away *pgconn.ConnectError
	var lite *sqlite.Error
	return errors.As(err, &pg) || errors.As(err, &away) || errors.As(err, &lite) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

// retryable tells whether the database itself asks to run the transaction again.
func retryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}
