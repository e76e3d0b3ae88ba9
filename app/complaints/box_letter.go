package complaints

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Letter is one letter of an opening, as the minutes list it.
type Letter struct {
	ID           ID
	Code         string
	Kind         Kind
	State        State
	Fact         Fact
	Text         string // its beginning
	Nameless     bool
	CitizenID    *int64
	Citizen      string `sealed:"citizens.name,row=CitizenID"` // empty in a confidential case, see Reveal
	Masked       bool   // there is a citizen who is not told
	RegisteredAt time.Time
}

// Mistaken tells whether the letter was entered by mistake.
func (l *Letter) Mistaken() bool { return l.Fact == EnteredByMistake }

// Letters lists the letters of an opening in the order in which they were
// entered, as far as the staff member may see the cases.
func Letters(ctx context.Context, r tenants.Reader, actor tenants.Actor, openingID int64) ([]Letter, error) {
	var list []Letter
	err := visible(r, r.Select((*Complaint)(nil)), actor).
		ColumnExpr("c.id, c.code, c.kind, c.state, c.fact, substr(c.text, 1, ?) AS text, c.citizen_id IS NULL AS nameless, c.registered_at", snippetRunes).
		ColumnExpr("c.confidential AND c.citizen_id IS NOT NULL AS masked").
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen, c.citizen_id").
		Join("LEFT JOIN ? ON citizen.id = c.citizen_id AND NOT c.confidential", r.From((*citizens.Citizen)(nil))).
		Where("c.box_opening_id = ?", openingID).Order("c.id").Limit(2*maxLetters).Scan(ctx, &list)
	tenants.Reveal(r, list)
	return list, tenants.Err(err)
}

// Entered counts the letters of openings that were entered, without those that
// were entered by mistake.
func Entered(ctx context.Context, r tenants.Reader, ids ...int64) (map[int64]int, error) {
	counts := make(map[int64]int, len(ids))
	if len(ids) == 0 {
		return counts, nil
	}
	var found []struct {
		BoxOpeningID int64
		N            int
	}
	err := r.Select((*Complaint)(nil)).ColumnExpr("c.box_opening_id, count(*) AS n").
		Where("c.box_opening_id IN (?) AND c.fact <> ?", tenants.In(ids), EnteredByMistake).GroupExpr("c.box_opening_id").Scan(ctx, &found)
	for _, f := range found {
		counts[f.BoxOpeningID] = f.N
	}
	return counts, tenants.Err(err)
}

// RegisterLetter files a letter that was found in a box as a case of its own,
// while the minutes of the opening are not locked.
func RegisterLetter(ctx context.Context, tx *tenants.Tx, openingID int64, in Registration) (*Receipt, error) {
	o, err := lockOpening(ctx, tx, openingID)
	if err != nil {
		return nil, err
	}
	entered, err := Entered(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	if entered[o.ID] >= maxLetters {
		return nil, fault.New(fault.Conflict, "paper.conflict.many")
	}
	in.Channel, in.BoxOpeningID = "box", &o.ID
	return Register(ctx, tx, in)
}

// unworked are the events that happen to a case without anybody working on it.
var unworked = map[string]bool{
	"complaint.registered": true, "complaint.escalated": true, "complaint.stuck": true, "complaint.papers": true, KindSourceDue: true,
	"complaint.source_near": true, "complaint.source_passed": true, "complaint.legal_near": true, "complaint.legal_passed": true,
}

// untouched tells whether nobody has worked on the case. An urgent one goes to
// its unit in the moment of its registration, which is no work.
func untouched(c *Complaint, events []timeline.Event) bool {
	for i := range events {
		e := &events[i]
		if e.Kind == "complaint.referred" && e.At.Equal(c.RegisteredAt) {
			continue
		}
		if !unworked[e.Kind] {
			return false
		}
	}
	return true
}

// Mistaken takes back a letter of a box or a case from a letter that was entered
// by mistake, as long as nobody has worked on it. The case stays, closed with
// the reason; the source's number is free again.
func Mistaken(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := c.mistakable(ctx, tx); err != nil {
		return nil, err
	}
	if err := giveBack(ctx, tx, reason, "c.id = ?", c.ID); err != nil {
		return nil, err
	}
	c.ExternalNumber, c.SearchKey = "", reword(c.SearchKey, c.ExternalNumber, "")
	return finish(ctx, tx, c, EnteredByMistake, reason)
}

// mistakable is nil while the case can be taken back.
func (c *Complaint) mistakable(ctx context.Context, tx *tenants.Tx) error {
	if !c.OnPaper() || c.ParentID != nil {
		return fault.New(fault.Conflict, "paper.conflict.not_paper")
	}
	if err := independent(ctx, tx, c); err != nil {
		return err
	}
	if c.BoxOpeningID != nil {
		if _, err := lockOpening(ctx, tx, *c.BoxOpeningID); err != nil {
			return err
		}
	}
	events, err := timeline.Of(ctx, tx, c.Subject(), false)
	if err != nil {
		return err
	}
	if !c.Open() || !untouched(c, events) {
		return fault.New(fault.Conflict, "paper.conflict.worked")
	}
	return nil
}

// OnPaper tells whether the case came as a letter, by post or in a box.
func (c *Complaint) OnPaper() bool { return c.Channel == "letter" || c.Channel == "box" }

// MayBeMistaken tells whether Mistaken would take the case back, as far as the
// page knows.
func (c *Complaint) MayBeMistaken(events []timeline.Event) bool {
	return c.OnPaper() && c.Open() && untouched(c, events)
}
