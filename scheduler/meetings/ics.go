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
)

// CalendarWords are the words of a calendar file, from the catalogue in the
// reader's language. URL is the meeting's page; what is empty is left out.
type CalendarWords struct {
	Lang         string // fa, en
	Summary      string
	Description  string // several lines
	Alarm        string // what the calendar says two hours before
	Organisation string
	Site         string
	URL          string
}

// CalendarFile is a calendar file for download or mail. Method must stand in
// the Content-Type too (RFC 5546), so take both from here.
type CalendarFile struct {
	Method      string // PUBLISH, or CANCEL when the meeting will not be
	ContentType string
	Body        []byte
}

// Calendar makes the calendar file of one meeting (RFC 5545, icalendar.md):
// times in UTC, a UID that says nothing, a SEQUENCE that rises with every
// change, lines folded at 75 octets, and no word of a citizen able to break out
// of its line.
func Calendar(m *Listed, w CalendarWords, now time.Time) (*CalendarFile, error) {
	method := "PUBLISH"
	if !m.Live() {
		method = "CANCEL" // a mere status would leave the entry and its alarm
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Pasokh//Meetings//"+strings.ToUpper(w.Lang))
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, method)
	cal.Children = append(cal.Children, m.event(w, now).Component)
	var raw bytes.Buffer
	if err := ical.NewEncoder(&raw).Encode(cal); err != nil {
		return nil, fault.Wrap(err, "meetings.Calendar")
	}
	return &CalendarFile{
		Method: method, ContentType: "text/calendar; charset=utf-8; method=" + method, Body: fold(raw.Bytes()),
	}, nil
}

func (m *Listed) event(w CalendarWords, now time.Time) *ical.Event {
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, m.CalendarUID)
	e.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, m.StartsAt.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, m.EndsAt.UTC())
	e.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(m.CalendarSequence)})
	e.SetStatus(m.status())
	e.Props.SetText(ical.PropClass, "PRIVATE")
	setText(e.Component, ical.PropSummary, persian.CleanLine(w.Summary))
	setText(e.Component, ical.PropDescription, persian.Clean(w.Description))
	setText(e.Component, ical.PropLocation, persian.CleanLine(w.Site))
	page, err := url.Parse(w.URL)
	if err == nil && page.Host != "" {
		e.Props.SetURI(ical.PropURL, page)
		organizer := ical.NewProp(ical.PropOrganizer)
		organizer.Params.Set(ical.ParamCommonName, param(w.Organisation))
		organizer.SetURI(&url.URL{Scheme: page.Scheme, Host: page.Host, Path: "/"})
		organizer.Params.Del(ical.ParamValue) // its type is CAL-ADDRESS, written as it is
		e.Props.Set(organizer)
	}
	if m.Live() && w.Alarm != "" {
		e.Children = append(e.Children, alarm(w.Alarm))
	}
	return e
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
