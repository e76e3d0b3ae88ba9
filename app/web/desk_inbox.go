package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// desk is the inbox: the cases of one tab, most urgent first. With case in the
// address that case stands beside the list.
func (w *web) desk(r *req) error {
	q := r.deskQuery()
	if len(q) == 0 {
		q = deskQuery{"tab": string(r.firstTab())}
	}
	rows, more, err := complaints.List(r.ctx, r.db, r.principal.actor, q.filter())
	if err != nil {
		return err
	}
	if to, only := r.exactly(q, rows); only {
		return r.done(to)
	}
	m, err := r.inbox(q, rows, more)
	if err != nil {
		return err
	}
	p := r.frame("desk.title")
	markUnit(&p, m.Counts)
	if err := w.besideList(r, q, &m); err != nil {
		return err
	}
	return r.page(parts.Desk, p, views.DeskInboxPage(p, m), views.DeskList(m))
}

// exactly is where a search by tracking code leads: to the case itself.
func (r *req) exactly(q deskQuery, rows []complaints.Listed) (to string, only bool) {
	_, isCode := persian.ParseCode(q["q"])
	if !isCode || len(rows) != 1 || len(q) != 1 || r.fragment() {
		return "", false
	}
	return casePath(rows[0].ID), true
}

func casePath(id int64) string { return "/desk/complaints/" + idText(id) }

// besideList puts the chosen case into the second pane of the page.
func (w *web) besideList(r *req, q deskQuery, m *views.DeskInbox) error {
	id := number(r.query("case"))
	if id == 0 || r.fragment() {
		return nil
	}
	var err error
	m.Case, err = r.caseOf(id, q, views.DeskForms{})
	m.Selected = id
	return err
}

// tabs lists the inboxes that mean something to the person: who sees only the
// own unit's cases has no use for the office's.
func (r *req) tabs() []complaints.Tab {
	if r.principal.actor.SeesAll {
		return slices.DeleteFunc(complaints.Tabs(), func(t complaints.Tab) bool {
			return t == complaints.TabStuck && !r.can("complaint:sign_off") // the PR manager's list
		})
	}
	return []complaints.Tab{complaints.TabUnit, complaints.TabMine, complaints.TabOverdue, complaints.TabOpen, complaints.TabClosed}
}

// firstTab is where the person's work begins.
func (r *req) firstTab() complaints.Tab {
	switch {
	case !r.principal.actor.SeesAll:
		return complaints.TabUnit
	case r.can("complaint:triage"):
		return complaints.TabNew
	case r.can("complaint:feedback"):
		return complaints.TabFeedback
	case r.can("complaint:visit"):
		return complaints.TabFollowup
	}
	return complaints.TabOpen
}

// inbox makes the page of a list.
func (r *req) inbox(q deskQuery, rows []complaints.Listed, more bool) (views.DeskInbox, error) {
	m := views.DeskInbox{Query: q.to("/desk"), Tab: q.tab(), Now: r.now()}
	var err error
	if m.Counts, err = r.counts(r.tabs()...); err != nil {
		return m, err
	}
	for _, tab := range r.tabs() {
		m.Tabs = append(m.Tabs, parts.Tab{
			Label: r.t("complaint.tab." + string(tab)), Href: deskQuery{"tab": string(tab)}.to("/desk"),
			Count: m.Counts[tab], Alert: tab == complaints.TabOverdue || tab == complaints.TabStuck, Current: tab == q.tab(), Key: "tab-" + string(tab),
		})
	}
	about, err := r.surroundings()
	if err != nil {
		return m, err
	}
	for i := range rows {
		m.Rows = append(m.Rows, r.deskRow(&rows[i], about, q))
	}
	if more {
		m.Next = q.with("after", placeAfter(rows[len(rows)-1], q.tab())).to("/desk")
	}
	if q["after"] != "" {
		m.First = q.with().to("/desk")
	}
	m.Results = r.results(q, len(rows), more, m.Counts[q.tab()])
	m.Empty = r.emptyInbox(q)
	r.filters(q, about, &m)
	if q.tab() != complaints.TabClosed {
		m.BulkRefer, m.BulkAnswer = r.can("complaint:refer"), r.can("complaint:answer")
	}
	return m, r.savedFilters(q, &m)
}

// surroundings is what rows of a list refer to: few, and read once for all.
type surroundings struct {
	topics []tenants.Topic
	units  []tenants.Unit
}

func (r *req) surroundings() (s surroundings, err error) {
	if s.topics, err = tenants.Topics(r.ctx, r.db); err != nil {
		return s, err
	}
	s.units, err = tenants.Units(r.ctx, r.db)
	return s, err
}

