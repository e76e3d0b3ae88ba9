package notify

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// State is how far a message is on its way.
type State string

// The states. Queued and a Sending whose lease has passed are taken up again;
// the others are final. Unknown means that the provider's answer was lost.
const (
	Queued   State = "queued"
	Sending  State = "sending"
	Accepted State = "accepted"
	Failed   State = "failed"
	Unknown  State = "unknown"
)

// What a provider says of a message after it has accepted it.
const (
	Pending     = "pending"
	Delivered   = "delivered"
	Undelivered = "failed"
	NeverKnown  = "unknown"
)

// Message is the record of one message to one person. The number or address it
// went to is not kept here: it is the person's, and read from there.
type Message struct {
	tenants.BaseModel `bun:"table:messages,alias:message"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	Key         string
	Channel     string `bun:"via"`     // sms, mail, bale
	Column      string `bun:"channel"` // sms, whatever the channel is
	Template    string // key of the catalogue
	CitizenID   *int64
	StaffID     *int64
	SubjectKind string
	SubjectID   int64
	Text        string `sealed:"messages.text"` // empty when it held a secret
	State       State
	Provider    string
	ProviderID  string
	Attempts    int
	CreatedAt   time.Time
	SentAt      *time.Time // of the last try

	GatewayID   *int64 // that carried it or tried last; nil: the deployment's own sender
	Reason      string // why it did not go or arrive: carriers.NoNumber …
	Code        string // the provider's word for it
	FallbackOf  *int64 // the message that did not reach the person
	Delivery    string // what the provider says later; empty when it cannot tell
	DeliveredAt *time.Time
	CheckAt     *time.Time // when the provider is asked next
	CheckedAt   *time.Time
	Checks      int

	UsefulUntil *time.Time // of no use from then on; nil: always of some
	Ref         string     // of the task that it came from: a reminder knows itself by it

	HandledAt *time.Time // somebody sent it again or put it aside
	ResentOf  *int64     // the message that this one repeats
}

// Stage is the one word for how far the message is: queued, sending, accepted,
// delivered, failed or unknown. Catalogue: delivery.state.<stage>.
func (m *Message) Stage() string {
	if m.State == Accepted && m.Delivery != "" && m.Delivery != Pending {
		return m.Delivery
	}
	return string(m.State)
}

// Of lists the messages about one subject, oldest first.
func Of(ctx context.Context, r tenants.Reader, s timeline.Subject) ([]Message, error) {
	var list []Message
	err := r.Select(&list).Where("message.subject_kind = ? AND message.subject_id = ?", s.Kind, s.ID).
		Order("message.id").Scan(ctx)
	return list, fault.Wrap(err, "notify.Of")
}

// lease is how long a try may take before another worker takes the message up;
// longer than any sender waits, and so short that what a dead worker held is sent
// within 15 seconds.
const lease = 13 * time.Second

// InFlight is the key of the error that another worker is at the message, or was
// and died: its lease decides.
const InFlight = "notify.in_flight"

// free tells whether somebody may take the message up at now. One whose try was
// cut short is then asked about by its key, or given up: see claim.
func (m *Message) free(now time.Time) bool {
	switch m.State {
	case Queued:
		return true
	case Sending:
		return m.SentAt == nil || !now.Before(m.SentAt.Add(lease))
	}
	return false
}

// final tells whether nothing more will be done about the message.
func (m *Message) final() bool { return m.State != Queued && m.State != Sending }
