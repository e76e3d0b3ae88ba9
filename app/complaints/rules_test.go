package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func TestWholeWayThroughDissatisfaction(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "not_satisfied", "هنوز فشار کم است"))
	o.want(c.ID, complaints.SpecialFollowup)
	o.do(o.as("followup", "special_followup"), inspect(c.ID, true))
	o.want(c.ID, complaints.AwaitingConfirmation)
	o.do(citizen(), confirm(c.ID, false, "دوباره قطع شد"))
	if got := o.want(c.ID, complaints.Referred); got.Cycle != 2 || got.UnitID != o.units["network"].ID {
		t.Fatalf("cycle %d unit %d", got.Cycle, got.UnitID)
	}
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "علمک تعویض شد"))
	o.do(o.as("feedback", "feedback_agent"), hear(c.ID, "not_satisfied", "مطمئن نیستم"))
	o.do(o.as("followup", "special_followup"), inspect(c.ID, true))
	o.do(citizen(), confirm(c.ID, true, ""))
	got := o.want(c.ID, complaints.Closed)
	if got.Fact != complaints.VerifiedInField || got.Result == "" || got.ClosedAt == nil || got.NextClockAt != nil {
		t.Fatalf("closed as %+v", got)
	}
}

func TestUnresolvedVisitRefersAgain(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.do(citizen(), hear(c.ID, "not_satisfied", "نه"))
	o.do(o.as("followup", "special_followup"), inspect(c.ID, false))
	if got := o.want(c.ID, complaints.Referred); got.Cycle != 2 {
		t.Fatalf("cycle %d", got.Cycle)
	}
}

func TestSatisfiedCloses(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.do(citizen(), hear(c.ID, "satisfied", ""))
	got := o.want(c.ID, complaints.Closed)
	if got.Fact != complaints.ConfirmedByCitizen || got.Result != "شبکه ترمیم شد" {
		t.Fatalf("fact %s result %q", got.Fact, got.Result)
	}
	o.refuse(fault.Conflict, citizen(), hear(c.ID, "not_satisfied", "نه"))
}

func TestExecutingUnitNeverJudgesItsOwnWork(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	unit := o.as("network", "unit_head")
	o.refuse(fault.Forbidden, unit, hear(c.ID, "satisfied", ""))
	o.refuse(fault.Forbidden, unit, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Close(ctx, tx, c.ID, "تمام شد")
	})
	o.do(citizen(), hear(c.ID, "not_satisfied", "نه"))
	o.refuse(fault.Forbidden, unit, inspect(c.ID, true))
}

func TestOtherUnitsDoNotSeeTheCase(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	other, own := o.as("service", "unit_expert"), o.as("network", "unit_expert")
	o.refuse(fault.NotFound, other, take(c.ID))
	db := o.DB(t)
	if _, err := complaints.ByID(t.Context(), db, other, c.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("another unit reads it: %v", err)
	}
	if _, err := complaints.ByID(t.Context(), db, own, c.ID); err != nil {
		t.Fatal(err)
	}
}

func TestRefusalGoesBackToTheOfficeAndToTheArbiter(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	back := func(reason string) step {
		return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Return(ctx, tx, c.ID, reason)
		}
	}
	for range o.A.Settings.BounceLimit {
		o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
		o.refuse(fault.Invalid, o.as("network", "unit_expert"), back(" "))
		o.do(o.as("network", "unit_expert"), back("در حیطه ما نیست"))
		if got := o.want(c.ID, complaints.Triage); got.UnitID != o.units["pr"].ID {
			t.Fatal("the case has no owner in the office")
		}
	}
	o.refuse(fault.Forbidden, o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("pr", "pr_manager"), o.refer(c.ID, "network"))
}

func TestLeadAnswersLast(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network", "service"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.refuse(fault.Conflict, o.as("network", "unit_expert"), answer(c.ID, "انجام شد"))
	o.do(o.as("service", "unit_expert"), take(c.ID))
	o.do(o.as("service", "unit_expert"), answer(c.ID, "بخش ما انجام شد"))
	o.want(c.ID, complaints.InProgress)
	o.do(o.as("network", "unit_expert"), answer(c.ID, "انجام شد"))
	o.want(c.ID, complaints.Feedback)
}

