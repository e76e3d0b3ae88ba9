package tenants

import (
	"context"
	"slices"
)

// UnitKind says what a unit does in the life of a case.
type UnitKind string

// The kinds of units. Only UnitExecutive receives referrals.
const (
	UnitPROffice        UnitKind = "pr_office"
	UnitExecutive       UnitKind = "executive"
	UnitFeedback        UnitKind = "feedback"
	UnitSpecialFollowup UnitKind = "special_followup"
	UnitInspection      UnitKind = "inspection"
	UnitCallCentre      UnitKind = "call_centre"
	UnitManagement      UnitKind = "management"
)

// Unit is a part of an organization with its own staff and inbox.
type Unit struct {
	BaseModel `bun:"table:units,alias:unit"`
	Owned
	ID            int64 `bun:",pk"`
	Code          string
	Kind          UnitKind
	ParentID      *int64
	NameFA        string `bun:"name_fa"`
	NameEN        string `bun:"name_en"`
	Phone         string
	RoundTheClock bool // its clocks run day and night
	Active        bool
	HeadID        *int64 // the member of staff who leads it
}

// Units lists the active units of the given kinds (all kinds when none is
// given), in the order of their codes.
func Units(ctx context.Context, r Reader, kinds ...UnitKind) ([]Unit, error) {
	list, err := listed[Unit](ctx, r, func(q *Query) *Query { return q.Where("unit.active").Order("unit.code") })
	return slices.DeleteFunc(list, func(u Unit) bool { return len(kinds) > 0 && !slices.Contains(kinds, u.Kind) }), err
}

// UnitByID reads one unit; NotFound when this tenant has no such unit.
func UnitByID(ctx context.Context, r Reader, id int64) (*Unit, error) {
	u := new(Unit)
	return u, Err(r.Select(u).Where("unit.id = ?", id).Scan(ctx))
}

// UnitOfKind reads the first active unit of a kind; every organization has one
// PR office, feedback and special follow-up unit from its onboarding on.
func UnitOfKind(ctx context.Context, r Reader, kind UnitKind) (*Unit, error) {
	u := new(Unit)
	return u, Err(r.Select(u).Where("unit.kind = ?", kind).Where("unit.active").Order("unit.code").Limit(1).Scan(ctx))
}

// Contact is a way to reach the organization, as the public page shows it.
type Contact struct {
	BaseModel `bun:"table:contacts,alias:contact"`
	Owned
	ID       int64 `bun:",pk"`
	Position int
	Kind     string // phone, voicemail, short_code, sms, ivr, link
	LabelFA  string `bun:"label_fa"`
	LabelEN  string `bun:"label_en"`
	Number   string // as the public writes it; for links the address
	HoursFA  string `bun:"hours_fa"`
	HoursEN  string `bun:"hours_en"`
}

// Contacts lists the organization's contacts in their order.
func Contacts(ctx context.Context, r Reader) ([]Contact, error) {
	return listed[Contact](ctx, r, func(q *Query) *Query { return q.Order("contact.position") })
}
