package tenants

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pasokh/app/fault"
)

// Spec describes a new organization in one YAML file: what the onboarding asks
// of every body, real or demonstration. Staff and executives are written by
// their own rooms from the same Spec.
type Spec struct {
	Slug       string          `yaml:"slug"`
	Kind       Kind            `yaml:"kind"`
	NameFA     string          `yaml:"name_fa"`
	NameEN     string          `yaml:"name_en"`
	Accent     string          `yaml:"accent,omitempty"`
	Status     Status          `yaml:"status,omitempty"` // live when it says nothing
	Parent     string          `yaml:"parent,omitempty"` // slug of the organization above it
	Settings   Settings        `yaml:"settings"`
	Contacts   []ContactSpec   `yaml:"contacts,omitempty"`
	Units      []UnitSpec      `yaml:"units,omitempty"`
	Classes    []ClassSpec     `yaml:"sla_classes,omitempty"`
	Topics     []TopicSpec     `yaml:"topics,omitempty"`
	Districts  []DistrictSpec  `yaml:"districts,omitempty"`
	Sources    []SourceSpec    `yaml:"sources,omitempty"` // the usual ones when it names none
	Executives []ExecutiveSpec `yaml:"executives,omitempty"`
	Staff      []StaffSpec     `yaml:"staff,omitempty"`
	// Their own rooms lay these; see spec_more.go.
	Logo        string           `yaml:"logo,omitempty"` // data:image/png;base64,… or none
	Roles       []RoleSpec       `yaml:"roles,omitempty"`
	Permissions []PermissionSpec `yaml:"permissions,omitempty"`
	Messages    []MessageSpec    `yaml:"messages,omitempty"`
	Weeks       []WeekSpec       `yaml:"weeks,omitempty"`
	Closures    []ClosureSpec    `yaml:"closures,omitempty"`
	Invitations []InvitationSpec `yaml:"invitations,omitempty"`

	written yaml.Node // the file, for what it says of settings and in which line
}

// ContactSpec is one line of Spec.Contacts, in the order shown.
type ContactSpec struct {
	Kind    string `yaml:"kind"`
	LabelFA string `yaml:"label_fa"`
	LabelEN string `yaml:"label_en"`
	Number  string `yaml:"number"`
	HoursFA string `yaml:"hours_fa,omitempty"`
	HoursEN string `yaml:"hours_en,omitempty"`
}

// UnitSpec is one unit; Parent is the code of another.
type UnitSpec struct {
	Code   string   `yaml:"code"`
	Kind   UnitKind `yaml:"kind"`
	Parent string   `yaml:"parent,omitempty"`
	NameFA string   `yaml:"name_fa"`
	NameEN string   `yaml:"name_en"`
	Phone  string   `yaml:"phone,omitempty"`
	Always bool     `yaml:"round_the_clock,omitempty"` // works day and night
}

// ClassSpec is one SLA class: minutes to respond, in calendar or working hours.
type ClassSpec struct {
	Code         string `yaml:"code"`
	NameFA       string `yaml:"name_fa"`
	NameEN       string `yaml:"name_en"`
	Respond      int    `yaml:"respond_minutes"`
	FirstAction  int    `yaml:"first_action_minutes,omitempty"`
	Hours        string `yaml:"hours"`
	PauseCap     int    `yaml:"pause_cap_minutes,omitempty"`
	InterimLimit int    `yaml:"interim_limit,omitempty"`
	Rungs        []Rung `yaml:"rungs,omitempty"`
}

// TopicSpec is one topic with the codes of its unit and SLA class.
type TopicSpec struct {
	Code   string   `yaml:"code"`
	Unit   string   `yaml:"unit,omitempty"`
	Class  string   `yaml:"class"`
	NameFA string   `yaml:"name_fa"`
	NameEN string   `yaml:"name_en"`
	HintFA string   `yaml:"hint_fa,omitempty"`
	HintEN string   `yaml:"hint_en,omitempty"`
	Place  []string `yaml:"place,omitempty"` // place fields asked: address, postal_code, station, line, subscription
	Urgent bool     `yaml:"urgent,omitempty"`
	// Confidential topics are for inspection only.
	Confidential bool `yaml:"confidential,omitempty"`
	// Questions are the topic's own; the complaints room lays them.
	Questions []QuestionSpec `yaml:"questions,omitempty"`
}

