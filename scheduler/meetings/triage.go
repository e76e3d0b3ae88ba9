package meetings

import (
	"context"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Outcome is what became of a request that ended without a meeting, where it was
// not simply refused; its state is Refused.
type Outcome string

// The outcomes.
const (
	NoOutcome Outcome = ""
	Answered  Outcome = "answered" // Reason is the answer
	Routed    Outcome = "routed"   // it is a case of a unit now, see CaseOf
)

// CaseLink binds a request to the case that it became.
type CaseLink struct {
	tenants.BaseModel `bun:"table:meeting_cases,alias:link"`
	tenants.Owned
	MeetingID   int64 `bun:",pk"`
	ComplaintID int64
}

// AnswerRequest ends a request without a meeting: the text is the answer that the
// citizen reads. Field error: text. Fact: meeting.answered.
func AnswerRequest(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Requested); err != nil {
		return err
	}
	text = persian.Clean(text)
	switch {
	case text == "":
		return fault.Field("text", "booking.error.answer")
	case utf8.RuneCountInString(text) > MaxText:
		return fault.Field("text", "meeting.error.too_long")
	}
	return m.settle(ctx, tx, Answered, text, "meeting:answer", "meeting.answered")
}

// Route ends a request that a unit can settle: complaintID is the case that was
// registered for it in the same transaction. Fact: meeting.routed.
func Route(ctx context.Context, tx *tenants.Tx, id, complaintID int64, note string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Requested); err != nil {
		return err
	}
	note = persian.Clean(note)
	if utf8.RuneCountInString(note) > MaxReason {
		return fault.Field("note", "meeting.error.too_long")
	}
	if err := tx.Insert(ctx, &CaseLink{MeetingID: m.ID, ComplaintID: complaintID}); err != nil {
		return err
	}
	return m.settle(ctx, tx, Routed, note, "meeting:route", "meeting.routed")
}

func (m *Meeting) settle(ctx context.Context, tx *tenants.Tx, outcome Outcome, text, act, kind string) error {
	m.Outcome = outcome
	if err := tx.Update(ctx, m, "outcome"); err != nil {
		return err
	}
	return m.end(ctx, tx, Refused, text, &step{act: act, fact: kind, event: timeline.Event{Kind: kind}})
}

// CaseOf is the case that a request became; nil when it became none.
func CaseOf(ctx context.Context, r tenants.Reader, meetingID int64) (*int64, error) {
	l := new(CaseLink)
	err := tenants.Err(r.Select(l).Where("link.meeting_id = ?", meetingID).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // no case is an answer here, not an error
	}
	return &l.ComplaintID, err
}

// Waiting tells whether the request waits for documents of the citizen.
func (m *Meeting) Waiting() bool { return m.State == Requested && m.AskedUntil != nil }

// Ask has the citizen bring documents before the request is decided: the seat is
// kept until the deadline, which is the organization's, but not later than the
// meeting itself. Field error: text. Fact: meeting.asked.
func Ask(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Requested); err != nil {
		return err
	}
	if m.AskedUntil != nil || !m.StartsAt.After(tx.Now()) {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	text = persian.Clean(text)
	switch {
	case text == "":
		return fault.Field("text", "booking.error.ask")
	case utf8.RuneCountInString(text) > MaxReason:
		return fault.Field("text", "meeting.error.too_long")
	}
	now, until := tx.Now(), tx.Now().AddDate(0, 0, tx.Tenant().Settings.Booking.Documents())
	if until.After(m.StartsAt) {
		until = m.StartsAt
	}
	m.AskedText, m.AskedAt, m.AskedUntil = text, &now, &until
	return m.write(ctx, tx, &step{
		act: "meeting:ask", fact: "meeting.asked",
		event: timeline.Event{Kind: "meeting.asked", FromState: string(Requested), Text: text, DueAt: &until, Public: true},
	}, "asked_text", "asked_at", "asked_until")
}

// hurry keeps the deadline for documents before a meeting that has moved.
func (m *Meeting) hurry() {
	if m.AskedUntil != nil && m.AskedUntil.After(m.StartsAt) {
		m.AskedUntil = &m.StartsAt
	}
}

// Bring is the citizen's answer to Ask: the request is back with the office. The
// event is what the files came with. Field error: text.
func Bring(ctx context.Context, tx *tenants.Tx, id int64, text string) (*timeline.Event, error) {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !m.Waiting() {
		return nil, fault.New(fault.Conflict, "meeting.conflict.state")
	}
	text = persian.Clean(text)
	if utf8.RuneCountInString(text) > MaxText {
		return nil, fault.Field("text", "meeting.error.too_long")
	}
	m.AskedUntil = nil
	s := &step{act: "meeting:bring", event: timeline.Event{Kind: "meeting.brought", FromState: string(Requested), Text: text, Public: true}}
	return &s.event, m.write(ctx, tx, s, "asked_until")
}

// AskedOver lists the requests whose documents did not come in time.
func AskedOver(ctx context.Context, r tenants.Reader) (ids []int64, err error) {
	err = r.Select((*Meeting)(nil)).ColumnExpr("meeting.id").Where("meeting.asked_until <= ? AND meeting.state = ?", r.Now(), Requested).
		Order("meeting.asked_until").Limit(lineLimit).Scan(ctx, &ids)
	return ids, tenants.Err(err)
}

// EndAsked refuses a request whose documents did not come in time; reason is
// what the citizen reads. It may run any number of times. Fact: meeting.refused.
func EndAsked(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !m.Waiting() || m.AskedUntil.After(tx.Now()) {
		return nil
	}
	return m.end(ctx, tx, Refused, reason, &step{act: "meeting:asked_over", fact: "meeting.refused", event: timeline.Event{Kind: "meeting.refused"}})
}

// recent is how long an earlier request counts as one of the same matter.
const recent = 90 * day

// SamePerson lists the requests of the person beside this one, with whatever
// executive: those that are open, and those of the last ninety days; the newest
// first.
func SamePerson(ctx context.Context, r tenants.Reader, m *Meeting, nationalID string) ([]Listed, error) {
	var list []Listed
	if nationalID == "" {
		return nil, nil
	}
	err := listed(r, &list).Where("citizen.national_id = ? AND meeting.id <> ?", r.Blind("national_id", nationalID), m.ID).
		Where("(meeting.state IN (?) OR meeting.requested_at > ?)", tenants.In([]State{Requested, Approved, CheckedIn, Called, FollowUp}), r.Now().Add(-recent)).
		Order("meeting.requested_at DESC", "meeting.id DESC").Limit(20).Scan(ctx)
	return list, tenants.Err(err)
}
