package web

import (
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskMentions lists what colleagues have told the person.
func (w *web) deskMentions(r *req) error {
	all := r.query("tab") == "all"
	list, more, err := complaints.Mentions(r.ctx, r.db, r.principal.actor, !all, number(r.query("before")))
	if err != nil {
		return err
	}
	about, err := r.surroundings()
	if err != nil {
		return err
	}
	p := r.frame("mention.title")
	unread, err := complaints.Unread(r.ctx, r.db, r.principal.actor)
	if err != nil {
		return err
	}
	m := &views.DeskMentions{Unread: unread, Now: r.now(), Tabs: []parts.Tab{
		{Label: r.t("mention.tab.unread"), Href: "/desk/mentions", Count: unread, Current: !all},
		{Label: r.t("mention.tab.all"), Href: "/desk/mentions?tab=all", Current: all},
	}}
	for i := range list {
		m.Lines = append(m.Lines, r.mentionLine(&list[i], about))
	}
	if more {
		m.Next = "/desk/mentions?before=" + idText(list[len(list)-1].ID)
		if all {
			m.Next += "&tab=all"
		}
	}
	return r.page(parts.Desk, p, views.DeskMentionsPage(p, m))
}

func (r *req) mentionLine(line *complaints.Mentioned, about surroundings) views.MentionLine {
	v := views.MentionLine{
		ID: line.ID, By: r.in(line.ByFA, line.ByEN), What: r.t("mention.noted"), Text: line.Text, At: line.At, Read: line.ReadAt != nil,
		Code: persian.ShowCode(line.Code), Topic: about.topicNames[line.TopicID], Href: casePath(line.ComplaintID) + "#event-" + idText(line.EventID),
	}
	if line.Kind == "complaint.assigned" {
		v.What, v.Text = r.t("mention.assigned"), ""
	}
	return v
}

// deskMentionReading marks one as read.
func (w *web) deskMentionReading(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.Read(r.ctx, tx, id) }); err != nil {
		return err
	}
	return r.done("/desk/mentions")
}

// deskMentionReadings marks all of them as read.
func (w *web) deskMentionReadings(r *req) error {
	if err := r.write(func(tx *tenants.Tx) error { return complaints.Read(r.ctx, tx, 0) }); err != nil {
		return err
	}
	r.flash(parts.Success, "mention.all_read")
	return r.done("/desk/mentions")
}

// counts counts the cases of the tabs, and on the way what the bell shows.
func (r *req) counts(tabs ...complaints.Tab) (map[complaints.Tab]int, error) {
	actor := r.principal.actor
	counts, unread, err := complaints.CountsAndUnread(r.ctx, r.db, actor, notify.UnreadOf(r.db, actor.ID), tabs...)
	r.told = &unread
	return counts, err
}

// untold is how many notices of the system wait for the person.
func (r *req) untold() int {
	n, err := notify.Unread(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		r.w.Log.Warn("notifications", "request_id", requestID(r.c), "error", err)
	}
	return n
}

// unread is how many mentions wait for the person. Without the number a page
// is poorer but not wrong.
func (r *req) unread() int {
	if r.told != nil {
		return *r.told
	}
	if r.db == nil || r.fragment() {
		return 0
	}
	n := 0
	if r.can("complaint:read") {
		var err error
		if n, err = complaints.Unread(r.ctx, r.db, r.principal.actor); err != nil {
			r.w.Log.Warn("mentions", "request_id", requestID(r.c), "error", err)
		}
	}
	return n + r.untold()
}
