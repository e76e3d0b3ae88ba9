package views

import (
	"net/url"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/views/parts"
)

// DeskCase is one case as staff see it; every text is in the page's language.
type DeskCase struct {
	ID       int64
	Code     string // grouped
	Title    string // the topic
	Kind     complaints.Kind
	State    complaints.State
	Cycle    int
	Open     bool
	Nameless bool
	Next     string // what the case waits for
	Clocks   []parts.ClockOpts
	Back     string // address of the list
	Now      time.Time
	Fresh    bool                 // shown after an act: the heading takes the focus
	Notice   string               // why the act was not done: the case has moved on
	Lost     string               // what was typed for an act that is no longer possible
	Since    []parts.TimelineItem // what happened after the page that a form came from
	Changes  []parts.TimelineItem // Since, when that is why the act was not done
	RouteWhy string               // why the case is where it is; empty when nobody knows
	Live     LiveCase

	Deliveries []notify.Message // that were sent about it
	Came       []CameIn         // by message, mail or voice
	MayResend  bool             // them, when they did not arrive

	Text     string
	Place    []parts.Fact
	Point    MapPlace
	Files    []parts.FileItem
	Timeline []parts.TimelineItem
	Result   string
	Fact     complaints.Fact
	ClosedAt *time.Time

	PaperLinks []parts.LinkOpts // what can be done with its numbers and receipt

	Citizen    []parts.Fact
	Facts      []parts.Fact
	Legs       []DeskLeg
	Calls      []parts.Fact
	Elsewhere  string       // who else has the citizen's national ID; empty when nobody
	Promises   []parts.Fact // to the citizen, oldest first; empty when there was one only
	Visits     []parts.Fact
	Scores     []parts.Fact
	Others     []DeskOther
	Directives []DeskDirective
	Secret     bool     // confidential
	Named      []string // whom it is about
	MeetHref   string   // where a meeting about the case is booked; empty for who may not
	InviteHref string   // where the citizen is invited to one; empty for who may not, and while one waits
	Invited    *complaints.Invitation
	OrderHref  string // where a directive on the case is issued; empty for who may not
	Forms      DeskForms
	Relations  DeskRelations
}

// DeskLeg is one unit's part.
type DeskLeg struct {
	Unit, State, Note, Answer string
	Lead, Running             bool
	Cycle                     int
	ReferredAt, DueAt         time.Time
	EndedAt                   *time.Time
}

// DeskOther is another open case of the same citizen.
type DeskOther struct {
	Code, Href, Text string
	State            complaints.State
	RegisteredAt     time.Time
}

// DeskDirective is an order that holds the case; Href is empty for who may not
// open it.
type DeskDirective struct {
	Unit, Text, State, Href string
	DueAt                   time.Time
	Open, Overdue           bool
}

// DeskForms is what can be done with a case, and the form that came back.
type DeskForms struct {
	Path  string // of the case; acts are posted below it
	Query string // of the list, behind every address
	Acts  []complaints.Action
	Act   complaints.Action // the form that is open
	Typed url.Values
	Errors

	Version, Seen string // of the case as this page shows it
	RouteWhy      string // why the unit is chosen beforehand
	RouteUnit     string // which; empty when routing knows none
	Colleagues    []parts.Option
	Ready         map[complaints.Action][]Ready // templates, filled

	Units        []parts.Option
	Others       []parts.Choice
	UsualDue     string
	Promised     string // what the citizen has been promised
	InterimsLeft int
	Name         string // of the citizen
	Masked       bool   // who the citizen is, is asked for with a reason
	People       []parts.Option
	Mobile, Dial string
	Tries        int // days of this cycle on which nobody was reached
	TriesNeeded  int
	Office       bool                // the PR office has the case
	Relations    []complaints.Action // acts on how the case stands to others
	Similar      []parts.Choice      // cases that look alike
	ChildUnits   []parts.Option
	Neighbours   []parts.Option // organizations that take cases
	Going        []parts.Fact   // what goes to another organization
	GoingFiles   []parts.FileItem
	Topics       []parts.Option // what the case can be about
	Kinds        []parts.Option
	Shelf        int64
	Shelved      []parts.FileItem // received with a form that came back
}

// Can tells whether the act is among those possible.
func (m *DeskForms) Can(act complaints.Action) bool {
	return slices.Contains(m.Acts, act) || slices.Contains(m.Relations, act)
}

// AddUnit offers a unit for the lead and for a part of its own.
func (m *DeskForms) AddUnit(id, name string, lead, part bool) {
	m.Units = append(m.Units, parts.Option{Value: id, Label: name, Selected: lead})
	m.Others = append(m.Others, parts.Choice{Value: id, Label: name, Checked: part})
}

// asides are acts that a case never waits for.
var asides = []complaints.Action{
	complaints.ActComplete, complaints.ActNote, complaints.ActRecall, complaints.ActSeal, complaints.ActLift, complaints.ActName, complaints.ActReveal,
	complaints.ActReclassify, complaints.ActUnmask, complaints.ActTakeOver,
}

