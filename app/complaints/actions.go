package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// Action is something that can be done with a case now.
type Action string

// The actions, named by the permission that the route asks for.
const (
	ActTake     Action = "take"
	ActAssign   Action = "assign"
	ActRefer    Action = "refer"
	ActSettle   Action = "settle"
	ActReturn   Action = "return"
	ActAsk      Action = "ask"
	ActReport   Action = "report"
	ActAnswer   Action = "answer"
	ActHear     Action = "feedback"
	ActSignOff  Action = "sign_off"
	ActInspect  Action = "visit"
	ActConfirm  Action = "confirm"
	ActClose    Action = "close"
	ActComplete Action = "complete"
	ActNote     Action = "note"
	ActRecall   Action = "recall"
	ActSeal     Action = "seal"
	ActLift     Action = "lift"
	ActName     Action = "name"
	ActReveal   Action = "reveal"

	ActReclassify Action = "reclassify"

	ActTakeOver Action = "take_over"
	ActDecide   Action = "decide"
	ActGiveBack Action = "give_back"
)

// permissions maps what the policy decides to what can be done with it.
var permissions = map[Action]string{
	ActAssign: "complaint:assign", ActRefer: "complaint:refer", ActSettle: "complaint:settle", ActReturn: "complaint:answer",
	ActAsk: "complaint:answer", ActReport: "complaint:answer", ActAnswer: "complaint:answer", ActHear: "complaint:feedback",
	ActSignOff: "complaint:sign_off", ActInspect: "complaint:visit", ActConfirm: "complaint:visit", ActClose: "complaint:close",
	ActComplete: "complaint:note", ActNote: "complaint:note",
	ActRecall: "complaint:refer", ActSeal: "complaint:seal", ActLift: "complaint:seal", ActName: "complaint:seal", ActReveal: "complaint:seal", ActReclassify: "complaint:reclassify",
	ActUnmask: MayUnmask, ActTakeOver: MayTakeOver, ActDecide: MayTakeOver, ActGiveBack: MayTakeOver,
}

// Known is what deciding about a case needs to know beside its row.
type Known struct {
	Class *tenants.SLAClass
	Legs  []Referral
	Calls []Call
	Now   time.Time
	// Relatives are the lead and the members of its cluster, its parent and its children.
	Relatives []Complaint
	Arrival   *Transfer // from another organization; nil when it was filed here
}

// KnownOf reads it, in three statements; for the relatives see Relate.
func KnownOf(ctx context.Context, r tenants.Reader, c *Complaint) (k Known, err error) {
	if k.Class, err = tenants.SLAClassByID(ctx, r, c.SLAClassID); err != nil {
		return k, err
	}
	if k.Legs, err = legsAround(ctx, r, c); err != nil {
		return k, err
	}
	k.Now = r.Now()
	k.Calls, err = Calls(ctx, r, c.ID)
	return k, err
}

// Actions lists what the actor can do with the case in its present state, the
// expected next act first; can asks the policy. The commands check again.
func (k Known) Actions(c *Complaint, s tenants.Settings, actor tenants.Actor, can func(permission string) bool) []Action {
	var list []Action
	for _, act := range c.possible(k.Legs, actor) {
		if act == ActAnswer && k.waitsForChild(c, actor) {
			continue
		}
		permission := permissions[act]
		if act == ActTake {
			permission = c.takePermission()
		}
		switch {
		case !can(permission),
			act == ActReport && c.Interims >= k.Class.InterimLimit,
			act == ActRefer && c.arbiterOnly(s, actor),
			act == ActSignOff && !c.unreachable(k.Calls, s.FeedbackAttempts, k.Now):
			continue
		}
		list = append(list, act)
	}
	if c.unmaskable(can) {
		list = append(list, ActUnmask)
	}
	return list
}

// Tries counts the days of this cycle on which the citizen was called in vain.
func (k Known) Tries(c *Complaint) int { return attemptDays(k.Calls, c.Cycle) }

func (c *Complaint) takePermission() string {
	if c.in(Registered, Triage) {
		return "complaint:triage"
	}
	return "complaint:take"
}

// possible lists what the state and the actor's part in the case allow.
func (c *Complaint) possible(legs []Referral, actor tenants.Actor) []Action {
	if !c.Open() {
		return append(c.identityActs(), ActNote)
	}
	if c.beyondInspection(legs, actor) {
		if c.takeable(legs, actor) {
			return []Action{ActTakeOver, ActSeal, ActNote}
		}
		return []Action{ActSeal, ActNote}
	}
	if c.Rests() {
		return []Action{ActComplete, ActNote}
	}
	worked, own, others := false, (*Referral)(nil), 0
	for i := range legs {
		switch leg := &legs[i]; {
		case leg.UnitID == actor.UnitID:
			worked = true
			if leg.Running() {
				own = leg
			}
		case leg.Running():
			others++
		}
	}
	var list []Action
	switch c.State {
	case Registered, Triage:
		if c.UnitID == actor.UnitID && (c.State == Registered || c.HolderID == nil || *c.HolderID != actor.ID) {
			list = append(list, ActTake)
		}
		list = append(list, ActRefer, ActSettle)
		if c.UnitID == actor.UnitID {
			list = append(list, ActAssign)
		}
		if c.State == Triage {
			list = append(list, ActClose)
		}
	case Referred, InProgress, WaitingCitizen:
		if c.TakenOverBy != nil {
			list = append(list, c.officeActions(own, actor)...)
			break
		}
		if list = append(list, c.unitActions(own, others)...); own == nil {
			list = append(list, ActRecall)
		}
		if c.takeable(legs, actor) {
			list = append(list, ActTakeOver)
		}
	case Feedback:
		list = append(list, ActHear, ActSignOff, ActClose)
	case SpecialFollowup:
		list = append(list, ActInspect, ActClose)
	case AwaitingConfirmation:
		list = append(list, ActConfirm, ActClose)
	}
	switch {
	case c.Confidential:
		list = c.secretActs(list)
	case worked && c.in(Feedback, SpecialFollowup, AwaitingConfirmation, Triage):
		list = list[:0] // the executing unit never judges its own work
	default:
		if c.in(Feedback, SpecialFollowup, AwaitingConfirmation) && c.recallable(actor) {
			list = append(list, ActRecall)
		}
		if c.sealable(actor) {
			list = append(list, ActSeal)
		}
	}
	if c.reclassifiable(actor) {
		list = append(list, ActReclassify)
	}
	if c.ParentID != nil { // internal work: nobody to ask or to tell
		list = slices.DeleteFunc(list, func(a Action) bool { return a == ActAsk || a == ActReport })
	}
	return append(list, ActComplete, ActNote)
}

func (c *Complaint) unitActions(own *Referral, others int) []Action {
	if own == nil {
		return nil
	}
	if own.State == "open" {
		if own.Lead {
			return []Action{ActTake, ActAssign, ActReturn}
		}
		return []Action{ActTake}
	}
	if !own.Lead {
		return []Action{ActAnswer}
	}
	switch {
	case c.State == WaitingCitizen && others == 0:
		return []Action{ActAnswer, ActAssign}
	case c.State == WaitingCitizen:
		return []Action{ActAssign}
	case c.State != InProgress:
		return nil
	case others > 0: // the lead answers last
		return []Action{ActReport, ActAsk, ActAssign, ActReturn}
	default:
		return []Action{ActAnswer, ActReport, ActAsk, ActAssign, ActReturn}
	}
}
