package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// inspectors makes accounts of the inspection unit that hold the role.
func (o *office) inspectors(names ...string) []tenants.Actor {
	o.t.Helper()
	unit := o.units["inspection"]
	list := make([]tenants.Actor, len(names))
	for i, name := range names {
		s := &staff.Staff{ID: tenants.NewID(), UserName: name, PasswordHash: "-", NameFA: name, NameEN: name, UnitID: &unit.ID, CreatedAt: o.Clock.Now()}
		o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			if err := tx.Insert(o.t.Context(), s); err != nil {
				return err
			}
			return tx.Insert(o.t.Context(), &staff.Membership{StaffID: s.ID, Role: "inspector", GrantedAt: tx.Now()})
		})
		list[i] = tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: name, UnitID: unit.ID, Roles: []string{"inspector"}, SeesAll: true, Inspects: true, InspectsOnly: true}
	}
	return list
}

// secretTopic makes a topic confidential.
func (o *office) secretTopic(code string) {
	o.t.Helper()
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(o.t.Context(), (*tenants.Topic)(nil), "confidential = ?", []any{true}, "code = ?", code)
		return err
	})
}

func (o *office) plain(id int64) *complaints.Complaint {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) shown(a tenants.Actor, id int64) bool {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	_, err := complaints.ByID(o.t.Context(), db, a, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		o.t.Fatal(err)
	}
	return err == nil
}

func TestConfidentialTopicGoesToInspectionAtOnce(t *testing.T) {
	o := newOffice(t)
	inspector := o.inspectors("insp")[0]
	o.secretTopic("network")
	c := o.register()
	c = o.plain(c.ID)
	if !c.Confidential || c.State != complaints.Referred || c.UnitID != o.units["inspection"].ID {
		t.Fatalf("%+v", c)
	}
	for _, unit := range []string{"pr", "centre", "feedback", "followup", "network", "management"} {
		if a := o.as(unit, "pr_manager"); o.shown(a, c.ID) {
			t.Errorf("%s sees it", unit)
		}
	}
	if !o.shown(inspector, c.ID) || !o.shown(tenants.SystemActor(), c.ID) {
		t.Error("inspection does not see it")
	}
	// Every command is closed as if the case were not there.
	manager := o.as("pr", "pr_manager")
	for name, do := range map[string]step{
		"take": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Take(ctx, tx, c.ID)
		},
		"note": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Note(ctx, tx, c.ID, "x")
		},
		"recall": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Recall(ctx, tx, c.ID, "x")
		},
		"lift": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Lift(ctx, tx, c.ID, "x")
		},
		"reveal": func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Reveal(ctx, tx, c.ID, "x")
		},
	} {
		if _, err := o.try(manager, do); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConfidentialCaseWithoutInspectorStaysWithTheManager(t *testing.T) {
	o := newOffice(t)
	o.secretTopic("network")
	c := o.plain(o.register().ID)
	if c.UnitID != o.units["pr"].ID || !c.Open() {
		t.Fatalf("%+v", c)
	}
	manager, officer := o.as("pr", "pr_manager"), o.as("pr", "pr_officer")
	if !o.shown(manager, c.ID) || o.shown(officer, c.ID) {
		t.Error("the manager keeps it, and nobody else of the office")
	}
	o.do(manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.do(manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, c.ID, "پاسخ")
	})
	if got := o.plain(c.ID); got.State != complaints.Feedback || got.UnitID != o.units["pr"].ID {
		t.Errorf("%s with %d", got.State, got.UnitID)
	}
	// Nobody of the office visits: what does not satisfy comes back to be answered.
	o.do(citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, c.ID, complaints.Verdict{Outcome: "not_satisfied", Reason: "نه"})
	})
	if got := o.plain(c.ID); got.State != complaints.Referred || got.Cycle != 2 || got.UnitID != o.units["pr"].ID {
		t.Errorf("%s with %d", got.State, got.UnitID)
	}
}

// The whole life of a case in inspection: every act is inspection's own.
func TestInspectorDoesAllActs(t *testing.T) {
	o := newOffice(t)
	two := o.inspectors("one", "two")
	o.secretTopic("network")
	c := o.register()
	one := two[0]
	do := func(a tenants.Actor, fn func(context.Context, *tenants.Tx) (*timeline.Event, error)) {
		t.Helper()
		o.do(a, fn)
	}
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, c.ID, "چه روزی بود؟")
	})
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, c.ID, "دیروز")
	})
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Report(ctx, tx, c.ID, "در دست بررسی", tx.Now().Add(72*time.Hour))
	})
	o.refuse(fault.Conflict, one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Return(ctx, tx, c.ID, "نه")
	})
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, c.ID, "بررسی شد")
	})
	verdict := complaints.Verdict{Outcome: "not_satisfied", Reason: "پاسخ کافی نیست"}
	_, err := o.try(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, c.ID, verdict)
	})
	if fault.As(err).Key != "confidential.conflict.own_answer" {
		t.Fatalf("who answered judges: %v", err)
	}
	do(two[1], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, c.ID, verdict)
	})
	if got := o.plain(c.ID); got.State != complaints.SpecialFollowup || got.UnitID != o.units["inspection"].ID {
		t.Fatalf("%s with %d", got.State, got.UnitID)
	}
	do(two[1], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Inspect(ctx, tx, c.ID, "دیده شد", false)
	})
	if got := o.plain(c.ID); got.State != complaints.Referred || got.Cycle != 2 || got.UnitID != o.units["inspection"].ID {
		t.Fatalf("%+v", got)
	}
	do(one, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Close(ctx, tx, c.ID, "دلیل")
	})
	if got := o.plain(c.ID); got.State != complaints.Closed || got.Fact != complaints.NotFeasible {
		t.Fatalf("%+v", got)
	}
	// The citizen's objection brings it back to inspection, not to the office.
	do(citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Object(ctx, tx, c.ID, "حل نشده")
	})
	if got := o.plain(c.ID); got.UnitID != o.units["inspection"].ID || o.shown(o.as("pr", "pr_manager"), c.ID) {
		t.Fatalf("%+v", got)
	}
}

