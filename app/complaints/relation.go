package complaints

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Cases are related in two ways. A member of a cluster has a lead that is worked
// on in its place (cluster.go); a child is a part of its parent's work that
// another unit does (child.go). Both go one level deep: a lead is no member, and
// a parent no child.

// Follows tells whether the case is a member whose lead is still worked on in its
// place. Once the lead was answered every member goes its own way to the end.
func (c *Complaint) Follows() bool {
	return c.LeadID != nil && c.in(Registered, Triage, Referred, InProgress, WaitingCitizen)
}

// Rests tells whether another case is worked on in the place of this one: it
// follows its lead, or has answered its parent and ends with it. A case that
// rests has no clock of its own; nobody decides about it by itself.
func (c *Complaint) Rests() bool {
	return c.Follows() || c.ParentID != nil && c.State == Feedback
}

// workedAs is the case whose legs are the work on this one.
func (c *Complaint) workedAs() ID {
	if c.LeadID != nil {
		return *c.LeadID
	}
	return c.ID
}

// workedOn is the case itself and, for a member, its lead: whoever worked on
// either worked on it.
func (c *Complaint) workedOn() []ID {
	if c.LeadID != nil {
		return []ID{c.ID, *c.LeadID}
	}
	return []ID{c.ID}
}

// head is a lead or a parent, seen from a case that rests with it; member is one
// of a lead's members.
type head struct {
	tenants.BaseModel `bun:"table:complaints,alias:head"`
	tenants.Owned
	ID ID `bun:",pk"`
}

type member struct {
	tenants.BaseModel `bun:"table:complaints,alias:member"`
	tenants.Owned
	ID ID `bun:",pk"`
}

// unwatched leaves out what rests with a lead or parent whose own clock runs. Its
// two arguments are the table of heads.
const unwatched = `(c.lead_id IS NULL OR c.state NOT IN ('registered', 'triage', 'referred', 'in_progress', 'waiting_citizen')
	OR NOT EXISTS (SELECT 1 FROM ? WHERE head.id = c.lead_id AND head.state IN ('registered', 'triage', 'referred', 'in_progress', 'waiting_citizen')))
	AND (c.parent_id IS NULL OR c.state <> 'feedback' OR NOT EXISTS (SELECT 1 FROM ? WHERE head.id = c.parent_id AND head.state <> 'closed'))`

// watched tells whether the case rests with one whose own clock runs for it, so
// that it is neither nobody's nor endless.
func (c *Complaint) watched(ctx context.Context, r tenants.Reader) (bool, error) {
	if !c.Rests() {
		return false, nil
	}
	id := c.ParentID
	if c.Follows() {
		id = c.LeadID
	}
	h := new(Complaint)
	if err := r.Select(h).Column("id", "state", "lead_id").Where("c.id = ?", *id).Scan(ctx); err != nil {
		return false, tenants.Err(err)
	}
	if c.Follows() {
		return h.LeadID == nil && h.in(Registered, Triage, Referred, InProgress, WaitingCitizen), nil
	}
	return h.Open(), nil
}

// withoutResting leaves what rests out of the lists of work; a search and the
// list of what was closed show it.
func (t Tab) withoutResting(q *tenants.Query) *tenants.Query {
	switch t {
	case "", TabClosed, TabStuck:
		return q
	}
	return q.Where("(c.lead_id IS NULL OR c.state NOT IN ('registered', 'triage', 'referred', 'in_progress', 'waiting_citizen'))").
		Where("(c.parent_id IS NULL OR c.state <> 'feedback')")
}

// relativesLimit bounds what a page shows of a large cluster.
const relativesLimit = maxMembers + 20

// Relatives reads the lead, the members, the parent and the children of a case,
// oldest first, in one statement; without those that are kept from the actor.
// Who sees a case sees what others it stands to, in the own unit or not.
func Relatives(ctx context.Context, r tenants.Reader, actor tenants.Actor, c *Complaint) ([]Complaint, error) {
	above := []ID{0}
	for _, id := range []*ID{c.LeadID, c.ParentID} {
		if id != nil {
			above = append(above, *id)
		}
	}
	var list []Complaint
	err := discreet(r, r.Select(&list), actor).Where("(c.lead_id = ? OR c.parent_id = ? OR c.id IN (?))", c.ID, c.ID, tenants.In(above)).
		Order("c.id").Limit(relativesLimit).Scan(ctx)
	return list, tenants.Err(err)
}

