package quality_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// who reads an account of the world as an actor.
func (o *office) who(name string) (a tenants.Actor) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	s, err := staff.ByUserName(o.t.Context(), db, name)
	if err != nil {
		o.t.Fatal(err)
	}
	a = tenants.Actor{Kind: tenants.Staff, ID: s.ID}
	if s.UnitID != nil {
		a.UnitID = *s.UnitID
	}
	return a
}

// calls writes cases that an operator took in by phone in this month.
func (o *office) calls(operator int64, n int, secret bool) []complaints.Complaint {
	o.t.Helper()
	rows := make([]complaints.Complaint, n)
	for i := range rows {
		o.serial++
		rows[i] = o.model
		rows[i].ID, rows[i].Code, rows[i].Channel, rows[i].RegisteredBy, rows[i].NextClockAt = tenants.NewID(), fmt.Sprintf("P%010d", o.serial), "phone", &operator, nil
		rows[i].RegisteredAt, rows[i].Confidential, rows[i].CallReference = o.Clock.Now().Add(-time.Duration(i)*time.Minute), secret, "77"
	}
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Insert(o.t.Context(), &rows) })
	return rows
}

func allFives() map[string]quality.Given {
	given := map[string]quality.Given{}
	for _, c := range []string{"speech", "patience", "courtesy", "accuracy", "script"} {
		given[c] = quality.Given{Score: 5}
	}
	given["safety"] = quality.Given{Absent: true}
	return given
}

