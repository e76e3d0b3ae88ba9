package meetings

import (
	"context"
	"crypto/rand"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// WaitState is how far somebody who waits for a seat is.
type WaitState string

// The states; the last four are ends.
const (
	WaitEntered WaitState = "entered" // in a draw that has not been held
	WaitWaiting WaitState = "waiting" // in the line
	WaitOffered WaitState = "offered" // a seat is kept until OfferUntil
	WaitBooked  WaitState = "booked"  // a meeting of the same ID stands
	WaitLapsed  WaitState = "lapsed"  // the offer was not taken
	WaitLeft    WaitState = "left"    // went, or booked another way
	WaitOver    WaitState = "over"    // what was waited for is past
)

// Wait is somebody's place in the line for a seat with an executive, or in a
// draw. It becomes the meeting of the same ID and code.
type Wait struct {
	tenants.BaseModel `bun:"table:meeting_waits,alias:wait"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	Code        string
	CitizenID   int64
	ExecutiveID int64
	SessionID   *int64 // nil for any session of the executive
	DrawID      *int64
	Ticket      *int // in the draw
	Place       *int // that the draw gave
	State       WaitState
	Subject     string
	Text        string
	ComplaintID *int64
	Companions  int
	Channel     Channel
	TopicID     *int64
	DistrictID  *int64
	Answers     []Answer `bun:"type:jsonb"` // to the questions of the windows
	Urgent      bool
	Party
	Position         int64 // in the line
	OfferedSessionID *int64
	OfferedSlot      *int
	OfferUntil       *time.Time
	JoinedAt         time.Time
	EndedAt          *time.Time
	Version          int
}

// Live tells whether the person still waits.
func (w *Wait) Live() bool {
	return w.State == WaitEntered || w.State == WaitWaiting || w.State == WaitOffered
}

// Open tells whether the offer can be taken now.
func (w *Wait) Open(now time.Time) bool {
	return w.State == WaitOffered && w.OfferUntil.After(now)
}

// WaitFact is the payload of the meeting.wait_… tasks.
type WaitFact struct {
	WaitID  int64 `json:"wait_id"`
	EventID int64 `json:"event_id"`
}

var liveWaits = []WaitState{WaitEntered, WaitWaiting, WaitOffered}

// Join puts a citizen in the line of an executive, for one session when
// SessionID is set, else for the first seat that gets free; into the draw where
// the session's seats are drawn. Slot and DraftID are ignored. Field errors: see
// Book. Conflict: booking.conflict.waiting when the person waits already,
// booking.conflict.draw_closed. TooMany: see Book. Fact: meeting.wait_joined.
func Join(ctx context.Context, tx *tenants.Tx, in Booking) (*Wait, error) {
	if err := tx.Begins(); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
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
	w, err := in.place(tx)
	if err != nil {
		return nil, err
	}
	from := tx.Now()
	if in.SessionID != 0 {
		s, err := in.waitFor(ctx, tx, w)
		if err != nil {
			return nil, err
		}
		from = s.StartsAt
	}
	if err := in.mayWait(ctx, tx, w, from); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, w); err != nil {
		return nil, err
	}
	kind := "meeting.wait_joined"
	if w.DrawID != nil {
		kind = "meeting.draw_entered"
	}
	return w, w.leave(ctx, tx, "meeting:wait", kind, kind)
}

// waitFor binds the place in the line to one session, or to its draw.
func (in *Booking) waitFor(ctx context.Context, tx *tenants.Tx, w *Wait) (*Session, error) {
	s, err := rulesOf(ctx, tx, in.SessionID)
	if err != nil {
		return nil, err
	}
	rules := s.Rules
	if err := tx.Lock(ctx, s, "session.id = ? AND session.executive_id = ?", in.SessionID, in.ExecutiveID); err != nil {
		return nil, err
	}
	if s.State != SessionOpen || !s.StartsAt.After(tx.Now()) {
		return nil, errClosed()
	}
	if err := in.checkRules(rules); err != nil {
		return nil, err
	}
	w.SessionID, w.Answers = &s.ID, append([]Answer{}, in.answers...)
	if !s.Drawing() {
		return s, nil
	}
	return s, w.enter(ctx, tx)
}

// place makes the row of the line.
func (in *Booking) place(tx *tenants.Tx) (*Wait, error) {
	code, err := persian.NewCode(rand.Reader)
	if err != nil {
		return nil, fault.Wrap(err, "meetings.Join")
	}
	id := tenants.NewID()
	return &Wait{
		ID: id, Code: code, CitizenID: in.CitizenID, ExecutiveID: in.ExecutiveID, State: WaitWaiting, Subject: in.Subject,
		Text: in.Text, ComplaintID: in.ComplaintID, Companions: in.Companions, Channel: in.Channel, Party: in.Party,
		Position: id, JoinedAt: tx.Now(), Version: 1, Urgent: in.Urgent,
		TopicID: ref(in.TopicID), DistrictID: ref(in.DistrictID), Answers: in.given(),
	}, nil
}

// mayWait refuses who waits already, and who could not have a seat anyway.
func (in *Booking) mayWait(ctx context.Context, tx *tenants.Tx, w *Wait, from time.Time) error {
	list, err := waitsOf(ctx, tx, in.NationalID, in.ExecutiveID)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return fault.New(fault.Conflict, "booking.conflict.waiting", "code", persian.ShowCode(list[0].Code))
	}
	return checkQuota(ctx, tx, &Meeting{ID: w.ID, ExecutiveID: in.ExecutiveID, StartsAt: from, Party: in.Party}, in.NationalID)
}

// waitsOf lists the live places of a person in the lines of an executive.
func waitsOf(ctx context.Context, r tenants.Reader, nationalID string, executiveID int64) ([]Wait, error) {
	var list []Wait
	err := r.Select(&list).Join("JOIN ? ON citizen.id = wait.citizen_id", r.From((*citizens.Citizen)(nil))).
		Where("wait.executive_id = ? AND wait.state IN (?)", executiveID, tenants.In(liveWaits)).
		Where("citizen.national_id = ?", r.Blind("national_id", nationalID)).Order("wait.id").Scan(ctx)
	return list, tenants.Err(err)
}

// leave notes what happened to a place in the line.
func (w *Wait) leave(ctx context.Context, tx *tenants.Tx, act, kind, fact string) error {
	e := &timeline.Event{SubjectKind: "meeting", SubjectID: w.ID, Kind: kind, DueAt: w.OfferUntil, Public: true}
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, act, "meeting", w.ID, ""); err != nil {
		return err
	}
	if fact == "" {
		return nil
	}
	return tx.Enqueue(ctx, fact, WaitFact{WaitID: w.ID, EventID: e.ID})
}

// end takes somebody out of the line; a seat that was offered is released.
func (w *Wait) end(ctx context.Context, tx *tenants.Tx, state WaitState) error {
	now := tx.Now()
	if w.State == WaitOffered && state != WaitBooked {
		if err := release(ctx, tx, "draft_id = ? AND meeting_id IS NULL", w.ID); err != nil {
			return err
		}
	}
	w.State, w.OfferUntil, w.EndedAt = state, nil, &now
	w.Version++
	return tx.Update(ctx, w, "state", "offer_until", "ended_at", "version")
}

func lockWait(ctx context.Context, tx *tenants.Tx, id int64) (*Wait, error) {
	seen := new(Wait)
	if err := tx.Select(seen).Where("wait.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	if err := lockExecutive(ctx, tx, seen.ExecutiveID); err != nil {
		return nil, err
	}
	w := new(Wait)
	return w, tx.Lock(ctx, w, "wait.id = ?", id)
}

// Accept takes the seat that is offered: the meeting has the ID and the code of
// the place in the line. Conflict: booking.conflict.offer_over. TooMany: see
// Book. Facts: see Book.
func Accept(ctx context.Context, tx *tenants.Tx, id int64) (*Meeting, error) {
	w, err := lockWait(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !w.Open(tx.Now()) {
		return nil, fault.New(fault.Conflict, "booking.conflict.offer_over")
	}
	kept, err := tx.Select((*SeatClaim)(nil)).Where("claim.draft_id = ? AND claim.held_until > ?", w.ID, tx.Now()).Count(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if kept == 0 {
		return nil, fault.New(fault.Conflict, "booking.conflict.offer_over")
	}
	m, err := w.book(ctx, tx, *w.OfferedSessionID, *w.OfferedSlot)
	if fault.Is(err, fault.Invalid) {
		err = fault.New(fault.Conflict, "booking.conflict.not_served") // the rules have changed since
	}
	return m, err
}

// recall puts people back into the line whose offered seat is no more; they keep
// their place in it.
func recall(ctx context.Context, tx *tenants.Tx, where string, args ...any) error {
	var list []Wait
	if err := tx.LockAll(ctx, &list, "wait.state = 'offered' AND "+where, args...); err != nil {
		return err
	}
	for i := range list {
		w := &list[i]
		if err := w.backInLine(ctx, tx); err != nil {
			return err
		}
		if err := w.leave(ctx, tx, "meeting:wait_recalled", "meeting.wait_recalled", ""); err != nil {
			return err
		}
	}
	return nil
}

// book makes the meeting of a place in the line.
func (w *Wait) book(ctx context.Context, tx *tenants.Tx, sessionID int64, slot int) (*Meeting, error) {
	c, err := citizens.ByID(ctx, tx, w.CitizenID)
	if err != nil {
		return nil, err
	}
	return Book(ctx, tx, Booking{
		DraftID: w.ID, CitizenID: w.CitizenID, NationalID: c.NationalID, ExecutiveID: w.ExecutiveID, SessionID: sessionID, Slot: slot,
		Subject: w.Subject, Text: w.Text, ComplaintID: w.ComplaintID, Companions: w.Companions, Channel: w.Channel, Party: w.Party, wait: w,
		TopicID: deref(w.TopicID), DistrictID: deref(w.DistrictID), Answers: answered(w.Answers), Urgent: w.Urgent,
	})
}

// Withdraw takes a citizen out of the line or the draw, on their own word.
func Withdraw(ctx context.Context, tx *tenants.Tx, id int64) error {
	w, err := lockWait(ctx, tx, id)
	if err != nil {
		return err
	}
	if !w.Live() {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	if err := w.end(ctx, tx, WaitLeft); err != nil {
		return err
	}
	return w.leave(ctx, tx, "meeting:wait_left", "meeting.wait_left", "")
}

// leaveBooked takes the person out of the lines of the executive, because they
// have a meeting now.
func leaveBooked(ctx context.Context, tx *tenants.Tx, in *Booking) error {
	list, err := waitsOf(ctx, tx, in.NationalID, in.ExecutiveID)
	if err != nil {
		return err
	}
	for i := range list {
		w, state := &list[i], WaitLeft
		if in.wait != nil && in.wait.ID == w.ID {
			state = WaitBooked
		}
		if err := w.end(ctx, tx, state); err != nil {
			return err
		}
		if state == WaitBooked {
			continue // the meeting's own event says it
		}
		if err := w.leave(ctx, tx, "meeting:wait_left", "meeting.wait_left", ""); err != nil {
			return err
		}
	}
	return nil
}

// lockSlot locks the session and finds the slot. An offered seat and a drawn one
// are promised, so the times between which anybody may book do not count.
func (in *Booking) lockSlot(ctx context.Context, tx *tenants.Tx) (*Session, *Slot, error) {
	if in.wait == nil {
		return lockBookable(ctx, tx, in.SessionID, in.Slot)
	}
	return lockPromised(ctx, tx, in.SessionID, in.Slot)
}
