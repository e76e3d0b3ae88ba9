package complaints

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Visit is what special follow-up found on the spot; its verdict overrides the
// unit's claim.
type Visit struct {
	tenants.BaseModel `bun:"table:field_visits,alias:visit"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	StaffID     int64
	VisitedAt   time.Time
	Finding     string
	Resolved    bool
	// Lat and Lng are where a photo of the visit was taken, in degrees (WGS 84);
	// kept only where the organization's settings allow it.
	Lat, Lng *float64
}

// Finding is what the agent reports of a visit.
type Finding struct {
	Text     string
	Resolved bool
	Lat, Lng *float64 // of a photo; dropped unless the settings keep it
}

// Inspect records a field visit. Resolved: the citizen is asked to confirm it.
// Not resolved: the case is referred again, in a new cycle.
func Inspect(ctx context.Context, tx *tenants.Tx, id ID, finding string, resolved bool) (*timeline.Event, error) {
	return VisitMade(ctx, tx, id, Finding{Text: finding, Resolved: resolved})
}

// VisitMade is Inspect with where it was.
func VisitMade(ctx context.Context, tx *tenants.Tx, id ID, in Finding) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(SpecialFollowup); err != nil {
		return nil, err
	}
	if in.Text, err = needText("finding", in.Text, "complaint.error.finding"); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	if !tx.Tenant().Settings.KeepPhotoPlace {
		in.Lat, in.Lng = nil, nil
	}
	v := &Visit{
		ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, StaffID: tx.Actor().ID, VisitedAt: tx.Now(),
		Finding: in.Text, Resolved: in.Resolved, Lat: in.Lat, Lng: in.Lng,
	}
	if err := tx.Insert(ctx, v); err != nil {
		return nil, err
	}
	e := c.event("visited", in.Text, true)
	if in.Resolved {
		c.State, c.HolderID = AwaitingConfirmation, actorID(tx)
		return record(ctx, tx, c, e, true)
	}
	if e, err = record(ctx, tx, c, e, true); err != nil {
		return nil, err
	}
	_, err = reopen(ctx, tx, c, in.Text)
	return e, err
}

// Confirm records what the citizen says of a visit that found the matter
// resolved, said by the citizen or on the phone: confirmed closes the case,
// denied refers it again in a new cycle. Whoever made the visit does not confirm
// it by their own word; they need the citizen's code (ConfirmByCode).
func Confirm(ctx context.Context, tx *tenants.Tx, id ID, confirmed bool, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(AwaitingConfirmation); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	if confirmed {
		visit, err := lastVisit(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if a := tx.Actor(); a.Kind == tenants.Staff && a.ID == visit.StaffID {
			return nil, fault.Field("confirmed", "complaint.error.own_visit")
		}
		return finish(ctx, tx, c, VerifiedInField, visit.Finding)
	}
	if reason, err = needText("reason", reason, "complaint.error.dissatisfied_reason"); err != nil {
		return nil, err
	}
	if _, err := record(ctx, tx, c, c.event("denied", reason, true), false); err != nil {
		return nil, err
	}
	return reopen(ctx, tx, c, reason)
}

// reopen starts the next cycle: the unit that led gets the case back, with
// clocks of its own. A member of a cluster leaves it: what the others were content
// with was not enough here, and the unit of the lead gets this case for itself.
func reopen(ctx context.Context, tx *tenants.Tx, c *Complaint, reason string) (*timeline.Event, error) {
	leg := new(Referral)
	err := tx.Select(leg).Where("leg.complaint_id = ? AND leg.lead", c.workedAs()).Order("leg.id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	e := c.event("reopened", "", false)
	e.RefID, c.LeadID = c.LeadID, nil
	c.Cycle++
	c.Interims, c.Result = 0, ""
	c.State = Triage
	if _, err := record(ctx, tx, c, e, false); err != nil {
		return nil, err
	}
	return refer(ctx, tx, c, Order{UnitID: leg.UnitID, Note: persian.Clean(reason)})
}

// Visits lists the field visits of a case, oldest first.
func Visits(ctx context.Context, r tenants.Reader, id ID) ([]Visit, error) {
	var list []Visit
	return list, tenants.Err(r.Select(&list).Where("visit.complaint_id = ?", id).Order("visit.cycle").Scan(ctx))
}

func lastVisit(ctx context.Context, r tenants.Reader, c *Complaint) (*Visit, error) {
	v := new(Visit)
	return v, tenants.Err(r.Select(v).Where("visit.complaint_id = ? AND visit.cycle = ?", c.ID, c.Cycle).Scan(ctx))
}
