package quality

import (
	"context"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Facts of actions that somebody is told of.
const (
	KindActionPlanned  = "improvement.planned"
	KindActionDue      = "improvement.due" // its day is near
	KindActionLate     = "improvement.overdue"
	KindActionDone     = "improvement.done"
	KindActionReturned = "improvement.returned"
)

// ActionTold is the payload of them.
type ActionTold struct {
	ImprovementID int64 `json:"improvement_id"`
}

// actionNotice is how long before its day the owner is reminded.
const actionNotice = 2 * 24 * time.Hour

const maxTitle = 160

// ActionPlan is an action as it is planned.
type ActionPlan struct {
	Source  Source
	UnitID  int64
	OwnerID int64 // 0 is the unit as a whole
	TopicID int64 // 0: satisfaction is that with the unit
	Title   string
	Text    string
	Due     persian.Date
}

// PlanImprovement gives a unit something to do about a finding that is shown to
// the actor. Field errors: unit, owner, topic, title, text, due.
func PlanImprovement(ctx context.Context, tx *tenants.Tx, in ActionPlan) (*Improvement, error) {
	if _, _, err := SourceShown(ctx, tx, tx.Actor(), in.Source); err != nil {
		return nil, err
	}
	if err := in.check(ctx, tx); err != nil {
		return nil, err
	}
	i := &Improvement{
		ID: tenants.NewID(), SourceKind: in.Source.Kind, SourceID: in.Source.ID, TopicID: named(in.TopicID), UnitID: in.UnitID, OwnerID: named(in.OwnerID),
		Title: in.Title, Text: in.Text, DueAt: endOf(in.Due), State: ActionPlanned, PlannedBy: tx.Actor().ID, PlannedAt: tx.Now(), Version: 1,
	}
	if err := tx.Insert(ctx, i); err != nil {
		return nil, err
	}
	if err := i.line(ctx, tx, "planned", ""); err != nil {
		return nil, err
	}
	if err := i.remind(ctx, tx); err != nil {
		return nil, err
	}
	return i, tx.Enqueue(ctx, KindActionPlanned, ActionTold{i.ID})
}

func named(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// endOf is the end of a day in Tehran.
func endOf(d persian.Date) time.Time { return d.Time(23, 59, persian.Tehran).UTC() }

func (in *ActionPlan) check(ctx context.Context, tx *tenants.Tx) error {
	bad := fault.Fields{}
	in.Title, in.Text = persian.CleanLine(in.Title), persian.Clean(in.Text)
	if n := utf8.RuneCountInString(in.Title); n == 0 || n > maxTitle {
		bad.Add("title", "improvement.error.title")
	}
	if utf8.RuneCountInString(in.Text) > MaxText {
		bad.Add("text", "inspection.error.too_long")
	}
	checkDue(tx, in.Due, bad)
	if u, err := tenants.UnitByID(ctx, tx, in.UnitID); fault.Is(err, fault.NotFound) || err == nil && !u.Active {
		bad.Add("unit", "improvement.error.unit")
	} else if err != nil {
		return err
	}
	if in.OwnerID != 0 {
		people, err := staff.OfUnit(ctx, tx, in.UnitID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(people, func(s staff.Staff) bool { return s.ID == in.OwnerID }) {
			bad.Add("owner", "improvement.error.owner")
		}
	}
	if in.TopicID != 0 {
		if _, err := tenants.TopicByID(ctx, tx, in.TopicID); fault.Is(err, fault.NotFound) {
			bad.Add("topic", "improvement.error.topic")
		} else if err != nil {
			return err
		}
	}
	return bad.Err()
}

func checkDue(tx *tenants.Tx, due persian.Date, bad fault.Fields) {
	today := persian.DateOf(tx.Now().In(persian.Tehran))
	if due.Before(today) || due.After(today.AddDays(730)) {
		bad.Add("due", "improvement.error.due")
	}
}

// StartImprovement says that the owner works on it.
func StartImprovement(ctx context.Context, tx *tenants.Tx, id int64) error {
	i, err := lockAction(ctx, tx, id, ActionPlanned)
	if err != nil {
		return err
	}
	if err := i.owned(tx); err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	i.State, i.StartedAt, i.StartedBy = ActionInWork, &now, &who
	return i.save(ctx, tx, "started", "", "state", "started_at", "started_by")
}

// FinishImprovement says what was done; whoever planned it is told to look.
// Field error: result.
func FinishImprovement(ctx context.Context, tx *tenants.Tx, id int64, result string) error {
	i, err := lockAction(ctx, tx, id, ActionPlanned, ActionInWork)
	if err != nil {
		return err
	}
	if err := i.owned(tx); err != nil {
		return err
	}
	if i.Result, err = said("result", result, "improvement.error.result"); err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	i.State, i.DoneAt, i.DoneBy = ActionDone, &now, &who
	if err := i.save(ctx, tx, "done", i.Result, "state", "result", "done_at", "done_by"); err != nil {
		return err
	}
	if err := tx.Unschedule(ctx, "done", i.ref("due"), i.ref("late")); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindActionDone, ActionTold{i.ID})
}

// Verdict is what somebody else than the doer says of an action that was done.
type Verdict struct {
	Accept bool
	Note   string
	Due    persian.Date // the new day, when it goes back
}

// VerifyImprovement accepts what was done, or gives it back with a new day.
// Never by who did it or owns it. Field errors: note, due.
func VerifyImprovement(ctx context.Context, tx *tenants.Tx, id int64, in Verdict) error {
	i, err := lockAction(ctx, tx, id, ActionDone)
	if err != nil {
		return err
	}
	if who := tx.Actor().ID; i.DoneBy != nil && *i.DoneBy == who || i.OwnerID != nil && *i.OwnerID == who {
		return fault.New(fault.Forbidden, "improvement.error.own")
	}
	note, err := said("note", in.Note, "improvement.error.note")
	if err != nil {
		return err
	}
	if in.Accept {
		now, who := tx.Now(), tx.Actor().ID
		i.State, i.Verdict, i.VerifiedAt, i.VerifiedBy = ActionVerified, note, &now, &who
		return i.save(ctx, tx, "verified", note, "state", "verdict", "verified_at", "verified_by")
	}
	bad := fault.Fields{}
	if checkDue(tx, in.Due, bad); len(bad) > 0 {
		return bad.Err()
	}
	i.State, i.Verdict, i.DoneAt, i.DoneBy, i.DueAt = ActionInWork, note, nil, nil, endOf(in.Due)
	if err := i.save(ctx, tx, "returned", note, "state", "verdict", "done_at", "done_by", "due_at"); err != nil {
		return err
	}
	if err := i.remind(ctx, tx); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindActionReturned, ActionTold{i.ID})
}

// DropImprovement ends an action that is not to be done any more, with a
// reason. Field error: reason.
func DropImprovement(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	i, err := lockAction(ctx, tx, id, ActionPlanned, ActionInWork)
	if err != nil {
		return err
	}
	if i.Verdict, err = said("reason", reason, "improvement.error.reason"); err != nil {
		return err
	}
	i.State = ActionDropped
	if err := i.save(ctx, tx, "dropped", i.Verdict, "state", "verdict"); err != nil {
		return err
	}
	return tx.Unschedule(ctx, "dropped", i.ref("due"), i.ref("late"))
}

// owned is Forbidden for who is not of the unit that has the action.
func (i *Improvement) owned(tx *tenants.Tx) error {
	if tx.Actor().UnitID != i.UnitID {
		return fault.New(fault.Forbidden, "improvement.error.other_unit")
	}
	return nil
}

func lockAction(ctx context.Context, tx *tenants.Tx, id int64, states ...string) (*Improvement, error) {
	if _, err := ImprovementByID(ctx, tx, tx.Actor(), id); err != nil {
		return nil, err
	}
	i := new(Improvement)
	if err := tx.Lock(ctx, i, "action.id = ?", id); err != nil {
		return nil, err
	}
	if !slices.Contains(states, i.State) {
		return nil, fault.New(fault.Conflict, "improvement.conflict.state")
	}
	return i, nil
}

func (i *Improvement) ref(what string) string {
	return "improvement:" + strconv.FormatInt(i.ID, 10) + ":" + what
}

// remind has the owner told before the day, and when it has passed.
func (i *Improvement) remind(ctx context.Context, tx *tenants.Tx) error {
	if at := i.DueAt.Add(-actionNotice); at.After(tx.Now()) {
		if err := tx.Schedule(ctx, KindActionDue, i.ref("due"), at, ActionTold{i.ID}); err != nil {
			return err
		}
	}
	return tx.Schedule(ctx, KindActionLate, i.ref("late"), i.DueAt, ActionTold{i.ID})
}

func (i *Improvement) save(ctx context.Context, tx *tenants.Tx, act, note string, columns ...string) error {
	i.Version++
	if err := tx.Update(ctx, i, append(columns, "version")...); err != nil {
		return err
	}
	return i.line(ctx, tx, act, note)
}

// line writes down what was done, here and in the audit.
func (i *Improvement) line(ctx context.Context, tx *tenants.Tx, act, note string) error {
	row := &ImprovementAct{ID: tenants.NewID(), ImprovementID: i.ID, Act: act, StaffID: tx.Actor().ID, Note: note, At: tx.Now()}
	if err := tx.Insert(ctx, row); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "improvement:"+act, "improvement", i.ID, "")
}
