package notify

import (
	"context"
	"errors"
	"fmt"
)

// Outgoing is one text message as a sender carries it.
type Outgoing struct {
	TenantID int64
	Key      string // the same for every try of one message
	Template string // which message it is, for logs
	To       string // mobile number, E.164
	Text     string
}

// Sender carries messages to people. Send is idempotent by Key: a key that was
// carried before is not carried again, and gives the identifier it got then.
//
// Any error means that nothing was carried and that another try may help,
// except a Refused (no try will help) and an Uncertain (it may have been
// carried, so another try could reach the person twice).
type Sender interface {
	Name() string
	Send(ctx context.Context, m Outgoing) (providerID string, err error)
}

// Refused says that the provider will never carry the message; Reason is the
// provider's word without personal data.
type Refused struct{ Reason string }

func (e *Refused) Error() string { return "refused by the provider: " + e.Reason }

// Uncertain says that nobody knows whether the message was carried: the answer
// was lost after the request had gone out.
type Uncertain struct{ Err error }

func (e *Uncertain) Error() string { return fmt.Sprintf("answer of the provider lost: %v", e.Err) }

// Unwrap gives the cause.
func (e *Uncertain) Unwrap() error { return e.Err }

func refused(err error) bool {
	var r *Refused
	return errors.As(err, &r)
}

// uncertain counts a passed deadline as an answer lost on its way.
func uncertain(err error) bool {
	var u *Uncertain
	return errors.As(err, &u) || errors.Is(err, context.DeadlineExceeded)
}

// Result is a word for what a sender's answer came to: accepted, failed,
// unknown, or retry.
func Result(err error) string {
	if state := outcome(err); state != Queued {
		return string(state)
	}
	return "retry"
}
