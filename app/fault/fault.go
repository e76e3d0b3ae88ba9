// Package fault holds the one error type that crosses rooms: what went wrong,
// as a kind that web and jobs act on and a message key that a person reads.
package fault

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind uint8

// The kinds, from the one never shown to the ones a person can mend.
const (
	Internal  Kind = iota // ours; logged, never shown
	Invalid               // the input is wrong; Fields says where
	NotFound              // there is no such thing for this tenant and person
	Forbidden             // the person may not do this
	Conflict              // somebody was first, or the state has moved on
	TooMany               // a limit was reached; try later
)

var names = [...]string{"internal", "invalid", "not_found", "forbidden", "conflict", "too_many"}

func (k Kind) String() string { return names[k] }

// Error is the one error type. Key names a message of the catalogue, Fields
// maps a form field to the message key beside it, Args fill the placeholders
// of Key, and Err is the cause that only the log sees.
type Error struct {
	Kind   Kind
	Key    string
	Fields map[string]string
	Args   []any
	Err    error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		b.WriteString(" " + e.Key)
	}
	for field, key := range e.Fields {
		fmt.Fprintf(&b, " %s=%s", field, key)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind with a message key; args are name, value pairs
// for the placeholders of the message.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap makes an Internal error that names the place it passed.
func Wrap(err error, place string) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Kind: Internal, Key: "error.internal", Err: fmt.Errorf("%s: %w", place, err)}
}

// Field makes an Invalid error for one form field.
func Field(field, key string) *Error {
	return &Error{Kind: Invalid, Key: "error.invalid", Fields: map[string]string{field: key}}
}

// Fields collects field errors of one form; the zero value is ready.
type Fields map[string]string

// Add notes key beside field unless the field has an error already.
func (f Fields) Add(field, key string) {
	if _, ok := f[field]; !ok {
		f[field] = key
	}
}

// Err is nil when nothing was added, else one Invalid error with all fields.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.invalid", Fields: f}
}

// Of is the kind of any error; foreign errors are Internal, except that "no
// rows" is NotFound.
func Of(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, sql.ErrNoRows) {
		return NotFound
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && Of(err) == kind }

// As gives the *Error inside err, or one of kind Internal (NotFound for "no
// rows") made from it.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &Error{Kind: NotFound, Key: "error.not_found", Err: err}
	}
	return &Error{Kind: Internal, Key: "error.internal", Err: err}
}
