package directives

import (
	"context"
	"time"

	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Level counts the notices about a due time, each sent once. A new due time
// starts from zero.
type Level int

// The levels.
const (
	LevelNone      Level = iota
	LevelReminder        // to the unit, one working day before
	LevelOverdue         // to the head of the unit, at the due time
	LevelManager         // to the PR manager, a day later
	LevelExecutive       // to the executive who issued it; of parts nobody climbs so far
)

// How long after the due time the PR manager and the executive are told.
const (
	managerAfter   = 24 * time.Hour
	executiveAfter = 3 * 24 * time.Hour
)

// RemindAt is one working day before due, at the same time of day.
func RemindAt(due time.Time, working tenants.WorkingTime) time.Time {
	local := due.In(persian.Tehran)
	for back := 1; back <= 60; back++ {
		if day := local.AddDate(0, 0, -back); !working.Closed(day) {
			return day.In(due.Location())
		}
	}
	return due.AddDate(0, 0, -1) // a calendar without working days
}

// at is when the notice of the level is due.
func (l Level) at(due time.Time, working tenants.WorkingTime) time.Time {
	switch l {
	case LevelReminder:
		return RemindAt(due, working)
	case LevelOverdue:
		return due
	case LevelManager:
		return due.Add(managerAfter)
	default:
		return due.Add(executiveAfter)
	}
}

// Notices tells which notices have come due between the last level and now,
// and what comes next (nil: nothing after top). A reminder that would come after
// the due time is left out.
func Notices(last, top Level, due, now time.Time, working tenants.WorkingTime) (fire []Level, level Level, next *time.Time) {
	level = last
	for level < top {
		at := (level + 1).at(due, working)
		if at.After(now) {
			return fire, level, &at
		}
		level++
		if level != LevelReminder || now.Before(due) {
			fire = append(fire, level)
		}
	}
	return fire, level, nil
}

// wind sets the clock for a new due time: what has passed already at that
// moment is not sent.
func (d *Directive) wind(due, now time.Time, working tenants.WorkingTime) {
	d.DueAt = due
	_, level, next := Notices(LevelNone, LevelExecutive, due, now, working)
	d.RemindedLevel, d.NextClockAt = int(level), next
}

// resume lets the clock go on where a report stopped it.
func (d *Directive) resume(working tenants.WorkingTime) {
	d.NextClockAt = resumeAt(Level(d.RemindedLevel), LevelExecutive, d.DueAt, working)
}

// resumeAt is when the notice after the last one is due; nil after top.
func resumeAt(level, top Level, due time.Time, working tenants.WorkingTime) *time.Time {
	if level >= top {
		return nil
	}
	at := (level + 1).at(due, working)
	return &at
}

// Sweep sends the notices of one directive that have come due, each once, and
// notes when to come again. It may run any number of times.
func Sweep(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if d.NextClockAt == nil || d.NextClockAt.After(tx.Now()) {
		return nil
	}
	if !d.Waiting() {
		d.NextClockAt = nil
		return tx.Update(ctx, d, "next_clock_at")
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	fire, level, next := Notices(Level(d.RemindedLevel), LevelExecutive, d.DueAt, tx.Now(), working)
	d.RemindedLevel, d.NextClockAt = int(level), next
	if err := tx.Update(ctx, d, "reminded_level", "next_clock_at"); err != nil {
		return err
	}
	for _, l := range fire {
		kind, act := "directive.overdue", "directive:escalate"
		if l == LevelReminder {
			kind, act = "directive.reminder", "directive:remind"
		}
		due := d.DueAt
		s := step{act: act, fact: kind, level: l, event: timeline.Event{Kind: kind, FromState: string(d.State), DueAt: &due}}
		if err := d.leave(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}