func (s surroundings) topic(r *req, id int64) string {
	at := slices.IndexFunc(s.topics, func(t tenants.Topic) bool { return t.ID == id })
	if at < 0 {
		return ""
	}
	return r.in(s.topics[at].NameFA, s.topics[at].NameEN)
}

func (s surroundings) unit(r *req, id int64) string {
	at := slices.IndexFunc(s.units, func(u tenants.Unit) bool { return u.ID == id })
	if at < 0 {
		return ""
	}
	return r.in(s.units[at].NameFA, s.units[at].NameEN)
}

// results says how many cases the list has, as far as that is known.
func (r *req) results(q deskQuery, rows int, more bool, counted int) string {
	switch {
	case !q.narrowed() && counted > 0 && counted < 1000:
		return r.t("desk.results", "n", counted)
	case q["after"] != "":
		return ""
	case more:
		return r.t("desk.results_more", "n", rows)
	}
	return r.t("desk.results", "n", rows)
}

// emptyInbox says what a list without rows means, and what to do next.
func (r *req) emptyInbox(q deskQuery) parts.EmptyOpts {
	if q.narrowed() || q.tab() == "" {
		return parts.EmptyOpts{Icon: "search", Title: r.t("desk.empty.search"), Text: r.t("desk.empty.search_text")}
	}
	icons := map[complaints.Tab]string{complaints.TabOverdue: "circle-check", complaints.TabStuck: "circle-check", complaints.TabFeedback: "phone", complaints.TabFollowup: "map-pin", complaints.TabClosed: "archive"}
	key := "desk.empty." + string(q.tab())
	return parts.EmptyOpts{Icon: icons[q.tab()], Title: r.t(key), Text: r.t(key + "_text")}
}

// snippetRunes is how much of a message a row shows at most.
const snippetRunes = 140

func (r *req) deskRow(row *complaints.Listed, about surroundings, q deskQuery) views.DeskRow {
	text := []rune(strings.Join(strings.Fields(row.Text), " "))
	citizen := row.Citizen
	if citizen == "" {
		citizen = r.t("desk.nameless")
	}
	return views.DeskRow{
		ID: row.ID, Href: q.with("after", q["after"]).to(casePath(row.ID)), Code: persian.ShowCode(row.Code),
		Topic: about.topic(r, row.TopicID), Snippet: string(text[:min(len(text), snippetRunes)]),
		Citizen: citizen, Unit: about.unit(r, row.UnitID), Holder: r.in(row.HolderFA, row.HolderEN), State: row.State, Cycle: row.Cycle,
		Version: row.Version, Kind: row.Kind, DueAt: row.DueAt, RegisteredAt: row.RegisteredAt, ClosedAt: row.ClosedAt,
		SourceDue: row.SourceDue,
	}
}

// filters offers what the list can be narrowed by, and shows what it is.
func (r *req) filters(q deskQuery, about surroundings, m *views.DeskInbox) {
	m.Search, m.Clear = q["q"], q.with("q", "", "topic", "", "unit", "", "kind", "", "channel", "").to("/desk")
	m.Topics = choose(about.topics, q["topic"], func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	if r.principal.actor.SeesAll {
		m.Units = choose(about.units, q["unit"], func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	}
	m.Kinds = choose(complaints.Kinds(), q["kind"], func(k complaints.Kind) (string, string) {
		return string(k), r.t("complaint.kind." + string(k))
	})
	m.Channels = choose(complaints.Channels(), q["channel"], func(c string) (string, string) { return c, r.t("complaint.channel." + c) })
	if q["q"] != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("desk.search"), Value: q["q"], Remove: q.with("q", "").to("/desk")})
	}
	for _, f := range []struct {
		key  string
		list []parts.Option
	}{{"topic", m.Topics}, {"unit", m.Units}, {"kind", m.Kinds}, {"channel", m.Channels}} {
		if at := slices.IndexFunc(f.list, func(o parts.Option) bool { return o.Selected }); at >= 0 {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("desk." + f.key), Value: f.list[at].Label, Remove: q.with(f.key, "").to("/desk")})
		}
	}
}

// choose makes the options of a select; the chosen value is marked.
func choose[T any](list []T, chosen string, of func(T) (value, label string)) []parts.Option {
	options := make([]parts.Option, len(list))
	for i, item := range list {
		value, label := of(item)
		options[i] = parts.Option{Value: value, Label: label, Selected: value == chosen}
	}
	return options
}

// number reads an id of an address; 0, which names nothing, when it is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// idText writes an id as forms and addresses carry it.
func idText(id int64) string { return strconv.FormatInt(id, 10) }

// markUnit shows in the side bar what waits for the person's unit.
func markUnit(p *parts.Page, counts map[complaints.Tab]int) {
	for i := range p.Nav {
		if p.Nav[i].Key == "nav-inbox" {
			p.Nav[i].Count = counts[complaints.TabUnit]
		}
	}
}
