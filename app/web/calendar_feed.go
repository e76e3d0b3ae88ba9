package web

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/committees"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// calendarFeed is the calendar behind a secret address. Calendar programs ask
// again and again; what has not changed costs them no download.
func (w *web) calendarFeed(r *req) error {
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	word, ok := strings.CutSuffix(r.c.Params("word"), ".ics")
	f, err := meetings.FeedByWord(r.ctx, r.db, word)
	switch {
	case err == nil && !ok:
		err = fault.New(fault.NotFound, "error.not_found")
	case err == nil:
		err = r.feedOwnerMay(f)
	}
	if fault.Is(err, fault.NotFound) { // so that nobody tries words
		if err := r.count(limitMisses, r.ip()); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	file, err := r.feedFile(f)
	if err != nil {
		return err
	}
	if f.Stale(r.now()) {
		if err := r.write(func(tx *tenants.Tx) error { return f.NoteRead(r.ctx, tx) }); err != nil {
			return err
		}
	}
	return r.sendFeed(file)
}

// feedOwnerMay is nil when the member of staff who had the feed made may still
// read its calendar: a right that ended ends the address with it.
func (r *req) feedOwnerMay(f *meetings.Feed) error {
	if f.StaffID == nil {
		return nil
	}
	roles, err := staff.Roles(r.ctx, r.db, *f.StaffID)
	if err != nil {
		return err
	}
	owner := tenants.Actor{Kind: tenants.Staff, ID: *f.StaffID, Roles: roles}
	if err := directives.Commission(r.ctx, r.db, &owner); err != nil {
		return err
	}
	can := func(permission string) bool { return r.w.Book.Can(r.tenant.ID, owner.Roles, permission) }
	needs := "meeting:read"
	if f.Kind == meetings.FeedOfCommittee {
		needs = "committee:read"
	}
	if !can(needs) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if f.Kind != meetings.FeedOfCommittee {
		return nil
	}
	return committees.Sees(r.ctx, r.db, committees.Viewer{StaffID: owner.ID, All: can("committee:read_all")}, f.SubjectID)
}

// feedFile writes the calendar of a feed; sittings are kept by their own room.
func (r *req) feedFile(f *meetings.Feed) (*meetings.CalendarFile, error) {
	home := r.w.links.Home(r.tenant)
	if f.Kind != meetings.FeedOfCommittee {
		return meetings.FeedCalendar(r.ctx, r.db, f, home)
	}
	c, list, err := committees.Agendas(r.ctx, r.db, f.SubjectID)
	if err != nil {
		return nil, err
	}
	name := c.NameFA
	if f.Lang == messages.EN {
		name = c.NameEN
	}
	entries := make([]meetings.FeedEntry, len(list))
	for i := range list {
		s := &list[i]
		entries[i] = meetings.FeedEntry{
			Key: s.CalendarUID, StartsAt: s.StartsAt, EndsAt: s.EndsAt, Title: name, Place: s.Place, Sequence: s.CalendarSequence,
			Cancelled: s.State == committees.Cancelled,
		}
	}
	return meetings.PublishEntries(r.db, f, name, home, entries)
}

// sendFeed answers with the calendar, or that it is the one known already: the
// stamp of the moment is left out of the comparison.
func (r *req) sendFeed(file *meetings.CalendarFile) error {
	digest := sha256.New()
	for line := range strings.Lines(string(file.Body)) {
		if !strings.HasPrefix(line, "DTSTAMP") {
			_, _ = digest.Write([]byte(line))
		}
	}
	tag := `"` + hex.EncodeToString(digest.Sum(nil)[:16]) + `"`
	r.c.Set(fiber.HeaderETag, tag)
	r.c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if r.c.Get(fiber.HeaderIfNoneMatch) == tag {
		return r.c.SendStatus(fiber.StatusNotModified)
	}
	r.c.Set(fiber.HeaderContentType, file.ContentType)
	return r.c.Send(file.Body)
}

// myCalendar shows what the citizen's own calendar address is for.
func (w *web) myCalendar(r *req) error { return r.myCalendarPage("") }

func (r *req) myCalendarPage(word string) error {
	m := views.MyCalendar{Address: r.feedAddress(word)}
	f, err := meetings.FeedOfMobile(r.ctx, r.db, r.principal.mobile)
	switch {
	case err == nil:
		m.Since = &f.CreatedAt
	case !fault.Is(err, fault.NotFound):
		return err
	}
	p := r.frame("feed.title")
	return r.page(parts.Citizen, p, views.MyCalendarPage(p, m))
}

// feedAddress is the whole address of a feed; the word is known only when it
// was made just now.
func (r *req) feedAddress(word string) string {
	if word == "" {
		return ""
	}
	return r.w.links.Home(r.tenant) + meetings.FeedPath(word)
}

func (r *req) ownFeed() meetings.FeedFor {
	return meetings.FeedFor{Kind: meetings.FeedOfCitizen, Mobile: r.principal.mobile, Lang: r.lang}
}

// myCalendarCreate makes an address, instead of the one before, and shows it
// once.
func (w *web) myCalendarCreate(r *req) error {
	var word string
	err := r.write(func(tx *tenants.Tx) (err error) {
		word, err = meetings.NewFeed(r.ctx, tx, r.ownFeed())
		return err
	})
	if err != nil {
		return err
	}
	return r.myCalendarPage(word)
}

// myCalendarRevoke ends it.
func (w *web) myCalendarRevoke(r *req) error {
	err := r.write(func(tx *tenants.Tx) error { return meetings.RevokeFeed(r.ctx, tx, r.ownFeed()) })
	if err != nil {
		return err
	}
	r.flash(parts.Success, "feed.revoked")
	return r.done("/my/calendar")
}
