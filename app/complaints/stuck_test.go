package complaints_test

import (
	"flag"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// events counts the events of a kind on a case.
func (o *office) events(id int64, kind string) (n int) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := timeline.Of(o.t.Context(), db, timeline.Subject{Kind: "complaint", ID: id}, false)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range list {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// stuck lists the cases that no clock will wake.
func (o *office) stuck() []int64 {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	ids, _, err := complaints.Stuck(o.t.Context(), db, complaints.Cursor{}, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	return ids
}

func (o *office) sweep(id int64) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(o.t.Context(), tx, id) })
}

func (o *office) handOver(id int64) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.HandOver(o.t.Context(), tx, id) })
}

// The ladder covers whoever has the case: the office that does not look, the
// unit that does not take it, feedback that does not call, follow-up that does
// not visit.
func TestTheLadderCoversEveryStage(t *testing.T) {
	stages := map[string]func(o *office) *complaints.Complaint{
		"nobody looked": func(o *office) *complaints.Complaint { return o.register() },
		"nobody took": func(o *office) *complaints.Complaint {
			c := o.register()
			o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
			return c
		},
		"feedback": func(o *office) *complaints.Complaint { return o.toFeedback() },
		"follow-up": func(o *office) *complaints.Complaint {
			c := o.toFeedback()
			o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "not_satisfied", "نه"))
			return c
		},
		"confirmation": func(o *office) *complaints.Complaint {
			c := o.toFeedback()
			o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "not_satisfied", "نه"))
			o.do(o.as("followup", "special_followup"), inspect(c.ID, true))
			return c
		},
	}
	for name, reach := range stages {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			c := reach(o)
			for range 3 {
				o.Clock.Advance(200 * time.Hour)
				o.sweep(c.ID)
				o.sweep(c.ID)
			}
			if n := o.events(c.ID, "complaint.escalated"); n != 2 {
				t.Errorf("%d rungs, want 2", n)
			}
			if got := o.stuck(); len(got) != 1 || got[0] != c.ID {
				t.Errorf("after the last rung it stands in no list: %v", got)
			}
			o.handOver(c.ID)
			o.handOver(c.ID)
			if n := o.events(c.ID, "complaint.stuck"); n != 1 {
				t.Errorf("given to the manager %d times", n)
			}
			manager := o.as("pr", "pr_manager")
			rows, _, err := complaints.List(t.Context(), o.DB(t), manager, complaints.Filter{Tab: complaints.TabStuck})
			if err != nil || len(rows) != 1 {
				t.Errorf("%d rows in the manager's list, %v", len(rows), err)
			}
		})
	}
}

func TestWhoeverActsTakesACaseOffTheList(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.Clock.Advance(200 * time.Hour)
	o.sweep(c.ID)
	if len(o.stuck()) != 1 {
		t.Fatal("not stuck")
	}
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	if len(o.stuck()) != 0 {
		t.Error("a referred case is still stuck")
	}
	o.handOver(c.ID)
	if o.events(c.ID, "complaint.stuck") != 0 {
		t.Error("a case with a clock was given to the manager")
	}
}

// In a joint referral everybody who is waited for climbs a ladder; who has
// answered does not.
func TestEveryRunningLegClimbs(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network", "service", "pressure"))
	for _, unit := range []string{"network", "service"} {
		o.do(o.as(unit, "unit_expert"), take(c.ID))
	}
	o.do(o.as("service", "unit_expert"), answer(c.ID, "انجام شد"))
	o.Clock.Advance(49 * time.Hour)
	o.sweep(c.ID)
	list, err := complaints.ScoresOf(t.Context(), o.DB(t), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	blamed := map[int64]int{}
	for _, s := range list {
		blamed[s.UnitID]++
	}
	if blamed[o.units["network"].ID] != 1 || blamed[o.units["pressure"].ID] != 1 || blamed[o.units["service"].ID] != 0 {
		t.Errorf("%v", blamed)
	}
}

// Random walks: whatever is tried, by whomever and whenever, with sweeps and
// closures between, an open case has an owner who is there and a clock that
// will wake it or a place in the manager's list; a closed one has a result and
// a known fact; and no unit that worked on a case ever closes it.
func TestNoCaseIsEverLeftUnclosed(t *testing.T) {
	o := newOffice(t)
	actors := []tenants.Actor{
		o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), o.as("network", "unit_expert"), o.as("service", "unit_head"),
		o.as("feedback", "feedback_agent"), o.as("followup", "special_followup"), citizen(), tenants.SystemActor(),
	}
	executing := map[int64]bool{o.units["network"].ID: true, o.units["service"].ID: true}
	facts := map[complaints.Fact]bool{
		complaints.ConfirmedByCitizen: true, complaints.VerifiedInField: true, complaints.UnreachableSignedOff: true, complaints.NotFeasible: true,
		complaints.Withdrawn: true, complaints.OutsideRemit: true, complaints.GuidanceGiven: true,
	}
	fewer(t, "12")
	rapid.Check(t, func(rt *rapid.T) {
		c := o.register(func(in *complaints.Registration) {
			in.TopicID = o.topic[rapid.SampledFrom([]string{"network", "service", "safety"}).Draw(rt, "topic")].ID
		})
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			a := rapid.SampledFrom(actors).Draw(rt, "actor")
			open := o.read(c.ID).Open()
			_, _ = o.try(a, rapid.SampledFrom(o.steps(c.ID)).Draw(rt, "step"))
			if now := o.read(c.ID); open && !now.Open() && a.Kind == tenants.Staff && executing[a.UnitID] {
				rt.Fatal("an executing unit closed its own case")
			}
			o.Clock.Advance(time.Duration(rapid.IntRange(0, 60).Draw(rt, "hours")) * time.Hour)
			if rapid.Bool().Draw(rt, "sweep") {
				o.sweep(c.ID)
				o.handOver(c.ID)
			}
			o.checkOwned(rt, c.ID, facts)
		}
	})
}

func (o *office) checkOwned(t *rapid.T, id int64, facts map[complaints.Fact]bool) {
	c := o.read(id)
	listed := false
	for _, s := range o.stuck() {
		listed = listed || s == id
	}
	owned := false
	for _, u := range o.units {
		owned = owned || u.ID == c.UnitID && u.Active
	}
	switch {
	case !owned:
		t.Fatal("nobody's case")
	case c.Open() && c.NextClockAt == nil && !listed:
		t.Fatal("an open case without a clock stands in no list")
	case c.Open() && (listed != (c.NextClockAt == nil) || c.Fact != "" || c.ClosedAt != nil):
		t.Fatalf("half closed: %+v", c)
	case !c.Open() && (listed || c.Result == "" || !facts[c.Fact] || c.ClosedAt == nil || c.NextClockAt != nil):
		t.Fatalf("badly closed: %+v", c)
	}
}

// fewer makes rapid run a property whose every step is a transaction less often
// than its usual hundred times, unless the command line said how often.
func fewer(t *testing.T, times string) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if usual := checks.Value.String(); usual == checks.DefValue {
		_ = checks.Value.Set(times)
		t.Cleanup(func() { _ = checks.Value.Set(usual) })
	}
}
