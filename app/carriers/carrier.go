// Package carriers speaks to those who carry messages: gateways for text
// messages, a messenger, mail servers. What is said, to whom and through whom
// is decided above it.
package carriers

import (
	"context"
	"errors"
	"fmt"
)

// Channels that a message can take.
const (
	SMS  = "sms"
	Mail = "mail"
	Bale = "bale"
)

// Outgoing is one message as a sender carries it.
type Outgoing struct {
	TenantID int64
	Key      string // the same for every try of one message
	Channel  string // SMS when empty
	Template string // which message it is: key of the catalogue
	To       string // mobile number, E.164; of mail the address
	Title    string // subject of a mail
	Text     string
	Params   []Param // what the gateway's own template is filled with
	Calendar *Calendar
	Files    []File
}

// Param is one field of a gateway's template.
type Param struct{ Name, Value string }

// Calendar is an invitation that goes with a mail.
type Calendar struct {
	Method string // REQUEST, CANCEL, PUBLISH
	Body   []byte
}

// File is an attachment of a mail.
type File struct {
	Name string
	Type string // MIME type
	Body []byte
}

// Sender carries messages to people. Send is idempotent by Key where the
// provider allows it: a key that was carried before is not carried again, and
// gives the identifier it got then.
//
// Any error means that nothing was carried and that another try may help,
// except a Refused (no try will help), a Down (this gateway cannot, another
// may) and an Uncertain (it may have been carried, so another try could reach
// the person twice).
type Sender interface {
	Name() string
	Send(ctx context.Context, m Outgoing) (providerID string, err error)
}

// Keyed is a Sender beside the providers that carries a key once, however often it
// is asked; what Provider.Keyed is for those.
type Keyed interface{ Keyed() bool }

// Tracker tells what became of messages that were accepted. The answer has an
// entry for each identifier that the provider knows.
type Tracker interface {
	Status(ctx context.Context, ids []string) (map[string]Delivery, error)
}

// Creditor tells what is left on the account: rials, or messages where the
// provider counts those.
type Creditor interface {
	Credit(ctx context.Context) (float64, error)
}

// Delivery is what the provider says of one message.
type Delivery struct {
	State  string // Pending, Delivered or Undelivered
	Reason string // one of the reasons below
	Code   string // the provider's own word
}

// The states of Delivery.
const (
	Pending     = "pending"
	Delivered   = "delivered"
	Undelivered = "undelivered"
)

// Reasons why a message is not carried, in our words. Catalogue:
// delivery.reason.<reason>.
const (
	NoNumber    = "no_number"   // the person has given none
	Number      = "number"      // no such number or address
	Blocked     = "blocked"     // the person's number takes no such messages
	Text        = "text"        // the gateway does not take this text
	Credit      = "credit"      // nothing is left on the account
	Credentials = "credentials" // key, user or password is not accepted
	Line        = "line"        // the line is not ours or not allowed to send
	Template    = "template"    // the gateway's template is missing or wrong
	Busy        = "busy"        // the gateway is overloaded or broken
	Unreached   = "unreached"   // no connection
	Lost        = "lost"        // the answer was lost
	NotArrived  = "not_arrived" // sent, and never reached the handset
	NoGateway   = "no_gateway"  // nobody carries this channel
	Sealed      = "sealed"      // the credentials cannot be opened
	Other       = "other"
)

// Refused says that the message will never be carried; Reason is one of the
// above, Code the provider's word, neither with personal data.
type Refused struct{ Reason, Code string }

func (e *Refused) Error() string { return "refused by the provider: " + word(e.Reason, e.Code) }

// Down says that this gateway carries nothing until somebody mends something;
// the message itself may be good.
type Down struct{ Reason, Code string }

func (e *Down) Error() string { return "the gateway does not work: " + word(e.Reason, e.Code) }

// Later says that nothing was carried and that the next minute may be better.
type Later struct{ Reason, Code string }

func (e *Later) Error() string { return "not carried, try again: " + word(e.Reason, e.Code) }

// Uncertain says that nobody knows whether the message was carried: the answer
// was lost after the request had gone out.
type Uncertain struct{ Err error }

func (e *Uncertain) Error() string { return fmt.Sprintf("answer of the provider lost: %v", e.Err) }

// Unwrap gives the cause.
func (e *Uncertain) Unwrap() error { return e.Err }

// breaksOff tells whether a provider that is asked about one message after another
// is not to be asked about the next one now. What it says of one identifier alone
// keeps the others from nothing.
func breaksOff(err error) bool {
	var down *Down
	if errors.As(err, &down) {
		return down.Reason == Credentials
	}
	var refused *Refused
	return err != nil && !errors.As(err, &refused)
}

// unsaid is what is known of a message of which the provider says an error.
func unsaid(err error) Delivery {
	_, code := Why(err)
	return Delivery{State: Pending, Code: code}
}

func word(reason, code string) string {
	if code == "" {
		return reason
	}
	return reason + " (" + code + ")"
}

// Why gives reason and code of any error of a sender.
func Why(err error) (reason, code string) {
	var (
		refused   *Refused
		down      *Down
		later     *Later
		uncertain *Uncertain
	)
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &refused):
		return refused.Reason, refused.Code
	case errors.As(err, &down):
		return down.Reason, down.Code
	case errors.As(err, &later):
		return later.Reason, later.Code
	case errors.As(err, &uncertain), errors.Is(err, context.DeadlineExceeded):
		return Lost, ""
	}
	return Other, ""
}
