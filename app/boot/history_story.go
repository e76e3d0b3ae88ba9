package boot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// caseStory is the planned life of one case; its steps come to the agenda when
// the whole plan fits.
type caseStory struct {
	h      *history
	index  int
	route  string
	dice   *rand.Rand
	theme  *theme
	aside  *aside // of a case that the PR office settles itself
	topic  tenants.Topic
	class  *tenants.SLAClass
	unit   tenants.Unit
	where  place
	who    *person // nil: nameless
	withID bool
	in     complaints.Registration
	letter *openingStory // of the box in which it lay; nil for all else

	start    time.Time // of the registration
	at       time.Time // of the last step so far
	acts     []*act
	due      time.Time     // of the unit's leg
	expert   tenants.Actor // who has it in the unit
	promised bool          // an interim report went out

	picture  func() []byte // sent along; nil where there is none
	evidence func() []byte // taken at the visit

	id      complaints.ID // once registered
	citizen *int64
	next    *time.Time // when the sweep must look
	watched time.Time  // for which a sweep stands on the agenda
}

// plan makes the steps for a registration at about start; again with another
// start, only the time differs.
func (s *caseStory) plan(start time.Time, r route) {
	s.dice = s.h.dice(10_000 + s.index)
	s.acts, s.route, s.promised = nil, r.name, false
	s.register(start)
	if s.aside != nil {
		s.settle()
		return
	}
	r.live(s)
}

type command = func(context.Context, *tenants.Tx) (*timeline.Event, error)

// step puts a command on the plan, after the one ahead of it.
func (s *caseStory) step(at time.Time, who tenants.Actor, may string, do command) {
	s.stepBy(at, as(who), may, do)
}

func (s *caseStory) stepBy(at time.Time, who func() tenants.Actor, may string, do command) {
	if at = at.Truncate(time.Second); !at.After(s.at) {
		at = s.at.Add(time.Minute)
	}
	s.at = at
	s.acts = append(s.acts, &act{at: at, who: who, may: may, after: s.watch, do: func(ctx context.Context, tx *tenants.Tx) error {
		if _, err := do(ctx, tx); err != nil {
			return fmt.Errorf("case %d, %s: %w", s.index, s.route, err)
		}
		return s.look(ctx, tx)
	}})
}

// asCitizen is the citizen of the case, whose row is known by then.
func (s *caseStory) asCitizen() tenants.Actor {
	a := tenants.Actor{Kind: tenants.Citizen}
	if s.who != nil && s.citizen != nil {
		a.ID, a.Name = *s.citizen, s.who.name
	}
	return a
}

// look notes when the case's clock comes next.
func (s *caseStory) look(ctx context.Context, tx *tenants.Tx) error {
	c, err := complaints.Plain(ctx, tx, s.id)
	if err == nil {
		s.next = c.NextClockAt
	}
	return err
}

// watch lets the sweep come when the clock does; it runs every half minute, so
// it is a little late.
func (s *caseStory) watch() {
	if s.next == nil || s.next.Equal(s.watched) {
		return
	}
	due := *s.next
	s.watched = due
	s.h.put(&act{
		at: due.Add(time.Duration(s.index%30) * time.Second), who: as(tenants.SystemActor()), after: s.watch,
		skip: func() bool { return s.next == nil || !s.next.Equal(due) },
		do: func(ctx context.Context, tx *tenants.Tx) error {
			if err := complaints.Sweep(ctx, tx, s.id); err != nil {
				return err
			}
			return s.look(ctx, tx)
		},
	})
}

// online tells whether the citizen filed the case on this program's own pages.
func (s *caseStory) online() bool { return s.in.Channel == "web" && s.in.Source == "" }

func (s *caseStory) register(start time.Time) {
	by, hours := s.asCitizen, s.h.duties.awake
	switch {
	case s.online():
	case slices.Contains([]string{"phone", "sms", "ivr", "voicemail"}, s.in.Channel):
		by, hours = as(s.h.one(s.dice, "operator")), s.h.duties.crew
	default:
		by, hours = as(s.h.one(s.dice, "pr_officer")), s.h.duties.office
	}
	begin := hours.Add(start.Truncate(time.Second), between(s.dice, time.Minute, 9*time.Minute))
	if begin.Sub(start) > time.Hour { // not all come when the doors open
		begin = hours.Add(begin, between(s.dice, 0, 6*time.Hour))
	}
	start = begin
	s.start, s.at = start, start.Add(-time.Second)
	s.stepBy(start, by, "complaint:register", s.file)
	s.due = start.Add(time.Duration(s.class.RespondMinutes) * time.Minute)
}

func (s *caseStory) file(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
	in := s.in
	if in.Channel == "phone" {
		in.CallReference = strconv.Itoa(1_405_000_000 + 37*s.index)
	}
	if s.who != nil {
		c, err := s.who.ensure(ctx, tx, s.withID)
		if err != nil {
			return nil, err
		}
		s.citizen, in.CitizenID = &c.ID, &c.ID
	}
	s.paper(&in, tx.Now())
	receipt, err := s.registration(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	s.id = receipt.Complaint.ID
	return receipt.Event, s.attach(ctx, tx, s.picture, "photo.png", receipt.Event)
}

func (s *caseStory) registration(ctx context.Context, tx *tenants.Tx, in complaints.Registration) (*complaints.Receipt, error) {
	if s.letter != nil {
		return complaints.RegisterLetter(ctx, tx, s.letter.id, in)
	}
	return complaints.Register(ctx, tx, in)
}

// attach keeps a picture at an event of the case.
func (s *caseStory) attach(ctx context.Context, tx *tenants.Tx, picture func() []byte, name string, e *timeline.Event) error {
	if picture == nil {
		return nil
	}
	_, err := s.h.keepPicture(ctx, tx, files.Upload{Name: name}, picture, files.Place{
		Subject: files.Subject{Kind: "complaint", ID: s.id}, EventID: &e.ID, Public: true, Limit: files.CitizenFiles,
	})
	return err
}
