package views

import (
	"context"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DeskRelations is how a case stands to others.
type DeskRelations struct {
	Lead, Parent *DeskRelative
	Members      []DeskRelative
	Children     []DeskRelative
	Transfers    []DeskTransfer
	Follows      bool // its lead is worked on in its place
	Rests        bool // it follows its lead, or waits with its parent for the end
}

// any tells whether there is anything to show or to do.
func (m *DeskRelations) any() bool {
	return m.Lead != nil || m.Parent != nil || len(m.Members) > 0 || len(m.Children) > 0 || len(m.Transfers) > 0
}

// DeskRelative is one related case; Href is empty for who may not open it.
type DeskRelative struct {
	Code, Href, Who, Unit string
	Text, Answer          string
	State                 complaints.State
	Cycle                 int
	DueAt                 time.Time
	Waited, Rests         bool
}

// DeskTransfer is the way of a case to or from another organization.
type DeskTransfer struct {
	Out                    bool
	Organization, Code     string // of the case there; the code is grouped
	State, OtherState      string
	Reason                 string
	At                     time.Time
	ChangedAt, RefuseUntil *time.Time
}

// Drop takes an act away that cannot be done here.
func (m *DeskForms) Drop(act complaints.Action) {
	m.Relations = slices.DeleteFunc(m.Relations, func(a complaints.Action) bool { return a == act })
}

func transferTitle(t DeskTransfer) string {
	switch {
	case t.State == complaints.TransferRefused && t.Out:
		return "relations.transfer.out_refused"
	case t.State == complaints.TransferRefused:
		return "relations.transfer.in_refused"
	case t.Out:
		return "relations.transfer.out"
	}
	return "relations.transfer.in"
}

// facts are what is known of the case in the other organization.
func (t *DeskTransfer) facts(ctx context.Context) []parts.Fact {
	facts := []parts.Fact{{Label: messages.T(ctx, "relations.transfer.at"), Value: messages.DateTime(ctx, t.At)}}
	if t.Code != "" {
		facts = append(facts, parts.Fact{Label: messages.T(ctx, "relations.transfer.code"), Body: parts.Code(parts.CodeOpts{Text: t.Code, Copy: true})})
	} else if t.State == complaints.TransferSent {
		facts = append(facts, parts.Fact{Label: messages.T(ctx, "relations.transfer.code"), Value: messages.T(ctx, "relations.transfer.coming")})
	}
	if t.OtherState != "" {
		facts = append(facts, parts.Fact{Label: messages.T(ctx, "relations.transfer.state"), Value: t.OtherState})
	}
	if t.ChangedAt != nil {
		facts = append(facts, parts.Fact{Label: messages.T(ctx, "relations.transfer.changed"), Value: messages.DateTime(ctx, *t.ChangedAt)})
	}
	return append(facts, parts.Fact{Label: messages.T(ctx, "relations.transfer.reason"), Value: t.Reason})
}
