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

// DeskIntake is the form in which an operator registers for a caller.
type DeskIntake struct {
	Once       string // number of the form
	Inbound    string // id of what came in, of which the case is made
	Lookup     string // mobile number or national ID, as typed
	Found      bool   // just looked up: the next field takes the focus
	Mobile     string // E.164, of the caller looked up
	People     []parts.Choice
	Cases      []DeskOther // the caller's, open ones first
	Earlier    int         // how many there are
	Duplicates []DeskOther // open ones about the chosen topic
	Nearby     []DeskOther // recent ones of others, from the same place
	Elsewhere  string      // who else has this national ID; empty when nobody
	Known      []KnownIssue
	Scripts    []complaints.Template // to be read out

	Person   string // id of somebody known, "new", "none"
	Identity citizens.Identity
	Phone    string // a second number of the person
	Kind     complaints.Kind
	Channel  string
	Source   string
	Sources  []parts.Option
	External string
	// CallReference names the call in the phone system.
	CallReference string
	Topics        []parts.Option
	Topic         *tenants.Topic // without an ID while none is chosen
	Text          string
	Place         complaints.Place
	Now           time.Time
	Errors        Errors

	Questions []AskedQuestion
	Districts []tenants.District
	District  int64
	Tiles     string
	Guidance  string // what was told, as typed

	Secretariat, LetterOn, ExternalDue string     // of a paper, as typed
	Taken                              *DeskOther // has the source's number already
	Shelf                              int64
	Shelved                            []parts.FileItem // scans received with a form that came back
}

// focus names the field that takes the focus when the form arrives: where the
// operator types next. A form with errors gives it to their summary.
func (m *DeskIntake) focus() string {
	switch {
	case len(m.Errors) > 0:
		return ""
	case !m.Found:
		return "lookup"
	case len(m.People) > 0:
		return "kind"
	case m.Identity.Mobile == "":
		return "mobile"
	}
	return "national_id"
}

// Fail puts errors beside the fields of a form that came back.
func (m *DeskIntake) Fail(ctx context.Context, errs Errors) {
	m.Errors = errs
	for i := range m.Questions {
		m.Questions[i].Error = errs.Of(ctx, m.Questions[i].field())
	}
	m.askAnew()
}

// askAnew opens the fields of a new person when something known of the chosen
// one is not enough.
func (m *DeskIntake) askAnew() {
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
	names := placeNames(m.Topic, m.Districts)
	list := make([]parts.FieldOpts, len(names))
	for i, name := range names {
		list[i] = parts.FieldOpts{
			Name: name, Label: messages.T(ctx, "complaint.place."+name), Value: values[name], Error: m.Errors.Of(ctx, name),
			Autocomplete: "off", MaxLength: 300, Optional: len(names) > 1,
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
	Secret     bool // confidential: nobody here opens it
	Receipt    string
	Paper      bool // the person stands at the desk or wrote: the receipt is printed
}

// asksStation tells whether the list of stations stands for the fields of line
// and station.
func (m *DeskIntake) asksStation() bool { return stationAsked(m.Topic, m.Districts) }

// summary lists the errors in the order of the form.
func (m *DeskIntake) summary(ctx context.Context) parts.ErrorSummaryOpts {
	fields := append([]string{"lookup", "person", "mobile", "national_id", "name", "kind", "topic"}, QuestionOrder(m.Questions)...)
	fields = append(fields, "district", "address", "postal_code", "station", "line", "subscription", "text", "point", "channel", "source", "external_number", "external_due", "secretariat_number", "letter_on", "file", "guidance_note")
	return leadToDistrict(m.Errors.Summary(ctx, fields...), m.asksStation())
}