// A call is reviewed once, by somebody else, by the criteria of the day; its
// operator answers once and somebody else decides.
func TestAReview(t *testing.T) {
	o := newOffice(t)
	ctx, operator, manager := t.Context(), o.who("operator"), o.manager
	call := o.calls(operator.ID, 1, false)[0]
	secret := o.calls(operator.ID, 1, true)[0]
	var v *quality.Review
	write := func(who tenants.Actor, in quality.Reviewing) error {
		return o.Try(t, who, func(tx *tenants.Tx) (err error) {
			v, err = quality.WriteReview(ctx, tx, in)
			return err
		})
	}
	in := quality.Reviewing{Kind: quality.IntakeCall, CallID: call.ID, Given: allFives()}
	in.Given["patience"] = quality.Given{Score: 1, Remark: "حرف شهروند را برید"}
	if err := write(operator, in); fault.Of(err) != fault.Forbidden {
		t.Fatalf("an operator reviews the own call: %v", err)
	}
	if err := write(manager, quality.Reviewing{Kind: quality.IntakeCall, CallID: secret.ID, Given: allFives()}); !fault.Is(err, fault.NotFound) {
		t.Fatalf("a confidential case: %v", err)
	}
	if err := write(manager, quality.Reviewing{Kind: quality.IntakeCall, CallID: call.ID}); fault.As(err).Fields["score_speech"] == "" {
		t.Fatalf("no scores: %v", err)
	}
	if err := write(manager, in); err != nil || v.Percent != 75 {
		t.Fatalf("%+v %v", v, err)
	}
	id := v.ID
	if err := write(manager, in); fault.Of(err) != fault.Conflict {
		t.Fatalf("reviewed twice: %v", err)
	}
	object := func(who tenants.Actor) error {
		return o.Try(t, who, func(tx *tenants.Tx) error {
			return quality.ObjectToReview(ctx, tx, id, "شهروند خودش قطع کرد")
		})
	}
	if err := object(manager); !fault.Is(err, fault.NotFound) {
		t.Fatalf("somebody else objects: %v", err)
	}
	if err := object(operator); err != nil {
		t.Fatal(err)
	}
	if err := object(operator); fault.Of(err) != fault.Conflict {
		t.Fatalf("objects twice: %v", err)
	}
	rule := func(who tenants.Actor) error {
		return o.Try(t, who, func(tx *tenants.Tx) error {
			return quality.RuleOnReview(ctx, tx, id, quality.Ruling{Decision: quality.Changed, Note: "درست می‌گوید", Given: allFives()})
		})
	}
	if err := rule(operator); fault.Of(err) != fault.Forbidden {
		t.Fatalf("decides on the own objection: %v", err)
	}
	if err := rule(manager); err != nil {
		t.Fatal(err)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	v, err := quality.OwnReview(ctx, db, operator, id)
	if err != nil || v.Percent != 100 || v.FirstPercent != 75 || v.Decision != quality.Changed {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := quality.OwnReview(ctx, db, manager, id); !fault.Is(err, fault.NotFound) {
		t.Fatalf("shown to others: %v", err)
	}
}

// The sample is the same for everybody, of the operator's own calls of the time,
// as large as the organization wants, and a call more moves no other.
func TestTheSampleIsDrawnByLot(t *testing.T) {
	o := newOffice(t)
	ctx, operator := t.Context(), o.who("operator")
	calls := o.calls(operator.ID, 9, false)
	o.calls(o.manager.ID, 3, false)
	o.calls(operator.ID, 3, true)
	db := o.Root.For(o.A)
	defer db.Release()
	from, until := o.Clock.Now().AddDate(0, 0, -5), o.Clock.Now().AddDate(0, 0, 1)
	first, err := quality.Sample(ctx, db, operator.ID, from, until)
	if err != nil || len(first) != 4 {
		t.Fatalf("%d %v", len(first), err)
	}
	again, _ := quality.Sample(ctx, db, operator.ID, from, until)
	for i := range first {
		if first[i] != again[i] || first[i].OperatorID != operator.ID {
			t.Fatalf("%+v %+v", first[i], again[i])
		}
	}
	_, intake, err := quality.CallCounts(ctx, db, from, until)
	if err != nil || intake[operator.ID] != 9 || intake[o.manager.ID] != 3 {
		t.Fatalf("%v %v", intake, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, len(calls)).Draw(t, "n")
		list := make([]quality.Heard, n)
		for i := range list {
			list[i] = quality.Heard{Kind: quality.IntakeCall, ID: calls[i].ID}
		}
		whole := quality.Draw(append([]quality.Heard(nil), list...), 1, from)
		less := quality.Draw(append([]quality.Heard(nil), list[:n-1]...), 1, from)
		at := 0
		for _, h := range whole {
			if h.ID == list[n-1].ID {
				continue
			}
			if h != less[at] {
				t.Fatal("a call moved others")
			}
			at++
		}
	})
}

// A score rests on the least there must be, lies between 0 and 100, and falls
// with what was found right; the result is no part of it.
func TestConductScore(t *testing.T) {
	rules := tenants.Settings{}.Defaults().Conduct
	few := quality.Conduct{Answers: 4, AnswerSum: 400}
	if _, ok := few.Score(rules); ok {
		t.Error("four answers make a score")
	}
	all := quality.Conduct{Answers: 4, AnswerSum: 400, Reviews: 2, ReviewSum: 120, Visits: 1, SeenGot: 1, SeenOf: 2, Justified: 1}
	if n, ok := all.Score(rules); !ok || n != 68 { // 50×100 + 30×60 + 20×50 = 7800 ÷ 100 − 10
		t.Errorf("%d %v", n, ok)
	}
	rapid.Check(t, func(t *rapid.T) {
		n, reviews := rapid.IntRange(0, 60).Draw(t, "answers"), rapid.IntRange(0, 60).Draw(t, "reviews")
		c := quality.Conduct{Answers: n, AnswerSum: 50 * rapid.IntRange(0, 2*n).Draw(t, "sum"), Reviews: reviews, ReviewSum: rapid.IntRange(0, 100*reviews).Draw(t, "of reviews")}
		score, ok := c.Score(rules)
		if ok != (n+reviews >= rules.Least) || score < 0 || score > 100 {
			t.Fatalf("%+v: %d %v", c, score, ok)
		}
		other := c
		other.Verdicts, other.Satisfied = 9, 0
		if same, _ := other.Score(rules); same != score {
			t.Fatal("the result moves the score")
		}
		other.Justified++
		if less, _ := other.Score(rules); less > score {
			t.Fatal("a violation lifts the score")
		}
	})
}

// The criteria are a setting: a change is a new version, and reviews keep theirs.
func TestReviewCriteria(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	save := func(in tenants.ReviewRules) error {
		return o.Try(t, o.manager, func(tx *tenants.Tx) error { return quality.SaveReviewRules(ctx, tx, in) })
	}
	err := save(tenants.ReviewRules{PerMonth: 99, Criteria: []tenants.ReviewCriterion{{FA: "", Weight: 11}}})
	for _, field := range []string{"per_month", "fa_0", "weight_0"} {
		if fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := save(tenants.ReviewRules{PerMonth: 2, Criteria: []tenants.ReviewCriterion{{Key: "patience", FA: "صبوری", Weight: 3}, {FA: "معرفی خود", Weight: 1}}}); err != nil {
		t.Fatal(err)
	}
	var own *tenants.Tenant
	o.Write(t, o.manager, func(tx *tenants.Tx) (err error) {
		own, err = tx.Own(ctx)
		return err
	})
	got := own.Settings.Defaults().Reviews
	if got.Version != 2 || got.Criteria[0].Key != "patience" || got.Criteria[1].Key == "" || got.PerMonth != 2 {
		t.Fatalf("%+v", got)
	}
	var changes []tenants.SettingChange
	db := o.Root.For(o.A)
	defer db.Release()
	if err := db.Select(&changes).Where("change.area = ?", tenants.AreaInspection).Scan(ctx); err != nil || len(changes) != 1 {
		t.Fatalf("%d %v", len(changes), err)
	}
}
