package notify

import (
	"slices"
	"strings"

	"pasokh/app/carriers"
	"pasokh/views/messages"
)

// Audience is to whom a message goes.
type Audience string

// The audiences.
const (
	ToCitizen   Audience = "citizen"
	ToUnit      Audience = "unit"      // those in charge of a unit
	ToOfficer   Audience = "officer"   // of the PR office, or who has the case
	ToExecutive Audience = "executive" // or who stands in
	ToCommittee Audience = "committee" // its members
	ToAdmin     Audience = "admin"
	ToMember    Audience = "member" // of the staff, about the own account
)

// Hours are the times of day at which a message may arrive.
type Hours string

// The hours. Daytime is outside a citizen's quiet hours; Office is the working
// time of the office.
const (
	Always  Hours = "always"
	Daytime Hours = "daytime"
	Office  Hours = "office"
)

// Inbox is the channel of the notices behind the bell of the desk.
const Inbox = "inbox"

// Event is one message that there is: its text is "sms."+ID in the catalogue,
// its plain name NameKey.
type Event struct {
	ID       string
	Area     string // account, case, meeting, directive, committee, office
	Audience Audience
	Hours    Hours
	Official bool     // cannot be switched off by who gets it
	Invites  bool     // by mail it carries a calendar entry, and goes by mail by itself
	Mailed   bool     // goes by mail, never to a telephone
	Fields   []string // that the program fills, office among them
}

// Key is the key of the message's text.
func (e *Event) Key() string { return "sms." + e.ID }

// NameKey is the key of its plain name.
func (e *Event) NameKey() string { return "message.event." + e.ID }

// Staff tells whether members of the staff are told.
func (e *Event) Staff() bool { return e.Audience != ToCitizen }

// Locked tells whether the message goes by text message alone, whatever the
// organization wants: one-time codes.
func (e *Event) Locked() bool {
	return e.Area == "account" && e.Hours == Always && e.Audience == ToCitizen
}

// ByDefault tells whether the message takes a channel unless the organization
// says otherwise.
func (e *Event) ByDefault(channel string) bool {
	switch channel {
	case carriers.SMS:
		return !e.Mailed
	case carriers.Mail:
		return e.Mailed || e.Invites || e.Audience == ToMember || e.ID == "security.changed"
	}
	return channel == Inbox && e.Noted()
}

// Noted tells whether the message stands behind the bell, too: what is for a
// calendar alone does not.
func (e *Event) Noted() bool { return e.Staff() && !(e.Mailed && e.Invites) }

// Channels lists the channels that the organization can switch.
func (e *Event) Channels() []string {
	switch {
	case e.Locked():
		return []string{carriers.SMS}
	case e.Mailed:
		return []string{carriers.Mail}
	}
	return []string{carriers.SMS, carriers.Mail, carriers.Bale}
}

// Needs lists the fields that a text of the message must have: what the reader
// cannot do without.
func (e *Event) Needs() []string {
	text := messages.In(messages.FA, e.Key())
	return slices.DeleteFunc([]string{"code", "link"}, func(f string) bool { return !strings.Contains(text, "{"+f+"}") })
}

// Events lists every message in the order of the page.
func Events() []*Event { return events }

// EventOf finds a message by its ID, with or without "sms.".
func EventOf(id string) (*Event, bool) {
	e, ok := byID[strings.TrimPrefix(id, "sms.")]
	return e, ok
}

var (
	events = registry()
	byID   = func() map[string]*Event {
		m := make(map[string]*Event, len(events))
		for _, e := range events {
			m[e.ID] = e
		}
		return m
	}()
)

// registry reads the table: ID, audience, hours, official or courtesy, fields
// beside the office's name; "invites" among them marks a calendar entry, "mailed"
// what no telephone gets.
func registry() []*Event {
	var list []*Event
	area := ""
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) == 1:
			area = words[0]
		default:
			e := &Event{ID: words[0], Area: area, Audience: Audience(words[1]), Hours: Hours(words[2]), Official: words[3] == "official"}
			for _, field := range words[4:] {
				switch field {
				case "invites":
					e.Invites = true
				case "mailed":
					e.Mailed = true
				default:
					e.Fields = append(e.Fields, field)
				}
			}
			e.Fields = append([]string{"office"}, e.Fields...)
			list = append(list, e)
		}
	}
	return list
}

