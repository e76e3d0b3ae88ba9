package views

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Calls is the list of feedback calls.
type Calls struct {
	List     complaints.CallList
	Counts   map[complaints.CallList]int
	Rows     []CallRow
	Attempts int // days before the supervisor is asked
	Next     string
	Now      time.Time
}

// CallRow is one case of the lists of calls.
type CallRow struct {
	ID                        int64
	Code, Topic, Name, Mobile string
	Text, Last                string
	Href, CaseHref            string
	Holder                    string // who is calling at this moment
	Mine, Nameless            bool
	Tries, Cycle              int
	CallAt, DueAt             time.Time
}

// Call is the page of one call.
type Call struct {
	ID                         int64
	Code, Path, CaseHref       string
	Topic, Name, Mobile, Dial  string
	Masked                     bool // confidential: the identity is asked for on the page of the case
	Text, Answer, Unit, Holder string
	State                      complaints.State
	Cycle, Tries, Attempts     int
	Waiting                    int // other calls that are due
	Held, Mine, Can            bool
	CallAt, DueAt, Now         time.Time
	Scripts                    []complaints.Script
	Calls                      []parts.Fact
	Moved                      string // why the act was not done
	Form                       CallForm
}

// CallForm is what was typed when the form came back.
type CallForm struct {
	Outcome, Conduct, Reason, Mobile string
	Errors
}

// SignOffs is the list of cases that wait for a supervisor.
type SignOffs struct {
	Rows     []SignOffRow
	Attempts int
	Next     string
	Now      time.Time
	Form     SignOffForm
}

// SignOffRow is one of them with its calls.
type SignOffRow struct {
	CallRow
	Ready bool // false while a nameless person still has time to answer
	Calls []parts.Fact
}

// SignOffForm is the form that came back.
type SignOffForm struct {
	ID           int64
	Act          string // approval, recall
	Note, Mobile string
	Errors
}

// on tells whether the form of the row is the one that came back.
func (f SignOffForm) on(row SignOffRow, act string) bool { return f.ID == row.ID && f.Act == act }

// err is the text beside a field of the row's form.
func (f SignOffForm) err(ctx context.Context, row SignOffRow, act, field string) string {
	if !f.on(row, act) {
		return ""
	}
	return f.Errors.Of(ctx, field)
}

func (f SignOffForm) value(row SignOffRow, act, typed string) string {
	if !f.on(row, act) {
		return ""
	}
	return typed
}

// callTabs are the lists of calls.
func callTabs(ctx context.Context, m Calls) []parts.Tab {
	return []parts.Tab{
		{Label: messages.T(ctx, "call.due"), Href: "/desk/calls", Count: m.Counts[complaints.CallsDue], Current: m.List == complaints.CallsDue},
		{Label: messages.T(ctx, "call.later"), Href: "/desk/calls?list=later", Count: m.Counts[complaints.CallsLater], Current: m.List == complaints.CallsLater},
	}
}

// triesText says how often it was tried and what the last try brought.
func triesText(ctx context.Context, row CallRow) string {
	if row.Tries == 0 {
		return messages.T(ctx, "call.never")
	}
	return messages.T(ctx, "call.tries", "n", row.Tries)
}

func outcomeChoices(ctx context.Context, chosen string) []parts.Choice {
	icons := map[string]string{"satisfied": "thumbs-up", "not_satisfied": "thumbs-down", "no_answer": "phone-off", "wrong_number": "circle-question-mark", "refuses": "circle-x"}
	var list []parts.Choice
	for _, o := range complaints.Outcomes() {
		list = append(list, parts.Choice{Value: o, Label: messages.T(ctx, "complaint.outcome."+o), Hint: messages.T(ctx, "call.outcome_hint."+o), Icon: icons[o], Checked: o == chosen})
	}
	return list
}

// nameOr is a person's name, or the word for somebody without one.
func nameOr(ctx context.Context, name string) string {
	if name == "" {
		return messages.T(ctx, "desk.nameless")
	}
	return name
}

