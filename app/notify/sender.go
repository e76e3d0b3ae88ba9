package notify

import (
	"context"
	"errors"

	"pasokh/app/carriers"
)

// What carries messages is told in the room of the carriers.
type (
	// Outgoing is one message as a sender carries it.
	Outgoing = carriers.Outgoing
	// Sender carries messages to people.
	Sender = carriers.Sender
	// Refused says that the message will never be carried.
	Refused = carriers.Refused
	// Uncertain says that nobody knows whether the message was carried.
	Uncertain = carriers.Uncertain
)

func refused(err error) bool {
	var r *Refused
	return errors.As(err, &r)
}

func down(err error) bool {
	var d *carriers.Down
	return errors.As(err, &d)
}

// notCarried tells whether the sender knows that nothing went out.
func notCarried(err error) bool {
	var later *carriers.Later
	return down(err) || errors.As(err, &later)
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

// broken stands in for a gateway that cannot be opened.
type broken struct{ name, reason string }

func (b broken) Name() string { return b.name }

// Keyed implements carriers.Keyed: it carries nothing at all.
func (b broken) Keyed() bool { return true }

func (b broken) Send(context.Context, Outgoing) (string, error) {
	return "", &carriers.Down{Reason: b.reason}
}
