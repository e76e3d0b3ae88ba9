package complaints

import (
	"context"
	"slices"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Call is one attempt to hear whether the citizen is satisfied: by phone, or
// the citizen's own answer on the tracking page.
type Call struct {
	tenants.BaseModel `bun:"table:feedback_calls,alias:call"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	Outcome     string // satisfied, not_satisfied, no_answer, wrong_number, refuses
	Conduct     string // how staff behaved: good, fair, poor or empty
	Reason      string
	ByCitizen   bool
	StaffID     *int64
	At          time.Time
}

// Outcomes lists the outcomes of a call.
func Outcomes() []string {
	return []string{"satisfied", "not_satisfied", "no_answer", "wrong_number", "refuses"}
}

// Verdict is what was heard.
type Verdict struct {
	Outcome string
	Conduct string
	Reason  string // required with not_satisfied
	Mobile  string // as typed: the right number, when the known one was wrong
}

func (v *Verdict) check() error {
	v.Reason = persian.Clean(v.Reason)
	wrong := fault.Fields{}
	if !slices.Contains(Outcomes(), v.Outcome) {
		wrong.Add("outcome", "complaint.error.outcome")
	}
	if !slices.Contains([]string{"", "good", "fair", "poor"}, v.Conduct) {
		wrong.Add("conduct", "complaint.error.conduct")
	}
	if v.Outcome == "not_satisfied" && v.Reason == "" {
		wrong.Add("reason", "complaint.error.dissatisfied_reason")
	}
	if v.Mobile = strings.TrimSpace(v.Mobile); v.Mobile != "" {
		v.checkMobile(wrong)
	}
	return wrong.Err()
}

// checkMobile takes a number only where the known one was wrong.
func (v *Verdict) checkMobile(wrong fault.Fields) {
	mobile, ok := persian.Mobile(v.Mobile)
	switch {
	case v.Outcome != "wrong_number":
		wrong.Add("mobile", "complaint.error.mobile_without_cause")
	case !ok:
		wrong.Add("mobile", "citizen.mobile.wrong")
	default:
		v.Mobile = mobile
	}
}

// Hear records the outcome of a feedback call or the citizen's own answer,
// whichever comes first. Satisfied closes the case; not satisfied sends it to
// special follow-up; an attempt that brought neither is counted, and the next
// one planned. Nobody of the executing unit may record it (product.md, rule 2).
func Hear(ctx context.Context, tx *tenants.Tx, id ID, v Verdict) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Feedback); err != nil {
		return nil, err
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	call := &Call{ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, Outcome: v.Outcome, Conduct: v.Conduct, Reason: v.Reason, At: tx.Now()}
	if call.ByCitizen = tx.Actor().Kind == tenants.Citizen; !call.ByCitizen {
		call.StaffID = actorID(tx)
	}
	if err := tx.Insert(ctx, call); err != nil {
		return nil, second(err)
	}
	switch v.Outcome {
	case "satisfied":
		return finish(ctx, tx, c, ConfirmedByCitizen, c.Result)
	case "not_satisfied":
		return follow(ctx, tx, c, v.Reason)
	default:
		return missed(ctx, tx, c, v)
	}
}

// second explains an insert that met the verdict which was there first.
func second(err error) error {
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "complaint.conflict.state")
	}
	return err
}

// missed plans what follows an attempt that brought no verdict: the next call,
// at once when the number was corrected, or the supervisor's word.
func missed(ctx context.Context, tx *tenants.Tx, c *Complaint, v Verdict) (*timeline.Event, error) {
	e := c.event("call_"+v.Outcome, v.Reason, false)
	if v.Mobile != "" {
		if _, err := record(ctx, tx, c, e, false); err != nil {
			return nil, err
		}
		return correct(ctx, tx, c, v.Mobile)
	}
	calls, err := Calls(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	c.planCall(calls, tx.Tenant().Settings.FeedbackAttempts, hours, tx.Now())
	return record(ctx, tx, c, e, false)
}

func follow(ctx context.Context, tx *tenants.Tx, c *Complaint, reason string) (*timeline.Event, error) {
	unit, err := tenants.UnitOfKind(ctx, tx, tenants.UnitSpecialFollowup)
	if err != nil {
		return nil, err
	}
	e := c.event("dissatisfied", reason, true)
	c.State, c.HolderID = SpecialFollowup, nil
	if !c.Confidential { // else inspection visits itself
		c.UnitID = unit.ID
	}
	if e, err = record(ctx, tx, c, e, false); err != nil || !c.Confidential {
		return e, err
	}
	keeper, err := tenants.UnitByID(ctx, tx, c.UnitID)
	if err == nil && keeper.Kind != tenants.UnitInspection { // the PR office has nobody who visits
		_, err = reopen(ctx, tx, c, reason)
	}
	return e, err
}

// independent is Forbidden for staff of a unit that worked on the case.
func independent(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	a := tx.Actor()
	if a.Kind != tenants.Staff {
		return nil
	}
	if c.Confidential {
		return c.anotherPerson(ctx, tx)
	}
	_, err := legOf(ctx, tx, c, a.UnitID)
	if err == nil {
		return fault.New(fault.Forbidden, "complaint.error.own_work")
	}
	if fault.Is(err, fault.NotFound) {
		return c.notDecidedBy(ctx, tx, a.UnitID)
	}
	return err
}

// Calls lists the feedback attempts of a case, oldest first.
func Calls(ctx context.Context, r tenants.Reader, id ID) ([]Call, error) {
	var list []Call
	return list, tenants.Err(r.Select(&list).Where("call.complaint_id = ?", id).Order("call.id").Scan(ctx))
}

// SignOff closes a case whose citizen could not be asked: only by a supervisor
// (the route's right), and only when no further call is planned; see
// unreachable.
func SignOff(ctx context.Context, tx *tenants.Tx, id ID, note string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Feedback); err != nil {
		return nil, err
	}
	if note, err = needText("note", note, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	calls, err := Calls(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if need := tx.Tenant().Settings.FeedbackAttempts; !c.unreachable(calls, need, tx.Now()) {
		if c.Anonymous() {
			return nil, fault.New(fault.Conflict, "complaint.conflict.nameless_wait")
		}
		return nil, fault.New(fault.Conflict, "complaint.conflict.attempts", "n", need)
	}
	if _, err := record(ctx, tx, c, c.event("signed_off", note, false), false); err != nil {
		return nil, err
	}
	return finish(ctx, tx, c, UnreachableSignedOff, c.Result)
}

// attemptDays counts the days, in Tehran, on which the citizen of a cycle was
// tried in vain; what rang at a wrong number was no try.
func attemptDays(calls []Call, cycle int) int {
	days := map[persian.Date]bool{}
	for _, call := range calls {
		if call.Cycle != cycle || call.ByCitizen {
			continue
		}
		if call.Outcome == "wrong_number" {
			clear(days)
		} else {
			days[persian.DateOf(call.At.In(persian.Tehran))] = true
		}
	}
	return len(days)
}
