package meetings

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/uuid"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// What a feed shows: from some time ago, so that entries do not vanish from a
// calendar the day after, to as far as sessions are made.
const (
	feedPast  = 60 * day
	feedAhead = 180 * day
	feedRows  = 500
	// feedRefresh is how often a calendar program should look again, for those
	// that ask (RFC 7986, 5.7; X-PUBLISHED-TTL for Outlook).
	feedRefresh = "PT1H"
)

// FeedCalendar writes the calendar of a feed. home is the organization's own
// address. Entries of executives and sites name no citizen: an address may get
// into wrong hands.
func FeedCalendar(ctx context.Context, r tenants.Reader, f *Feed, home string) (*CalendarFile, error) {
	organization := pick(f.Lang, r.Tenant().NameFA, r.Tenant().NameEN)
	if f.Kind == FeedOfCitizen {
		list, err := OfCitizenMobile(ctx, r, f.Mobile)
		if err != nil {
			return nil, err
		}
		own := make([]*Listed, len(list))
		for i := range list {
			own[i] = &list[i]
		}
		return PublishMeetings(r, own, messages.In(f.Lang, "feed.name.citizen")+" – "+organization, home, f.Lang)
	}
	if f.Kind == FeedOfSite {
		return f.siteCalendar(ctx, r, organization, home)
	}
	if f.Kind != FeedOfExecutive { // sittings are published by PublishEntries
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	e, err := directives.ExecutiveByID(ctx, r, f.SubjectID)
	if err != nil {
		return nil, err
	}
	events, err := f.ofSessions(ctx, r, "session.executive_id = ?")
	if err != nil {
		return nil, err
	}
	name := messages.In(f.Lang, "feed.name.executive", "post", pick(f.Lang, e.PostFA, e.PostEN))
	return publish(r, f.Lang, name+" – "+organization, home, events)
}

// PublishMeetings writes meetings of one citizen as a calendar to subscribe to.
func PublishMeetings(r tenants.Reader, list []*Listed, name, home string, lang messages.Lang) (*CalendarFile, error) {
	events := make([]*ical.Event, len(list))
	for i, m := range list {
		events[i] = m.event(lang, r.Now())
	}
	return publish(r, lang, name, home, events)
}

// feedSession is a session with how many are booked in it.
type feedSession struct {
	Session `bun:",extend"`
	Booked  int `bun:"booked,scanonly"`
}

// ofSessions are the entries of the sessions that the condition finds.
func (f *Feed) ofSessions(ctx context.Context, r tenants.Reader, condition string) ([]*ical.Event, error) {
	list, err := f.sessions(ctx, r, condition)
	events := make([]*ical.Event, len(list))
	for i := range list {
		events[i] = list[i].event(f.Lang, r.Now())
	}
	return events, err
}

// sessions are those that the condition finds for the feed's subject.
func (f *Feed) sessions(ctx context.Context, r tenants.Reader, condition string) ([]feedSession, error) {
	booked := r.Select((*Meeting)(nil)).ColumnExpr("COUNT(*)").
		Where("meeting.session_id = session.id AND meeting.state NOT IN (?, ?)", Refused, Cancelled)
	var list []feedSession
	err := r.Select(&list).ColumnExpr("session.*").ColumnExpr("(?) AS booked", booked).Where(condition, f.SubjectID).
		Where("session.starts_at > ? AND session.starts_at < ?", r.Now().Add(-feedPast), r.Now().Add(feedAhead)).
		Order("session.starts_at").Limit(feedRows).Scan(ctx)
	return list, tenants.Err(err)
}

func (s *feedSession) event(lang messages.Lang, now time.Time) *ical.Event {
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, sessionUID(s.ID))
	e.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, s.StartsAt.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, s.EndsAt.UTC())
	setSequence(e, s.CalendarSequence)
	e.SetStatus(ical.EventConfirmed)
	if s.State == SessionCancelled {
		e.SetStatus(ical.EventCancelled)
	}
	e.Props.SetText(ical.PropClass, "PRIVATE")
	setText(e.Component, ical.PropSummary, persian.CleanLine(messages.In(lang, "feed.session", "n", s.Booked)))
	setText(e.Component, ical.PropLocation, persian.CleanLine(pick(lang, s.SiteFA, s.SiteEN)))
	return e
}

// sessionSpace makes the UIDs of sessions: the same for ever, and telling nobody
// anything (RFC 7986, 5.3).
var sessionSpace = uuid.MustParse("5f0c5a3c-6d1e-4f57-9c8e-1d1f5e9b7a42")

func sessionUID(id int64) string {
	return uuid.NewSHA1(sessionSpace, binary.BigEndian.AppendUint64(nil, uint64(id))).String() //nolint:gosec // its bits, not its value
}

// publish writes entries as a calendar to subscribe to. One without entries has
// the time zone alone, because neither the format nor the library allows a
// calendar of nothing.
func publish(r tenants.Reader, lang messages.Lang, name, home string, events []*ical.Event) (*CalendarFile, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Pasokh//Meetings//"+strings.ToUpper(string(lang)))
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, "PUBLISH")
	setText(cal.Component, "NAME", persian.CleanLine(name))
	setText(cal.Component, "X-WR-CALNAME", persian.CleanLine(name))
	refresh := ical.NewProp("REFRESH-INTERVAL")
	refresh.Params.Set("VALUE", "DURATION") // required; the library leaves it out
	refresh.Value = feedRefresh
	cal.Props.Set(refresh)
	cal.Props.Set(&ical.Prop{Name: "X-PUBLISHED-TTL", Value: feedRefresh})
	for _, e := range events {
		organize(e, pick(lang, r.Tenant().NameFA, r.Tenant().NameEN), home)
		cal.Children = append(cal.Children, e.Component)
	}
	if len(events) == 0 {
		cal.Children = append(cal.Children, tehran())
	}
	var raw bytes.Buffer
	if err := ical.NewEncoder(&raw).Encode(cal); err != nil {
		return nil, fault.Wrap(err, "meetings.FeedCalendar")
	}
	return &CalendarFile{Method: "PUBLISH", ContentType: "text/calendar; charset=utf-8; method=PUBLISH", Body: fold(raw.Bytes())}, nil
}

// tehran is the time zone of the country, without summer time since 2022.
func tehran() *ical.Component {
	zone, standard := ical.NewComponent(ical.CompTimezone), ical.NewComponent(ical.CompTimezoneStandard)
	zone.Props.SetText(ical.PropTimezoneID, "Asia/Tehran")
	standard.Props.Set(&ical.Prop{Name: ical.PropDateTimeStart, Value: "20220922T000000"})
	for _, name := range []string{ical.PropTimezoneOffsetFrom, ical.PropTimezoneOffsetTo} {
		standard.Props.Set(&ical.Prop{Name: name, Value: "+0330"})
	}
	zone.Children = []*ical.Component{standard}
	return zone
}

// FeedPath is the address of a feed below the organization's own.
func FeedPath(word string) string { return "/calendar/" + url.PathEscape(word) + ".ics" }
