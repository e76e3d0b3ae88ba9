package meetings

import (
	"context"
	"crypto/rand"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Booking is what a citizen asks for, directly or through staff. DraftID is 0
// for bookings without a wizard. NationalID is the citizen's own, on the
// citizen's row.
type Booking struct {
	DraftID     int64
	CitizenID   int64
	NationalID  string
	ExecutiveID int64
	SessionID   int64
	Slot        int
	Subject     string
	Text        string
	ComplaintID *int64
	Companions  int
	Channel     Channel
	Urgent      bool              // counts by the quota of urgent seats
	TopicID     int64             // where the windows serve some topics only
	DistrictID  int64             // … or some districts
	Answers     map[string]string // by the questions of the window
	answers     []Answer
	Party       Party // on whose behalf; zero for the person alone

	wait *Wait // that becomes this meeting; keeps its id and code
}

// MaxCompanions bounds who comes along.
const MaxCompanions = 20

// check cleans the texts and collects what is wrong.
func (in *Booking) check() error {
	bad := fault.Fields{}
	in.Subject, in.Text = persian.CleanLine(in.Subject), persian.Clean(in.Text)
	if in.Subject == "" {
		bad.Add("subject", "meeting.error.subject")
	}
	if utf8.RuneCountInString(in.Subject) > MaxSubject {
		bad.Add("subject", "meeting.error.too_long")
	}
	if in.Text == "" {
		bad.Add("text", "meeting.error.text")
	}
	if utf8.RuneCountInString(in.Text) > MaxText {
		bad.Add("text", "meeting.error.too_long")
	}
	if in.Companions < 0 || in.Companions > MaxCompanions {
		bad.Add("companions", "meeting.error.companions")
	}
	id, ok := persian.NationalID(in.NationalID)
	if !ok {
		bad.Add("national_id", "meeting.error.national_id")
	}
	in.NationalID = id
	if !slices.Contains([]Channel{Web, Phone, InPerson}, in.Channel) {
		bad.Add("channel", "meeting.error.channel")
	}
	if err := in.Party.Check(); err != nil {
		for field, key := range fault.As(err).Fields {
			bad.Add(field, key)
		}
	}
	return bad.Err()
}

// Book makes a meeting of a hold or of a free seat. With the organization's
// Approval it is Requested and keeps the seat, else it is Approved at once with
// its queue number. Field errors: subject, text, companions, national_id,
// channel. Conflict: see Hold. TooMany: meeting.limit.quota, meeting.limit.absence.
// Facts: meeting.requested, or meeting.approved when it is at once.
func Book(ctx context.Context, tx *tenants.Tx, in Booking) (*Meeting, error) {
	if err := tx.Begins(); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.look(ctx, tx); err != nil {
		return nil, err
	}
	if err := lockExecutive(ctx, tx, in.ExecutiveID); err != nil {
		return nil, err
	}
	if err := in.checkCitizen(ctx, tx); err != nil {
		return nil, err
	}
	if err := in.checkDistrict(ctx, tx); err != nil {
		return nil, err
	}
	session, slot, err := in.lockSlot(ctx, tx)
	if err != nil {
		return nil, err
	}
	if session.ExecutiveID != in.ExecutiveID {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	if err := in.checkRules(session.Rules); err != nil {
		return nil, err
	}
	if err := session.checkChannel(ctx, tx, in.Channel, in.Urgent, in.DraftID, 0); err != nil {
		return nil, err
	}
	m, err := in.meeting(tx, slot)
	if err != nil {
		return nil, err
	}
	if err := checkQuota(ctx, tx, m, in.NationalID); err != nil {
		return nil, err
	}
	seat, err := claimFor(ctx, tx, session, slot, in.DraftID)
	if err != nil {
		return nil, err
	}
	if err := leaveBooked(ctx, tx, &in); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, m); err != nil {
		return nil, err
	}
	if err := seat.bind(ctx, tx, m.ID); err != nil {
		return nil, err
	}
	request := &step{
		act: "meeting:book", detail: string(in.Channel), fact: "meeting.requested",
		event: timeline.Event{Kind: "meeting.requested", DueAt: &m.StartsAt, Public: true},
	}
	if session.NeedsApproval(tx.Tenant().Settings) {
		return m, m.leave(ctx, tx, request)
	}
	request.fact = "" // the approval that follows at once says it all
	if err := m.leave(ctx, tx, request); err != nil {
		return nil, err
	}
	return m, m.approve(ctx, tx, session, seat)
}

func (in *Booking) meeting(tx *tenants.Tx, slot *Slot) (*Meeting, error) {
	code, err := persian.NewCode(rand.Reader)
	if err != nil {
		return nil, fault.Wrap(err, "meetings.Book")
	}
	uid, err := uuid.NewRandom()
	if err != nil {
		return nil, fault.Wrap(err, "meetings.Book")
	}
	id := tenants.NewID()
	if in.wait != nil {
		id, code = in.wait.ID, in.wait.Code
	}
	return &Meeting{
		ID: id, Code: code, CalendarUID: uid.String(), CitizenID: in.CitizenID, ExecutiveID: in.ExecutiveID,
		SessionID: slot.SessionID, SlotNumber: slot.Number, StartsAt: slot.StartsAt, Subject: in.Subject, Text: in.Text,
		ComplaintID: in.ComplaintID, Companions: in.Companions, Channel: in.Channel, State: Requested,
		RequestedAt: tx.Now(), Version: 1, Urgent: in.Urgent, Answers: append([]Answer{}, in.answers...), Party: in.Party,
		TopicID: ref(in.TopicID), DistrictID: ref(in.DistrictID),
	}, nil
}

func ref(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func deref(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// lockExecutive lets the bookings with one executive follow each other, so that
// two of one person in two sessions cannot both pass the quota. It locks by an
// update that changes nothing: unlike SELECT FOR UPDATE that leaves the rows
// alone that refer to the executive, such as a directive being issued in a
// transaction that holds the end of the audit, for which a booking waits too.
func lockExecutive(ctx context.Context, tx *tenants.Tx, id int64) error {
	n, err := tx.Set(ctx, (*directives.Executive)(nil), "position = position", nil, "id = ? AND active", id)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return err
}

// checkCitizen makes sure that the quota counts against the right person.
func (in *Booking) checkCitizen(ctx context.Context, tx *tenants.Tx) error {
	c, err := citizens.ByID(ctx, tx, in.CitizenID)
	if err != nil {
		return err
	}
	if c.NationalID != in.NationalID {
		return fault.Field("national_id", "meeting.error.national_id")
	}
	return nil
}
