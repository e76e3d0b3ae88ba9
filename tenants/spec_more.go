package tenants

import (
	"strconv"

	"pasokh/app/fault"
)

// Wrong refuses a value of an entry of a list of the file, with its line.
func (s *Spec) Wrong(list string, i int, key, what string) error {
	return fault.New(fault.Invalid, "apply.error.value", "line", strconv.Itoa(s.line(list, i, key)), "what", what)
}

// NoLogo as the logo of a file takes the logo away.
const NoLogo = "none"

// RoleSpec is a role of the organization's own, known by its Persian name, with
// all that it may do.
type RoleSpec struct {
	NameFA      string   `yaml:"name_fa"`
	NameEN      string   `yaml:"name_en"`
	Description string   `yaml:"description,omitempty"`
	BasedOn     string   `yaml:"based_on,omitempty"` // the built-in role it began with
	Scope       string   `yaml:"scope,omitempty"`    // unit, subtree, tenant
	Allow       []string `yaml:"allow,omitempty"`
}

// PermissionSpec is what the organization changed of a built-in role.
type PermissionSpec struct {
	Role  string   `yaml:"role"`
	Scope string   `yaml:"scope,omitempty"` // where it is not the usual one
	Allow []string `yaml:"allow,omitempty"`
	Deny  []string `yaml:"deny,omitempty"`
}

// MessageSpec is what the organization changed of a message.
type MessageSpec struct {
	Event    string     `yaml:"event"`
	Channels []string   `yaml:"channels,flow,omitempty"` // that it goes by; the usual ones when it names none
	Silent   bool       `yaml:"silent,omitempty"`        // it goes by none
	Texts    []TextSpec `yaml:"texts,omitempty"`
}

// TextSpec is one text of a message in the organization's own words.
type TextSpec struct {
	Channel  string `yaml:"channel"`
	Language string `yaml:"language"`
	Subject  string `yaml:"subject,omitempty"`
	Text     string `yaml:"text"`
}

// WeekSpec is a version of the working week; the first is settings.calendar.
type WeekSpec struct {
	From         string        `yaml:"from_day"` // Gregorian, YYYY-MM-DD
	Week         [7][]Interval `yaml:"week"`     // from Saturday
	WorksHoliday bool          `yaml:"works_holiday,omitempty"`
}

// ClosureSpec is a time at which the organization is closed.
type ClosureSpec struct {
	Day    string `yaml:"day"` // Gregorian, YYYY-MM-DD
	From   int    `yaml:"from_minute,omitempty"`
	Until  int    `yaml:"until_minute,omitempty"` // the whole day when it says nothing
	Kind   string `yaml:"kind,omitempty"`         // holiday; closure when it says nothing
	NameFA string `yaml:"name_fa"`
	NameEN string `yaml:"name_en,omitempty"`
}

// InvitationSpec is somebody to invite, once: an account of the name is left as
// it is. Roles are built-in ones, or own ones by their Persian name.
type InvitationSpec struct {
	User   string   `yaml:"user"`
	NameFA string   `yaml:"name_fa"`
	NameEN string   `yaml:"name_en"`
	Unit   string   `yaml:"unit,omitempty"`
	Mobile string   `yaml:"mobile,omitempty"`
	Email  string   `yaml:"email,omitempty"`
	Roles  []string `yaml:"roles,flow"`
}
