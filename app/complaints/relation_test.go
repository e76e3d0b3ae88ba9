package complaints_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func merge(id, lead int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Merge(ctx, tx, id, lead)
	}
}

func unmerge(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Unmerge(ctx, tx, id)
	}
}

func (o *office) openChild(id int64, unit string, due ...time.Time) step {
	part := complaints.Part{UnitID: o.units[unit].ID, Text: "لطفاً مسیر لوله را بررسی کنید"}
	if len(due) > 0 {
		part.DueAt = due[0]
	}
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.OpenChild(ctx, tx, id, part)
	}
}

func withdraw(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Withdraw(ctx, tx, id, "حل شد")
	}
}

// of registers a case of another citizen.
func (o *office) of(mobile string) *complaints.Complaint {
	o.t.Helper()
	var id int64
	o.Write(o.t, citizen(), func(tx *tenants.Tx) error {
		c, err := citizens.Ensure(o.t.Context(), tx, citizens.Identity{Mobile: mobile, NationalID: "0499370899", Name: "همسایه"})
		if err == nil {
			id = c.ID
		}
		return err
	})
	return o.register(func(in *complaints.Registration) { in.CitizenID = &id })
}

// children lists the children of a case.
func (o *office) children(id int64) []complaints.Complaint {
	o.t.Helper()
	c := o.read(id)
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := complaints.Relatives(o.t.Context(), db, tenants.SystemActor(), c)
	if err != nil {
		o.t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(x complaints.Complaint) bool { return x.ParentID == nil || *x.ParentID != id })
}

// facts counts the tasks of a kind.
func (o *office) facts(kind string) (n int) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	n64, err := db.Select((*tenants.Task)(nil)).Where("task.kind = ?", kind).Count(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return int(n64)
}

// A cluster: worked on once, told to everyone, ended by each one's own verdict.
func TestMembersFollowTheirLeadAndEndByTheirOwnVerdict(t *testing.T) {
	o := newOffice(t)
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	lead, a, b := o.of("09121110001"), o.of("09121110002"), o.of("09121110003")
	o.do(pr, merge(a.ID, lead.ID))
	o.do(pr, o.refer(lead.ID, "network"))
	o.do(pr, merge(b.ID, lead.ID)) // the unit has it already
	if got := o.want(b.ID, complaints.Referred); got.UnitID != o.units["network"].ID || !got.DueAt.Equal(o.read(lead.ID).DueAt) {
		t.Fatalf("the late member: %+v", got)
	}
	o.do(unit, take(lead.ID))
	promised := o.Clock.Now().AddDate(0, 0, 9)
	o.do(unit, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Report(ctx, tx, lead.ID, "در نوبت لوله‌گذاری", promised)
	})
	for _, m := range []int64{a.ID, b.ID} {
		got := o.want(m, complaints.InProgress)
		if got.NextClockAt != nil || got.LeadID == nil || !got.PromisedAt.Equal(promised) {
			t.Errorf("a member that follows: %+v", got)
		}
		o.refuse(fault.Conflict, unit, take(m))
		o.refuse(fault.Conflict, unit, answer(m, "جدا"))
	}
	if n := o.facts("complaint.interim"); n != 3 {
		t.Errorf("%d citizens are told of the report", n)
	}
	if s := o.stuck(); len(s) != 0 {
		t.Errorf("%v stand in the manager's list", s)
	}
	o.do(unit, answer(lead.ID, "شبکه ترمیم شد"))
	if n := o.facts("complaint.answered"); n != 3 {
		t.Errorf("%d citizens are asked", n)
	}
	for _, m := range []int64{a.ID, b.ID} {
		if got := o.want(m, complaints.Feedback); got.CallAt == nil || got.NextClockAt == nil || got.Result != "شبکه ترمیم شد" {
			t.Errorf("a member that is asked: %+v", got)
		}
	}
	o.refuse(fault.Forbidden, o.as("network", "unit_head"), hear(a.ID, "satisfied", ""))
	o.do(citizen(), hear(a.ID, "satisfied", ""))
	if got := o.want(a.ID, complaints.Closed); got.UnitID != o.units["network"].ID {
		t.Error("nobody's work")
	}
	o.want(lead.ID, complaints.Feedback)
	// Who is not content leaves with a cycle of the own.
	o.do(citizen(), hear(b.ID, "not_satisfied", "هنوز کم است"))
	o.do(o.as("followup", "special_followup"), inspect(b.ID, false))
	got := o.want(b.ID, complaints.Referred)
	if got.Cycle != 2 || got.LeadID != nil || got.NextClockAt == nil || got.UnitID != o.units["network"].ID {
		t.Errorf("reopened: %+v", got)
	}
	o.do(unit, take(b.ID))
	o.do(unit, answer(b.ID, "دوباره ترمیم شد"))
	o.want(b.ID, complaints.Feedback)
}

