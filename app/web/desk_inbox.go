package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/notify"
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
	if r.can("delivery:read") && !r.fragment() {
		if m.Troubles, err = notify.CountTroubles(r.ctx, r.db); err != nil {
			return err
		}
	}
	if !r.fragment() {
		if m.Announcements, err = tenants.Announcements(r.ctx, r.db, r.principal.actor.ID); err != nil {
			return err
		}
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
func (r *req) tabs() []complaints.Tab { return tabsOf(r.principal.actor, r.can) }

// firstTab is where the person's work begins.
func (r *req) firstTab() complaints.Tab {
	switch {
	case !r.principal.actor.SeesAll, r.principal.actor.InspectsOnly:
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
	m.Rows = make([]views.DeskRow, len(rows))
	back := q.with("after", q["after"]).to("")
	for i := range rows {
		m.Rows[i] = r.deskRow(&rows[i], about, back)
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
		m.BulkRefer, m.BulkAnswer = r.can("complaint:refer"), r.can("complaint:answer") && !r.can("complaint:triage") // the office answers nothing in bulk
		m.BulkRecall = m.BulkRefer && (q.tab() == complaints.TabStuck || q.tab() == complaints.TabOverdue)
	}
	return m, r.savedFilters(q, &m)
}

// surroundings is what rows of a list refer to: few, and read once for all.
type surroundings struct {
	topics     []tenants.Topic
	units      []tenants.Unit
	topicNames map[int64]string
	unitNames  map[int64]string
}

func (r *req) surroundings() (s surroundings, err error) {
	if s.topics, err = tenants.Topics(r.ctx, r.db); err != nil {
		return s, err
	}
	if s.units, err = tenants.Units(r.ctx, r.db); err != nil {
		return s, err
	}
	s.topicNames, s.unitNames = make(map[int64]string, len(s.topics)), make(map[int64]string, len(s.units))
	for i := range s.topics {
		s.topicNames[s.topics[i].ID] = r.in(s.topics[i].NameFA, s.topics[i].NameEN)
	}
	for i := range s.units {
		s.unitNames[s.units[i].ID] = r.in(s.units[i].NameFA, s.units[i].NameEN)
	}
	return s, nil
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
const snippetRunes = 100

// snippet is the beginning of a text on one line.
func snippet(text string) string {
	text = text[:runes(text, 2*snippetRunes)]
	if crooked(text) {
		text = strings.Join(strings.Fields(text), " ")
	}
	return strings.TrimSpace(text[:runes(text, snippetRunes)])
}

// crooked tells whether a text has line breaks, tabs or spaces in a row.
func crooked(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == ' ' && i > 0 && text[i-1] == ' ' {
			return true
		}
	}
	return false
}

// runes is how many bytes the first n characters of a text take.
func runes(text string, n int) int {
	for i := range text {
		if n--; n < 0 {
			return i
		}
	}
	return len(text)
}

// deskRow is one line of the list; back, behind its address, leads here again.
func (r *req) deskRow(row *complaints.Listed, about surroundings, back string) views.DeskRow {
	citizen := row.Citizen
	if row.Masked {
		citizen = r.t("confidential.masked")
	}
	if citizen == "" {
		citizen = r.t("desk.nameless")
	}
	if row.ParentID != nil {
		citizen = r.t("relations.internal")
	}
	complainants := 0
	if row.Members > 0 {
		complainants = row.Members + 1
	}
	return views.DeskRow{
		ID: row.ID, Href: casePath(row.ID) + back, Code: persian.ShowCode(row.Code),
		Topic: about.topicNames[row.TopicID], Snippet: snippet(row.Text),
		Citizen: citizen, Unit: about.unitNames[row.UnitID], Holder: r.in(row.HolderFA, row.HolderEN), State: row.State, Cycle: row.Cycle,
		Complainants: complainants, Follows: row.LeadID != nil, Part: row.ParentID != nil, Secret: row.Confidential, SourceDue: row.SourceDue,
		Version: row.Version, Kind: row.Kind, DueAt: row.DueAt, RegisteredAt: row.RegisteredAt, ClosedAt: row.ClosedAt,
	}
}

// filters offers what the list can be narrowed by, and shows what it is.
func (r *req) filters(q deskQuery, about surroundings, m *views.DeskInbox) {
	m.Search, m.Clear = q["q"], q.with("q", "", "topic", "", "unit", "", "kind", "", "channel", "").to("/desk")
	m.Topics = choose(about.topics, q["topic"], func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	if r.principal.actor.SeesAll {
		m.Units = choose(about.units, q["unit"], func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	} else if a := r.principal.actor; len(a.Below) > 0 {
		units := slices.DeleteFunc(slices.Clone(about.units), func(u tenants.Unit) bool { return !a.Covers(u.ID) })
		m.Units = choose(units, q["unit"], func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
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
