package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// my lists the cases and meetings of the signed-in number.
func (w *web) my(r *req) error {
	var m views.My
	var err error
	if m.Open, m.Closed, err = r.myCases(); err != nil {
		return err
	}
	if m.Coming, m.Past, err = r.myMeetings(); err != nil {
		return err
	}
	m.Acts = r.begin()
	return r.page(parts.Citizen, r.frame("my.title"), views.MyPage(m))
}

// begin are the buttons of an empty list: what can be filed or booked here.
func (r *req) begin() []parts.LinkOpts {
	var all []parts.LinkOpts
	for _, a := range r.acts() {
		if a.Href == "/complaints/new" || a.Href == "/meetings/new" {
			all = append(all, parts.LinkOpts{Label: a.Title, Href: a.Href, Icon: a.Icon})
		}
	}
	return all
}

func (r *req) myCases() (open, closed []parts.LinkCardOpts, err error) {
	list, err := complaints.OfMobile(r.ctx, r.db, r.principal.mobile)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	topics, err := complaints.AllTopics(r.ctx, r.db) // a case may be older than its topic's end
	if err != nil {
		return nil, nil, err
	}
	about := map[int64]string{}
	for _, t := range topics {
		about[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	for _, c := range list {
		card := parts.LinkCardOpts{
			Title: about[c.TopicID], Note: r.t("complaint.state." + string(c.State)),
			Text: r.t("my.case", "date", messages.ShortDate(r.ctx, c.RegisteredAt), "code", unbroken(persian.ShowCode(c.Code))),
			Href: "/my/complaints/" + strconv.FormatInt(c.ID, 10), Icon: "message-square",
		}
		if c.Open() {
			open = append(open, card)
		} else {
			closed = append(closed, card)
		}
	}
	return open, closed, nil
}

// myMeetings are those to come, the next one first, and those that are over.
func (r *req) myMeetings() (coming, past []parts.LinkCardOpts, err error) {
	list, err := meetings.OfCitizenMobile(r.ctx, r.db, r.principal.mobile)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range list {
		card := parts.LinkCardOpts{
			Title: messages.DateTime(r.ctx, m.StartsAt), Note: r.t("meeting.state." + string(m.State)),
			Text: r.in(m.PostFA, m.PostEN), Href: "/my/meetings/" + strconv.FormatInt(m.ID, 10), Icon: "calendar-days",
		}
		switch m.State {
		case meetings.Requested, meetings.Approved, meetings.CheckedIn, meetings.Called, meetings.FollowUp:
			coming = append(coming, card)
		default:
			past = append(past, card)
		}
	}
	slices.Reverse(coming) // the list has the latest first
	waits, err := r.myWaits()
	return append(waits, coming...), past, err
}

// unbroken keeps a code on one line and in its own order.
func unbroken(code string) string { return isolated(strings.ReplaceAll(code, "-", "\u2011")) }
