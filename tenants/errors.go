package tenants

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

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
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, errSilent)
}

// Away tells whether the database cannot be reached or cannot answer for now, so
// that coming again helps: it is down, starting, in recovery or too busy, the
// connection was cut, or it took too long. What was being committed at that
// moment may stand or not.
func Away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", "53300", "25006", "57014", "40001", "40P01":
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	var connect *pgconn.ConnectError
	var network net.Error
	var lite *sqlite.Error
	switch {
	case errors.As(err, &lite):
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	case errors.As(err, &connect), errors.As(err, &network):
		return true
	}
	for _, known := range []error{errSilent, driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, context.DeadlineExceeded, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, known) {
			return true
		}
	}
	return err != nil && strings.Contains(err.Error(), "conn closed") // pgconn says it in no other way
}

// demoted tells whether the server refuses to write because it has become a
// standby, or was told to take no writes.
func demoted(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "25006"
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