func TestUnmergeWhileNothingWasDecided(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	lead, a := o.register(), o.register()
	o.refuse(fault.Conflict, pr, unmerge(a.ID))
	o.do(pr, merge(a.ID, lead.ID))
	o.do(pr, o.refer(lead.ID, "network"))
	o.do(pr, unmerge(a.ID))
	got := o.want(a.ID, complaints.Triage)
	if got.LeadID != nil || got.UnitID != o.units["pr"].ID || got.NextClockAt == nil {
		t.Fatalf("%+v", got)
	}
	o.do(pr, merge(a.ID, lead.ID))
	o.do(o.as("network", "unit_expert"), take(lead.ID))
	o.do(o.as("network", "unit_expert"), answer(lead.ID, "انجام شد"))
	o.refuse(fault.Conflict, pr, unmerge(a.ID))
}

func TestClustersHaveNoChains(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	a, b, c, d := o.register(), o.register(), o.register(), o.register()
	o.refuse(fault.Invalid, pr, merge(a.ID, a.ID))
	o.do(pr, merge(b.ID, a.ID))
	o.refuse(fault.Conflict, pr, merge(c.ID, b.ID)) // a member leads nobody
	o.refuse(fault.Conflict, pr, merge(b.ID, c.ID)) // and joins nobody else
	o.do(pr, merge(a.ID, d.ID))
	for _, m := range []int64{a.ID, b.ID} {
		if got := o.read(m); got.LeadID == nil || *got.LeadID != d.ID {
			t.Errorf("the lead of %d is %v", m, got.LeadID)
		}
	}
	answered := o.toFeedback()
	o.refuse(fault.Conflict, pr, merge(c.ID, answered.ID))
	o.refuse(fault.Conflict, pr, merge(answered.ID, c.ID))
	o.refuse(fault.NotFound, pr, merge(c.ID, 1))
}

func TestWhatIsSettledIsSettledForAll(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	lead, a := o.register(), o.register()
	o.do(pr, merge(a.ID, lead.ID))
	o.do(pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Settle(ctx, tx, lead.ID, complaints.OutsideRemit, "به شرکت برق مراجعه کنید")
	})
	if got := o.want(a.ID, complaints.Closed); got.Fact != complaints.OutsideRemit || got.Result != "به شرکت برق مراجعه کنید" {
		t.Errorf("%+v", got)
	}
}

func TestWhenTheFirstTakesItBackTheNextLeads(t *testing.T) {
	o := newOffice(t)
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	lead, a, b := o.register(), o.register(), o.register()
	o.do(pr, merge(a.ID, lead.ID))
	o.do(pr, merge(b.ID, lead.ID))
	o.do(pr, o.refer(lead.ID, "network", "service"))
	o.do(unit, take(lead.ID))
	o.do(citizen(), withdraw(lead.ID))
	heir := o.want(a.ID, complaints.Referred)
	if heir.LeadID != nil || heir.NextClockAt == nil {
		t.Fatalf("heir %+v", heir)
	}
	if got := o.want(b.ID, complaints.Referred); got.LeadID == nil || *got.LeadID != a.ID {
		t.Fatalf("the other %+v", got)
	}
	o.do(unit, take(a.ID))
	o.refuse(fault.Conflict, unit, answer(a.ID, "انجام شد")) // the other unit has its part still
	o.do(citizen(), withdraw(b.ID))
	o.want(a.ID, complaints.InProgress)
}

