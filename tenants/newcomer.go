package tenants

import (
	"context"
	"regexp"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Newcomer is what the platform asks of an organization that comes on line; all
// else is of its sector's template, and the organization's to change.
type Newcomer struct {
	Kind           Kind
	NameFA, NameEN string
	Slug           string
	Contact        string // the number that its people call
	Parent         string // slug of the organization above it, or empty
	Admin          FirstAdmin
}

// FirstAdmin is who is invited to set the organization up.
type FirstAdmin struct{ User, NameFA, NameEN, Mobile, Email string }

var (
	contactShape = regexp.MustCompile(`^\+?[0-9]{3,13}$`)
	userShape    = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,39}$`)
)

// Spec judges what was typed, brings it into its one form, and gives the
// organization in draft. Field errors: kind, name_fa, name_en, slug, contact,
// user, admin_fa, admin_en, mobile, email.
func (n *Newcomer) Spec() (*Spec, error) {
	wrong := fault.Fields{}
	n.clean(wrong)
	if !slices.Contains(Sectors(), n.Kind) {
		wrong.Add("kind", "onboard.error.kind")
	}
	if err := CheckSlug(n.Slug); err != nil {
		wrong.Add("slug", fault.As(err).Fields["slug"])
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	spec, err := Sector(n.Kind)
	if err != nil {
		return nil, err
	}
	n.fill(spec)
	return spec, nil
}

func (n *Newcomer) clean(wrong fault.Fields) {
	n.Slug, n.Contact = persian.ToASCII(n.Slug), persian.ToASCII(n.Contact)
	a := &n.Admin
	a.User = persian.ToASCII(a.User)
	names := map[string]*string{"name_fa": &n.NameFA, "name_en": &n.NameEN, "admin_fa": &a.NameFA, "admin_en": &a.NameEN}
	for field, name := range names {
		*name = persian.CleanLine(*name)
		if length := len([]rune(*name)); length < 2 || length > 120 {
			wrong.Add(field, "onboard.error.name")
		}
	}
	if !contactShape.MatchString(n.Contact) {
		wrong.Add("contact", "onboard.error.contact")
	}
	if !userShape.MatchString(a.User) {
		wrong.Add("user", "onboard.error.user")
	}
	if mobile, ok := persian.Mobile(a.Mobile); ok {
		a.Mobile = mobile
	} else {
		wrong.Add("mobile", "onboard.error.mobile")
	}
	if a.Email == "" {
		return
	}
	if at, ok := persian.Mail(a.Email); ok {
		a.Email = at
	} else {
		wrong.Add("email", "onboard.error.email")
	}
}

// fill puts the organization into the template in place of the one that the
// template was written after: its people, numbers and districts are not theirs.
func (n *Newcomer) fill(spec *Spec) {
	spec.Slug, spec.NameFA, spec.NameEN, spec.Parent, spec.Status = n.Slug, n.NameFA, n.NameEN, n.Parent, StatusDraft
	spec.Staff, spec.Executives, spec.Districts = nil, nil, nil
	for i := range spec.Units {
		spec.Units[i].Phone = ""
	}
	contacts := []ContactSpec{{
		Kind: "short_code", LabelFA: "پاسخگویی به مردم", LabelEN: "Public line", Number: n.Contact, HoursFA: "ساعات اداری", HoursEN: "Office hours",
	}}
	for _, c := range spec.Contacts {
		if c.Kind == "link" {
			contacts = append(contacts, c)
		}
	}
	spec.Contacts = contacts
}

// Setup counts what an organization has been set up with.
type Setup struct{ Units, Topics, Classes, Contacts int }

// Brings counts what the template gives.
func (s *Spec) Brings() Setup {
	return Setup{Units: len(s.Units), Topics: len(s.Topics), Classes: len(s.Classes), Contacts: len(s.Contacts)}
}

// SetupOf counts what an organization is set up with now.
func SetupOf(ctx context.Context, r Reader) (Setup, error) {
	var s Setup
	for model, n := range map[any]*int{(*Unit)(nil): &s.Units, (*Topic)(nil): &s.Topics, (*SLAClass)(nil): &s.Classes, (*Contact)(nil): &s.Contacts} {
		count, err := r.Select(model).Count(ctx)
		if err != nil {
			return s, fault.Wrap(Err(err), "tenants.SetupOf")
		}
		*n = int(count)
	}
	return s, nil
}
