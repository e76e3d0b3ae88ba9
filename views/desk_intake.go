package views

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Sources are the systems and bodies that send cases under numbers of their own.
var Sources = []string{"samad", "137", "1888", "inspection", "parent", "crm"}

// DeskIntake is the form in which an operator registers for a caller.
type DeskIntake struct {
	Lookup     string // mobile number or national ID, as typed
	Found      bool   // just looked up: the next field takes the focus
	Mobile     string // E.164, of the caller looked up
	People     []parts.Choice
	Cases      []DeskOther // the caller's, open ones first
	Earlier    int         // how many there are
	Duplicates []DeskOther // open ones about the chosen topic

	Person   string // id of somebody known, "new", "none"
	Identity citizens.Identity
	Kind     complaints.Kind
	Channel  string
	Source   string
	External string
	Topics   []parts.Option
	Topic    *tenants.Topic // without an ID while none is chosen
	Text     string
	Place    complaints.Place
	Now      time.Time
	Errors   Errors
}

// AskAnew opens the fields of a new person when something known of the chosen
// one is not enough.
func (m *DeskIntake) AskAnew() {
	for _, field := range []string{"mobile", "national_id", "name"} {
		if m.Errors[field] == "" || m.Person == "new" {
			continue
		}
		for _, p := range m.People {
			if p.Value == m.Person && m.Identity.Name == "" {
				m.Identity.Name = p.Label
			}
		}
		m.Person = "new"
	}
}

// placeInputs are the fields of the topic's place, each on one line.
func (m *DeskIntake) placeInputs(ctx context.Context) []parts.FieldOpts {
	values := map[string]string{
		"address": m.Place.Address, "postal_code": m.Place.PostalCode, "station": m.Place.Station, "line": m.Place.Line, "subscription": m.Place.Subscription,
	}
	list := make([]parts.FieldOpts, len(m.Topic.PlaceFields))
	for i, name := range m.Topic.PlaceFields {
		list[i] = parts.FieldOpts{
			Name: name, Label: messages.T(ctx, "complaint.place."+name), Value: values[name], Error: m.Errors.Of(ctx, name),
			Autocomplete: "off", MaxLength: 300, Optional: len(m.Topic.PlaceFields) > 1,
		}
		if name == "postal_code" || name == "subscription" {
			list[i].Dir, list[i].InputMode, list[i].MaxLength = "ltr", "numeric", 40
		}
	}
	return list
}

// DeskReadOut is what the operator reads to the caller at the end.
type DeskReadOut struct {
	Code, PIN  string // grouped; PIN only of a nameless report, once
	Href, Unit string
	PromisedAt time.Time
	Told       bool // the code goes to the caller's mobile, too
}
