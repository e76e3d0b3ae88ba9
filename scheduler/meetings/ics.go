package meetings

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// CalendarFile is a calendar file for download or mail. Method must stand in
// the Content-Type too (RFC 5546), so take both from here.
type CalendarFile struct {
	Method      string // PUBLISH, or CANCEL when the meeting will not be
	ContentType string
	Body        []byte
}

// Calendar makes the calendar file of one meeting in the reader's language
// (RFC 5545, icalendar.md): times in UTC, a UID that says nothing, a SEQUENCE
// that rises with every change, lines folded at 75 octets, and no word of
// anybody able to break out of its line. page is the address of the meeting's
// page; without one the file names no organizer.
func Calendar(r tenants.Reader, m *Listed, page string, lang messages.Lang) (*CalendarFile, error) {
	return calendar(r, m, page, lang, nil)
}

// Envelope says between which mail addresses a calendar file travels.
type Envelope struct {
	From string // of the organization; empty: it is named by its page
	To   string // of the visitor
}

// MailCalendar is Calendar for a mail to the visitor: a REQUEST (or CANCEL) that
// names both, because mail programs offer to enter nothing else (icalendar.md).
func MailCalendar(r tenants.Reader, m *Listed, page string, lang messages.Lang, between Envelope) (*CalendarFile, error) {
	return calendar(r, m, page, lang, &between)
}

func calendar(r tenants.Reader, m *Listed, page string, lang messages.Lang, mailed *Envelope) (*CalendarFile, error) {
	method := "PUBLISH"
	if mailed != nil {
		method = "REQUEST"
	}
	if !m.Live() {
		method = "CANCEL" // a mere status would leave the entry and its alarm
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Pasokh//Meetings//"+strings.ToUpper(string(lang)))
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, method)
	e := m.event(lang, r.Now())
	organize(e, pick(lang, r.Tenant().NameFA, r.Tenant().NameEN), page)
	if mailed != nil {
		mailed.address(e, Guest{Name: m.CitizenName, Mail: mailed.To})
	}
	cal.Children = append(cal.Children, e.Component)
	var raw bytes.Buffer
	if err := ical.NewEncoder(&raw).Encode(cal); err != nil {
		return nil, fault.Wrap(err, "meetings.Calendar")
	}
	return &CalendarFile{
		Method: method, ContentType: "text/calendar; charset=utf-8; method=" + method, Body: fold(raw.Bytes()),
	}, nil
}

func (m *Listed) event(lang messages.Lang, now time.Time) *ical.Event {
	post := pick(lang, m.PostFA, m.PostEN)
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, m.CalendarUID)
	e.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, m.StartsAt.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, m.EndsAt.UTC())
	e.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(m.CalendarSequence)})
	e.SetStatus(m.status())
	e.Props.SetText(ical.PropClass, "PRIVATE")
	setText(e.Component, ical.PropSummary, persian.CleanLine(messages.In(lang, "meeting.calendar.summary", "post", post)))
	setText(e.Component, ical.PropDescription, persian.Clean(m.description(lang)))
	setText(e.Component, ical.PropLocation, persian.CleanLine(pick(lang, m.SiteFA, m.SiteEN)))
	if m.Live() {
		e.Children = append(e.Children, alarm(messages.In(lang, "meeting.calendar.alarm", "post", post)))
	}
	return e
}

// description is what the citizen needs at hand on the way.
func (m *Listed) description(lang messages.Lang) string {
	lines := []string{
		messages.In(lang, "meeting.calendar.with", "name", pick(lang, m.NameFA, m.NameEN)),
		messages.In(lang, "meeting.calendar.subject", "subject", m.Subject),
		messages.In(lang, "meeting.calendar.code", "code", persian.ShowCode(m.Code)),
	}
	if m.QueueNumber != nil {
		lines = append(lines, messages.In(lang, "meeting.calendar.queue", "n", *m.QueueNumber))
	}
	return strings.Join(lines, "\n")
}

// address names the organizer and a guest by their mail addresses.
func (x *Envelope) address(e *ical.Event, guests ...Guest) {
	if organizer := e.Props.Get(ical.PropOrganizer); organizer != nil && x.From != "" {
		organizer.Value = "mailto:" + param(x.From)
	}
	for i, g := range guests {
		e.Props.Add(attendee("", i, g))
	}
}

// organize names the organization and the meeting's page; RFC 5546 asks for an
// organizer beside a METHOD.
func organize(e *ical.Event, organisation, page string) {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		return
	}
	e.Props.SetURI(ical.PropURL, u)
	organizer := ical.NewProp(ical.PropOrganizer)
	organizer.Params.Set(ical.ParamCommonName, param(organisation))
	organizer.Value = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()
	e.Props.Set(organizer)
}

func pick(lang messages.Lang, fa, en string) string {
	if lang == messages.EN {
		return en
	}
	return fa
}

func (m *Meeting) status() ical.EventStatus {
	switch {
	case !m.Live():
		return ical.EventCancelled
	case m.State == Requested:
		return ical.EventTentative
	}
	return ical.EventConfirmed
}

func alarm(text string) *ical.Component {
	c := ical.NewComponent(ical.CompAlarm)
	c.Props.SetText(ical.PropAction, "DISPLAY")
	trigger := ical.NewProp(ical.PropTrigger)
	trigger.SetDuration(-HoursBefore.before())
	c.Props.Set(trigger)
	setText(c, ical.PropDescription, persian.CleanLine(text))
	return c
}

// setText leaves empty texts out; text is clean: LF only, no control characters.
func setText(c *ical.Component, name, text string) {
	if text != "" {
		c.Props.SetText(name, text)
	}
}

// param makes a text safe as a parameter's value, which the encoder does not:
// one line, and the two characters of RFC 6868 that have no other way in.
func param(text string) string {
	return strings.NewReplacer("^", "^^", `"`, "^'").Replace(persian.CleanLine(text))
}

// maxLine is how many octets a line may have without its CRLF (RFC 5545, 3.1).
const maxLine = 75

// fold breaks the encoder's long lines with CRLF and a space, never inside a
// UTF-8 character.
func fold(raw []byte) []byte {
	out := make([]byte, 0, len(raw)+len(raw)/16)
	for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
		room := maxLine
		for len(line) > room {
			cut := room
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			out = append(append(out, line[:cut]...), "\r\n "...)
			line, room = line[cut:], maxLine-1
		}
		out = append(append(out, line...), "\r\n"...)
	}
	return out
}
