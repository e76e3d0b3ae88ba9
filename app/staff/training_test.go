package staff_test

import (
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

func TestTrainingWarnsOrBlocks(t *testing.T) {
	w := seeded(t)
	ctx, a := t.Context(), admin(t, w)
	operator := byUser(t, w, "operator")
	actor := tenants.Actor{Kind: tenants.Staff, ID: operator.ID, Roles: []string{"operator"}}
	course := staff.Course{NameFA: "تکریم", NameEN: "Courtesy", Role: "operator", Effect: staff.Warns, Months: 12}
	w.Write(t, a, func(tx *tenants.Tx) error { return staff.SaveCourse(ctx, tx, course, false) })
	list, err := staff.Courses(ctx, w.DB(t))
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	course = list[0]
	if gaps, err := staff.Gaps(ctx, w.DB(t), operator.ID, actor.Roles); err != nil || len(gaps) != 1 || gaps[0].Since != nil {
		t.Errorf("never done: %+v, %v", gaps, err)
	}
	if err := staff.MayRegister(ctx, w.DB(t), actor); err != nil {
		t.Errorf("a warning blocks: %v", err)
	}
	course.Effect = staff.Blocks
	w.Write(t, a, func(tx *tenants.Tx) error { return staff.SaveCourse(ctx, tx, course, false) })
	if err := staff.MayRegister(ctx, w.DB(t), actor); key(err) != "training.blocked" {
		t.Errorf("never done: %v", err)
	}
	today := w.Clock.Now()
	w.Write(t, a, func(tx *tenants.Tx) error { return staff.Train(ctx, tx, operator.ID, course.ID, today, nil) })
	if err := staff.MayRegister(ctx, w.DB(t), actor); err != nil {
		t.Errorf("trained: %v", err)
	}
	tell := func(want int) {
		t.Helper()
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			n, err := staff.TellTrainings(ctx, tx)
			if n != want {
				t.Errorf("told %d, want %d", n, want)
			}
			return err
		})
	}
	tell(0)
	w.Clock.Set(today.AddDate(1, 0, -29))
	tell(1)
	tell(0)
	w.Clock.Set(today.AddDate(1, 0, 1))
	tell(1)
	tell(0)
	if err := staff.MayRegister(ctx, w.DB(t), actor); key(err) != "training.blocked" {
		t.Errorf("run out: %v", err)
	}
	w.Write(t, a, func(tx *tenants.Tx) error { return staff.Train(ctx, tx, operator.ID, course.ID, w.Clock.Now(), nil) })
	if running, err := staff.RunningOut(ctx, w.DB(t)); err != nil || len(running) != 0 {
		t.Errorf("replaced: %+v, %v", running, err)
	}
	for field, c := range map[string]func(tx *tenants.Tx) error{
		"done_on": func(tx *tenants.Tx) error {
			return staff.Train(ctx, tx, operator.ID, course.ID, tx.Now().Add(48*time.Hour), nil)
		},
		"course": func(tx *tenants.Tx) error { return staff.Train(ctx, tx, operator.ID, 1, tx.Now(), nil) },
		"expires_on": func(tx *tenants.Tx) error {
			early := tx.Now().Add(-time.Hour)
			return staff.Train(ctx, tx, operator.ID, course.ID, tx.Now(), &early)
		},
		"effect": func(tx *tenants.Tx) error {
			return staff.SaveCourse(ctx, tx, staff.Course{NameFA: "x", NameEN: "x"}, false)
		},
	} {
		if err := w.Try(t, a, c); fault.As(err) == nil || fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}