// Visits is the plan of the field visits.
type Visits struct {
	View                    string // mine, day, unplanned
	Address                 string
	Day, DayName, TypedDay  string
	Today                   bool
	Previous, Next, ToToday string
	Mine, All, Unplanned    string // addresses of the tabs
	Agents, Districts       []parts.Option
	Rows                    []VisitRow
	More                    string
	Now                     time.Time
	Errors
}

// VisitRow is one visit.
type VisitRow struct {
	ID                             int64
	Code, Topic, Name, Text, Href  string
	Mobile, Dial, Address, Station string
	District, Agent, Lat, Lng      string
	AgentID                        int64
	State                          complaints.State
	Cycle                          int
	Made, Ticked                   bool
	DueAt                          time.Time
}

// Where is the place in one line.
func (v VisitRow) Where() string {
	where := ""
	for _, part := range []string{v.District, v.Station, v.Address} {
		if part == "" {
			continue
		}
		if where != "" {
			where += "، "
		}
		where += part
	}
	return where
}

// first tells whether the row begins another agent's day, last whether it ends it.
func (m *Visits) first(i int) bool { return i == 0 || m.Rows[i-1].AgentID != m.Rows[i].AgentID }
func (m *Visits) last(i int) bool {
	return i == len(m.Rows)-1 || m.Rows[i+1].AgentID != m.Rows[i].AgentID
}

// order is the place of the row in its agent's day.
func (m *Visits) order(i int) int {
	n := 1
	for ; !m.first(i); i-- {
		n++
	}
	return n
}

// act is the address of an act on a visit, that leads back to this list.
func (m *Visits) act(row VisitRow, act string) string {
	return row.Href + "/" + act + m.Address[len("/desk/visits"):]
}

func visitTabs(ctx context.Context, m Visits) []parts.Tab {
	return []parts.Tab{
		{Label: messages.T(ctx, "visit.mine"), Href: m.Mine, Current: m.View == "mine"},
		{Label: messages.T(ctx, "visit.all"), Href: m.All, Current: m.View == "day"},
		{Label: messages.T(ctx, "visit.unplanned"), Href: m.Unplanned, Current: m.View == "unplanned"},
	}
}

// Visit is the page of one field visit.
type Visit struct {
	ID                                int64
	Code, Path, CaseHref, DraftKey    string
	Topic, Name, Mobile, Dial, Masked string
	Text, Claim, Reason               string
	Lat, Lng                          string
	Place                             []parts.Fact
	Files                             []parts.FileItem
	State                             complaints.State
	Cycle                             int
	Planned                           *time.Time
	DueAt, Now                        time.Time
	Visits                            []VisitMade
	Sent, KeepsPlace                  bool
	Moved                             string
	Form                              VisitForm
}

// VisitMade is what was found on one visit.
type VisitMade struct {
	When, Finding, Lat, Lng string
	Resolved                bool
}

// VisitForm is the form that came back.
type VisitForm struct {
	Act                       string // finding, code, confirmation, denial
	Finding, Resolved, Reason string
	Shelf                     int64
	Shelved                   []parts.FileItem
	Errors
}

// photoTypes is what the chooser of photos offers.
const photoTypes = "image/jpeg,image/png,image/webp"

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// tickID is the id of a row's box; errors about the choice lead to the first.
func tickID(i int) string {
	if i == 0 {
		return "cases"
	}
	return "cases-" + strconv.Itoa(i+1)
}

// visitWhere is where to go; without an address, what it is about.
func visitWhere(ctx context.Context, row VisitRow) string {
	if where := row.Where(); where != "" {
		return where
	}
	return messages.T(ctx, "visit.no_address")
}

// photoHint says how many photos there can be and what is kept of their place.
func photoHint(ctx context.Context, m Visit) string {
	if m.KeepsPlace {
		return messages.T(ctx, "visit.photos_place")
	}
	return messages.T(ctx, "visit.photos_bare")
}
