package boot

import (
	"context"
	"errors"
	"time"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// plan puts the whole meeting on the agenda; what lies after now stays undone.
func (s *meetingStory) plan() {
	s.book()
	if s.fate == waits {
		return
	}
	if s.fate == refused {
		reason := pick(s.dice, s.h.words.Common.RefusedMeetings)
		s.judge(func(ctx context.Context, tx *tenants.Tx) error { return meetings.Refuse(ctx, tx, s.id, reason) })
		return
	}
	if s.h.tenant.Settings.Approval {
		s.judge(func(ctx context.Context, tx *tenants.Tx) error { return meetings.Approve(ctx, tx, s.id) })
	}
	switch s.fate {
	case cancelled:
		reason := pick(s.dice, s.h.words.Common.CancelledMeetings)
		s.step(s.start.Add(-between(s.dice, 5*time.Hour, 11*time.Hour)), s.asCitizen, "", func(ctx context.Context, tx *tenants.Tx) error {
			return meetings.Cancel(ctx, tx, s.id, meetings.ByCitizen, reason)
		})
	case absent, excused:
		s.miss()
	case comes:
		s.meet()
	}
}

// book: over the web, or by somebody of the staff who is asked. At the latest
// two days and at the earliest as far ahead as the organization books.
func (s *meetingStory) book() {
	lead := time.Duration(s.h.tenant.Settings.LeadHours) * time.Hour
	earliest := s.start.AddDate(0, 0, 1-s.h.tenant.Settings.HorizonDays)
	at := s.start.Add(-lead - between(s.dice, 30*time.Hour, 8*24*time.Hour))
	if at.After(s.h.now) { // a session to come, with what has been booked so far
		at = s.h.now.Add(-between(s.dice, 2*time.Hour, 60*time.Hour))
	}
	if at.Before(earliest) {
		at = earliest.Add(between(s.dice, 0, 3*time.Hour))
	}
	channel, who := meetings.Web, s.asCitizen
	switch n := s.dice.IntN(100); {
	case n < 28:
		channel, who = meetings.Phone, as(s.h.one(s.dice, "operator"))
	case n < 36:
		channel, who = meetings.InPerson, as(s.h.one(s.dice, "executive_office"))
	}
	text := s.h.words.fill(s.dice, s.about.Text, s.where)
	s.at = s.h.months.from.AddDate(-1, 0, 0)
	awake := s.h.duties.awake.Add(at, 0)
	if s.start.Sub(awake) < lead {
		awake = at
	}
	s.step(awake, who, "meeting:book", func(ctx context.Context, tx *tenants.Tx) error { return s.write(ctx, tx, channel, text) })
}

func (s *meetingStory) write(ctx context.Context, tx *tenants.Tx, channel meetings.Channel, text string) error {
	citizen, err := s.who.ensure(ctx, tx, true)
	if err != nil {
		return err
	}
	session := new(meetings.Session)
	err = tx.Select(session).Where("session.executive_id = ? AND session.starts_at = ?", s.executive.ID, s.start).Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	s.citizen, s.session = citizen.ID, session.ID
	m, err := meetings.Book(ctx, tx, meetings.Booking{
		CitizenID: citizen.ID, NationalID: s.who.nationalID, ExecutiveID: s.executive.ID, SessionID: s.session, Slot: s.slot,
		Subject: s.about.Subject, Text: text, ComplaintID: s.caseID(),
		Companions: s.companion, Channel: channel,
	})
	if err == nil {
		s.id = m.ID
	}
	return err
}

// judge: the PR office approves or refuses, some hours after the request.
func (s *meetingStory) judge(do func(context.Context, *tenants.Tx) error) {
	at := s.h.duties.office.Add(s.at, between(s.dice, 20*time.Minute, 5*time.Hour))
	if latest := s.start.Add(-12 * time.Hour); at.After(latest) {
		at = s.at.Add(30 * time.Minute)
	}
	if s.start.After(s.h.now) && at.After(s.h.now) { // what is to come has been approved already
		at = s.at.Add(s.h.now.Sub(s.at) / 2)
	}
	s.step(at, as(s.h.one(s.dice, "pr_officer")), "meeting:review", do)
}

// miss: the citizen does not come; some call later and are excused.
func (s *meetingStory) miss() {
	office, reason := as(s.h.one(s.dice, "executive_office")), pick(s.dice, s.h.words.Common.Excuses)
	s.step(s.slotAt.Add(s.length), office, "meeting:run", func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.MarkAbsent(ctx, tx, s.id)
	})
	if s.fate == excused {
		s.step(s.h.duties.office.Add(s.at, between(s.dice, time.Hour, 6*time.Hour)), office, "meeting:run",
			func(ctx context.Context, tx *tenants.Tx) error { return meetings.Excuse(ctx, tx, s.id, reason) })
	}
}

// meet: the day of the meeting, from the door to the minutes and what follows.
func (s *meetingStory) meet() {
	office, officer := as(s.h.one(s.dice, "executive_office")), as(s.h.one(s.dice, "pr_officer"))
	called := s.held.Add(-between(s.dice, 5*time.Minute, 7*time.Minute))
	s.step(s.slotAt.Add(-between(s.dice, 4*time.Minute, 20*time.Minute)), officer, "meeting:run",
		func(ctx context.Context, tx *tenants.Tx) error { return meetings.CheckIn(ctx, tx, s.id) })
	s.step(called, office, "meeting:run", s.call)
	s.step(s.held, officer, "meeting:minutes", func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.Finish(ctx, tx, s.id, meetings.Minutes{Text: s.about.Minutes, PeopleMet: s.people})
	})
	if s.about.Directive == "" {
		s.step(s.h.duties.office.Add(s.at, between(s.dice, time.Hour, 9*time.Hour)), officer, "meeting:minutes",
			func(ctx context.Context, tx *tenants.Tx) error { return meetings.Close(ctx, tx, s.id, s.about.Minutes) })
		return
	}
	s.follow()
}

func (s *meetingStory) call(ctx context.Context, tx *tenants.Tx) error {
	m, err := meetings.CallNext(ctx, tx, s.session)
	if err == nil && m.ID != s.id {
		return errors.New("somebody else was next")
	}
	return err
}
