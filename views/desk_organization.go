package views

import "pasokh/views/parts"

// DeskOrganization is how an organization is set up; every text is in the
// page's language.
type DeskOrganization struct {
	Setup      string     // address of the steps that are left; empty for who may not edit
	Groups     []OrgGroup // the pages of settings that the reader may open
	Units      []OrgUnit
	Topics     []OrgTopic
	Classes    []OrgClass
	People     []OrgPerson
	Contacts   []OrgContact
	Executives []OrgExecutive
	Rules      []parts.Fact
}

// OrgGroup are pages of settings that belong together.
type OrgGroup struct {
	Title string
	Icon  string
	Links []parts.LinkOpts
}

// OrgUnit is a unit with the number of its people.
type OrgUnit struct {
	ID                int64
	Name, Kind, Phone string
	People            int
}

// OrgTopic is a topic with what it brings.
type OrgTopic struct {
	Name, Hint, Unit, Class string
	Urgent                  bool
}

// OrgClass is a service level in force.
type OrgClass struct {
	Name, Respond, FirstAction, Hours, PauseCap string
	Version, Interims                           int
	Ladder                                      []string
	Href                                        string // of its form
	Since                                       string // when the version was entered
}

// OrgPerson is a member of staff.
type OrgPerson struct {
	Name, User, Unit, Roles, Mobile string
	Disabled                        bool
}

// OrgContact is a way for the public to reach the organization.
type OrgContact struct {
	Label, Number, Hours, Kind string
	Link                       bool // Number is an address
}

// OrgExecutive is a post that meets the public.
type OrgExecutive struct {
	Post, Name string
	Account    bool // the holder signs in here
}

// CountPerson adds somebody to a unit's number.
func (m *DeskOrganization) CountPerson(unit int64) {
	for i := range m.Units {
		if m.Units[i].ID == unit {
			m.Units[i].People++
		}
	}
}
