package views

import (
	"time"

	"pasokh/scheduler/meetings"
)

// Busy is the page of an executive's busy times: those that stand, or with Trial
// those of a calendar that was sent and is not kept yet.
type Busy struct {
	Post, Name   string
	Back, Action string
	Now          time.Time
	Calendar     *meetings.BusyCalendar // nil when there is none
	Days         []BusyDay              // of the next sixty days
	Later        int                    // how many times come after them
	Sessions     []meetings.Session     // that collide
	Booked       []meetings.Listed
	Names        bool // the person may read who booked
	Trial        bool
	Entries      int
	URL, Lines   string
	Errors       Errors
}

// BusyDay is a day with the hours at which the executive is elsewhere.
type BusyDay struct {
	At    time.Time
	Times []string
}
