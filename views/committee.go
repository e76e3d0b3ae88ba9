package views

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"pasokh/app/committees"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// CommitteeList is the page of all committees that the person may see.
type CommitteeList struct {
	Rows   []CommitteeRow
	Manage bool
}

// CommitteeRow is one committee of the list with its next sitting.
type CommitteeRow struct {
	committees.Committee
	Next *time.Time
}

// CommitteeForm makes or changes a committee.
type CommitteeForm struct {
	ID         int64
	Action     string
	Typed      url.Values
	Errors     Errors
	Weekdays   []parts.Option
	Executives []parts.Option
	Members    []MemberRow
}

// MemberRow is one member of the staff in the form, with the role chosen.
type MemberRow struct {
	Field string // of the role
	Name  string
	Unit  string
	Roles []parts.Option
}

// CommitteePage is one committee: members, what comes, what was.
type CommitteePage struct {
	committees.Committee
	Executive string
	Members   []MemberName
	Coming    []committees.ListedSitting
	Earlier   []committees.ListedSitting
	More      string
	Manage    bool
	Now       time.Time
}

// MemberName is a member with the role held.
type MemberName struct {
	Name string
	Role committees.Role
}

// SittingPage is one sitting: agenda, proposals, members, minutes, decisions.
type SittingPage struct {
	committees.Sitting
	Committee string
	Items     []SittingItem
	Proposals []ProposalGroup
	Sources   []parts.Option
	Attending []AttendingRow
	Decisions []DecisionRow
	Acts      []OfficeAct
	Form      OfficeForm
	Manage    bool
	Now       time.Time
}

// SittingItem is one line of an agenda as the reader may see it.
type SittingItem struct {
	ID                 int64
	Reason             committees.Reason
	Title, Note, Href  string
	Decide, Path       string // addresses of what can be done about it; empty = nothing
	First, Last, Quiet bool   // Quiet: kept from the reader
}

// ProposalGroup is what is proposed for one reason.
type ProposalGroup struct {
	Reason committees.Reason
	Rows   []Proposal
}

// Proposal is one case or directive that could be put on the agenda.
type Proposal struct{ Value, Title, Note, Href string }

// AttendingRow is one invited member.
type AttendingRow struct {
	committees.Attendance
	Name string
}

// DecisionRow is one decision of a sitting.
type DecisionRow struct {
	Href, Text, Unit string
	Due              time.Time
	State            parts.BadgeOpts
}

func (m *CommitteeForm) value(field string) string { return m.Typed.Get(field) }

func sittingLook(ctx context.Context, s committees.State) parts.BadgeOpts {
	tone, icon := parts.Info, "calendar-days"
	switch s {
	case committees.Invited:
		tone, icon = parts.Accent, "send"
	case committees.Held:
		tone, icon = parts.Success, "circle-check"
	case committees.Cancelled:
		tone, icon = parts.Warning, "x"
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "committee.state."+string(s)), Tone: tone, Icon: icon}
}

// WeekdayName is the day of the week by its index from Saturday.
func WeekdayName(ctx context.Context, day int) string {
	return messages.T(ctx, "committee.weekday."+strconv.Itoa(day))
}

func weekly(ctx context.Context, c *committees.Committee) string {
	clock := time.Date(2000, 1, 1, 0, c.FromMinute, 0, 0, time.UTC).Format("15:04")
	return messages.T(ctx, "committee.weekly", "day", WeekdayName(ctx, c.Weekday), "clock", messages.Digits(ctx, clock), "place", c.Place)
}

func attendanceLook(a *AttendingRow) parts.Tone {
	switch a.State {
	case committees.Present, committees.Represented:
		return parts.Success
	case committees.Absent:
		return parts.Warning
	}
	return parts.Info
}

func presenceOptions(ctx context.Context, chosen committees.Presence) []parts.Option {
	var list []parts.Option
	for _, p := range committees.Presences() {
		list = append(list, parts.Option{Value: string(p), Label: messages.T(ctx, "committee.presence."+string(p)), Selected: p == chosen})
	}
	return list
}

func (m *CommitteeForm) summary(ctx context.Context) parts.ErrorSummaryOpts {
	return m.Errors.Summary(ctx, "name_fa", "name_en", "executive", "weekday", "from", "long", "place", "members")
}