func TestUnreachableNeedsAttemptsOnDifferentDays(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	agent, manager := o.as("feedback", "feedback_agent"), o.as("pr", "pr_manager")
	signOff := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.SignOff(ctx, tx, c.ID, "سه روز تماس گرفته شد")
	}
	for day := 1; day <= o.A.Settings.FeedbackAttempts; day++ {
		o.do(agent, hear(c.ID, "no_answer", ""))
		o.do(agent, hear(c.ID, "no_answer", ""))
		o.want(c.ID, complaints.Feedback)
		if day < o.A.Settings.FeedbackAttempts {
			o.refuse(fault.Conflict, manager, signOff)
		}
		o.Clock.Advance(24 * time.Hour)
	}
	o.do(manager, signOff)
	if got := o.want(c.ID, complaints.Closed); got.Fact != complaints.UnreachableSignedOff {
		t.Fatalf("fact %s", got.Fact)
	}
}

func TestIdentityDependsOnTheKind(t *testing.T) {
	o := newOffice(t)
	in := complaints.Registration{Kind: complaints.KindComplaint, Channel: "web", TopicID: o.topic["network"].ID, Text: "متن شکایت بی‌نام", Place: complaints.Place{Address: "زنجان"}}
	try := func() (r *complaints.Receipt, err error) {
		err = o.Try(t, citizen(), func(tx *tenants.Tx) error {
			r, err = complaints.Register(t.Context(), tx, in)
			return err
		})
		return r, err
	}
	if _, err := try(); !fault.Is(err, fault.Invalid) {
		t.Fatalf("a nameless complaint: %v", err)
	}
	in.Kind = complaints.KindReport
	r, err := try()
	if err != nil || r.PIN == "" {
		t.Fatalf("a nameless report: %v", err)
	}
	db := o.DB(t)
	if _, err := complaints.Track(t.Context(), db, r.Complaint.Code, r.PIN); err != nil {
		t.Fatal(err)
	}
	if _, err := complaints.Track(t.Context(), db, r.Complaint.Code, "0000-0000-0000-0000"); !fault.Is(err, fault.NotFound) {
		t.Fatalf("a wrong PIN: %v", err)
	}
}

func TestTrackingNeedsTheMobileNumber(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	db := o.DB(t)
	if _, err := complaints.Track(t.Context(), db, " "+c.Code[:4]+"-"+c.Code[4:], "۰۹۱۲۱۲۳۴۵۶۷"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"09121234568", "", "زهرا"} {
		if _, err := complaints.Track(t.Context(), db, c.Code, secret); !fault.Is(err, fault.NotFound) {
			t.Errorf("secret %q: %v", secret, err)
		}
	}
	if _, err := complaints.Track(t.Context(), o.For(t, o.B), c.Code, "09121234567"); !fault.Is(err, fault.NotFound) {
		t.Errorf("at another organization: %v", err)
	}
}

func TestUrgentTopicGoesToItsUnitAtOnce(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) { in.TopicID = o.topic["safety"].ID })
	got := o.want(c.ID, complaints.Referred)
	if got.UnitID != o.units["safety"].ID || got.DueAt.Sub(got.RegisteredAt) != time.Hour {
		t.Fatalf("unit %d due after %s", got.UnitID, got.DueAt.Sub(got.RegisteredAt))
	}
}

func TestOnlyTheCitizenWithdraws(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	withdraw := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Withdraw(ctx, tx, c.ID, "حل شد")
	}
	o.refuse(fault.Forbidden, o.as("pr", "pr_manager"), withdraw)
	o.do(citizen(), withdraw)
	if got := o.want(c.ID, complaints.Closed); got.Fact != complaints.Withdrawn {
		t.Fatalf("fact %s", got.Fact)
	}
}

func TestInterimReportMovesThePromiseAndIsLimited(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	unit := o.as("network", "unit_expert")
	o.do(unit, take(c.ID))
	report := func(days int) step {
		return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Report(ctx, tx, c.ID, "آسفالت پس از باران", tx.Now().AddDate(0, 0, days))
		}
	}
	o.refuse(fault.Invalid, unit, report(-1))
	for i := 1; i <= 3; i++ {
		o.do(unit, report(i*10))
		if got := o.read(c.ID); !got.PromisedAt.Equal(o.Clock.Now().AddDate(0, 0, i*10)) || !got.DueAt.Equal(got.PromisedAt) {
			t.Fatalf("promised %s due %s", got.PromisedAt, got.DueAt)
		}
	}
	o.refuse(fault.Forbidden, unit, report(40))
}

