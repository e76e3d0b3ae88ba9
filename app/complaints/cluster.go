package complaints

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// maxMembers is how many complainants one cluster holds beside its lead's own.
const maxMembers = 200

// Merge puts a case into the cluster of another, its lead, which is worked on in
// the place of all. Every complainant keeps the own code, page and verdict. The
// members of a case that is merged move along, so that a lead is never a member.
// Of two that merge each other at the same moment one wins.
func Merge(ctx context.Context, tx *tenants.Tx, id, lead ID) (*timeline.Event, error) {
	if id == lead {
		return nil, fault.Field("code", "relations.error.self")
	}
	c, into, err := lockHeads(ctx, tx, id, lead)
	if err != nil {
		return nil, err
	}
	if err := c.mayJoin(into); err != nil {
		return nil, err
	}
	members, err := c.loose(ctx, tx)
	if err != nil {
		return nil, err
	}
	others, err := tx.Select((*Complaint)(nil)).Where("c.lead_id = ?", into.ID).Count(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if int(others)+len(members)+1 > maxMembers {
		return nil, fault.New(fault.Conflict, "relations.conflict.full", "n", maxMembers)
	}
	for _, m := range members {
		if _, err := m.join(ctx, tx, into); err != nil {
			return nil, err
		}
	}
	e, err := c.join(ctx, tx, into)
	if err != nil {
		return nil, err
	}
	joined := into.event("member_joined", "", false)
	joined.RefID = &c.ID
	_, err = record(ctx, tx, into, joined, false)
	return e, err
}

// lockHeads locks two cases in the order of their ids, so that two commands on the
// same two never wait for each other. What is a member already is refused before
// anything is locked.
func lockHeads(ctx context.Context, tx *tenants.Tx, id, other ID) (c, o *Complaint, err error) {
	var peeked []Complaint
	err = tx.Select(&peeked).Column("id", "lead_id", "parent_id", "state").Where("c.id IN (?)", tenants.In([]ID{id, other})).Scan(ctx)
	if err != nil {
		return nil, nil, tenants.Err(err)
	}
	if len(peeked) < 2 {
		return nil, nil, fault.New(fault.NotFound, "error.not_found")
	}
	for i := range peeked {
		if err := peeked[i].standsAlone(); err != nil {
			return nil, nil, err
		}
	}
	rows := map[ID]*Complaint{}
	for _, each := range []ID{min(id, other), max(id, other)} {
		if rows[each], err = lock(ctx, tx, each); err != nil {
			return nil, nil, err
		}
	}
	return rows[id], rows[other], nil
}

// mayJoin checks two locked cases.
func (c *Complaint) mayJoin(into *Complaint) error {
	if err := c.standsAlone(); err != nil {
		return err
	}
	return into.standsAlone()
}

// loose gives the members that move along with c, locked; a Conflict when
// something holds c where it is.
func (c *Complaint) loose(ctx context.Context, tx *tenants.Tx) ([]*Complaint, error) {
	if err := noDirectives(ctx, tx, c); err != nil {
		return nil, err
	}
	decided, err := tx.Select((*Complaint)(nil)).Where("c.lead_id = ? AND c.state IN (?)", c.ID,
		tenants.In([]State{Feedback, SpecialFollowup, AwaitingConfirmation, Closed})).Count(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if decided > 0 {
		return nil, fault.New(fault.Conflict, "relations.conflict.answered_members")
	}
	children, err := childrenOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if len(children) > 0 {
		return nil, fault.New(fault.Conflict, "relations.conflict.has_children")
	}
	return followers(ctx, tx, c.ID)
}

// join makes a member of a case.
func (c *Complaint) join(ctx context.Context, tx *tenants.Tx, into *Complaint) (*timeline.Event, error) {
	if err := endAll(ctx, tx, c); err != nil {
		return nil, err
	}
	e := c.event("merged", "", true)
	e.RefID = &into.ID
	if into.UnitDueAt != nil {
		e.UnitID, e.DueAt = &into.UnitID, into.UnitDueAt
	}
	c.LeadID = &into.ID
	c.mirror(into)
	return record(ctx, tx, c, e, true)
}

// mirror shows the lead's progress in the member. Only the lead's own citizen is
// waited for.
func (c *Complaint) mirror(lead *Complaint) {
	c.State, c.UnitID, c.HolderID = lead.State, lead.UnitID, nil
	if c.State == WaitingCitizen {
		c.State = InProgress
	}
}

// Unmerge takes a member out of its cluster while nothing was decided: it is the
// PR office's again, with its own clock.
func Unmerge(ctx context.Context, tx *tenants.Tx, id ID) (*timeline.Event, error) {
	lead, err := lockLead(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if lead == nil {
		return nil, fault.New(fault.Conflict, "relations.conflict.no_member")
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Follows() || *c.LeadID != lead.ID {
		return nil, fault.New(fault.Conflict, "relations.conflict.no_member")
	}
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	e := c.event("unmerged", "", true)
	e.RefID = &lead.ID
	c.LeadID, c.State, c.UnitID, c.HolderID = nil, Triage, office.ID, nil
	if e, err = record(ctx, tx, c, e, true); err != nil {
		return nil, err
	}
	left := lead.event("member_left", "", false)
	left.RefID = &c.ID
	_, err = record(ctx, tx, lead, left, false)
	return e, err
}

// lockLead locks the lead that a case follows, nil for any other case: a lead is
// always locked before its members.
func lockLead(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, error) {
	c, err := Plain(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Follows() {
		return nil, nil //nolint:nilnil // no lead is no error
	}
	lead := new(Complaint)
	return lead, tx.Lock(ctx, lead, "c.id = ?", *c.LeadID)
}

// HeadOf finds the case that a code means as a lead: the case itself, or the lead
// of the cluster it is in.
func HeadOf(ctx context.Context, r tenants.Reader, actor tenants.Actor, code string) (ID, error) {
	unknown := fault.Field("code", "relations.error.code")
	canonical, ok := persian.ParseCode(code)
	if !ok {
		return 0, unknown
	}
	c := new(Complaint)
	err := tenants.Err(visible(r, r.Select(c), actor).Where("c.code = ?", canonical).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return 0, unknown
	}
	return c.workedAs(), err
}

// Similar lists recent cases that may be about the same matter: the same topic and
// place, open and not merged. The case itself is not among them.
func Similar(ctx context.Context, r tenants.Reader, actor tenants.Actor, c *Complaint) ([]Complaint, error) {
	var district *tenants.District
	if c.DistrictID != nil {
		found := new(tenants.District)
		if err := tenants.Err(r.Select(found).Where("district.id = ?", *c.DistrictID).Scan(ctx)); err != nil {
			return nil, err
		}
		district = found
	}
	list, err := Nearby(ctx, r, actor, c.TopicID, c.Place, district)
	return slices.DeleteFunc(list, func(o Complaint) bool {
		return o.ID == c.ID || o.standsAlone() != nil
	}), err
}

// followers locks the members that still follow a lead, in the order of their ids.
func followers(ctx context.Context, tx *tenants.Tx, lead ID) ([]*Complaint, error) {
	var ids []ID
	err := tx.Select((*Complaint)(nil)).Column("id").Where("c.lead_id = ?", lead).Order("c.id").Scan(ctx, &ids)
	if err != nil {
		return nil, tenants.Err(err)
	}
	var list []*Complaint
	for _, id := range ids {
		m := new(Complaint)
		if err := tx.Lock(ctx, m, "c.id = ?", id); err != nil {
			return nil, err
		}
		if m.Follows() && *m.LeadID == lead {
			list = append(list, m)
		}
	}
	return list, nil
}

// carried are the events of a lead that its members share.
var carried = []string{"complaint.taken", "complaint.referred", "complaint.returned", "complaint.recalled", "complaint.interim", "complaint.answered", "complaint.closed"}

// carry shares what happened to a lead with its members, so that every citizen
// reads and is told it: the way of the case, interim reports, the answer. With the
// answer each member goes to feedback and ends by the own citizen's verdict.
func (c *Complaint) carry(ctx context.Context, tx *tenants.Tx, e *timeline.Event) error {
	if c.LeadID != nil || !slices.Contains(carried, e.Kind) {
		return nil
	}
	members, err := followers(ctx, tx, c.ID)
	if err != nil || len(members) == 0 {
		return err
	}
	if e.Kind == "complaint.closed" && (c.Fact == Withdrawn || c.Fact == EnteredByMistake) {
		return c.handOn(ctx, tx, members)
	}
	for _, m := range members {
		if err := m.share(ctx, tx, c, e); err != nil {
			return err
		}
	}
	return nil
}

// share lets a member have its part in what happened to the lead.
func (c *Complaint) share(ctx context.Context, tx *tenants.Tx, lead *Complaint, of *timeline.Event) error {
	if lead.State == Closed { // settled in the PR office, for all alike
		_, err := finish(ctx, tx, c, lead.Fact, lead.Result)
		return err
	}
	e := &timeline.Event{Kind: of.Kind, FromState: string(c.State), Text: of.Text, Public: of.Public, UnitID: of.UnitID, DueAt: of.DueAt}
	told := false
	switch of.Kind {
	case "complaint.answered":
		c.State, c.UnitID, c.HolderID, c.Result, told = Feedback, lead.UnitID, nil, of.Text, true
	case "complaint.interim":
		told = true
	default:
		c.mirror(lead)
	}
	_, err := record(ctx, tx, c, e, told)
	return err
}
