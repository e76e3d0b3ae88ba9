package views

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// facts say when and where the session is, and why it is off.
func (m *PlanSessionPageModel) facts(ctx context.Context) []parts.Fact {
	s := m.Session
	list := []parts.Fact{
		{Label: messages.T(ctx, "planning.hours"), Value: messages.T(ctx, "planning.span", "from", messages.Clock(ctx, s.StartsAt), "until", messages.Clock(ctx, s.EndsAt))},
		{Label: messages.T(ctx, "meeting.where"), Value: In(ctx, s.SiteFA, s.SiteEN)},
	}
	if s.State == meetings.SessionCancelled {
		list = append(list, parts.Fact{Label: messages.T(ctx, "planning.cause"), Value: messages.T(ctx, "planning.cause."+string(s.Cause))},
			parts.Fact{Label: messages.T(ctx, "planning.reason"), Value: s.Reason})
	}
	return list
}

// PatternText says on which days a window is.
func PatternText(ctx context.Context, w *meetings.Window) string {
	weekday := messages.T(ctx, "meeting.weekday."+strconv.Itoa(w.Weekday))
	p := &w.Pattern
	switch p.Kind {
	case meetings.Weeks:
		return messages.T(ctx, "planning.every_weeks", "n", p.Every, "day", weekday)
	case meetings.Monthly:
		return messages.T(ctx, "planning.of_month", "nth", messages.T(ctx, "planning.nth."+strconv.Itoa(p.Nth)), "day", weekday)
	case meetings.Dates:
		if len(p.Dates) == 1 {
			return messages.Date(ctx, keptDate(p.Dates[0]))
		}
		return messages.T(ctx, "planning.some_dates", "n", len(p.Dates))
	}
	return messages.T(ctx, "planning.every_week", "day", weekday)
}

func keptDate(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, persian.Tehran) // as the program wrote it
	return t
}
