package tenants

import "slices"

// ActorKind says on whose behalf something is done.
type ActorKind string

// The kinds of actors.
const (
	Citizen ActorKind = "citizen"
	Staff   ActorKind = "staff"
	System  ActorKind = "system"
)

// Actor is who does something: a citizen, a member of staff with roles and a
// unit, or the system itself. Rules in the rooms judge it; routes judge Roles.
type Actor struct {
	Kind   ActorKind
	ID     int64
	Name   string
	UnitID int64
	Roles  []string
	// SeesAll is set by the policy: without it, staff see their own unit's cases only.
	SeesAll bool
	// Below is set by the policy for who is shown the cases of the units below
	// the own one, too: those units.
	Below []int64
	// Inspects is set by the policy: confidential cases are shown to nobody else.
	Inspects bool
	// InspectsOnly is set by the policy for who inspects and has no part in the
	// office's own work: such a person works on inspection's cases alone.
	InspectsOnly bool
	// Arbitrates is set by the policy: such a person decides where units have sent
	// a case back too often, and keeps the confidential cases of an own office.
	Arbitrates bool
	// Leads is set by the policy for who leads the own unit: is told what comes to
	// it, takes directives up for it, and is shown its confidential ones.
	Leads bool
	// Office is set by the policy for the executives' office: it acts for every
	// post and is shown every directive.
	Office bool
	// Grants lists the roles that the actor may give to others; set by the policy
	// where accounts are edited.
	Grants []string
}

// SystemActor is the program acting by its own clock.
func SystemActor() Actor { return Actor{Kind: System} }

// Covers tells whether the unit is the actor's own or, by the policy, below it.
func (a Actor) Covers(unit int64) bool { return unit == a.UnitID || slices.Contains(a.Below, unit) }

// Units are the own unit and those below it that the policy shows the actor.
func (a Actor) Units() []int64 { return append([]int64{a.UnitID}, a.Below...) }

// Has tells whether the actor holds the role.
func (a Actor) Has(role string) bool { return slices.Contains(a.Roles, role) }
