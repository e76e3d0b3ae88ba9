package views

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"pasokh/app/citizens"
	"pasokh/app/notify"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// MeetingDesk is one page of the office's list of meetings.
type MeetingDesk struct {
	Tab                parts.Tab // the current one
	Tabs               []parts.Tab
	Key                string // of the current tab
	Rows               []meetings.Listed
	Executives, States []parts.Option
	Chips              []parts.Chip
	Clear, Next, First string
	Empty              parts.EmptyOpts
	Book, Day          bool // what the person may do from here
	Now                time.Time
	Appeals            int // explanations of absences that wait
}

// MeetingFile is one meeting as the office sees it.
type MeetingFile struct {
	*meetings.Listed
	Citizen *citizens.Citizen
	Phones  bool       // the reader is shown the whole number
	Case    *DeskOther // the case it is about
	Cases   []DeskOther
	Others  []meetings.Listed   // earlier and later meetings of the same person
	Orders  []directives.Listed // of this meeting
	Open    []directives.Listed // about the same person, from elsewhere
	Files   []parts.FileItem

	Deliveries []notify.Message // that were sent about it
	MayResend  bool             // them, when they did not arrive
	Timeline   []parts.TimelineItem
	Acts       []OfficeAct
	Form       OfficeForm
	Slots      []parts.Option // to which the meeting can move
	Now        time.Time
	Linked     bool   // directives may be opened
	Begin      string // what the minutes begin with: the draft, else the template
	Day        string
	Same       []meetings.Listed // open and recent requests of the person, while this one is decided
	Routed     *DeskOther        // the case that the request became
	Topics     []parts.Option    // for the case that it may become
	Units      []parts.Option
}

// OfficeAct is one act on a meeting or directive: a form of its own below its
// button, a plain button, or a way to another page.
type OfficeAct struct {
	Name   string // words are meeting_desk.act.<name>; the form posts to its Path
	Path   string
	Icon   string
	Plain  bool   // nothing to fill in
	Href   string // leads to a page instead
	Danger bool
	Aside  bool // never the act that is expected now
	Files  bool
}

// OfficeForm is the form of an act that came back, and why.
type OfficeForm struct {
	Act     string
	Of      string // distinguishes forms of the same act on one page
	From    string // the page that the act is done on, when not the thing's own
	Typed   url.Values
	Errors  Errors
	Notice  string // the thing has moved on
	Parts   bool   // a report leaves parts out that are not in
	Lost    string // what was typed and could not be kept in its form
	Shelf   int64
	Shelved []parts.FileItem
}

func (f *OfficeForm) back(act string) bool { return f.Act == act && f.Typed != nil && f.Notice == "" }

func (f *OfficeForm) id(act, field string) string {
	if f.Of != "" {
		return act + "-" + f.Of + "-" + field
	}
	return act + "-" + field
}

func (f *OfficeForm) value(act, field, otherwise string) string {
	if !f.back(act) {
		return otherwise
	}
	return f.Typed.Get(field)
}

func (f *OfficeForm) err(ctx context.Context, act, field string) string {
	if !f.back(act) {
		return ""
	}
	return f.Errors.Of(ctx, field)
}

func (f *OfficeForm) shelved(act string) []parts.FileItem {
	if !f.back(act) {
		return nil
	}
	return f.Shelved
}

// summary lists the errors of the form, leading to its own ids.
func (f *OfficeForm) summary(ctx context.Context, act string) parts.ErrorSummaryOpts {
	if !f.back(act) {
		return parts.ErrorSummaryOpts{}
	}
	o := f.Errors.Summary(ctx, "move", "behind", "executive", "unit", "text", "minutes", "people_met", "slot", "due", "due_time", "reason", "note", "without", "title", "deputy", "confidential",
		"part_unit_0", "part_text_0", "part_due_0", "part_unit_1", "part_text_1", "part_due_1", "part_unit_2", "part_text_2", "part_due_2", "file", "topic", "address")
	for i := range o.Items {
		if o.Items[i].Field != "" {
			o.Items[i].Field = f.id(act, o.Items[i].Field)
		}
	}
	return o
}

// meetingLook is the sign and tone of a meeting's state, the same on every
// page of the office.
func meetingLook(ctx context.Context, s meetings.State) parts.BadgeOpts {
	icons := map[meetings.State]string{
		meetings.Requested: "flag", meetings.Approved: "calendar-check", meetings.CheckedIn: "user-check", meetings.Called: "megaphone",
		meetings.Held: "check", meetings.FollowUp: "scroll-text", meetings.Closed: "circle-check", meetings.Refused: "circle-x",
		meetings.Cancelled: "calendar-x", meetings.Absent: "user-x",
	}
	tone := meetingTone(s)
	switch s {
	case meetings.Requested:
		tone = parts.Warning
	case meetings.CheckedIn:
		tone = parts.Success
	case meetings.Held, meetings.Closed:
		tone = parts.Neutral
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "meeting.state."+string(s)), Tone: tone, Icon: icons[s], Solid: s == meetings.Called}
}

