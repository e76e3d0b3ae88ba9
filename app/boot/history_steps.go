package boot

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// triage: the PR office takes the case. Urgent ones have gone to their unit.
func (s *caseStory) triage() tenants.Actor {
	officer := s.h.office(s.dice)
	wait := between(s.dice, 4*time.Minute, 75*time.Minute)
	if chance(s.dice, 7) { // a busy day
		wait += between(s.dice, time.Hour, 3*time.Hour)
	}
	s.step(s.h.duties.desk.Add(s.at, wait), officer, "complaint:triage", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, s.id)
	})
	return officer
}

// refer gives the case to its unit, and parts of it to others.
func (s *caseStory) refer(officer tenants.Actor, to tenants.Unit, others ...tenants.Unit) {
	order := complaints.Order{UnitID: to.ID, Note: pick(s.dice, s.h.words.Common.Orders)}
	for _, u := range others {
		order.Others, order.Note = append(order.Others, u.ID), s.h.words.Common.Joint
	}
	at := s.h.duties.desk.Add(s.at, between(s.dice, 2*time.Minute, 25*time.Minute))
	s.step(at, officer, "complaint:refer", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, s.id, order)
	})
	s.due = s.inClass(s.at)
}

// inClass is when a unit that gets the case at an instant must have answered.
func (s *caseStory) inClass(at time.Time) time.Time {
	d := time.Duration(s.class.RespondMinutes) * time.Minute
	if s.class.Working() {
		return s.h.duties.official.Add(at, d)
	}
	return at.Add(d)
}

// toUnit brings the case to its unit, by way of the PR office or at once.
func (s *caseStory) toUnit() {
	if !s.theme.urgent {
		s.refer(s.triage(), s.unit)
	}
}

// take: somebody of the unit acknowledges, in the class's first hour when it
// asks for a first action.
func (s *caseStory) take() {
	s.expert = pick(s.dice, s.h.cast.crews[s.unit.ID])
	at := s.h.duties.crew.Add(s.at, between(s.dice, 15*time.Minute, 4*time.Hour))
	if s.class.FirstActionMinutes > 0 {
		at = s.at.Add(between(s.dice, 6*time.Minute, 48*time.Minute))
		if chance(s.dice, 6) {
			at = at.Add(50 * time.Minute)
		}
	}
	s.step(at, s.expert, "complaint:take", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, s.id)
	})
	if chance(s.dice, 12) {
		note := pick(s.dice, s.h.words.Common.Notes)
		s.step(s.at.Add(between(s.dice, 5*time.Minute, 50*time.Minute)), s.expert, "complaint:note",
			func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
				return complaints.Note(ctx, tx, s.id, note)
			})
	}
}

// ask: the unit asks the citizen, whose answer comes with complete.
func (s *caseStory) ask() {
	at := s.h.duties.crew.Add(s.at, between(s.dice, 20*time.Minute, 3*time.Hour))
	s.step(at, s.expert, "complaint:answer", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, s.id, s.theme.Ask)
	})
}

func (s *caseStory) complete() {
	asked := s.at
	at := s.h.duties.awake.Add(s.at, between(s.dice, 40*time.Minute, 16*time.Hour))
	s.stepBy(at, s.asCitizen, "", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, s.id, s.theme.Reply)
	})
	s.due = s.due.Add(s.at.Sub(asked))
}

// report: an interim report with a new promise, some days on.
func (s *caseStory) report(days int) {
	left, text := s.due.Sub(s.at), s.theme.Interim
	when := left / 4
	if s.promised { // shortly before the last promise
		when, text = left*3/4, pick(s.dice, s.h.words.Common.Further)
	}
	s.promised = true
	at := s.h.duties.crew.Add(s.at.Add(when), between(s.dice, 10*time.Minute, 2*time.Hour))
	if at.After(s.due) {
		at = s.at.Add(left / 2)
	}
	promised := s.h.duties.office.Add(at.AddDate(0, 0, days), time.Hour).Truncate(time.Hour)
	s.step(at, s.expert, "complaint:answer", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Report(ctx, tx, s.id, text, promised)
	})
	s.due = promised
}

