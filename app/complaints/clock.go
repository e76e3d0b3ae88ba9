package complaints

import (
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Stage numbers the parts of a case's life that have a clock of their own but
// no referral leg; they stand where a leg's id would in the ladder's keys.
type Stage = int64

// The stages. A leg's own id, always far greater, is the stage while a unit
// has the case.
const (
	StageTriage      Stage = 1
	StageFirstAction Stage = 2
	StageFeedback    Stage = 3
	StageFollowup    Stage = 4
)

// Clocks are the deadlines of a case at one point of its history.
type Clocks struct {
	Promised time.Time  // the citizen's clock: from registration, never pauses
	UnitDue  *time.Time // the lead unit's clock; nil while no unit has the case
	Due      time.Time  // the clock that runs now, of whoever has the case
	Stage    Stage      // whose clock Due is; 0 means the unit's, by its leg
	Stopped  bool       // the case is closed
	// AskedUntil is when the pause for the citizen ends at the latest, while the
	// case waits for them: at the end of the cap, or of the unit's time when no
	// pause is left.
	AskedUntil *time.Time
}

// winder folds the events of one case, oldest first, into its clocks.
type winder struct {
	class    *tenants.SLAClass
	hours    tenants.WorkingTime
	leg      tenants.WorkingTime // of the unit that has the case
	settings tenants.Settings
	changes  []ClassChange

	promised   time.Time
	promisedAt time.Time // when that was said
	external   time.Time // until when the source wants the answer; zero when it does not say
	externalAt time.Time // when that was noted
	legAt      time.Time // since when the unit's clock runs
	cycleStart time.Time
	stageStart time.Time
	state      State
	unitDue    time.Time
	capLeft    time.Duration
	asked      time.Time // zero while not waiting for the citizen
	taken      bool      // a unit has acted in this cycle
	given      bool      // a person said when the unit is due
	firstDue   time.Time // until when a unit must have acted; zero when it need not
}

// Wind computes the clocks of a case. It is a pure function of the events, the
// class version the case was registered under, the working time and the
// organization's settings (product.md, Clocks):
//   - the citizen's clock runs from registration (or from the start of a later
//     cycle) and never pauses; an interim report sets it to its promise;
//   - a unit's clock runs from its referral to the due time it was given (by the
//     class at most until the promise, while that is ahead), and
//     pauses while the citizen is asked, up to the class's cap; for a unit that
//     works round the clock it runs on plain time;
//   - a date that the case's source has set caps the promise and the unit's clock,
//     pauses or not, while it lies ahead of what they begin with;
//   - triage, first action, feedback and follow-up have clocks of their own,
//     so that no case is ever without one;
//   - a case that was sorted anew goes on under the new class from then on and
//     keeps what ran before, see winder.reclassify. changes are its corrections,
//     oldest first; class is the one it has now.
func Wind(events []timeline.Event, class *tenants.SLAClass, hours tenants.WorkingTime, settings tenants.Settings, changes ...ClassChange) Clocks {
	w := &winder{class: class, hours: hours, leg: hours, settings: settings, changes: changes}
	if len(changes) > 0 {
		w.class = changes[0].From
	}
	for i := range events {
		w.fold(&events[i])
	}
	return w.clocks()
}

func (w *winder) fold(e *timeline.Event) {
	switch e.Kind {
	case "complaint.registered", "complaint.reopened":
		w.startCycle(e.At)
		if e.DueAt != nil { // the promise of the case that waits for this one
			w.promised = earlier(w.promised, *e.DueAt)
		}
	case "complaint.merged":
		w.asked = time.Time{}
		if e.DueAt != nil {
			w.unitDue = *e.DueAt
		}
	case "complaint.referred":
		w.refer(e)
	case "complaint.taken":
		w.taken = w.taken || State(e.ToState) == InProgress
	case "complaint.interim":
		if e.DueAt != nil {
			w.promised, w.unitDue = *e.DueAt, *e.DueAt
			w.promisedAt, w.legAt, w.given = e.At, e.At, true
		}
	case "complaint.asked":
		w.asked = e.At
	case KindReclassified:
		w.reclassify(e)
	case KindSourceDue:
		if w.external, w.externalAt = (time.Time{}), e.At; e.DueAt != nil {
			w.external = *e.DueAt
		}
	}
	if w.asked != (time.Time{}) && e.Kind != "complaint.asked" && State(e.ToState) != WaitingCitizen {
		w.resume(e.At)
	}
	if State(e.ToState) != w.state {
		w.state, w.stageStart = State(e.ToState), e.At
	}
}

// refer starts the clock of a unit: until the due time that a person gave, or by
// the class, which the event then names. What the class gave follows the
// calendar; what a person gave stands.
func (w *winder) refer(e *timeline.Event) {
	if w.asked, w.leg = (time.Time{}), w.hours; e.UnitID != nil {
		w.leg = w.hours.Of(*e.UnitID)
	}
	w.unitDue = within(w.addLeg(e.At, minutes(w.class.RespondMinutes)), w.promise(), e.At)
	w.legAt = e.At
	if w.given = e.DueAt != nil && e.RefID == nil; w.given {
		w.unitDue = *e.DueAt
	}
}

func (w *winder) startCycle(at time.Time) {
	w.cycleStart, w.promised, w.promisedAt = at, w.add(at, w.class.RespondMinutes), at
	w.capLeft = time.Duration(w.class.PauseCapMinutes) * time.Minute
	w.taken, w.asked = false, time.Time{}
	if w.firstDue = (time.Time{}); w.class.FirstActionMinutes > 0 {
		w.firstDue = at.Add(minutes(w.class.FirstActionMinutes))
	}
}

// resume moves the unit's due time by what was paused, at most by the cap.
func (w *winder) resume(at time.Time) {
	paused := min(w.spanLeg(w.asked, at), w.capLeft)
	w.capLeft -= paused
	w.unitDue = w.addLeg(w.unitDue, paused)
	w.asked = time.Time{}
}

// clocks reads the folded state.
func (w *winder) clocks() Clocks {
	promised := w.promise()
	c := Clocks{Promised: promised, Due: promised}
	switch w.state {
	case Closed:
		c.Stopped = true
	case Registered, Triage:
		c.Due, c.Stage = w.stageStart.Add(minutes(w.settings.TriageMinutes)), StageTriage
		c.Due = earlier(c.Due, promised)
	case Referred, InProgress, WaitingCitizen:
		due := w.unitDue
		if w.state == WaitingCitizen {
			due = w.addLeg(due, w.capLeft) // the latest it can become
			until := w.askedUntil()
			c.AskedUntil = &until
		}
		due = w.bySource(due, w.legAt)
		c.UnitDue, c.Due = &due, due
	case Feedback:
		c.Due, c.Stage = w.stageStart.Add(minutes(w.settings.FeedbackMinutes)), StageFeedback
	case SpecialFollowup, AwaitingConfirmation:
		c.Due, c.Stage = w.stageStart.Add(minutes(w.settings.FollowupMinutes)), StageFollowup
	}
	if first := w.firstAction(); !first.IsZero() && first.Before(c.Due) {
		c.Due, c.Stage = first, StageFirstAction
	}
	return c
}

// promise is what the citizen may count on: the class's time or the last
// interim report's, not after the source's date.
func (w *winder) promise() time.Time { return w.bySource(w.promised, w.promisedAt) }

// bySource caps a due time that runs since an instant by the source's date,
// unless that had passed when it was noted or the time began.
func (w *winder) bySource(due, since time.Time) time.Time {
	if w.external.IsZero() {
		return due
	}
	if since.Before(w.externalAt) {
		since = w.externalAt
	}
	return within(due, w.external, since)
}

// askedUntil is when the citizen has been waited for long enough: when the
// cap is used up, or, with nothing left of it, at the unit's due time. There is
// always a day to answer.
func (w *winder) askedUntil() time.Time {
	if w.capLeft > 0 {
		return w.addLeg(w.asked, w.capLeft)
	}
	if day := w.asked.AddDate(0, 0, 1); w.unitDue.Before(day) {
		return day
	}
	return w.unitDue
}

// firstAction is when a unit must have acted, or zero when it has or need not.
func (w *winder) firstAction() time.Time {
	waiting := w.state == Registered || w.state == Triage || w.state == Referred
	if w.taken || !waiting {
		return time.Time{}
	}
	return w.firstDue
}

// add counts in the class's hours: calendar or working.
func (w *winder) add(from time.Time, mins int) time.Time {
	if w.class.Working() {
		return w.hours.Add(from, minutes(mins))
	}
	return from.Add(minutes(mins))
}

// addLeg and spanLeg count in the hours of the unit that has the case: plain
// time also when it works round the clock.
func (w *winder) addLeg(from time.Time, d time.Duration) time.Time {
	if w.class.Working() {
		return w.leg.Add(from, d)
	}
	return from.Add(d)
}

func (w *winder) spanLeg(from, until time.Time) time.Duration {
	if w.class.Working() {
		return w.leg.Between(from, until)
	}
	return until.Sub(from)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
