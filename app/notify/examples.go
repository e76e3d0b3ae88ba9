package notify

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/tenants"
	"pasokh/views/messages"
)

// Examples are values of a message's fields that could be, as the program would
// fill them; home is the organization's own address.
func (e *Event) Examples(l messages.Lang, home string) []any {
	var args []any
	for _, field := range e.Fields {
		switch field {
		case "office":
		case "link":
			args = append(args, "link", spoken(func(s saying) any { return home + e.examplePath(s) }))
		default:
			args = append(args, field, example(l, field))
		}
	}
	if e.Area == "account" && slices.Contains(e.Fields, "code") {
		args = append([]any{"code", exampleCode}, args...)
	}
	return args
}

// exampleCode is no code of anybody.
const exampleCode = "482913"

// example is a value of one field; numbers are numbers.
func example(l messages.Lang, field string) any {
	text := messages.In(l, "message.example."+field)
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return text
}

// examplePath is as long as the path that the program writes.
func (e *Event) examplePath(s saying) string {
	const code = "PX4K7M2Q9TB"
	switch {
	case e.ID == "complaint.invited":
		return "/meetings/new?case=" + code
	case e.ID == "complaint.registered":
		return "/p/0123456789abcdef"
	case e.ID == "staff.invited", e.ID == "staff.reset":
		return "/invitations/0123456789-0123456789_0123456789abcdefghijk"
	case e.ID == "staff.password_changed":
		return "/sign-in/reset"
	case e.ID == "staff.training_soon", e.ID == "staff.training_over":
		return "/desk/account"
	case strings.HasPrefix(e.ID, "emergency."):
		return "/desk/organization/emergency"
	case e.ID == "security.changed":
		return "/desk/organization/audit"
	case e.Area == "account" && e.Audience == ToAdmin:
		return "/desk/organization/training"
	case e.ID == "citizen.mobile_asked", e.ID == "citizen.mobile_left":
		return ""
	case strings.HasPrefix(e.ID, "citizen."):
		return "/my/data"
	case e.ID == "box.overdue":
		return "/desk/boxes"
	case e.Mailed:
		return e.mailedPath()
	case e.ID == "gateway.low":
		return "/desk/organization/channels"
	case e.Area == "account" && e.ID != digestID && e.Staff():
		return "/desk/account/security"
	case e.ID == digestID:
		return "/desk/notifications"
	case e.Area == "committee":
		return "/desk/committees/sittings/250146311781924742"
	case e.ID == "directive.digest":
		return "/executive/week"
	case strings.HasPrefix(e.ID, "review."):
		return "/desk/my-quality"
	case strings.HasPrefix(e.ID, "improvement."):
		return "/desk/improvements/250146311781924742"
	case strings.HasPrefix(e.ID, "violation."):
		return "/desk/violations/250146311781924742"
	case strings.HasPrefix(e.ID, "inspection."):
		return "/desk/inspections/250146311781924742"
	case e.Staff():
		return "/d/250146311781924742"
	case fieldName.MatchString(s.text) && slices.Contains(fieldName.FindAllString(s.text, -1), "{code}"):
		return "/track"
	}
	return "/track?code=" + code
}

// mailedPath is examplePath of what goes by mail alone.
func (e *Event) mailedPath() string {
	switch {
	case e.Invites:
		return "/executive"
	case strings.HasSuffix(e.ID, "_platform"):
		return "/platform/organizations/250146311781924742"
	}
	return "/desk/organization/usage"
}

// Preview is how a text reads with example values.
func (e *Event) Preview(t *tenants.Tenant, l messages.Lang, home string, in Letter) Letter {
	return fillLetter(e, in, t, l, e.Examples(l, home))
}

// AllChannels lists every channel of a message, those that cannot be switched
// too.
func (e *Event) AllChannels() []string {
	list := e.Channels()
	if e.Noted() {
		list = append(list, Inbox)
	}
	return list
}
