package complaints

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// VisitPlan puts the visit of one cycle of a case on a day and an agent.
type VisitPlan struct {
	tenants.BaseModel `bun:"table:visit_plans,alias:plan"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	StaffID     int64
	Day         string // Gregorian, YYYY-MM-DD
	Position    int    // the order of the agent's day
}

// VisitTask is one row of the visit lists.
type VisitTask struct {
	ID         ID
	Code       string
	TopicID    int64
	State      State
	Cycle      int
	Text       string // its beginning
	Place      Place  `bun:"type:jsonb"`
	DistrictID *int64
	CitizenID  *int64
	Citizen    string `sealed:"citizens.name,row=CitizenID"`
	Mobile     string `sealed:"citizens.mobile,row=CitizenID"` // E.164; empty for a nameless report, and in a confidential case
	Secret     bool   // confidential
	DueAt      time.Time
	Day        string
	StaffID    *int64
	AgentFA    string `bun:"agent_fa"`
	AgentEN    string `bun:"agent_en"`
	Position   int
}

// VisitDay is how a day is written in a plan.
func VisitDay(d persian.Date) string {
	return d.Time(12, 0, persian.Tehran).Format(time.DateOnly)
}

// visitRow is the query that both lists share.
func visitRow(r tenants.Reader, actor tenants.Actor) *tenants.Query {
	return worked(visible(r, r.Select((*Complaint)(nil)), actor), actor).
		ColumnExpr("c.id, c.code, c.topic_id, c.state, c.cycle, substr(c.text, 1, ?) AS text, c.place, c.district_id, c.citizen_id, c.due_at, c.confidential AND c.citizen_id IS NOT NULL AS secret", snippetRunes).
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen, "+tenants.SubjectColumn("citizen", "mobile_sealed")+" AS mobile").
		Join("LEFT JOIN ? ON citizen.id = c.citizen_id AND NOT c.confidential", r.From((*citizens.Citizen)(nil)))
}

// UnplannedVisits reads one page of the cases that wait for a visit and are on
// nobody's day, most urgent first, in one district or (0) in all; more tells
// whether there is a next page. One statement.
func UnplannedVisits(ctx context.Context, r tenants.Reader, actor tenants.Actor, district int64, after Cursor, limit int) (rows []VisitTask, more bool, err error) {
	if limit == 0 {
		limit = pageSize
	}
	planned := r.Select((*VisitPlan)(nil)).ColumnExpr("1").Where("plan.complaint_id = c.id AND plan.cycle = c.cycle")
	q := visitRow(r, actor).Where("c.state = 'special_followup'").Where("NOT EXISTS (?)", planned).Limit(int64(limit) + 1)
	if district != 0 {
		q = q.Where("c.district_id = ?", district)
	}
	if !after.Due.IsZero() {
		q = q.Where("(c.due_at, c.id) > (?, ?)", after.Due, after.ID)
	}
	if err := q.Order("c.due_at", "c.id").Scan(ctx, &rows); err != nil {
		return nil, false, fault.Wrap(err, "complaints.UnplannedVisits")
	}
	tenants.Reveal(r, rows)
	if len(rows) > limit {
		return rows[:limit], true, nil
	}
	return rows, false, nil
}

// VisitsOf lists the visits of one day in their order, of one agent or (0) of
// all; those that were made stay in the list.
func VisitsOf(ctx context.Context, r tenants.Reader, actor tenants.Actor, day string, agent int64) ([]VisitTask, error) {
	var rows []VisitTask
	q := visitRow(r, actor).
		ColumnExpr("plan.day, plan.staff_id, plan.position, staff.name_fa AS agent_fa, staff.name_en AS agent_en").
		Join("JOIN ? ON plan.complaint_id = c.id", r.From((*VisitPlan)(nil))).
		Join("JOIN ? ON staff.id = plan.staff_id", r.From((*staff.Staff)(nil))).
		Where("plan.day = ?", day)
	if agent != 0 {
		q = q.Where("plan.staff_id = ?", agent)
	}
	err := q.Order("staff.name_fa", "plan.staff_id", "plan.position", "plan.id").Limit(maxDay).Scan(ctx, &rows)
	tenants.Reveal(r, rows)
	return rows, fault.Wrap(err, "complaints.VisitsOf")
}

// maxDay bounds the visits of one day and organization that a page shows.
const maxDay = 300

// Visiting is what a day of visits is planned with.
type Visiting struct {
	Cases []ID
	Agent int64        // of the special follow-up unit
	Day   persian.Date // today or later
}

// PlanVisits puts cases on an agent's day, at its end and in the order given.
// A case that was planned already moves. Nobody visits what their own unit did
// (product.md, rule 2).
func PlanVisits(ctx context.Context, tx *tenants.Tx, in Visiting) error {
	if err := in.check(ctx, tx); err != nil {
		return err
	}
	day := VisitDay(in.Day)
	last, err := lastPosition(ctx, tx, in.Agent, day)
	if err != nil {
		return err
	}
	for i, id := range in.Cases {
		if err := planVisit(ctx, tx, id, &VisitPlan{ID: tenants.NewID(), StaffID: in.Agent, Day: day, Position: last + 1 + i}); err != nil {
			return err
		}
	}
	return nil
}

func (in *Visiting) check(ctx context.Context, tx *tenants.Tx) error {
	wrong := fault.Fields{}
	if len(in.Cases) == 0 {
		wrong.Add("cases", "visit.error.cases")
	}
	if in.Day.Before(persian.DateOf(tx.Now().In(persian.Tehran))) {
		wrong.Add("day", "visit.error.day_past")
	}
	agents, err := VisitAgents(ctx, tx, tx.Actor())
	if err != nil {
		return err
	}
	known := false
	for i := range agents {
		known = known || agents[i].ID == in.Agent
	}
	if !known {
		wrong.Add("agent", "visit.error.agent")
	}
	return wrong.Err()
}

// VisitAgents lists the active staff who visit: of the special follow-up unit,
// for an inspector of their own unit.
func VisitAgents(ctx context.Context, r tenants.Reader, actor tenants.Actor) ([]staff.Staff, error) {
	if actor.InspectsOnly {
		return staff.OfUnit(ctx, r, actor.UnitID)
	}
	unit, err := tenants.UnitOfKind(ctx, r, tenants.UnitSpecialFollowup)
	if err != nil {
		return nil, err
	}
	return staff.OfUnit(ctx, r, unit.ID)
}

func planVisit(ctx context.Context, tx *tenants.Tx, id ID, plan *VisitPlan) error {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := c.must(SpecialFollowup); err != nil {
		return err
	}
	if err := independent(ctx, tx, c); err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*VisitPlan)(nil), "complaint_id = ? AND cycle = ?", c.ID, c.Cycle); err != nil {
		return err
	}
	plan.ComplaintID, plan.Cycle = c.ID, c.Cycle
	if err := tx.Insert(ctx, plan); err != nil {
		return err
	}
	day, err := time.ParseInLocation(time.DateOnly, plan.Day, persian.Tehran)
	if err != nil {
		return fault.Wrap(err, "complaints.planVisit")
	}
	e := c.event("visit_planned", "", true)
	noon := day.Add(12 * time.Hour).UTC()
	e.DueAt = &noon
	c.HolderID = &plan.StaffID
	_, err = record(ctx, tx, c, e, true)
	return err
}

func lastPosition(ctx context.Context, r tenants.Reader, agent int64, day string) (int, error) {
	var last int
	err := r.Select((*VisitPlan)(nil)).ColumnExpr("coalesce(max(plan.position), 0)").
		Where("plan.staff_id = ? AND plan.day = ?", agent, day).Scan(ctx, &last)
	return last, fault.Wrap(err, "complaints.lastPosition")
}

// UnplanVisit takes a case off the day it was planned on.
func UnplanVisit(ctx context.Context, tx *tenants.Tx, id ID) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(SpecialFollowup); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	n, err := tx.Delete(ctx, (*VisitPlan)(nil), "complaint_id = ? AND cycle = ?", c.ID, c.Cycle)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.New(fault.Conflict, "visit.conflict.unplanned")
	}
	c.HolderID = nil
	return record(ctx, tx, c, c.event("visit_unplanned", "", false), false)
}

// MoveVisit moves a visit one place up (earlier) or down in its agent's day;
// at the end of the day it stays where it is.
func MoveVisit(ctx context.Context, tx *tenants.Tx, id ID, earlier bool) error {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := independent(ctx, tx, c); err != nil {
		return err
	}
	plan, err := PlanOf(ctx, tx, c)
	if err != nil {
		return err
	}
	var day []VisitPlan
	err = tx.Select(&day).Where("plan.staff_id = ? AND plan.day = ?", plan.StaffID, plan.Day).Order("plan.position", "plan.id").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range day {
		if day[i].ID != plan.ID {
			continue
		}
		if j := i + 1; !earlier && j < len(day) {
			day[i], day[j] = day[j], day[i]
		} else if j := i - 1; earlier && j >= 0 {
			day[i], day[j] = day[j], day[i]
		}
		break
	}
	for i := range day {
		if day[i].Position == i+1 {
			continue
		}
		day[i].Position = i + 1
		if err := tx.Update(ctx, &day[i], "position"); err != nil {
			return err
		}
	}
	return nil
}

// PlanOf is the plan of the case's present cycle; NotFound when there is none.
func PlanOf(ctx context.Context, r tenants.Reader, c *Complaint) (*VisitPlan, error) {
	plan := new(VisitPlan)
	err := r.Select(plan).Where("plan.complaint_id = ? AND plan.cycle = ?", c.ID, c.Cycle).Scan(ctx)
	return plan, tenants.Err(err)
}