// Relate reads what the acts on a case's relations need to know. A case that was
// never merged, divided or sent needs no such look.
func (k *Known) Relate(ctx context.Context, r tenants.Reader, actor tenants.Actor, c *Complaint) (err error) {
	if k.Relatives, err = Relatives(ctx, r, actor, c); err != nil || !c.CameFromAfar() {
		return err
	}
	k.Arrival, err = arrival(ctx, r, c.ID)
	return err
}

// untied is a Conflict for a case that others follow, wait for or are part of.
func (c *Complaint) untied(ctx context.Context, tx *tenants.Tx) error {
	list, err := Relatives(ctx, tx, tenants.SystemActor(), c)
	if err == nil && slices.ContainsFunc(list, func(o Complaint) bool { return o.Open() }) {
		return fault.New(fault.Conflict, "relations.conflict.tied")
	}
	return err
}

// members are those of the relatives that were merged into c.
func (k Known) members(c *Complaint) (following, others []Complaint) {
	for _, o := range k.Relatives {
		switch {
		case o.LeadID == nil || *o.LeadID != c.ID:
		case o.Follows():
			following = append(following, o)
		default:
			others = append(others, o)
		}
	}
	return following, others
}

// children are those of the relatives whose parent is c.
func (k Known) children(c *Complaint) []Complaint {
	var list []Complaint
	for _, o := range k.Relatives {
		if o.ParentID != nil && *o.ParentID == c.ID {
			list = append(list, o)
		}
	}
	return list
}

// waitsForChild tells whether the lead unit's answer has to wait.
func (k Known) waitsForChild(c *Complaint, actor tenants.Actor) bool {
	lead := slices.ContainsFunc(k.Legs, func(l Referral) bool { return l.Lead && l.Running() && l.UnitID == actor.UnitID })
	return lead && noneWaited(k.children(c)) != nil
}

// The acts on the relations of a case.
const (
	ActMerge   Action = "merge"
	ActUnmerge Action = "unmerge"
	ActChild   Action = "child"
	ActSend    Action = "send"
	ActRefuse  Action = "refuse"
)

var relationPermissions = map[Action]string{
	ActMerge: "complaint:relate", ActUnmerge: "complaint:relate", ActChild: "complaint:relate",
	ActSend: "complaint:transfer", ActRefuse: "complaint:transfer",
}

// Relations lists what can be done now with how the case stands to others; can
// asks the policy. The commands check again.
func (k Known) Relations(c *Complaint, s tenants.Settings, can func(permission string) bool) []Action {
	following, decided := k.members(c)
	var list []Action
	add := func(act Action, possible bool) {
		if possible && can(relationPermissions[act]) {
			list = append(list, act)
		}
	}
	alone := c.LeadID == nil && c.ParentID == nil
	free := c.standsAlone() == nil
	add(ActMerge, free && len(decided) == 0 && len(k.children(c)) == 0)
	add(ActUnmerge, c.Follows())
	add(ActChild, free)
	add(ActSend, alone && c.in(Registered, Triage) && !c.Confidential && len(following) == 0 && noneWaited(k.children(c)) == nil)
	add(ActRefuse, c.mayRefuse(k.Arrival, s, k.Now) == nil)
	return list
}

// undecided tells whether the case is open and was not answered yet.
func (c *Complaint) undecided() bool {
	return c.in(Registered, Triage, Referred, InProgress, WaitingCitizen)
}

// standsAlone is a Conflict for a case that rests or is part of another's work,
// and for a confidential one, which nobody finds through another.
func (c *Complaint) standsAlone() error {
	switch {
	case c.ParentID != nil:
		return fault.New(fault.Conflict, "relations.conflict.child")
	case c.LeadID != nil:
		return fault.New(fault.Conflict, "relations.conflict.member")
	case !c.undecided():
		return fault.New(fault.Conflict, "relations.conflict.decided")
	case c.Confidential:
		return fault.New(fault.Conflict, "relations.conflict.confidential")
	}
	return nil
}
