package views

import (
	"time"

	"pasokh/views/parts"
)

// DeskMentions is what colleagues have told the person.
type DeskMentions struct {
	Tabs   []parts.Tab
	Lines  []MentionLine
	Unread int
	Next   string
	Now    time.Time
}

// MentionLine is one of them.
type MentionLine struct {
	ID                      int64
	What, By, Text          string
	Code, Topic, Href, Case string
	At                      time.Time
	Read                    bool
}
