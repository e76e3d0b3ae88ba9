package meetings

import (
	"context"
	"strconv"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/uuid"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// FeedEntry is one entry of a calendar that another room keeps.
type FeedEntry struct {
	Key              string // names it for ever; its UID is made of it
	StartsAt, EndsAt time.Time
	Title, Place     string
	Sequence         int
	Cancelled        bool
}

// setSequence says which revision of an entry this is (RFC 5545, 3.8.7.4).
func setSequence(e *ical.Event, n int) {
	e.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: strconv.Itoa(n)})
}

// PublishEntries writes the entries of a feed whose kind this room does not know
// the calendar of; subject is what the calendar is of, in the feed's language.
func PublishEntries(r tenants.Reader, f *Feed, subject, home string, list []FeedEntry) (*CalendarFile, error) {
	events := make([]*ical.Event, len(list))
	for i := range list {
		events[i] = list[i].event(r.Now())
	}
	name := messages.In(f.Lang, "feed.name.committee", "committee", subject)
	return publish(r, f.Lang, name+" – "+pick(f.Lang, r.Tenant().NameFA, r.Tenant().NameEN), home, events)
}

func (x *FeedEntry) event(now time.Time) *ical.Event {
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, uuid.NewSHA1(sessionSpace, []byte(x.Key)).String())
	e.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, x.StartsAt.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, x.EndsAt.UTC())
	setSequence(e, x.Sequence)
	e.SetStatus(ical.EventConfirmed)
	if x.Cancelled {
		e.SetStatus(ical.EventCancelled)
	}
	e.Props.SetText(ical.PropClass, "PRIVATE")
	setText(e.Component, ical.PropSummary, persian.CleanLine(x.Title))
	setText(e.Component, ical.PropLocation, persian.CleanLine(x.Place))
	return e
}

// siteCalendar is all sessions at a site, each with whose it is.
func (f *Feed) siteCalendar(ctx context.Context, r tenants.Reader, organization, home string) (*CalendarFile, error) {
	site, err := SiteByID(ctx, r, f.SubjectID)
	if err != nil {
		return nil, err
	}
	posts, err := directives.Posts(ctx, r)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for i := range posts {
		names[posts[i].ID] = pick(f.Lang, posts[i].PostFA, posts[i].PostEN)
	}
	list, err := f.sessions(ctx, r, "session.site_id = ?")
	if err != nil {
		return nil, err
	}
	events := make([]*ical.Event, len(list))
	for i := range list {
		events[i] = list[i].event(f.Lang, r.Now())
		summary := messages.In(f.Lang, "feed.session_of", "post", names[list[i].ExecutiveID], "n", list[i].Booked)
		setText(events[i].Component, ical.PropSummary, persian.CleanLine(summary))
	}
	name := messages.In(f.Lang, "feed.name.site", "site", pick(f.Lang, site.NameFA, site.NameEN))
	return publish(r, f.Lang, name+" – "+organization, home, events)
}