// expected tells whether the act at i is the one the case waits for.
func (m *DeskForms) expected(i int) bool { return i == 0 && !slices.Contains(asides, m.Acts[0]) }

// waits tells whether the case waits for an act of this very reader.
func (m *DeskForms) waits() bool { return len(m.Acts) > 0 && m.expected(0) }

// back tells whether the form of the act is the one that came back.
func (m *DeskForms) back(act complaints.Action) bool { return m.Act == act && m.Typed != nil }

// value is what was typed into the field.
func (m *DeskForms) value(act complaints.Action, field string) string {
	if !m.back(act) {
		return ""
	}
	return m.Typed.Get(field)
}

// open tells whether the form is shown at once: it came back or was asked for,
// or it is read while the phone is at the ear.
func (m *DeskForms) open(act complaints.Action) bool {
	if m.Act != "" && m.Can(m.Act) {
		return m.Act == act
	}
	calls := act == complaints.ActHear || act == complaints.ActConfirm
	return calls && len(m.Acts) > 0 && m.Acts[0] == act
}

// deskPaths are the resources that the acts create, below the case.
var deskPaths = map[complaints.Action]string{
	complaints.ActAssign: "assignment", complaints.ActRefer: "referral", complaints.ActSettle: "settlement", complaints.ActReturn: "return", complaints.ActAsk: "question",
	complaints.ActReport: "interim", complaints.ActAnswer: "answer", complaints.ActHear: "feedback", complaints.ActSignOff: "sign-off",
	complaints.ActInspect: "visit", complaints.ActConfirm: "confirmation", complaints.ActClose: "closure",
	complaints.ActComplete: "addition", complaints.ActNote: "note",
	complaints.ActRecall: "recall", complaints.ActSeal: "seal", complaints.ActLift: "lifting", complaints.ActName: "naming", complaints.ActReveal: "identity", complaints.ActReclassify: "reclassification", complaints.ActUnmask: "unmasking",
	complaints.ActMerge: "merger", complaints.ActUnmerge: "unmerging", complaints.ActChild: "children", complaints.ActSend: "transfer", complaints.ActRefuse: "refusal",
	complaints.ActTakeOver: "takeover", complaints.ActDecide: "mediation", complaints.ActGiveBack: "giving-back",
}

func (m *DeskForms) action(act complaints.Action) string {
	name, ok := deskPaths[act]
	if !ok {
		if name = "acknowledgement"; m.Office {
			name = "triage"
		}
	}
	return m.Path + "/" + name + m.Query
}

var deskIcons = map[complaints.Action]string{
	complaints.ActTake: "user-check", complaints.ActAssign: "user-plus", complaints.ActRefer: "forward", complaints.ActSettle: "archive", complaints.ActReturn: "undo-2",
	complaints.ActAsk: "circle-question-mark", complaints.ActReport: "hourglass", complaints.ActAnswer: "message-square",
	complaints.ActHear: "phone-call", complaints.ActSignOff: "stamp", complaints.ActInspect: "map-pin", complaints.ActConfirm: "phone-call",
	complaints.ActClose: "archive", complaints.ActComplete: "paperclip", complaints.ActNote: "pencil",
	complaints.ActRecall: "undo-2", complaints.ActSeal: "lock", complaints.ActLift: "shield-check", complaints.ActName: "user-x", complaints.ActReveal: "eye", complaints.ActReclassify: "list-checks", complaints.ActUnmask: "eye",
	complaints.ActMerge: "git-merge", complaints.ActUnmerge: "undo-2", complaints.ActChild: "split", complaints.ActSend: "send", complaints.ActRefuse: "undo-2",
	complaints.ActTakeOver: "shield-check", complaints.ActDecide: "gavel", complaints.ActGiveBack: "undo-2",
}

// stateLook is the sign and tone of a state on the desk.
func stateLook(s complaints.State) parts.BadgeOpts {
	switch s {
	case complaints.Registered:
		return parts.BadgeOpts{Tone: parts.Accent, Icon: "flag"}
	case complaints.Triage:
		return parts.BadgeOpts{Tone: parts.Accent, Icon: "search"}
	case complaints.Referred:
		return parts.BadgeOpts{Tone: parts.Info, Icon: "forward"}
	case complaints.InProgress:
		return parts.BadgeOpts{Tone: parts.Info, Icon: "timer"}
	case complaints.WaitingCitizen:
		return parts.BadgeOpts{Tone: parts.Warning, Icon: "pause"}
	case complaints.Feedback:
		return parts.BadgeOpts{Tone: parts.Success, Icon: "phone"}
	case complaints.SpecialFollowup:
		return parts.BadgeOpts{Tone: parts.Danger, Icon: "map-pin"}
	case complaints.AwaitingConfirmation:
		return parts.BadgeOpts{Tone: parts.Warning, Icon: "user-check"}
	}
	return parts.BadgeOpts{Icon: "circle-check"}
}
