package views

import (
	"context"
	"net/url"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/privacy"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// PrivacyDesk is the office's list of wishes about data.
type PrivacyDesk struct {
	Tabs      []parts.Tab
	Decided   bool
	CanDecide bool
	Now       time.Time
	Requests  []PrivacyRequest
	Moves     []PrivacyMove
	Next      string
	Open      int64 // the line whose form came back
	Typed     url.Values
	Errors    Errors
}

// typed is what came back of the form of a line.
func (m *PrivacyDesk) typed(id int64, field string) string {
	if m.Open != id {
		return ""
	}
	return m.Typed.Get(field)
}

func (m *PrivacyDesk) errors(id int64) Errors {
	if m.Open != id {
		return nil
	}
	return m.Errors
}

// PrivacyRequest is one wish to be forgotten.
type PrivacyRequest struct {
	privacy.Request
	Who, By string
}

// PrivacyMove is one change of number that the office judges.
type PrivacyMove struct {
	citizens.MobileChange
	Who, Masked, Old, New string
}

// Holds are the legal holds.
type Holds struct {
	Tabs               []parts.Tab
	CanHold            bool
	Lines              []HoldLine
	Next               string
	Code, Kind, Reason string // as typed
	Open               int64  // the line whose form came back
	LiftReason         string
	Errors             Errors
}

// HoldLine is one hold.
type HoldLine struct {
	privacy.LegalHold
	What, By string
}

// Retention is how long what is kept, what goes next, and what went.
type Retention struct {
	Tabs    []parts.Tab
	Rules   *privacy.Rules
	Next    *privacy.Forecast
	Runs    []privacy.Run
	Changes []privacy.Rules
	Older   string
	Typed   map[string]string
	CanEdit bool
	Errors  Errors
}

// retainedNames are the fields of the form, for its summary of errors.
func retainedNames() (names []string) {
	for _, class := range privacy.Classes() {
		names = append(names, string(class))
	}
	return names
}

// counted is how many of a class there are.
func counted(c privacy.Counts, class privacy.Class) int { return int(c[class]) }

func groundOptions(ctx context.Context, selected string) (list []parts.Option) {
	for _, g := range privacy.Grounds() {
		list = append(list, parts.Option{Value: string(g), Label: messages.T(ctx, "privacy.ground."+string(g)), Selected: string(g) == selected})
	}
	return list
}

func holdOptions(ctx context.Context, selected string) (list []parts.Option) {
	for _, kind := range []string{privacy.HoldsCase, privacy.HoldsPerson} {
		list = append(list, parts.Option{Value: kind, Label: messages.T(ctx, "privacy.hold."+kind), Selected: kind == selected})
	}
	return list
}

func liftReason(m *Holds, id int64) string {
	if m.Open != id {
		return ""
	}
	return m.LiftReason
}

func liftErrors(m *Holds, id int64) Errors {
	if m.Open != id {
		return nil
	}
	return m.Errors
}