// directiveLook is the sign and tone of a directive's state.
func directiveLook(ctx context.Context, s directives.State) parts.BadgeOpts {
	icons := map[directives.State]string{
		directives.Issued: "stamp", directives.Notified: "send", directives.InProgress: "timer", directives.Reported: "message-square",
		directives.Returned: "undo-2", directives.Done: "circle-check",
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "directive.state."+string(s)), Tone: directiveTone(s), Icon: icons[s]}
}

// clockOf is how long a directive has.
func clockOf(d *directives.Directive, now time.Time) parts.ClockOpts {
	return parts.ClockOpts{Due: d.DueAt, Start: d.IssuedAt, Now: now, Done: !d.Waiting()}
}

// dayAndTime is when a meeting begins, in figures: for tables.
// timeOf is when somebody of a session comes: the time of the slot, which those
// without a booking have none of.
func timeOf(ctx context.Context, m *meetings.Meeting) string {
	if m.WalkIn {
		return messages.T(ctx, "walk_in.time")
	}
	return messages.Clock(ctx, m.StartsAt)
}

// whenOf is timeOf with the day before it.
func whenOf(ctx context.Context, m *meetings.Meeting) string {
	if m.WalkIn {
		return messages.T(ctx, "walk_in.when", "date", messages.Date(ctx, m.StartsAt))
	}
	return messages.DateTime(ctx, m.StartsAt)
}

func dayAndTime(ctx context.Context, t time.Time) string {
	return messages.ShortDate(ctx, t) + " " + messages.Clock(ctx, t)
}

func meetingPath(id int64) string   { return "/desk/meetings/" + itoa(id) }
func directivePath(id int64) string { return "/desk/directives/" + itoa(id) }

// actKind weighs the button of an act: the first is the one expected now.
func actKind(a OfficeAct, first bool) parts.ButtonKind {
	switch {
	case a.Danger:
		return parts.QuietDanger
	case first && !a.Aside:
		return parts.Primary
	}
	return parts.Secondary
}

func queueNumber(ctx context.Context, n *int) string {
	if n == nil {
		return "—"
	}
	return messages.Number(ctx, *n)
}

// formAttrs adds what a form with files needs.
func formAttrs(withFiles bool) templ.Attributes {
	if !withFiles {
		return nil
	}
	return templ.Attributes{"enctype": "multipart/form-data"}
}

func dash(s string) string { return cmp.Or(s, "—") }

func bookedNumber(ctx context.Context, m *meetings.Listed) string {
	if m.QueueNumber == nil {
		return messages.T(ctx, "meeting_desk.number_later")
	}
	return messages.Number(ctx, *m.QueueNumber)
}

func slotHint(ctx context.Context, m *MeetingIntake) string {
	if len(m.Slots) == 0 {
		return messages.T(ctx, "meeting.slot.none")
	}
	return ""
}

// OfficeEventLook is the sign and tone of an event of a meeting or directive.
func OfficeEventLook(kind string) (icon string, tone parts.Tone) {
	looks := map[string]struct {
		icon string
		tone parts.Tone
	}{
		"meeting.requested": {"flag", parts.Info}, "meeting.approved": {"calendar-check", parts.Success}, "meeting.refused": {"circle-x", parts.Warning},
		"meeting.displaced": {"calendar-x", parts.Warning}, "meeting.rebooked": {"calendar-check", parts.Success}, "meeting.moved": {"calendar-clock", parts.Warning},
		"meeting.changed": {"calendar-clock", parts.Info}, "meeting.cancelled": {"calendar-x", parts.Warning}, "meeting.rescheduled": {"calendar-clock", parts.Info}, "meeting.checked_in": {"user-check", parts.Neutral},
		"meeting.called": {"megaphone", parts.Neutral}, "meeting.parked": {"undo-2", parts.Neutral}, "meeting.skipped": {"skip-forward", parts.Neutral}, "meeting.put_first": {"flag", parts.Warning}, "meeting.walked_in": {"ticket", parts.Info},
		"meeting.minutes": {"lock", parts.Neutral}, "meeting.minutes_note": {"pencil", parts.Neutral}, "directive.scan_published": {"image", parts.Neutral}, "directive.scan_withdrawn": {"eye-off", parts.Warning},
		"meeting.absent": {"user-x", parts.Warning}, "meeting.excused": {"user-check", parts.Neutral},
		"meeting.held": {"clipboard-check", parts.Success}, "meeting.follow_up": {"scroll-text", parts.Info}, "meeting.closed": {"circle-check", parts.Success},
		"directive.issued": {"stamp", parts.Info}, "directive.notified": {"send", parts.Neutral}, "directive.started": {"play", parts.Neutral},
		"directive.progress": {"message-square", parts.Neutral}, "directive.reported": {"message-square", parts.Accent}, "directive.accepted": {"circle-check", parts.Success},
		"directive.returned": {"undo-2", parts.Warning}, "directive.objected": {"thumbs-down", parts.Danger}, "directive.due_changed": {"calendar-clock", parts.Warning},
		"directive.reminder": {"bell", parts.Neutral}, "directive.overdue": {"triangle-alert", parts.Danger},
	}
	return looks[kind].icon, looks[kind].tone
}
