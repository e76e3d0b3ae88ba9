package web

import (
	"slices"

	"pasokh/app/committees"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskCalendars lists the calendars that the person may subscribe to, each with
// an address of the person's own.
func (w *web) deskCalendars(r *req) error { return r.calendarsPage("", meetings.FeedFor{}) }

func (r *req) calendarsPage(word string, made meetings.FeedFor) error {
	list, err := r.calendars()
	if err != nil {
		return err
	}
	own, err := meetings.Feeds(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	m := &views.DeskCalendars{Address: r.feedAddress(word)}
	for _, c := range list {
		c.New = word != "" && c.Kind == made.Kind && c.SubjectID == made.SubjectID
		if at := slices.IndexFunc(own, func(f meetings.Feed) bool { return f.Kind == c.Kind && f.SubjectID == c.SubjectID }); at >= 0 {
			c.Since, c.ReadAt = &own[at].CreatedAt, own[at].ReadAt
		}
		m.Lines = append(m.Lines, c)
	}
	p := r.frame("feed.title")
	return r.page(parts.Desk, p, views.DeskCalendarsPage(p, m))
}

// calendars are those that there are: of every executive, every site in use, and
// every committee that the person may see.
func (r *req) calendars() (list []views.CalendarLine, err error) {
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for _, e := range executives {
		line := views.CalendarLine{Kind: meetings.FeedOfExecutive, SubjectID: e.ID, Title: r.in(e.PostFA, e.PostEN), Note: r.in(e.NameFA, e.NameEN)}
		if r.can("meeting:plan") {
			line.Busy = busyPath(e.ID)
		}
		list = append(list, line)
	}
	sites, err := meetings.Sites(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for _, s := range sites {
		if s.Active {
			list = append(list, views.CalendarLine{Kind: meetings.FeedOfSite, SubjectID: s.ID, Title: r.in(s.NameFA, s.NameEN), Note: r.t("planning.site." + string(s.Kind))})
		}
	}
	if !r.can("committee:read") {
		return list, nil
	}
	boards, err := committees.List(r.ctx, r.db, r.committeeViewer())
	for _, c := range boards {
		if c.Active {
			list = append(list, views.CalendarLine{Kind: meetings.FeedOfCommittee, SubjectID: c.ID, Title: r.in(c.NameFA, c.NameEN), Note: r.t("nav.committees")})
		}
	}
	return list, err
}

// calendarAsked is the calendar that a form names, if there is such a one.
func (r *req) calendarAsked() (meetings.FeedFor, error) {
	f, err := r.form()
	if err != nil {
		return meetings.FeedFor{}, err
	}
	list, err := r.calendars()
	if err != nil {
		return meetings.FeedFor{}, err
	}
	asked := meetings.FeedFor{Kind: meetings.FeedKind(f.text("kind")), SubjectID: f.id("subject"), Lang: r.lang}
	if !slices.ContainsFunc(list, func(c views.CalendarLine) bool { return c.Kind == asked.Kind && c.SubjectID == asked.SubjectID }) {
		return asked, fault.New(fault.NotFound, "error.not_found")
	}
	return asked, nil
}

// deskCalendarCreate makes an address and shows it once.
func (w *web) deskCalendarCreate(r *req) error {
	asked, err := r.calendarAsked()
	if err != nil {
		return err
	}
	var word string
	err = r.write(func(tx *tenants.Tx) (err error) {
		word, err = meetings.NewFeed(r.ctx, tx, asked)
		return err
	})
	if err != nil {
		return err
	}
	return r.calendarsPage(word, asked)
}

// deskCalendarRevoke ends an address of the person's own.
func (w *web) deskCalendarRevoke(r *req) error {
	asked, err := r.calendarAsked()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return meetings.RevokeFeed(r.ctx, tx, asked) }); err != nil {
		return err
	}
	r.flash(parts.Success, "feed.revoked")
	return r.done("/desk/calendars")
}
