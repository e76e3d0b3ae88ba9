package complaints

import (
	"context"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Tab is one of the desk's inboxes.
type Tab string

// The tabs of the desk, in their order.
const (
	TabNew      Tab = "new"      // nobody has looked at it
	TabMine     Tab = "mine"     // in the actor's own hands
	TabUnit     Tab = "unit"     // with the actor's unit
	TabOverdue  Tab = "overdue"  // whoever has it is late
	TabStuck    Tab = "stuck"    // at the top of its ladder: no clock will wake it any more
	TabFeedback Tab = "feedback" // waiting for the call
	TabFollowup Tab = "followup" // special follow-up
	TabOpen     Tab = "open"     // everything that still needs somebody
	TabClosed   Tab = "closed"
)

// Tabs lists the tabs in their order.
func Tabs() []Tab {
	return []Tab{TabNew, TabMine, TabUnit, TabOverdue, TabStuck, TabFeedback, TabFollowup, TabOpen, TabClosed}
}

// Filter narrows a list of cases; zero values narrow nothing.
type Filter struct {
	Tab     Tab
	Text    string // searched without regard to letter forms, digits and half-spaces
	TopicID int64
	UnitID  int64
	Kind    Kind
	Channel string
	Among   *tenants.Query // ids that come into question; nil for all
	After   Cursor         // the last row of the page before
	Limit   int            // rows of a page, 50 when zero
}

// Cursor is the place of a row in the order of a list: due time, then ID.
type Cursor struct {
	Due time.Time
	ID  ID
}

// Listed is one row of a list.
type Listed struct {
	ID           ID
	Code         string
	Kind         Kind
	Channel      string
	SourceDue    *time.Time // by the source's own clock
	State        State
	Text         string // its beginning
	Cycle        int
	Version      int
	TopicID      int64
	UnitID       int64
	HolderFA     string `bun:"holder_fa"`
	HolderEN     string `bun:"holder_en"`
	CitizenID    *int64
	Citizen      string `sealed:"citizens.name,row=CitizenID"` // empty in a confidential case, see Reveal
	Confidential bool
	Masked       bool // there is a citizen who is not told
	RegisteredAt time.Time
	PromisedAt   time.Time
	DueAt        time.Time
	ClosedAt     *time.Time
	LeadID       *ID // of the cluster it is a member of
	ParentID     *ID // of the case that waits for it
	Members      int // other complainants whose cases were merged into this one
}

const (
	pageSize = 50
	// snippetRunes is how much of its text a row carries.
	snippetRunes = 160
)

// List reads one page of cases that the actor may see, most urgent first, and
// tells whether there is a next page. One statement, which chooses the page
// before it joins anything, so that its plan is right for an organization of any
// size; topics and units are few and known to the page, so they are not joined.
func List(ctx context.Context, r tenants.Reader, actor tenants.Actor, f Filter) (rows []Listed, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	q, err := found(ctx, r, filtered(r, actor, f), f.Text)
	if err != nil {
		return nil, false, err
	}
	order := "c.due_at, c.id"
	if f.Tab == TabClosed {
		order = "c.closed_at DESC, c.id DESC"
	}
	q = after(q, f).OrderExpr(order).Limit(int64(f.Limit)+1).
		ColumnExpr("c.id, c.code, c.kind, c.channel, c.external_due_at AS source_due, c.state, substr(c.text, 1, ?) AS text, c.cycle, c.version, c.confidential", snippetRunes).
		ColumnExpr("c.topic_id, c.unit_id, c.holder_id, c.citizen_id, c.registered_at, c.promised_at, c.due_at, c.closed_at, c.lead_id, c.parent_id")
	err = r.Around((*Complaint)(nil), q).
		ColumnExpr("c.id, c.code, c.kind, c.channel, c.source_due, c.state, c.text, c.cycle, c.version, c.confidential, c.confidential AND c.citizen_id IS NOT NULL AS masked").
		ColumnExpr("c.topic_id, c.unit_id, c.registered_at, c.promised_at, c.due_at, c.closed_at, c.lead_id, c.parent_id, c.citizen_id").
		ColumnExpr("(SELECT count(*) FROM ? WHERE member.lead_id = c.id) AS members", r.From((*member)(nil))).
		ColumnExpr("coalesce((SELECT "+tenants.SubjectColumn("citizen", "name")+" FROM ? WHERE citizen.id = c.citizen_id AND NOT c.confidential), '') AS citizen", r.From((*citizens.Citizen)(nil))).
		ColumnExpr("coalesce(staff.name_fa, '') AS holder_fa, coalesce(staff.name_en, '') AS holder_en").
		Join("LEFT JOIN ? ON staff.id = c.holder_id", r.From((*staff.Staff)(nil))).
		OrderExpr(order).Scan(ctx, &rows)
	tenants.Reveal(r, rows)
	if err != nil {
		return nil, false, fault.Wrap(err, "complaints.List")
	}
	if len(rows) > f.Limit {
		return rows[:f.Limit], true, nil
	}
	return rows, false, nil
}

// filtered is the query that a tab, its filters and its count share.
func filtered(r tenants.Reader, actor tenants.Actor, f Filter) *tenants.Query {
	q := visible(r, r.Select((*Complaint)(nil)), actor)
	q = f.Tab.narrow(q, actor, r.Now())
	if f.Text == "" {
		q = f.Tab.withoutResting(q)
	}
	if f.Tab == TabStuck {
		q = q.Where(unwatched, r.From((*head)(nil)), r.From((*head)(nil)))
	}
	if f.TopicID != 0 {
		q = q.Where("c.topic_id = ?", f.TopicID)
	}
	if f.UnitID != 0 {
		q = q.Where("c.unit_id = ?", f.UnitID)
	}
	if f.Kind != "" {
		q = q.Where("c.kind = ?", f.Kind)
	}
	if f.Channel != "" {
		q = q.Where("c.channel = ?", f.Channel)
	}
	if f.Among != nil {
		q = q.Where("c.id IN (?)", f.Among)
	}
	return q
}

// fewFound is up to how many cases a search looks up by its words first. With
// more, the words are so common that the list's own order soon meets a page.
const fewFound = 1000

// found narrows a list to the cases that hold every word of the text, or one
// that begins with it.
func found(ctx context.Context, r tenants.Reader, q *tenants.Query, text string) (*tenants.Query, error) {
	words := searchWords(text)
	blind := strings.Fields(r.BlindWords(strings.Join(words, " "))) // a person's own words lie sealed, and are found whole
	switch {
	case strings.TrimSpace(text) == "":
		return q, nil
	case len(words) == 0: // signs only
		return q.Where("1 = 0"), nil
	}
	ids, all, err := r.ComplaintsWith(ctx, words, fewFound)
	if err != nil {
		return nil, fault.Wrap(err, "complaints.List")
	}
	if all {
		return q.Where("c.id = ?", tenants.AnyFound(ids)), nil
	}
	for i, word := range words {
		// The CASE hides from the planner what it would guess wrong: that nearly no
		// case matches, so that reading and sorting all is as good as their order.
		q = q.Where("CASE WHEN ' ' || c.search_key LIKE ? OR ' ' || c.search_key LIKE ? THEN TRUE ELSE FALSE END", "% "+word+"%", "% "+blind[i]+"%")
	}
	return q, nil
}

// after narrows a list to what follows its cursor: in the order of what is due,
// or from the one closed last.
func after(q *tenants.Query, f Filter) *tenants.Query {
	switch {
	case f.After.Due.IsZero():
		return q
	case f.Tab == TabClosed:
		return q.Where("(c.closed_at, c.id) < (?, ?)", f.After.Due, f.After.ID)
	}
	return q.Where("(c.due_at, c.id) > (?, ?)", f.After.Due, f.After.ID)
}

func (t Tab) narrow(q *tenants.Query, actor tenants.Actor, now time.Time) *tenants.Query {
	switch t {
	case TabNew:
		return q.Where("c.state IN ('registered', 'triage')")
	case TabMine:
		return q.Where("c.state <> 'closed' AND c.holder_id = ?", actor.ID)
	case TabUnit:
		return q.Where("c.state <> 'closed' AND c.unit_id = ?", actor.UnitID)
	case TabOverdue:
		return q.Where("c.state <> 'closed' AND c.due_at < ?", now)
	case TabStuck:
		return q.Where("c.state <> 'closed' AND c.next_clock_at IS NULL")
	case TabFeedback:
		return q.Where("c.state = 'feedback'")
	case TabFollowup:
		return q.Where("c.state IN ('special_followup', 'awaiting_confirmation')")
	case TabClosed:
		return q.Where("c.state = 'closed' AND c.fact <> ?", EnteredByMistake) // what an import brought by mistake never was
	case TabOpen:
		return q.Where("c.state <> 'closed' AND c.due_at > ?", time.Unix(0, 0).UTC()) // names the order, and with it the index
	}
	return q
}

// searchWords turns what was typed into the words to look for; a tracking code
// in any writing becomes its canonical form.
func searchWords(text string) []string {
	if code, ok := persian.ParseCode(text); ok {
		return []string{persian.SearchKey(code)}
	}
	if mobile, ok := persian.Mobile(text); ok {
		return []string{strings.TrimPrefix(mobile, "+98")}
	}
	words := strings.Fields(persian.SearchKey(text))
	return words[:min(len(words), 6)]
}

// ofMobileLimit is how many cases a number's own list shows at most.
const ofMobileLimit = 300

// OfMobile lists the cases of a verified mobile number for the person whose it
// is, those that are open first, then the newest.
func OfMobile(ctx context.Context, r tenants.Reader, mobile string) ([]Complaint, error) {
	var list []Complaint
	return list, tenants.Err(ofMobile(r, &list, mobile).Scan(ctx))
}

// OfCaller is OfMobile for staff. Confidential cases are left out for everybody,
// inspection too: who stands beside such a case is not to be found in passing.
func OfCaller(ctx context.Context, r tenants.Reader, mobile string) ([]Complaint, error) {
	var list []Complaint
	return list, tenants.Err(ofMobile(r, &list, mobile).Where("NOT c.confidential").Scan(ctx))
}

func ofMobile(r tenants.Reader, list *[]Complaint, mobile string) *tenants.Query {
	return r.Select(list).Join("JOIN ? ON citizen.id = c.citizen_id", r.From((*citizens.Citizen)(nil))).
		Where("citizen.mobile = ? AND c.fact <> ?", r.Blind("mobile", mobile), EnteredByMistake).OrderExpr("CASE WHEN c.state = 'closed' THEN 1 ELSE 0 END, c.id DESC").Limit(ofMobileLimit)
}

// OpenAbout lists the open cases of a caller for staff, for the intake's
// duplicate hint; as in OfCaller none that is confidential.
func OpenAbout(ctx context.Context, r tenants.Reader, mobile string, topic int64) ([]Complaint, error) {
	var list []Complaint
	q := r.Select(&list).Join("JOIN ? ON citizen.id = c.citizen_id", r.From((*citizens.Citizen)(nil))).
		Where("citizen.mobile = ? AND c.state <> 'closed' AND NOT c.confidential", r.Blind("mobile", mobile)).Order("c.id DESC").Limit(10)
	if topic != 0 {
		q = q.Where("c.topic_id = ?", topic)
	}
	return list, tenants.Err(q.Scan(ctx))
}
