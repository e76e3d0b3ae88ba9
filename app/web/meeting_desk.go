package web

import (
	"slices"
	"strconv"
	"time"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/parts"
)

// meetingTab is one view of the office's list of meetings.
type meetingTab struct {
	key    string
	states []meetings.State
	today  bool // nothing before today
	newest bool // the latest first
	alert  bool
}

var meetingTabs = []meetingTab{
	{key: "requests", states: []meetings.State{meetings.Requested}, alert: true},
	{key: "coming", states: []meetings.State{meetings.Approved, meetings.CheckedIn, meetings.Called}, today: true},
	{key: "follow_up", states: []meetings.State{meetings.Held, meetings.FollowUp}},
	{key: "all", newest: true},
}

func meetingTabOf(key string) meetingTab {
	if at := slices.IndexFunc(meetingTabs, func(t meetingTab) bool { return t.key == key }); at >= 0 {
		return meetingTabs[at]
	}
	return meetingTabs[0]
}

// officeQuery is what the address of a list says, of these keys.
func (r *req) officeQuery(keys ...string) deskQuery {
	q := deskQuery{}
	for _, key := range keys {
		if v := r.query(key); v != "" {
			q[key] = v
		}
	}
	return q
}

func (q deskQuery) number(key string) int64 {
	n, _ := strconv.ParseInt(q[key], 10, 64) // a broken number narrows nothing
	return max(n, 0)
}

// meetingDesk lists the requests to review and the meetings to come.
func (w *web) meetingDesk(r *req) error {
	q := r.officeQuery("tab", "executive", "state", "after")
	tab := meetingTabOf(q["tab"])
	f := meetings.Filter{States: tab.states, ExecutiveID: q.number("executive"), After: q.number("after"), Newest: tab.newest}
	if state := meetings.State(q["state"]); slices.Contains(meetings.States(), state) {
		f.States = []meetings.State{state}
	}
	if tab.today {
		f.From = startOfDay(r.now())
	}
	rows, more, err := meetings.List(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	m := views.MeetingDesk{Key: tab.key, Rows: rows, Now: r.now(), Book: r.can("meeting:book"), Day: r.can("meeting:run")}
	if more {
		m.Next = q.with("after", idText(rows[len(rows)-1].ID)).to("/desk/meetings")
	}
	if q["after"] != "" {
		m.First = q.with().to("/desk/meetings")
	}
	if err := r.meetingFilters(q, tab, &m); err != nil {
		return err
	}
	if m.Day {
		if m.Appeals, err = meetings.CountAppeals(r.ctx, r.db); err != nil {
			return err
		}
	}
	p := r.frame("meeting_desk.title")
	return r.page(parts.Desk, p, views.MeetingDeskPage(p, m))
}

// meetingFilters fills tabs, filters and what an empty list says.
func (r *req) meetingFilters(q deskQuery, tab meetingTab, m *views.MeetingDesk) error {
	waiting, err := meetings.Count(r.ctx, r.db, meetings.Requested)
	if err != nil {
		return err
	}
	for _, t := range meetingTabs {
		item := parts.Tab{Label: r.t("meeting_desk.tab." + t.key), Href: deskQuery{"tab": t.key}.to("/desk/meetings"), Alert: t.alert, Current: t.key == tab.key}
		if t.key == "requests" {
			item.Count = waiting
		}
		m.Tabs = append(m.Tabs, item)
	}
	if m.Executives, err = r.executiveOptions(q["executive"]); err != nil {
		return err
	}
	states := tab.states
	if len(states) == 0 {
		states = meetings.States()
	}
	m.States = choose(states, q["state"], func(s meetings.State) (string, string) { return string(s), r.t("meeting.state." + string(s)) })
	m.Clear = deskQuery{"tab": tab.key}.to("/desk/meetings")
	m.Chips = r.chips(q, "/desk/meetings", chipOf{"executive", "meeting.with", m.Executives}, chipOf{"state", "desk.column.state", m.States})
	m.Empty = parts.EmptyOpts{Icon: "calendar-days", Title: r.t("meeting_desk.empty." + tab.key), Text: r.t("meeting_desk.empty." + tab.key + "_text")}
	if len(m.Chips) > 0 {
		m.Empty = parts.EmptyOpts{Icon: "search", Title: r.t("meeting_desk.empty.search"), Text: r.t("meeting_desk.empty.search_text")}
	}
	return nil
}

// executiveOptions offers the active executives.
func (r *req) executiveOptions(chosen string) ([]parts.Option, error) {
	list, err := directives.Executives(r.ctx, r.db)
	return choose(list, chosen, func(e directives.Executive) (string, string) { return idText(e.ID), r.in(e.PostFA, e.PostEN) }), err
}

// chipOf is one filter as a removable chip.
type chipOf struct {
	key, label string
	options    []parts.Option
}

func (r *req) chips(q deskQuery, path string, list ...chipOf) []parts.Chip {
	var chips []parts.Chip
	for _, f := range list {
		if at := slices.IndexFunc(f.options, func(o parts.Option) bool { return o.Selected }); at >= 0 {
			chips = append(chips, parts.Chip{Label: r.t(f.label), Value: f.options[at].Label, Remove: q.with(f.key, "").to(path)})
		}
	}
	return chips
}

// startOfDay is midnight in Tehran of the day of t.
func startOfDay(t time.Time) time.Time {
	return persian.DateOf(t.In(persian.Tehran)).Time(0, 0, persian.Tehran).UTC()
}