// QuestionSpec is one question of a topic; see complaints.Question.
type QuestionSpec struct {
	Type     string       `yaml:"type,omitempty"`
	LabelFA  string       `yaml:"label_fa"`
	LabelEN  string       `yaml:"label_en"`
	HintFA   string       `yaml:"hint_fa,omitempty"`
	HintEN   string       `yaml:"hint_en,omitempty"`
	Required bool         `yaml:"required,omitempty"`
	Choices  []ChoiceSpec `yaml:"choices,omitempty"`
}

// ChoiceSpec is one answer to choose.
type ChoiceSpec struct {
	FA string `yaml:"fa,omitempty"`
	EN string `yaml:"en,omitempty"`
}

// ExecutiveSpec is one post with its weekly public meeting.
type ExecutiveSpec struct {
	Code    string       `yaml:"code"`
	User    string       `yaml:"user,omitempty"`
	PostFA  string       `yaml:"post_fa,omitempty"`
	PostEN  string       `yaml:"post_en,omitempty"`
	NameFA  string       `yaml:"name_fa"`
	NameEN  string       `yaml:"name_en"`
	Windows []WindowSpec `yaml:"windows,omitempty"`
}

// WindowSpec is a weekly window; Weekday counts from Saturday = 0.
type WindowSpec struct {
	Weekday     int    `yaml:"weekday"`
	From        int    `yaml:"from_minute"`
	Until       int    `yaml:"until_minute"`
	SlotMinutes int    `yaml:"slot_minutes,omitempty"`
	Seats       int    `yaml:"seats,omitempty"`
	SiteFA      string `yaml:"site_fa,omitempty"`
	SiteEN      string `yaml:"site_en,omitempty"`
}

// StaffSpec is one member of staff with roles and the code of the unit.
type StaffSpec struct {
	User   string   `yaml:"user,omitempty"`
	NameFA string   `yaml:"name_fa"`
	NameEN string   `yaml:"name_en"`
	Unit   string   `yaml:"unit,omitempty"`
	Mobile string   `yaml:"mobile,omitempty"`
	Roles  []string `yaml:"roles,omitempty"`
}

//go:embed sectors/*.yaml
var sectors embed.FS

// Sectors lists the sector templates: the five of product.md.
func Sectors() []Kind { return []Kind{Gas, Water, Metro, Municipality, FreeZone} }

// Sector is the template of a sector.
func Sector(kind Kind) (*Spec, error) {
	raw, err := sectors.ReadFile("sectors/" + string(kind) + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("no template for the sector %q", kind)
	}
	return ParseSpec(raw)
}

// ParseSpec reads a Spec from YAML and checks that it is complete; unknown
// fields are errors.
func ParseSpec(raw []byte) (*Spec, error) {
	spec := new(Spec)
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(spec); err != nil {
		return nil, fault.New(fault.Invalid, "tenant.spec_unreadable", "reason", err.Error())
	}
	if err := yaml.Unmarshal(raw, &spec.written); err != nil {
		return nil, fault.New(fault.Invalid, "tenant.spec_unreadable", "reason", err.Error())
	}
	return spec, spec.check()
}

// check refuses what would leave a case without an owner or a clock.
func (s *Spec) check() error {
	miss := func(what string) error { return fault.New(fault.Invalid, "tenant.spec_incomplete", "what", what) }
	if s.Slug == "" || s.NameFA == "" || s.NameEN == "" {
		return miss("slug, name_fa, name_en")
	}
	if s.Kind == Platform {
		return nil
	}
	for _, kind := range []UnitKind{UnitPROffice, UnitFeedback, UnitSpecialFollowup} {
		if !slices.ContainsFunc(s.Units, func(u UnitSpec) bool { return u.Kind == kind }) {
			return miss("unit of kind " + string(kind))
		}
	}
	for _, t := range s.Topics {
		if !slices.ContainsFunc(s.Classes, func(c ClassSpec) bool { return c.Code == t.Class }) {
			return miss("sla class " + t.Class + " of topic " + t.Code)
		}
		if t.Unit != "" && !slices.ContainsFunc(s.Units, func(u UnitSpec) bool { return u.Code == t.Unit }) {
			return miss("unit " + t.Unit + " of topic " + t.Code)
		}
	}
	return nil
}

