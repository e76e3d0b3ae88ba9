package meetings

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// State is how far a meeting is.
type State string

// The states, in the order of a meeting's life; the last three are ends
// without a meeting.
const (
	Requested State = "requested"  // waits for approval, the seat is kept
	Approved  State = "approved"   // has a queue number
	CheckedIn State = "checked_in" // the citizen is there
	Called    State = "called"     // … and is with the executive
	Held      State = "held"       // minutes are written
	FollowUp  State = "follow_up"  // directives of it are open
	Closed    State = "closed"
	Refused   State = "refused"
	Cancelled State = "cancelled"
	Absent    State = "absent" // excused when Reason is there
)

// States lists all states in the order of a meeting's life.
func States() []State {
	return []State{Requested, Approved, CheckedIn, Called, Held, FollowUp, Closed, Refused, Cancelled, Absent}
}

// Channel is how a meeting was booked.
type Channel string

// The channels.
const (
	Web      Channel = "web"
	Phone    Channel = "phone"
	InPerson Channel = "in_person"
)

// By is who cancelled.
type By string

// Those who cancel.
const (
	ByCitizen By = "citizen"
	ByOffice  By = "office"
)

// Meeting is one citizen's meeting with one executive in one slot of a session.
type Meeting struct {
	tenants.BaseModel `bun:"table:meetings,alias:meeting"`
	tenants.Owned
	ID               int64  `bun:",pk"`
	Code             string // tracking code, kept for the meeting's whole life
	CalendarUID      string `bun:"calendar_uid"`
	CalendarSequence int    // of the calendar file; rises with every change
	CitizenID        int64
	ExecutiveID      int64
	SessionID        int64
	SlotNumber       int
	QueueNumber      *int // within the session, that of the seat; from the approval until the seat is given up
	StartsAt         time.Time
	Subject          string
	Text             string
	ComplaintID      *int64 // the case it is about
	Companions       int
	Channel          Channel
	State            State
	Reason           string // of a refusal, a cancellation, an excused absence, an end without directives
	CancelledBy      By
	Minutes          string
	PeopleMet        int // heads, companions included
	Reschedules      int // by the citizen
	RequestedAt      time.Time
	CheckedInAt      *time.Time
	CalledAt         *time.Time
	EndedAt          *time.Time
	QueuePlace       *int64 // the order in which those who are there are called; the lowest first
	PutFirst         bool   // was called before those who came earlier
	WalkIn           bool   // came without a booking
	Version          int
	Urgent           bool     // has one of the places kept for urgent matters
	Answers          []Answer `bun:"type:jsonb"` // to the questions of the window
	Outcome          Outcome  // of a request that ended without a meeting
	AskedText        string   // what the citizen is to bring before the request is decided
	AskedAt          *time.Time
	AskedUntil       *time.Time // the seat is kept until then; nil when nothing is asked
	AppealState      AppealState
	AppealText       string // why the citizen was absent
	AppealAnswer     string // why the office did not accept that
	AppealedAt       *time.Time
	PurgedAt         *time.Time // its texts are gone, see privacy
	FilesPurgedAt    *time.Time
	TopicID          *int64 // where it was asked
	DistrictID       *int64 // where the person lives
	Party
}

// Live tells whether the meeting keeps its seat.
func (m *Meeting) Live() bool { return m.State != Refused && m.State != Cancelled }

// CanCancel tells whether the citizen may still cancel or move the meeting.
func (m *Meeting) CanCancel(now time.Time) bool {
	return (m.State == Requested || m.State == Approved) && m.StartsAt.After(now)
}

// CanReschedule tells whether the citizen may move the meeting once more.
func (m *Meeting) CanReschedule(now time.Time, s tenants.Settings) bool {
	return m.CanCancel(now) && m.Reschedules < s.RescheduleLimit
}

// in is nil when the meeting is in one of the states, else a Conflict.
func (m *Meeting) in(states ...State) error {
	if slices.Contains(states, m.State) {
		return nil
	}
	return fault.New(fault.Conflict, "meeting.conflict.state")
}

func lock(ctx context.Context, tx *tenants.Tx, id int64) (*Meeting, error) {
	m := new(Meeting)
	return m, tx.Lock(ctx, m, "meeting.id = ?", id)
}

// Fact is the payload of every meeting.… task.
type Fact struct {
	MeetingID int64 `json:"meeting_id"`
	EventID   int64 `json:"event_id"`
}

// step is what a command leaves behind beside the changed row.
type step struct {
	act    string // of the audit, "meeting:approve"
	detail string // of the audit; no personal data
	fact   string // of the outbox; empty when nobody reacts
	event  timeline.Event
}

// write saves the columns with the new version and leaves the event, the audit
// line and the fact behind.
func (m *Meeting) write(ctx context.Context, tx *tenants.Tx, s *step, columns ...string) error {
	m.Version++
	if err := tx.Update(ctx, m, append(columns, "version")...); err != nil {
		return err
	}
	return m.leave(ctx, tx, s)
}

func (m *Meeting) leave(ctx context.Context, tx *tenants.Tx, s *step) error {
	e := &s.event
	e.SubjectKind, e.SubjectID, e.ToState = "meeting", m.ID, string(m.State)
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, s.act, "meeting", m.ID, s.detail); err != nil {
		return err
	}
	if s.fact == "" {
		return nil
	}
	return tx.Enqueue(ctx, s.fact, Fact{MeetingID: m.ID, EventID: e.ID})
}

// Limits of the texts, in characters.
const (
	MaxSubject = 120
	MaxText    = 4000 // the request, the minutes
	MaxReason  = 1000
)

// reasoned cleans a reason that must be there.
func reasoned(text string) (string, error) {
	text = persian.Clean(text)
	switch {
	case text == "":
		return "", fault.Field("reason", "meeting.error.reason")
	case utf8.RuneCountInString(text) > MaxReason:
		return "", fault.Field("reason", "meeting.error.too_long")
	}
	return text, nil
}