func TestTheParentWaitsForItsChildren(t *testing.T) {
	o := newOffice(t)
	pr, unit, other := o.as("pr", "pr_officer"), o.as("network", "unit_expert"), o.as("service", "unit_expert")
	p := o.register()
	o.do(pr, o.refer(p.ID, "network"))
	o.do(unit, take(p.ID))
	promised := o.read(p.ID).PromisedAt
	o.refuse(fault.Invalid, pr, o.openChild(p.ID, "network"))
	o.refuse(fault.Invalid, pr, o.openChild(p.ID, "pr"))
	o.refuse(fault.Invalid, pr, o.openChild(p.ID, "service", promised.Add(time.Hour)))
	o.do(pr, o.openChild(p.ID, "service"))
	child := o.children(p.ID)[0]
	if child.State != complaints.Referred || child.CitizenID != nil || child.DueAt.After(promised) || child.NextClockAt == nil || child.PromisedAt.After(promised) {
		t.Fatalf("child %+v", child)
	}
	if !o.read(p.ID).PromisedAt.Equal(promised) {
		t.Error("the promise has moved")
	}
	o.refuse(fault.Conflict, pr, o.openChild(child.ID, "pressure"))
	o.refuse(fault.Conflict, unit, answer(p.ID, "انجام شد"))
	o.do(other, take(child.ID))
	o.refuse(fault.Conflict, other, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, child.ID, "کجا؟")
	})
	o.do(other, answer(child.ID, "مسیر سالم است"))
	rests := o.want(child.ID, complaints.Feedback)
	if rests.NextClockAt != nil || rests.CallAt != nil || len(o.stuck()) != 0 {
		t.Errorf("%+v", rests)
	}
	o.refuse(fault.Conflict, o.as("feedback", "feedback_agent"), hear(child.ID, "satisfied", ""))
	if o.events(p.ID, "complaint.child_answered") != 1 || o.facts("complaint.child_answered") != 1 {
		t.Error("the parent does not know")
	}
	o.do(unit, answer(p.ID, "انجام شد"))
	o.do(citizen(), hear(p.ID, "satisfied", ""))
	if got := o.want(child.ID, complaints.Closed); got.Fact != complaints.ConfirmedByCitizen || got.Result != "مسیر سالم است" {
		t.Errorf("%+v", got)
	}
}

func TestAChildThatComesBackIsSettledByTheOffice(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	p := o.register()
	o.do(pr, o.openChild(p.ID, "service"))
	child := o.children(p.ID)[0]
	o.do(o.as("service", "unit_expert"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Return(ctx, tx, child.ID, "کار ما نیست")
	})
	o.want(child.ID, complaints.Triage)
	o.do(pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Settle(ctx, tx, child.ID, complaints.GuidanceGiven, "لازم نشد")
	})
	if o.events(p.ID, "complaint.child_closed") != 1 {
		t.Error("the parent does not know")
	}
	o.do(pr, o.openChild(p.ID, "pressure"))
	o.do(citizen(), withdraw(p.ID))
	for _, c := range o.children(p.ID) {
		if c.Open() {
			t.Errorf("%s is open without its parent", c.Code)
		}
	}
}

// What rests with a case that has ended, whatever the reason, is found by the
// daily sweep and gets its clock back.
func TestTheSweepFindsWhatRestsWithNobody(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	lead, a := o.register(), o.register()
	o.do(pr, merge(a.ID, lead.ID))
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { // no command does this
		_, err := tx.Set(t.Context(), (*complaints.Complaint)(nil), "state = 'feedback'", nil, "id = ?", lead.ID)
		return err
	})
	if got := o.stuck(); len(got) != 1 || got[0] != a.ID {
		t.Fatalf("the manager's list: %v", got)
	}
	o.handOver(a.ID)
	if o.read(a.ID).NextClockAt == nil {
		t.Error("it has no clock")
	}
	o.do(pr, unmerge(a.ID))
}

