package complaints

import (
	"time"

	"pasokh/app/timeline"
)

// Step is a part of a case's way as the citizen sees it.
type Step string

// The steps, in their order.
const (
	StepRegistered Step = "registered"
	StepReview     Step = "review"  // the PR office
	StepUnit       Step = "unit"    // the unit in charge works on it
	StepAnswer     Step = "answer"  // the unit has answered
	StepVerdict    Step = "verdict" // the citizen judges, special follow-up looks again
	StepClosed     Step = "closed"
)

// Steps lists them in their order.
func Steps() []Step {
	return []Step{StepRegistered, StepReview, StepUnit, StepAnswer, StepVerdict, StepClosed}
}

// Stand is how a step stands to the case.
type Stand string

// The stands.
const (
	StandDone    Stand = "done"
	StandCurrent Stand = "current"
	StandAhead   Stand = "ahead"
	StandSkipped Stand = "skipped" // the case ended without it
)

// Stop is one step on the way of a case.
type Stop struct {
	Step  Step
	Stand Stand
	At    time.Time // when it was reached; zero when it was not
}

// stepOf is where each state is on the way.
var stepOf = map[State]Step{
	Registered: StepReview, Triage: StepReview,
	Referred: StepUnit, InProgress: StepUnit, WaitingCitizen: StepUnit,
	Feedback: StepVerdict, SpecialFollowup: StepVerdict, AwaitingConfirmation: StepVerdict,
	Closed: StepClosed,
}

// Way tells where the case stands among the steps of its present round, a pure
// function of the case and its events, oldest first: those that the citizen
// sees are enough.
func (c *Complaint) Way(events []timeline.Event) []Stop {
	reached := map[Step]time.Time{StepRegistered: c.RegisteredAt}
	for i := range events {
		if e := &events[i]; e.Cycle == c.Cycle {
			c.reach(reached, e)
		}
	}
	way := make([]Stop, 0, len(Steps()))
	passed := true
	for _, step := range Steps() {
		stop := Stop{Step: step, Stand: StandAhead, At: reached[step]}
		switch {
		case step == stepOf[c.State]:
			stop.Stand, passed = StandCurrent, false
		case passed && stop.At.IsZero() && c.skips(step):
			stop.Stand = StandSkipped
		case passed:
			stop.Stand = StandDone
		}
		if c.State == Closed && step == StepClosed {
			stop.Stand = StandDone
		}
		way = append(way, stop)
	}
	return way
}

// skips tells whether a step that was not reached was left out. A later round
// begins behind its review.
func (c *Complaint) skips(step Step) bool { return c.State == Closed && step != StepReview }

// reach notes when an event of the round brought the case to a step.
func (c *Complaint) reach(reached map[Step]time.Time, e *timeline.Event) {
	first := func(step Step) {
		if reached[step].IsZero() {
			reached[step] = e.At
		}
	}
	switch e.Kind {
	case "complaint.taken":
		if State(e.ToState) == Triage {
			first(StepReview)
		}
	case "complaint.merged":
		if step := stepOf[State(e.ToState)]; step == StepUnit {
			first(StepReview)
			first(StepUnit)
		}
	case "complaint.referred":
		first(StepUnit)
	case "complaint.answered":
		first(StepAnswer)
		first(StepVerdict)
	case "complaint.closed":
		reached[StepClosed] = e.At
	}
}
