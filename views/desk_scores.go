package views

import (
	"context"
	"net/url"
	"time"

	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DeskScores is the ledger of negative scores over a time.
type DeskScores struct {
	Unit, From, Until string // as typed
	Period            string // in words
	OwnUnit           string // set for who may see only this one
	Units             []parts.Option
	Totals            []DeskTotal
	Lines             []DeskScore
	Next              string
	Waiting           []WaitingObjection
	CanReverse        bool
	CanRank           bool
	Now               time.Time
	Typed             url.Values // of the form that came back
	CanOpen           bool       // the cases behind the lines
	Open              int64      // the line whose form came back
	Wrong             Errors
	Errors            Errors // of the period
}

// DeskTotal is one unit's sum.
type DeskTotal struct {
	Unit, Href                     string
	Points, Lines, Reversed, Cases int
}

// DeskScore is one line of the ledger.
type DeskScore struct {
	ID                       int64
	At                       time.Time
	Unit, Code, Href, Reason string
	Level, Cycle, Points     int
	Reversed, Reversal       bool
	CanObject                bool
	Objection                *ScoreObjection
}

// ScoreObjection is what a unit said against a line, and what was decided.
type ScoreObjection struct {
	Who, Text            string
	At                   time.Time
	Decision, By, Reason string // Decision is empty while it waits
	DecidedAt            time.Time
}

// WaitingObjection is an objection that waits for the PR manager.
type WaitingObjection struct {
	Score                  int64
	Unit, Code, Href, Text string
	Points, Level          int
	At, ScoreAt            time.Time
	CanDecide              bool
}

// Link is the page with one more value in its address.
func (m *DeskScores) Link(key, value string) string {
	q := url.Values{"from": {m.From}, "until": {m.Until}}
	if m.Unit != "" {
		q.Set("unit", m.Unit)
	}
	q.Set(key, value)
	return "/desk/scores?" + q.Encode()
}

// scoreCause says in words why a line was written.
func scoreCause(ctx context.Context, line DeskScore) string {
	if line.Reversal {
		return messages.T(ctx, "desk.scores.reversal")
	}
	cause := messages.T(ctx, "desk.scores.level", "n", line.Level)
	if line.Cycle > 1 {
		cause += " · " + messages.T(ctx, "desk.cycle", "n", line.Cycle)
	}
	return cause
}

// lineError is the text beside a field of the line that came back.
func lineError(ctx context.Context, m *DeskScores, id int64, field string) string {
	if m.Open != id {
		return ""
	}
	return m.Wrong.Of(ctx, field)
}

// lineTyped is what was typed into a field of the line that came back.
func lineTyped(m *DeskScores, id int64, field string) string {
	if m.Open != id {
		return ""
	}
	return m.Typed.Get(field)
}
