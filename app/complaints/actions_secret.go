package complaints

import (
	"slices"

	"pasokh/tenants"
)

// beyondInspection tells whether the actor inspects only and the open case is
// not inspection's, see inspected.
func (c *Complaint) beyondInspection(legs []Referral, actor tenants.Actor) bool {
	part := func(l Referral) bool { return l.UnitID == actor.UnitID }
	return actor.InspectsOnly && !c.ofInspection(actor) && !slices.ContainsFunc(legs, part)
}

// secretActs are the acts on an open confidential case: inspection does all of
// them itself, and it leaves inspection by being lifted alone.
func (c *Complaint) secretActs(list []Action) []Action {
	list = slices.DeleteFunc(list, func(a Action) bool { return a == ActReturn || a == ActRecall })
	if c.in(Referred, InProgress, WaitingCitizen) {
		list = append(list, ActClose)
	}
	return append(append(list, c.identityActs()...), ActName, ActLift)
}

// identityActs is the way to who stands behind a confidential case.
func (c *Complaint) identityActs() []Action {
	if !c.Confidential || c.Anonymous() {
		return nil
	}
	return []Action{ActReveal}
}