// Onboard creates the organization with its contacts, units, SLA classes and
// topics; Conflict when the slug is taken.
func Onboard(ctx context.Context, r *Root, spec *Spec) (*Tenant, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	parent, err := spec.parent(ctx, r)
	if err != nil {
		return nil, err
	}
	t := &Tenant{
		ID: NewID(), Slug: spec.Slug, Kind: spec.Kind, Status: cmp.Or(spec.Status, StatusLive), ParentID: parent,
		NameFA: spec.NameFA, NameEN: spec.NameEN, Accent: spec.Accent,
		Settings: spec.Settings.Defaults(), CreatedAt: r.clock(),
	}
	if err := r.UnscopedCreateTenant(ctx, t); err != nil {
		return nil, err
	}
	if err := r.ensureKeys(ctx, t, true); err != nil {
		return nil, fault.Wrap(err, "tenants.Onboard")
	}
	db := r.For(t)
	defer db.Release()
	return t, db.Write(ctx, SystemActor(), func(tx *Tx) error {
		tx.founding = true
		return furnish(ctx, tx, spec)
	})
}

// parent finds the organization above; nil when none is named.
func (s *Spec) parent(ctx context.Context, r *Root) (*int64, error) {
	if s.Parent == "" {
		return nil, nil //nolint:nilnil // nobody is above it
	}
	above, err := r.UnscopedTenantBySlug(ctx, s.Parent)
	if err != nil || above.IsPlatform() || s.Parent == s.Slug {
		return nil, fault.Field("parent", "onboard.error.parent")
	}
	return &above.ID, nil
}

func layContacts(ctx context.Context, tx *Tx, specs []ContactSpec) error {
	for i, c := range specs {
		row := &Contact{ID: NewID(), Position: i, Kind: c.Kind, LabelFA: c.LabelFA, LabelEN: c.LabelEN, Number: c.Number, HoursFA: c.HoursFA, HoursEN: c.HoursEN}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func furnish(ctx context.Context, tx *Tx, spec *Spec) error {
	if err := layContacts(ctx, tx, spec.Contacts); err != nil {
		return err
	}
	units := map[string]*int64{}
	for _, u := range spec.Units {
		row := &Unit{ID: NewID(), Code: u.Code, Kind: u.Kind, ParentID: units[u.Parent], NameFA: u.NameFA, NameEN: u.NameEN, Phone: u.Phone, RoundTheClock: u.Always, Active: true}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
		units[u.Code] = &row.ID
	}
	classes := map[string]int64{}
	for _, c := range spec.Classes {
		row := c.row(tx)
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
		classes[c.Code] = row.ID
	}
	for i, t := range spec.Topics {
		row := &Topic{
			ID: NewID(), Code: t.Code, UnitID: units[t.Unit], SLAClassID: classes[t.Class],
			NameFA: t.NameFA, NameEN: t.NameEN, HintFA: t.HintFA, HintEN: t.HintEN,
			PlaceFields: append([]string{}, t.Place...), Urgent: t.Urgent, Confidential: t.Confidential, Position: i, Active: true,
		}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
	}
	if err := layDistricts(ctx, tx, spec.Districts, units); err != nil {
		return err
	}
	if err := layCalendar(ctx, tx, spec); err != nil || spec.Kind == Platform { // which takes no cases
		return err
	}
	return laySources(ctx, tx, spec.Sources)
}

func (c ClassSpec) row(tx *Tx) *SLAClass {
	return &SLAClass{
		ID: NewID(), Code: c.Code, Version: 1, NameFA: c.NameFA, NameEN: c.NameEN,
		RespondMinutes: c.Respond, FirstActionMinutes: c.FirstAction, Hours: c.Hours,
		PauseCapMinutes: c.PauseCap, InterimLimit: c.InterimLimit, Rungs: append([]Rung{}, c.Rungs...),
		Current: true, CreatedAt: tx.Now(),
	}
}
