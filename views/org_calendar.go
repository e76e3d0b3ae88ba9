package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Moves is what another calendar would do to open promises, before it is
// entered.
type Moves struct {
	Title    string // «اگر ثبت شود» when empty
	What     string // what is about to be entered, in words
	Promises int
	Units    int
	More     bool // there are more cases than a preview looks at
	Samples  []MovedPromise
}

// MovedPromise is one promise that would move.
type MovedPromise struct {
	Code, Href string
	From, To   time.Time
}

// text says it in one sentence.
func (m *Moves) text(ctx context.Context) string {
	key := "calendar.moves"
	switch {
	case m.Promises == 0 && m.Units == 0 && !m.More:
		key = "calendar.moves_none"
	case m.More:
		key = "calendar.moves_more"
	}
	return messages.T(ctx, key, "n", m.Promises, "units", m.Units)
}

// OrgCalendar is the working week.
type OrgCalendar struct {
	Tabs   []parts.Tab
	Days   []OrgDay
	Weeks  []OrgWeek // newest first
	Units  []parts.Choice
	Typed  map[string]string
	Errors Errors
	Moves  *Moves // of what was typed
	Seal   string
	Action string
}

// fields are the fields of the form, for the error summary.
func (m *OrgCalendar) fields() []string {
	list := []string{"from_day"}
	for _, d := range m.Days {
		list = append(list, d.Field)
	}
	return list
}

// OrgDay is one day of the week and its field.
type OrgDay struct{ Field, Name string }

// OrgWeek is one version of the week in words.
type OrgWeek struct {
	From                           string // empty: from the beginning
	Lines                          []string
	InForce, Planned, WorksHoliday bool
}

// OrgClosures are closures and late starts.
type OrgClosures struct {
	Tabs         []parts.Tab
	Coming, Past []OrgClosure
	Typed        map[string]string
	Errors       Errors
	Moves        *Moves
	Seal         string
	Action       string
}

// OrgClosure is one closure.
type OrgClosure struct{ Name, Date, Time, Remove string }

// OrgClosureRemoval asks whether a closure is taken back.
type OrgClosureRemoval struct {
	OrgClosure
	Back  string
	Moves *Moves
}

// OrgHolidays are the holidays of one Solar Hijri year.
type OrgHolidays struct {
	Tabs             []parts.Tab
	Year, Prev, Next string
	Days             []OrgHoliday
	NoLunar          bool   // the holidays of the lunar calendar are missing
	Lines, URL       string // as they were typed
	Trial            string
	Errors           Errors
}

// OrgHoliday is one day.
type OrgHoliday struct {
	Day, Date, Name, Remove string
	Own, Fixed, Past        bool
}

// OrgHolidayTrial says what an import would do.
type OrgHolidayTrial struct {
	Rows         []OrgHolidayLine
	Good, Bad    int
	Lines        string // what would be entered, for the entry
	Back, Action string
	Moves        *Moves
}

// OrgHolidayLine is one line of the file; Problem and Skip are message keys.
type OrgHolidayLine struct {
	Line                      int
	Date, Name, Problem, Skip string
}

// OrgClasses are the service levels in force.
type OrgClasses struct {
	Tabs    []parts.Tab
	Classes []OrgClass
}

// OrgClassForm is the form of a service level.
type OrgClassForm struct {
	Title, Back, Action string
	Current             bool
	Next                int // the version that would be entered
	Typed               map[string]string
	Units               map[string][]parts.Option // of every field with a length of time
	Rungs               []OrgRungForm
	Versions            []OrgClass // newest first
	Errors              Errors
}

// AddUnits offers the units of a field with a length of time.
func (m *OrgClassForm) AddUnits(field string, units []parts.Option) {
	if m.Units == nil {
		m.Units = map[string][]parts.Option{}
	}
	m.Units[field] = units
}

// OrgRungForm is one line of the ladder's form.
type OrgRungForm struct {
	Field           string
	Roles, Channels []parts.Option
}

// rungAttrs ties the fields of the ladder to its error.
func rungAttrs(m *OrgClassForm) templ.Attributes {
	if m.Errors["rungs"] == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": "rungs"}
}

// holidayList says whose list a holiday stands in.
func holidayList(ctx context.Context, h OrgHoliday) string {
	switch {
	case h.Own:
		return messages.T(ctx, "holiday.own")
	case h.Fixed:
		return messages.T(ctx, "holiday.solar")
	}
	return messages.T(ctx, "holiday.lunar")
}

func trialTone(l OrgHolidayLine) parts.Tone {
	if l.Problem != "" {
		return parts.Danger
	}
	return parts.Neutral
}

// used is how many lines of the ladder are shown at once: those that are filled
// in.
func (m *OrgClassForm) used() int {
	used := 1
	for i, r := range m.Rungs {
		if m.Typed[r.Field+"_role"] != "" || m.Typed[r.Field] != "" {
			used = i + 1
		}
	}
	return used
}
