package web

import (
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// my lists the cases and meetings of the signed-in number.
func (w *web) my(r *req) error {
	cases, err := r.myCases()
	if err != nil {
		return err
	}
	booked, err := r.myMeetings()
	if err != nil {
		return err
	}
	m := views.My{Complaints: cases, Meetings: booked, Acts: r.begin()}
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

func (r *req) myCases() ([]parts.LinkCardOpts, error) {
	list, err := complaints.OfMobile(r.ctx, r.db, r.principal.mobile)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	about := map[int64]string{}
	for _, t := range topics {
		about[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	cards := make([]parts.LinkCardOpts, len(list))
	for i, c := range list {
		cards[i] = parts.LinkCardOpts{
			Title: about[c.TopicID], Note: r.t("complaint.state." + string(c.State)),
			Text: r.t("my.case", "date", messages.ShortDate(r.ctx, c.RegisteredAt), "code", unbroken(persian.ShowCode(c.Code))),
			Href: "/my/complaints/" + strconv.FormatInt(c.ID, 10), Icon: "message-square",
		}
	}
	return cards, nil
}

func (r *req) myMeetings() ([]parts.LinkCardOpts, error) {
	list, err := meetings.OfCitizenMobile(r.ctx, r.db, r.principal.mobile)
	if err != nil {
		return nil, err
	}
	cards := make([]parts.LinkCardOpts, len(list))
	for i, m := range list {
		cards[i] = parts.LinkCardOpts{
			Title: messages.DateTime(r.ctx, m.StartsAt), Note: r.t("meeting.state." + string(m.State)),
			Text: r.in(m.PostFA, m.PostEN), Href: "/my/meetings/" + strconv.FormatInt(m.ID, 10), Icon: "calendar-days",
		}
	}
	return cards, nil
}

// unbroken keeps a code on one line and in its own order.
func unbroken(code string) string { return isolated(strings.ReplaceAll(code, "-", "\u2011")) }
