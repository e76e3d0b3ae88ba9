package meetings

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Invitation is a gathering of members of the staff, such as the sitting of a
// committee.
type Invitation struct {
	Product     string // names what writes the file; empty: Committees
	UID         string
	Sequence    int
	Cancelled   bool
	Starts      time.Time
	Ends        time.Time
	Summary     string
	Description string
	Place       string
	Page        string // where it stands, an absolute address
	Guests      []Guest
	From        string // mail address of the organization, for an invitation by mail
}

// Guest is one of those invited. Chair is a role of RFC 5545.
type Guest struct {
	Name  string
	Chair bool
	Mail  string // address; empty: one of the organization's own host stands for it
}

// InvitationFile makes the calendar file of a gathering: METHOD REQUEST, or
// CANCEL when it was called off, with the organization as organizer and the
// members as attendees (RFC 5546).
func InvitationFile(r tenants.Reader, in Invitation, lang messages.Lang) (*CalendarFile, error) {
	method, status := "REQUEST", ical.EventConfirmed
	if in.Cancelled {
		method, status = "CANCEL", ical.EventCancelled
	}
	product := in.Product
	if product == "" {
		product = "Committees"
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Pasokh//"+product+"//"+strings.ToUpper(string(lang)))
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, method)
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, in.UID)
	e.Props.SetDateTime(ical.PropDateTimeStamp, r.Now().UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, in.Starts.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, in.Ends.UTC())
	e.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(in.Sequence)})
	e.SetStatus(status)
	e.Props.SetText(ical.PropClass, "PRIVATE")
	setText(e.Component, ical.PropSummary, persian.CleanLine(in.Summary))
	setText(e.Component, ical.PropDescription, persian.Clean(in.Description))
	setText(e.Component, ical.PropLocation, persian.CleanLine(in.Place))
	organize(e, pick(lang, r.Tenant().NameFA, r.Tenant().NameEN), in.Page)
	for i, g := range in.Guests {
		e.Props.Add(attendee(in.Page, i, g))
	}
	(&Envelope{From: in.From}).address(e)
	cal.Children = append(cal.Children, e.Component)
	var raw bytes.Buffer
	if err := ical.NewEncoder(&raw).Encode(cal); err != nil {
		return nil, fault.Wrap(err, "meetings.InvitationFile")
	}
	return &CalendarFile{Method: method, ContentType: "text/calendar; charset=utf-8; method=" + method, Body: fold(raw.Bytes())}, nil
}

// attendee names one guest; who has no mail address gets one on the
// organization's own host, different for each, as the standard asks for one.
func attendee(page string, n int, g Guest) *ical.Prop {
	p := ical.NewProp(ical.PropAttendee)
	p.Params.Set(ical.ParamCommonName, param(g.Name))
	p.Params.Set(ical.ParamRole, "REQ-PARTICIPANT")
	if g.Chair {
		p.Params.Set(ical.ParamRole, "CHAIR")
	}
	p.Params.Set(ical.ParamParticipationStatus, "NEEDS-ACTION")
	if g.Mail != "" {
		p.Value = "mailto:" + param(g.Mail)
		return p
	}
	u, err := url.Parse(page)
	if err != nil {
		u = &url.URL{Scheme: "urn"}
	}
	p.Value = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/", Fragment: "member-" + strconv.Itoa(n+1)}).String()
	return p
}
