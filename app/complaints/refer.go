package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Referral is one leg: one unit's part in a case. The lead unit's leg carries
// the answer to the citizen; the others report to the lead.
type Referral struct {
	tenants.BaseModel `bun:"table:referrals,alias:leg"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	UnitID      int64
	Lead        bool
	State       string // open, taken, answered, returned, withdrawn
	Note        string
	Answer      string
	ReferredAt  time.Time
	DueAt       time.Time
	EndedAt     *time.Time
	AnsweredBy  *int64 // who of the unit gave the answer
}

// Running tells whether the leg is still waited for.
func (l *Referral) Running() bool { return l.EndedAt == nil }

// Order is what the PR office decides when it refers a case.
type Order struct {
	UnitID int64     // the lead unit
	Others []int64   // units with a part of their own
	DueAt  time.Time // zero: by the case's class
	Note   string    // for the units, not for the citizen
}

// Legs lists the legs of a case, oldest first.
func Legs(ctx context.Context, r tenants.Reader, id ID) ([]Referral, error) {
	var list []Referral
	return list, tenants.Err(r.Select(&list).Where("leg.complaint_id = ?", id).Order("leg.id").Scan(ctx))
}

// legsAround lists the legs of a case and, for a member, of its lead, oldest
// first; not those of a lead that has become confidential since.
func legsAround(ctx context.Context, r tenants.Reader, c *Complaint) ([]Referral, error) {
	if c.LeadID == nil {
		return Legs(ctx, r, c.ID)
	}
	lead := r.Select((*head)(nil)).Column("id").Where("head.id = ? AND NOT head.confidential", *c.LeadID)
	var list []Referral
	return list, tenants.Err(r.Select(&list).Where("(leg.complaint_id = ? OR leg.complaint_id IN (?))", c.ID, lead).Order("leg.id").Scan(ctx))
}

// Refer gives the case to a unit, and perhaps parts of it to others. After too
// many refusals by units only the arbiter may refer.
func Refer(ctx context.Context, tx *tenants.Tx, id ID, order Order) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Registered, Triage); err != nil {
		return nil, err
	}
	if c.arbiterOnly(tx.Tenant().Settings, tx.Actor()) {
		return nil, fault.New(fault.Forbidden, "complaint.error.arbiter")
	}
	order.Note = persian.Clean(order.Note)
	if err := order.check(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := c.insideParent(order.DueAt, tx.Now()); err != nil {
		return nil, err
	}
	if err := c.chosen(ctx, tx, order.UnitID); err != nil {
		return nil, err
	}
	return refer(ctx, tx, c, order)
}

// arbiterOnly tells whether units have sent the case back so often that only
// the arbiter says where it goes.
func (c *Complaint) arbiterOnly(s tenants.Settings, actor tenants.Actor) bool {
	return c.Bounces >= s.BounceLimit && actor.Kind == tenants.Staff && !actor.Arbitrates
}

func (o Order) check(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	wrong := fault.Fields{}
	executing, err := tenants.Units(ctx, tx, c.ReferralKinds()...)
	if err != nil {
		return err
	}
	known := func(id int64) bool {
		return slices.ContainsFunc(executing, func(u tenants.Unit) bool { return u.ID == id })
	}
	if !known(o.UnitID) {
		wrong.Add("unit", "complaint.error.unit")
	}
	for _, other := range o.Others {
		if !known(other) || other == o.UnitID {
			wrong.Add("others", "complaint.error.unit")
		}
	}
	if !o.DueAt.IsZero() && !o.DueAt.After(tx.Now()) {
		wrong.Add("due", "complaint.error.due_past")
	}
	return wrong.Err()
}

// forward refers an urgent case to the unit of its route at once, by the system.
func forward(ctx context.Context, tx *tenants.Tx, c *Complaint, unit int64) error {
	_, err := refer(ctx, tx, c, Order{UnitID: unit})
	return err
}

func refer(ctx context.Context, tx *tenants.Tx, c *Complaint, order Order) (*timeline.Event, error) {
	due, err := c.dues(ctx, tx, order)
	if err != nil {
		return nil, err
	}
	for i, unit := range append([]int64{order.UnitID}, order.Others...) {
		leg := &Referral{
			ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, UnitID: unit, Lead: i == 0, State: "open",
			Note: order.Note, ReferredAt: tx.Now(), DueAt: due(unit),
		}
		if err := tx.Insert(ctx, leg); err != nil {
			return nil, err
		}
	}
	lead := due(order.UnitID)
	e := c.event("referred", order.Note, true)
	if e.UnitID, e.DueAt = &order.UnitID, &lead; order.DueAt.IsZero() {
		e.RefID = &c.SLAClassID // the class gave it, see winder.refer
	}
	c.State, c.UnitID, c.HolderID = Referred, order.UnitID, nil
	return record(ctx, tx, c, e, true)
}

// dues tells when each unit that gets the case now must have answered: at the
// time the order gives, or by the class the case was registered under.
func (c *Complaint) dues(ctx context.Context, tx *tenants.Tx, order Order) (func(unit int64) time.Time, error) {
	if !order.DueAt.IsZero() {
		return func(int64) time.Time { return order.DueAt }, nil
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return nil, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	return func(unit int64) time.Time {
		w := winder{class: class, leg: hours.Of(unit)}
		return within(w.addLeg(tx.Now(), minutes(class.RespondMinutes)), c.PromisedAt, tx.Now())
	}, err
}

// within keeps what the class gives a unit inside what the citizen was promised,
// unless that has passed already.
func within(due, promised, now time.Time) time.Time {
	if promised.After(now) {
		return earlier(due, promised)
	}
	return due
}

// UsualDue is when a unit that gets the case now must have answered, unless
// whoever refers it says otherwise: by the class, and not after the promise.
func (c *Complaint) UsualDue(class *tenants.SLAClass, hours tenants.WorkingTime, now time.Time) time.Time {
	w := winder{class: class, leg: hours}
	return within(w.addLeg(now, minutes(class.RespondMinutes)), c.PromisedAt, now)
}

// legOf finds the unit's leg in the case, the running or else the latest one;
// NotFound when the unit never had a part in it. Of a member of a cluster its
// lead's legs count, too: there it was worked on.
func legOf(ctx context.Context, r tenants.Reader, c *Complaint, unit int64) (*Referral, error) {
	leg := new(Referral)
	err := r.Select(leg).Where("leg.complaint_id IN (?) AND leg.unit_id = ?", tenants.In(c.workedOn()), unit).
		OrderExpr("leg.ended_at IS NULL DESC, leg.id DESC").Limit(1).Scan(ctx)
	return leg, tenants.Err(err)
}

// runningLegs lists the legs that are still waited for, the lead first.
func runningLegs(ctx context.Context, r tenants.Reader, c *Complaint) ([]Referral, error) {
	var list []Referral
	err := r.Select(&list).Where("leg.complaint_id = ? AND leg.ended_at IS NULL", c.ID).OrderExpr("leg.lead DESC, leg.id").Scan(ctx)
	return list, tenants.Err(err)
}

// ownLeg is the running leg of the actor's unit; Forbidden for anybody else:
// only the unit that has a part in the case works on it.
func ownLeg(ctx context.Context, tx *tenants.Tx, c *Complaint) (*Referral, error) {
	leg, err := legOf(ctx, tx, c, tx.Actor().UnitID)
	if fault.Is(err, fault.NotFound) || (err == nil && !leg.Running()) {
		return nil, fault.New(fault.Forbidden, "complaint.error.not_your_unit")
	}
	if err == nil && leg.Lead && c.TakenOverBy != nil {
		return nil, fault.New(fault.Conflict, "takeover.conflict")
	}
	return leg, err
}

// leadLeg is the running leg of the actor's unit, which must be the lead.
func leadLeg(ctx context.Context, tx *tenants.Tx, c *Complaint) (*Referral, error) {
	leg, err := ownLeg(ctx, tx, c)
	if err == nil && !leg.Lead {
		return nil, fault.New(fault.Forbidden, "complaint.error.lead_only")
	}
	return leg, err
}

// lastLead is the unit that led the case last; 0 when none ever did.
func lastLead(ctx context.Context, r tenants.Reader, c *Complaint) (int64, error) {
	leg := new(Referral)
	err := tenants.Err(r.Select(leg).Column("unit_id").Where("leg.complaint_id = ? AND leg.lead", c.workedAs()).Order("leg.id DESC").Limit(1).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return leg.UnitID, err
}

func (l *Referral) end(ctx context.Context, tx *tenants.Tx, state string) error {
	now := tx.Now()
	l.State, l.EndedAt = state, &now
	if state == "answered" && tx.Actor().Kind == tenants.Staff {
		l.AnsweredBy = actorID(tx)
	}
	return tx.Update(ctx, l, "state", "answer", "ended_at", "answered_by")
}

// endAll withdraws every running leg: the case has ended or goes elsewhere.
func endAll(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	_, err := tx.Set(ctx, (*Referral)(nil), "state = 'withdrawn', ended_at = ?", []any{tx.Now()},
		"complaint_id = ? AND ended_at IS NULL", c.ID)
	return err
}