func TestLadderFiresEachRungOnce(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	sweep := func() {
		o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	}
	scores := func() int {
		db := o.Root.For(o.A)
		defer db.Release()
		list, err := complaints.ScoresOf(t.Context(), db, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	sweep()
	if scores() != 0 {
		t.Fatal("a score before the due time")
	}
	o.Clock.Advance(48*time.Hour + time.Minute)
	sweep()
	sweep()
	if scores() != 1 {
		t.Fatalf("%d scores after the first rung", scores())
	}
	o.Clock.Advance(24 * time.Hour)
	sweep()
	sweep()
	if scores() != 2 {
		t.Fatalf("%d scores after the second rung", scores())
	}
	if got := o.read(c.ID); got.NextClockAt != nil {
		t.Fatal("the top of the ladder has a next rung")
	}
}

func TestScoreIsUndoneOnlyOnceAndOnlyByALine(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.Clock.Advance(72 * time.Hour)
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	db := o.DB(t)
	list, err := complaints.ScoresOf(t.Context(), db, c.ID)
	if err != nil || len(list) == 0 {
		t.Fatalf("%d scores, %v", len(list), err)
	}
	reverse := func() error {
		return o.Try(t, o.as("pr", "pr_manager"), func(tx *tenants.Tx) error {
			return complaints.Reverse(t.Context(), tx, list[0].ID, "تعطیل رسمی بود")
		})
	}
	if err := reverse(); err != nil {
		t.Fatal(err)
	}
	if err := reverse(); !fault.Is(err, fault.Conflict) {
		t.Fatalf("reversed twice: %v", err)
	}
}

func TestSearchIgnoresLetterForms(t *testing.T) {
	o := newOffice(t)
	o.register(func(in *complaints.Registration) {
		in.Text = "کنتور خانه‌ی ما يك هفته است که خراب است ۱۲۳"
	})
	pr := o.as("pr", "pr_officer")
	db := o.DB(t)
	for _, text := range []string{"یک هفته", "يک هفته", "خانه‌ی", "خانهی", "123", "١٢٣", "کنتور خراب", "زهرا", "09121234567"} {
		rows, _, err := complaints.List(t.Context(), db, pr, complaints.Filter{Text: text})
		if err != nil || len(rows) != 1 {
			t.Errorf("search %q: %d rows, %v", text, len(rows), err)
		}
	}
	for _, text := range []string{"نیست", "%", "_"} {
		rows, _, err := complaints.List(t.Context(), db, pr, complaints.Filter{Text: text})
		if err != nil || len(rows) != 0 {
			t.Errorf("search %q: %d rows, %v", text, len(rows), err)
		}
	}
}

func TestListPagesByKeysetInOneStatement(t *testing.T) {
	o := newOffice(t)
	for range 7 {
		o.register()
		o.Clock.Advance(time.Minute)
	}
	pr := o.as("pr", "pr_officer")
	db := o.DB(t)
	seen, after, n := map[int64]bool{}, complaints.Cursor{}, 0
	o.Root.OnStatement = func(string) { n++ }
	for more := true; more; {
		var rows []complaints.Listed
		var err error
		rows, more, err = complaints.List(t.Context(), db, pr, complaints.Filter{Tab: complaints.TabNew, Limit: 3, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if seen[row.ID] {
				t.Fatal("a row on two pages")
			}
			seen[row.ID], after = true, complaints.Cursor{Due: row.DueAt, ID: row.ID}
		}
	}
	if len(seen) != 7 || n != 3 {
		t.Fatalf("%d rows in %d statements", len(seen), n)
	}
	counts, err := complaints.Counts(t.Context(), db, pr, complaints.Tabs()...)
	if err != nil || counts[complaints.TabNew] != 7 || counts[complaints.TabUnit] != 7 || counts[complaints.TabMine] != 0 {
		t.Fatalf("counts %v, %v", counts, err)
	}
}