func TestInspectorsKeepToInspectionsCases(t *testing.T) {
	o := newOffice(t)
	inspector := o.inspectors("insp")[0]
	c := o.register()
	o.refuse(fault.Forbidden, inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, c.ID, "x")
	})
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Note(ctx, tx, c.ID, "یادداشت")
	})
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, "درباره کارمند")
	})
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
}

func TestSealAndLift(t *testing.T) {
	o := newOffice(t)
	inspector := o.inspectors("insp")[0]
	manager := o.as("pr", "pr_manager")
	c := o.register()
	o.refuse(fault.Invalid, manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, " ")
	})
	o.do(manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, "درباره کارمند")
	})
	if o.shown(manager, c.ID) || !o.shown(inspector, c.ID) {
		t.Fatal("sealed")
	}
	if key := o.plain(c.ID).SearchKey; key == c.SearchKey {
		t.Error("the person is still searched by")
	}
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Name(ctx, tx, c.ID, manager.ID)
	})
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Lift(ctx, tx, c.ID, "اشتباه بود")
	})
	got := o.plain(c.ID)
	if got.Confidential || got.State != complaints.Triage || got.UnitID != o.units["pr"].ID || got.SearchKey != c.SearchKey || !o.shown(manager, c.ID) {
		t.Fatalf("%+v", got)
	}
	// A unit that works on it keeps the PR manager from sealing; an inspector may.
	o.do(manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.units["network"].ID})
	})
	o.refuse(fault.Conflict, manager, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, "x")
	})
	o.do(inspector, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, "x")
	})
	if o.shown(o.as("network", "unit_head"), c.ID) {
		t.Error("the accused unit still sees it")
	}
}

func TestWhoIsNamedIsNotShownTheCase(t *testing.T) {
	o := newOffice(t)
	two := o.inspectors("one", "two")
	o.secretTopic("network")
	c := o.register()
	o.do(two[0], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.do(two[1], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Name(ctx, tx, c.ID, two[0].ID)
	})
	if o.shown(two[0], c.ID) || !o.shown(two[1], c.ID) || o.plain(c.ID).HolderID != nil {
		t.Error("named, and still in it")
	}
	if o.listed(two[0], c.ID) || !o.listed(two[1], c.ID) {
		t.Error("named, and still in the own list")
	}
	o.refuse(fault.NotFound, two[0], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Note(ctx, tx, c.ID, "x")
	})
	// The last one who could see it can be named only when somebody is left.
	last := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Name(ctx, tx, c.ID, two[1].ID)
	}
	if _, err := o.try(two[1], last); fault.As(err).Fields["staff"] != "confidential.error.nobody_left" {
		t.Fatal(err)
	}
	o.do(two[1], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Name(ctx, tx, c.ID, 0)
	})
	if !o.shown(two[0], c.ID) {
		t.Error("unnamed")
	}
}

// Accounts are closed; the sweep brings the case to who can still see it.
func TestSweepFindsAnotherKeeper(t *testing.T) {
	o := newOffice(t)
	inspector := o.inspectors("insp")[0]
	o.secretTopic("network")
	c := o.register()
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, inspector.ID) })
	o.Clock.Advance(10 * 24 * time.Hour)
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	if got := o.plain(c.ID); got.UnitID != o.units["pr"].ID || !o.shown(o.as("pr", "pr_manager"), c.ID) {
		t.Errorf("%+v", got)
	}
}

func TestIdentityIsShownForAReasonAndAWhile(t *testing.T) {
	o := newOffice(t)
	two := o.inspectors("one", "two")
	o.secretTopic("network")
	c := o.register()
	folder := func(a tenants.Actor) *complaints.Folder {
		t.Helper()
		db := o.Root.For(o.A)
		defer db.Release()
		f, err := complaints.FolderByID(t.Context(), db, a, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := folder(two[0]); !f.Masked() || f.Name != "" || f.NationalID != "" {
		t.Errorf("%+v", f)
	}
	rows, _, err := complaints.List(t.Context(), o.DB(t), two[0], complaints.Filter{Tab: complaints.TabOpen})
	if err != nil || len(rows) != 1 || rows[0].Citizen != "" || !rows[0].Masked {
		t.Errorf("%+v, %v", rows, err)
	}
	o.refuse(fault.Invalid, two[0], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Reveal(ctx, tx, c.ID, "")
	})
	o.do(two[0], func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Reveal(ctx, tx, c.ID, "تماس با شاکی")
	})
	if f := folder(two[0]); f.Masked() || f.Mobile == "" {
		t.Errorf("%+v", f)
	}
	if f := folder(two[1]); !f.Masked() {
		t.Error("shown to another one")
	}
	o.Clock.Advance(complaints.IdentityFor + time.Minute)
	if f := folder(two[0]); !f.Masked() {
		t.Error("shown for ever")
	}
}