// What answers somebody's own act goes at once: they are awake and waiting.
const table = `
account
	code                             citizen   always  official code n
	code_visit                       citizen   always  official code n
	staff.digest                     officer   office  official n link
	staff.invited                    member    always  official user date link
	staff.reset                      member    always  official minutes link
	staff.password_changed           member    always  official date time link
	staff.training_soon              member    office  official course date link
	staff.training_over              member    office  official course date link
	staff.training_soon_admin        admin     office  official name date link
	staff.training_over_admin        admin     office  official name date link
	staff.new_device                 officer   always  official browser system date time link
	staff.factor_changed             officer   always  official date time link
	staff.factors_reset              officer   always  official date time link
	staff.address_changed            member    always  official date time link
	staff.linked                     officer   always  official date time link
	emergency.opened                 admin     always  official name until link
	emergency.ended                  admin     always  official name link
	security.changed                 admin     always  official name date time link
	citizen.erasure_asked            citizen   always  official date link
	citizen.erasure_refused          citizen   daytime official link
	citizen.erased                   citizen   always  official date
	citizen.mobile_asked             citizen   always  official date link
	citizen.mobile_left              citizen   always  official date link
	citizen.mobile_changed           citizen   always  official date link
	citizen.mobile_refused           citizen   daytime official link
case
	complaint.registered             citizen   always  official date code link
	complaint.interim                citizen   daytime official date code link
	complaint.asked                  citizen   daytime official code link
	complaint.ask_reminder           citizen   daytime courtesy date code link
	complaint.visit_planned          citizen   daytime official day code link
	complaint.visited                citizen   daytime official code link
	complaint.visited_reply          citizen   daytime official code link
	complaint.visited_open           citizen   daytime official code link
	complaint.invited                citizen   daytime courtesy link
	complaint.status                 citizen   always  official state code
	complaint.which                  citizen   always  official code
	complaint.answered               citizen   daytime official code link
	complaint.answered_reply         citizen   daytime official code link
	complaint.closed                 citizen   daytime official code link
	complaint.merged                 citizen   daytime courtesy code link
	complaint.unmerged               citizen   daytime courtesy code link
	complaint.transferred            citizen   daytime official organization code link
	complaint.transfer_returned      citizen   daytime official code link
	complaint.referred               unit      office  official unit date time code link
	complaint.recalled               unit      office  official code link
	complaint.taken_over             unit      office  official unit code link
	complaint.given_back             unit      office  official unit code link
	complaint.completed              officer   office  official code link
	complaint.went_on                officer   office  official code link
	complaint.child                  officer   office  official code link
	complaint.escalated              officer   office  official unit level code link
	complaint.objected               officer   office  official code link
	complaint.stuck                  officer   office  official unit code link
	complaint.legal_near             officer   office  official date unit code link
	complaint.legal_passed           officer   office  official date unit code link
	complaint.source_near            officer   office  official source date unit code link
	complaint.source_passed          officer   office  official source date unit code link
	complaint.transfer_back          officer   office  official unit code link
	score.objected                   officer   office  official unit code link
	score.upheld                     unit      office  official code link
	score.reversed                   unit      office  official code link
	box.overdue                      officer   office  official number place date link
meeting
	meeting.requested                citizen   always  official post day time code link
	meeting.approved                 citizen   always  official queue post day time code link invites
	meeting.moved_request            citizen   always  official post day time code link
	meeting.moved                    citizen   always  official queue post day time code link invites
	meeting.changed                  citizen   daytime official site post day time code link invites
	meeting.reminder                 citizen   daytime courtesy queue post day time code link
	meeting.refused                  citizen   daytime official post day time code link
	meeting.cancelled                citizen   always  official post day time code link invites
	meeting.cancelled_office         citizen   daytime official post day time code link invites
	meeting.displaced                citizen   daytime official post day time code link invites
	meeting.closed                   citizen   daytime official post day time code link
	meeting.answered                 citizen   daytime official post day time code link
	meeting.routed                   citizen   daytime official post day time code link
	meeting.asked                    citizen   daytime official date post day time code link
	meeting.appeal_accepted          citizen   daytime official post day time code link
	meeting.appeal_refused           citizen   daytime official post day time code link
	meeting.wait_joined              citizen   always  official post code link
	meeting.wait_offered             citizen   always  official day time until post code link
	meeting.wait_lapsed              citizen   daytime courtesy post code link
	meeting.wait_kept                citizen   daytime courtesy post code link
	meeting.wait_changed             citizen   daytime official post code link
	meeting.wait_over                citizen   daytime courtesy post code link
	meeting.draw_entered             citizen   always  official number post code link
	meeting.draw_lost                citizen   daytime official post code link
	meeting.session_invited          executive office  official post day time place link invites mailed
	meeting.session_changed          executive office  official post day time place link invites mailed
	meeting.session_off              executive always  official post day time place link invites mailed
directive
	directive.citizen_issued         citizen   daytime courtesy post date link
	directive.citizen_done           citizen   daytime official post date link
	directive.issued                 unit      office  official post unit date link
	directive.returned               unit      office  official post unit date link
	directive.reminder               unit      office  official post unit date link
	directive.overdue                unit      office  official post unit date link
	directive.extension_decided      unit      office  official post unit date link
	directive.part_issued            unit      office  official unit date link
	directive.part_reported          unit      office  official unit date link
	directive.part_returned          unit      office  official unit date link
	directive.part_reminder          unit      office  official unit date link
	directive.part_overdue           unit      office  official unit date link
	directive.part_extension_asked   unit      office  official unit date link
	directive.part_extension_decided unit      office  official unit date link
	directive.reported               executive office  official post unit date link
	directive.overdue_issuer         executive office  official post unit date link
	directive.extension_asked        executive office  official post unit date link
	directive.digest                 executive office  official late waiting link
committee
	committee.invited                committee office  official committee date place link invites
	committee.cancelled              committee always  official committee date place link invites
office
	gateway.low                      admin     office  official provider number link
	quota.near                       admin     office  official limit percent link mailed
	quota.reached                    admin     office  official limit link mailed
	quota.near_platform              admin     office  official organization limit percent link mailed
	quota.reached_platform           admin     office  official organization limit link mailed
	inspection.appointed             officer   office  official date link
	inspection.due                   officer   office  official date link
	inspection.overdue               officer   office  official date link
	inspection.reported              unit      office  official date link
	inspection.answered              officer   office  official date link
	violation.reported               officer   office  official date link
	violation.heard                  unit      office  official link
	violation.decided                unit      office  official link
	review.written                   officer   office  official link
	review.objected                  officer   office  official link
	review.decided                   officer   office  official link
	improvement.planned              unit      office  official date link
	improvement.due                  unit      office  official date link
	improvement.overdue              unit      office  official date link
	improvement.done                 officer   office  official link
	improvement.returned             unit      office  official date link
	warning.raised                   officer   office  courtesy n link
	warning.assigned                 officer   office  official link
`
