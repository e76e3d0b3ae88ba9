package views

import (
	"context"
	"strings"
	"time"

	"pasokh/scheduler/meetings"
	"pasokh/views/messages"
)

// MyCalendar is a citizen's own calendar address. Address is there only when it
// was made just now, Since when there is one.
type MyCalendar struct {
	Address string
	Since   *time.Time
}

// DeskCalendars are the calendars that a member of staff may subscribe to.
type DeskCalendars struct {
	Address string // of the one made just now
	Lines   []CalendarLine
}

// CalendarLine is one of them; Since tells that the person has an address of it.
type CalendarLine struct {
	Kind      meetings.FeedKind
	SubjectID int64
	Title     string
	Note      string
	Since     *time.Time
	ReadAt    *time.Time
	New       bool
	Busy      string // the page of the busy times, for who may plan
}

// webcal is the address as calendar programs of phones open it.
func webcal(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return "webcal://" + rest
}

func calendarMake(ctx context.Context, line CalendarLine) string {
	if line.Since == nil {
		return messages.T(ctx, "feed.create")
	}
	return messages.T(ctx, "feed.renew")
}
