package boot

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// The ways of closed cases.

func (s *caseStory) satisfied() {
	s.toUnit()
	s.work()
	s.hear(s.content())
}

func (s *caseStory) heardOnline() {
	s.toUnit()
	s.work()
	s.hearOnline(s.content())
}

func (s *caseStory) asked() {
	s.toUnit()
	s.take()
	s.ask()
	s.complete()
	s.answer()
	s.hear(s.content())
}

func (s *caseStory) interimThenDone() {
	s.toUnit()
	s.take()
	s.report(3 + s.dice.IntN(8))
	s.answer()
	s.hear(s.content())
}

func (s *caseStory) joint() {
	other := s.h.units[s.theme.Partner]
	s.refer(s.triage(), s.unit, other)
	s.take()
	s.partner(other)
	s.answer()
	s.hear(s.content())
}

func (s *caseStory) bounced() {
	s.returned()
	s.refer(s.triage(), s.unit)
	s.work()
	s.hear(s.content())
}

// returned: the office errs in the unit, which sends the case back.
func (s *caseStory) returned() {
	wrong := s.unit
	for _, t := range s.h.words.Themes { // in the order of the file, always the same
		if u := s.h.leadOf(&t, s.where); u.ID != s.unit.ID {
			wrong = u
		}
	}
	s.refer(s.triage(), wrong)
	s.sendBack(wrong)
}

func (s *caseStory) dissatisfied() {
	s.toUnit()
	s.work()
	s.hear(s.discontent())
}

func (s *caseStory) verified() {
	s.dissatisfied()
	s.visit(true)
	s.confirm(true)
}

func (s *caseStory) secondCycle() {
	s.dissatisfied()
	s.visit(false)
	s.work()
	s.hear(s.content())
}

func (s *caseStory) denied() {
	s.dissatisfied()
	s.visit(true)
	s.confirm(false)
	s.work()
	s.hear(s.content())
}

// nextDay is more than the hours in which the feedback unit calls on one day.
const nextDay = 10*time.Hour + time.Minute

func (s *caseStory) unreachable() {
	s.toUnit()
	s.work()
	if s.who == nil { // who gave no number answers on the tracking page
		s.hearOnline(s.content())
		return
	}
	s.inVain(time.Hour, 8*time.Hour)
	s.inVain(nextDay, nextDay+2*time.Hour)
	s.inVain(nextDay, nextDay+2*time.Hour)
	if s.dice.IntN(2) == 0 {
		s.inVain(nextDay, nextDay+2*time.Hour)
	}
	note := pick(s.dice, s.h.words.Common.SignOffs)
	s.step(s.h.duties.office.Add(s.at, between(s.dice, 7*time.Hour, 12*time.Hour)), s.h.one(s.dice, "pr_manager"), "complaint:sign_off",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.SignOff(ctx, tx, s.id, note)
		})
}

func (s *caseStory) infeasible() {
	s.dissatisfied()
	s.step(s.h.duties.office.Add(s.at, between(s.dice, 4*time.Hour, 12*time.Hour)), s.h.one(s.dice, "pr_manager"), "complaint:close",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Close(ctx, tx, s.id, s.theme.Closed)
		})
}

func (s *caseStory) withdrawn() {
	s.toUnit()
	if s.dice.IntN(2) == 0 {
		s.take()
	}
	reason := pick(s.dice, s.h.words.Common.Withdrawals)
	s.stepBy(s.h.duties.awake.Add(s.at, between(s.dice, time.Hour, 6*time.Hour)), s.asCitizen, "",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Withdraw(ctx, tx, s.id, reason)
		})
}

// settle: the PR office answers itself, with guidance or where else to go.
func (s *caseStory) settle() {
	officer := s.triage()
	s.step(s.h.duties.office.Add(s.at, between(s.dice, 5*time.Minute, 50*time.Minute)), officer, "complaint:settle",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Settle(ctx, tx, s.id, s.aside.Fact, s.aside.Answer)
		})
}

// The ways of open cases, as far as they have come.

func (s *caseStory) untilRegistered() {}

func (s *caseStory) untilTriaged() { s.triage() }

func (s *caseStory) untilReferred() { s.toUnit() }

func (s *caseStory) untilReturned() { s.returned() }

func (s *caseStory) untilTaken() {
	s.toUnit()
	s.take()
}

func (s *caseStory) untilAsked() {
	s.untilTaken()
	s.ask()
}

// untilInspected: an inspector has the confidential case, and nobody else.
func (s *caseStory) untilInspected() {
	at := s.h.duties.office.Add(s.at, between(s.dice, 40*time.Minute, 3*time.Hour))
	s.step(at, s.h.one(s.dice, "inspector"), "complaint:take", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, s.id)
	})
}

// untilPromised: long works, with one interim report after another until the
// promise lies ahead.
func (s *caseStory) untilPromised() {
	s.untilTaken()
	for range s.class.InterimLimit {
		if s.due.After(s.h.now) && s.at.Sub(s.start) > 24*time.Hour {
			return
		}
		s.report(6 + s.dice.IntN(7))
	}
}

func (s *caseStory) untilJoint() {
	other := s.h.units[s.theme.Partner]
	s.refer(s.triage(), s.unit, other)
	s.take()
	s.partner(other)
}

func (s *caseStory) untilAnswered() {
	s.toUnit()
	s.work()
}

func (s *caseStory) untilCalledInVain() {
	s.untilAnswered()
	if s.who == nil {
		return
	}
	s.inVain(time.Hour, 8*time.Hour)
	s.inVain(nextDay, nextDay+2*time.Hour)
}

func (s *caseStory) untilDissatisfied() { s.dissatisfied() }

func (s *caseStory) untilVisited() {
	s.dissatisfied()
	s.visit(true)
}

func (s *caseStory) untilSecondCycle() {
	s.dissatisfied()
	s.visit(false)
	s.take()
}
