package views

import (
	"net/url"
	"time"

	"pasokh/views/parts"
)

// DeskRouting is the page of the routing rules; every text is in the page's
// language.
type DeskRouting struct {
	Rules  []RoutingRule
	Office string // who has what no rule fits
	Trial  *RoutingTrial
}

// RoutingRule is one line of the list.
type RoutingRule struct {
	ID          int64
	Number      int
	Name, Unit  string
	Conditions  []parts.Fact
	Active      bool
	Broken      bool // its unit takes no cases any more
	First, Last bool
}

// RoutingForm is a rule that is being written.
type RoutingForm struct {
	ID     int64 // 0: a new one
	Action string
	Typed  url.Values
	Errors
	Topics, Districts, Kinds, Channels, Hours, Units []parts.Option
	Trial                                            *RoutingTrial
}

// RoutingTrial says what the rules would have done with past cases.
type RoutingTrial struct {
	Cases, Changed int
	Days           int
	Cut            bool
	Draft          bool // a rule that is not saved took part
	Lines          []TrialLine
	Samples        []TrialSample
	Now            time.Time
}

// TrialLine is what one rule would have decided.
type TrialLine struct {
	Name, Unit     string
	Cases, Changed int
	Rule, Draft    bool
}

// TrialSample is a case that would have gone elsewhere.
type TrialSample struct {
	Code, Href, Topic, Went, To, Why string
	RegisteredAt                     time.Time
}

// value is what was typed, or what the rule has.
func (f *RoutingForm) value(field string) string { return f.Typed.Get(field) }
