package complaints

import (
	"context"
	"crypto/rand"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// A child is internal work on a part of its parent: another unit does it, the
// citizen sees only the parent. It has a code, a ladder and a clock like any case,
// inside what the parent's citizen was promised. Its answer goes to the parent and
// waits there; it ends with the parent, by the same fact.

// Part is what a child case is opened with.
type Part struct {
	UnitID int64
	Text   string    // what the unit has to do
	DueAt  time.Time // zero: by the parent's class, not after its promise
}

// OpenChild opens a case for another unit, which the parent waits for.
func OpenChild(ctx context.Context, tx *tenants.Tx, id ID, in Part) (*timeline.Event, error) {
	p, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := p.standsAlone(); err != nil {
		return nil, err
	}
	if err := in.check(ctx, tx, p); err != nil {
		return nil, err
	}
	c, err := p.child(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, c); err != nil {
		return nil, fault.Wrap(err, "complaints.OpenChild")
	}
	first := c.event("registered", "", false)
	if first.FromState = ""; p.PromisedAt.After(tx.Now()) {
		first.DueAt = &p.PromisedAt
	}
	if _, err := record(ctx, tx, c, first, false); err != nil {
		return nil, err
	}
	if _, err := refer(ctx, tx, c, Order{UnitID: in.UnitID, DueAt: in.DueAt}); err != nil {
		return nil, err
	}
	e := p.event("child_opened", "", true)
	e.UnitID, e.RefID = &in.UnitID, &c.ID
	return record(ctx, tx, p, e, false)
}

func (in *Part) check(ctx context.Context, tx *tenants.Tx, p *Complaint) error {
	in.Text = persian.Clean(in.Text)
	wrong := fault.Fields{}
	switch n := utf8.RuneCountInString(in.Text); {
	case n < minText:
		wrong.Add("text", "relations.error.text_short")
	case n > MaxText:
		wrong.Add("text", "complaint.error.text_long")
	}
	if in.UnitID == p.UnitID {
		wrong.Add("unit", "relations.error.same_unit")
	}
	order := Order{UnitID: in.UnitID, DueAt: in.DueAt}
	if err := order.check(ctx, tx, p); err != nil {
		for field, key := range fault.As(err).Fields {
			wrong.Add(field, key)
		}
		if !fault.Is(err, fault.Invalid) {
			return err
		}
	}
	if in.DueAt.After(p.PromisedAt) && p.PromisedAt.After(tx.Now()) {
		wrong.Add("due", "relations.error.due_parent")
	}
	return wrong.Err()
}

// child makes the row: of the parent's kind, topic, class and place, without a
// citizen of its own.
func (c *Complaint) child(ctx context.Context, tx *tenants.Tx, in Part) (*Complaint, error) {
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	code, err := persian.NewCode(rand.Reader)
	if err != nil {
		return nil, fault.Wrap(err, "complaints.OpenChild")
	}
	now := tx.Now()
	return &Complaint{
		ID: tenants.NewID(), Code: code, Kind: c.Kind, Channel: c.Channel, TopicID: c.TopicID, SLAClassID: c.SLAClassID,
		Text: in.Text, Place: c.Place, DistrictID: c.DistrictID, Answers: []QuestionAnswer{},
		ParentID: &c.ID, State: Registered, Cycle: 1, UnitID: office.ID, RegisteredAt: now, PromisedAt: now, DueAt: now,
		LegalDueAt: c.LegalDueAt, SearchKey: persian.SearchKey(code + " " + c.Code + " " + in.Text),
	}, nil
}

// lockParent locks the parent of a child, nil for any other case: a parent is
// always locked before its children, so that no two commands wait for each other.
func lockParent(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, error) {
	c := new(Complaint)
	if err := tx.Select(c).Column("id", "parent_id").Where("c.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	if c.ParentID == nil {
		return nil, nil //nolint:nilnil // no parent is no error
	}
	p := new(Complaint)
	return p, tx.Lock(ctx, p, "c.id = ?", *c.ParentID)
}

// answerParent ends the unit's part of a child: its answer stands with the parent
// and the child waits there, the PR office's meanwhile.
func answerParent(ctx context.Context, tx *tenants.Tx, c, parent *Complaint, leg *Referral) (*timeline.Event, error) {
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	e := c.event("answered", leg.Answer, true)
	e.UnitID = &leg.UnitID
	c.State, c.UnitID, c.HolderID, c.Result = Feedback, office.ID, nil, leg.Answer
	if e, err = record(ctx, tx, c, e, false); err != nil {
		return nil, err
	}
	return e, parent.hearChild(ctx, tx, c, "child_answered", leg.Answer)
}

// hearChild writes on the parent what became of a child, and tells whoever has it.
func (c *Complaint) hearChild(ctx context.Context, tx *tenants.Tx, child *Complaint, kind, text string) error {
	if !c.Open() {
		return nil
	}
	e := c.event(kind, text, false)
	e.RefID = &child.ID
	_, err := record(ctx, tx, c, e, true)
	return err
}

// childrenOf lists the children of a case that are not closed, oldest first.
func childrenOf(ctx context.Context, r tenants.Reader, id ID) ([]Complaint, error) {
	var list []Complaint
	err := r.Select(&list).Column("id", "parent_id", "state").Where("c.parent_id = ? AND c.state <> 'closed'", id).Order("c.id").Scan(ctx)
	return list, tenants.Err(err)
}

// noneWaited is a Conflict while a child has not answered.
func noneWaited(children []Complaint) error {
	for i := range children {
		if c := &children[i]; c.Open() && !c.Rests() {
			return fault.New(fault.Conflict, "relations.conflict.open_children")
		}
	}
	return nil
}

// endChildren closes the children with their parent, which is locked: by the same
// fact, each with what it answered.
func (c *Complaint) endChildren(ctx context.Context, tx *tenants.Tx, children []Complaint) error {
	for i := range children {
		child := new(Complaint)
		if err := tx.Lock(ctx, child, "c.id = ?", children[i].ID); err != nil {
			return err
		}
		if !child.Open() {
			continue
		}
		result := child.Result
		if result == "" {
			result = c.Result
		}
		if _, err := finish(ctx, tx, child, c.Fact, result); err != nil {
			return err
		}
	}
	return nil
}

// facesCitizen is a Conflict for a child: what concerns the citizen is asked and
// told on the parent.
func (c *Complaint) facesCitizen() error {
	if c.ParentID != nil {
		return fault.New(fault.Conflict, "relations.conflict.internal")
	}
	return nil
}

// insideParent keeps the due time of a child inside what was promised.
func (c *Complaint) insideParent(due, now time.Time) error {
	if c.ParentID != nil && due.After(c.PromisedAt) && c.PromisedAt.After(now) {
		return fault.Field("due", "relations.error.due_parent")
	}
	return nil
}
