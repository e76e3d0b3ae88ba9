package complaints

import (
	"time"

	"pasokh/app/persian"
	"pasokh/tenants"
)

const (
	// callParts is into how many parts a day's working time is cut to find an
	// hour for a call.
	callParts = 12
	// callAhead bounds the search for a working day, in days.
	callAhead = 60
	// Nobody is called before or after these minutes of the day, in Tehran, as
	// long as the office works at another time.
	callFrom, callUntil = 8 * 60, 20 * 60
)

// NextCall plans the attempt after those that reached nobody: on a later day,
// in working time, at the hour of the day that lies farthest from all hours
// tried so far. tried must not be empty. An organization without any working
// time gets plain days.
func NextCall(hours tenants.WorkingTime, tried []time.Time) time.Time {
	last := tried[0]
	for _, t := range tried {
		if t.After(last) {
			last = t
		}
	}
	day := persian.DateOf(last.In(persian.Tehran))
	for range callAhead {
		day = day.AddDays(1)
		if at, ok := callOn(hours, day, tried); ok {
			return at.UTC()
		}
	}
	return last.Add(27 * time.Hour).UTC()
}

// callOn is the best hour of one day; none when the office is closed.
func callOn(hours tenants.WorkingTime, day persian.Date, tried []time.Time) (best time.Time, found bool) {
	start, end := day.Time(0, 0, persian.Tehran), day.AddDays(1).Time(0, 0, persian.Tehran)
	length := hours.Between(start, end)
	if length <= 0 {
		return best, false
	}
	farthest, polite := -1, false
	for k := 1; k < callParts; k++ {
		at := callMoment(hours, hours.Add(start, length*time.Duration(k)/callParts))
		if !open(hours, at) || !at.Before(end) {
			continue
		}
		decent := minuteOf(at) >= callFrom && minuteOf(at) < callUntil
		if polite && !decent {
			continue
		}
		if far := apart(at, tried); far > farthest || decent && !polite {
			best, farthest, polite, found = at, far, decent, true
		}
	}
	return best, found
}

// callMoment rounds down to five minutes when that is still working time.
func callMoment(hours tenants.WorkingTime, at time.Time) time.Time {
	at = at.Truncate(time.Minute)
	if round := at.Truncate(5 * time.Minute); open(hours, round) {
		return round
	}
	return at
}

func open(hours tenants.WorkingTime, at time.Time) bool {
	return hours.Between(at, at.Add(time.Minute)) > 0
}

// apart is how many minutes of the day lie between at and the nearest of the
// times tried.
func apart(at time.Time, tried []time.Time) int {
	nearest := 24 * 60
	for _, t := range tried {
		d := minuteOf(at) - minuteOf(t)
		nearest = min(nearest, max(d, -d))
	}
	return nearest
}

func minuteOf(t time.Time) int {
	local := t.In(persian.Tehran)
	return local.Hour()*60 + local.Minute()
}

// unreachable tells whether the calls of this cycle are enough for a
// supervisor to sign that the citizen cannot be asked: as many days as the
// organization demands, a wrong number that nobody could mend, or a refusal.
// A nameless person, whom nobody can call, had the whole time of the feedback
// stage to answer on the tracking page.
func (c *Complaint) unreachable(calls []Call, need int, now time.Time) bool {
	switch {
	case c.State != Feedback || c.CallAt != nil:
		return false
	case c.Anonymous():
		return !now.Before(c.DueAt)
	case attemptDays(calls, c.Cycle) >= need:
		return true
	}
	last := ""
	for _, call := range calls {
		if call.Cycle == c.Cycle && !call.ByCitizen {
			last = call.Outcome
		}
	}
	return last == "wrong_number" || last == "refuses"
}

// planCall says when to call after an attempt that brought no verdict: never
// again when the next word is the supervisor's.
func (c *Complaint) planCall(calls []Call, need int, hours tenants.WorkingTime, now time.Time) {
	c.CallAt, c.HolderID = nil, nil
	if c.unreachable(calls, need, now) {
		return
	}
	tried := []time.Time{now}
	for _, call := range calls {
		if call.Cycle == c.Cycle && !call.ByCitizen {
			tried = append(tried, call.At)
		}
	}
	at := NextCall(hours, tried)
	c.CallAt = &at
}

// firstCall is when a case that has just been answered is called: at once in
// working time, else when the office opens.
func firstCall(hours tenants.WorkingTime, now time.Time) time.Time {
	if open(hours, now) {
		return now
	}
	return hours.Add(now, 0).UTC()
}
