// Package meetings holds the public meetings of executives: weekly windows,
// sessions and seats, booking and approval, the queue of the day, minutes, and
// the calendar file.
package meetings