// answer: the unit's final answer, six times in seven before it is due.
func (s *caseStory) answer() {
	left := max(s.due.Sub(s.at), time.Hour)
	at := s.at.Add(time.Duration(float64(left) * (0.2 + 0.6*s.dice.Float64())))
	at = s.h.duties.crew.Add(at, between(s.dice, time.Minute, 40*time.Minute))
	if at.After(s.due) { // before the night, then
		at = s.h.duties.crew.Add(s.at, between(s.dice, 30*time.Minute, 2*time.Hour))
	}
	if chance(s.dice, 12) {
		at = s.h.duties.crew.Add(s.due, between(s.dice, time.Hour, 22*time.Hour))
	}
	text := pick(s.dice, s.theme.Answers)
	s.step(at, s.expert, "complaint:answer", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, s.id, text)
	})
}

// work is the unit's plain part: take and answer.
func (s *caseStory) work() {
	s.take()
	s.answer()
}

// partner: the other unit of a joint referral does its part.
func (s *caseStory) partner(unit tenants.Unit) {
	expert := pick(s.dice, s.h.cast.crews[unit.ID])
	s.step(s.h.duties.crew.Add(s.at, between(s.dice, 10*time.Minute, 2*time.Hour)), expert, "complaint:take",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Take(ctx, tx, s.id)
		})
	text := pick(s.dice, s.h.words.Common.Partners)
	s.step(s.h.duties.crew.Add(s.at, between(s.dice, time.Hour, 4*time.Hour)), expert, "complaint:answer",
		func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Answer(ctx, tx, s.id, text)
		})
}

// sendBack: the unit refuses the referral.
func (s *caseStory) sendBack(from tenants.Unit) {
	expert, reason := pick(s.dice, s.h.cast.crews[from.ID]), pick(s.dice, s.h.words.Common.Refusals)
	at := s.h.duties.crew.Add(s.at, between(s.dice, 20*time.Minute, 3*time.Hour))
	s.step(at, expert, "complaint:answer", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Return(ctx, tx, s.id, reason)
	})
}

// call: the feedback unit phones, after a while or on another day.
func (s *caseStory) call(low, high time.Duration, v complaints.Verdict) {
	at := s.h.duties.caller.Add(s.at, between(s.dice, low, high))
	s.step(at, s.h.one(s.dice, "feedback_agent"), "complaint:feedback", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, s.id, v)
	})
}

// hear: the verdict of a person who was reached, by phone, or on the tracking
// page when there is no number to call.
func (s *caseStory) hear(v complaints.Verdict) {
	if s.who == nil {
		s.hearOnline(v)
		return
	}
	s.call(time.Hour, 7*time.Hour, v)
}

func (s *caseStory) hearOnline(v complaints.Verdict) {
	at := s.h.duties.awake.Add(s.at, between(s.dice, 30*time.Minute, 20*time.Hour))
	s.stepBy(at, s.asCitizen, "", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, s.id, v)
	})
}

func (s *caseStory) content() complaints.Verdict {
	return complaints.Verdict{Outcome: "satisfied", Conduct: pick(s.dice, []string{"good", "good", "good", "fair", ""})}
}

func (s *caseStory) discontent() complaints.Verdict {
	return complaints.Verdict{Outcome: "not_satisfied", Conduct: pick(s.dice, []string{"good", "fair", "fair", "poor"}), Reason: s.theme.Reason}
}

// inVain: nobody answers the phone.
func (s *caseStory) inVain(low, high time.Duration) {
	s.call(low, high, complaints.Verdict{
		Outcome: pick(s.dice, []string{"no_answer", "no_answer", "no_answer", "refuses", "no_answer"}), Reason: pick(s.dice, s.h.words.Common.Silent),
	})
}

// visit: special follow-up looks for itself.
func (s *caseStory) visit(resolved bool) {
	finding := s.theme.Missing
	if resolved {
		finding = s.theme.Found
	}
	at := s.h.duties.office.Add(s.at, between(s.dice, 3*time.Hour, 12*time.Hour))
	s.step(at, s.h.one(s.dice, "special_followup"), "complaint:visit", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		e, err := complaints.Inspect(ctx, tx, s.id, finding, resolved)
		if err != nil {
			return nil, err
		}
		return e, s.attach(ctx, tx, s.evidence, "visit.png", e)
	})
	s.due = s.inClass(s.at) // of the leg of the next cycle, if there is one
}

// confirm: the citizen says of a visit whether it is so.
func (s *caseStory) confirm(yes bool) {
	at := s.h.duties.awake.Add(s.at, between(s.dice, time.Hour, 18*time.Hour))
	reason := ""
	if !yes {
		reason = pick(s.dice, s.h.words.Common.Denials)
	}
	s.stepBy(at, s.asCitizen, "", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Confirm(ctx, tx, s.id, yes, reason)
	})
	s.due = s.inClass(s.at)
}