// Random walks through clusters and parts: whatever is tried, no case is left.
func TestNoRelatedCaseIsEverLeft(t *testing.T) {
	o := newOffice(t)
	actors := []tenants.Actor{
		o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), o.as("network", "unit_expert"), o.as("service", "unit_head"),
		o.as("feedback", "feedback_agent"), o.as("followup", "special_followup"), citizen(), o.inspectors("insp.1", "insp.2")[0],
	}
	executing := map[int64]bool{o.units["network"].ID: true, o.units["service"].ID: true}
	known := map[complaints.Fact]bool{
		complaints.ConfirmedByCitizen: true, complaints.VerifiedInField: true, complaints.UnreachableSignedOff: true, complaints.NotFeasible: true,
		complaints.Withdrawn: true, complaints.OutsideRemit: true, complaints.GuidanceGiven: true, complaints.Transferred: true, complaints.EnteredByMistake: true,
	}
	fewer(t, "8")
	rapid.Check(t, func(rt *rapid.T) {
		var ids []int64
		for range 3 {
			ids = append(ids, o.register(func(in *complaints.Registration) { in.Channel = "letter" }).ID)
		}
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			id := rapid.SampledFrom(ids).Draw(rt, "case")
			steps := append(o.steps(id), merge(id, rapid.SampledFrom(ids).Draw(rt, "lead")), merge(id, rapid.SampledFrom(ids).Draw(rt, "lead again")),
				unmerge(id), o.openChild(id, "service"), o.openChild(id, "network"), recall(id), seal(id), lift(id), o.send(id), o.comesBack(id), objects(id), mistaken(id, "دو بار"))
			a := rapid.SampledFrom(actors).Draw(rt, "actor")
			open := o.read(id).Open()
			_, _ = o.try(a, rapid.SampledFrom(steps).Draw(rt, "step"))
			if now := o.read(id); open && !now.Open() && a.Kind == tenants.Staff && executing[a.UnitID] {
				rt.Fatal("an executing unit closed its own case")
			}
			o.Clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
			for _, c := range o.children(id) {
				if !slices.Contains(ids, c.ID) {
					ids = append(ids, c.ID)
				}
			}
			if rapid.Bool().Draw(rt, "sweep") {
				o.sweep(id)
				o.handOver(id)
			}
			for _, each := range ids {
				o.checkRelated(rt, each, known)
			}
		}
	})
}

// objects is the citizen's objection to a closure.
func objects(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Object(ctx, tx, id, "هنوز درست نشده است")
	}
}

// comesBack is the refusal of a transferred case by the other organization.
func (o *office) comesBack(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		list, err := complaints.Transfers(ctx, tx, id)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return nil, complaints.Back(ctx, tx, list[len(list)-1].ID, "در محدوده ما نیست")
	}
}

// checkRelated is checkOwned for cases that may rest with another: that one is
// open, leads and rests with nobody itself, and has its clock or its list.
func (o *office) checkRelated(t *rapid.T, id int64, facts map[complaints.Fact]bool) {
	c := o.read(id)
	if !c.Rests() {
		o.checkOwned(t, id, facts)
		return
	}
	with := c.ParentID
	if c.Follows() {
		with = c.LeadID
	}
	head := o.read(*with)
	switch {
	case !head.Open() || head.Rests() || c.Follows() && head.LeadID != nil:
		t.Fatalf("%d (%s) rests with %d (%s), which is gone or rests itself", id, c.State, head.ID, head.State)
	case c.NextClockAt != nil || slices.Contains(o.stuck(), id):
		t.Fatalf("%d rests and has a clock or stands in a list", id)
	}
	o.checkOwned(t, head.ID, facts)
}
