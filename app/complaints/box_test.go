package complaints_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// everyDay has no day off, so that a schedule is seen by itself.
func everyDay() tenants.WorkingTime {
	c := tenants.Calendar{WorksHoliday: true}
	for i := range c.Week {
		c.Week[i] = []tenants.Interval{{From: 480, Until: 960}}
	}
	return tenants.NewWorkingTime(c, nil)
}

func TestAScheduleGoesOn(t *testing.T) {
	saturday, err := persian.NewDate(1405, 8, 30)
	if err != nil || saturday.Weekday() != time.Saturday {
		t.Fatal(saturday.Weekday(), err)
	}
	cases := []struct {
		name        string
		schedule    complaints.BoxSchedule
		hours       tenants.WorkingTime
		first, next int // days after that Saturday
	}{
		{"every three days", complaints.BoxSchedule{EveryDays: 3}, everyDay(), 3, 3},
		{"Saturdays and Tuesdays", complaints.BoxSchedule{EveryDays: 7, Weekdays: 1 | 1<<3}, everyDay(), 0, 3},
		{"Saturdays of every second week", complaints.BoxSchedule{EveryDays: 14, Weekdays: 1}, everyDay(), 0, 14},
		{"Mondays of every second week", complaints.BoxSchedule{EveryDays: 14, Weekdays: 1 << 2}, everyDay(), 2, 2},
		{"a day off is put off", complaints.BoxSchedule{EveryDays: 5}, calendar(), 7, 7}, // Thursday and Friday are off
	}
	for _, c := range cases {
		if got := c.schedule.First(saturday, c.hours); got != saturday.AddDays(c.first) {
			t.Errorf("%s: first %s", c.name, got)
		}
		if got := c.schedule.Next(saturday, c.hours); got != saturday.AddDays(c.next) {
			t.Errorf("%s: next %s", c.name, got)
		}
	}
}

// However a schedule is set, the next opening lies ahead, on one of its days,
// and never further than its own length and a week.
func TestTheNextOpeningLiesAhead(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := complaints.BoxSchedule{EveryDays: rapid.IntRange(1, 90).Draw(r, "days")}
		if rapid.Bool().Draw(r, "weekly") {
			s = complaints.BoxSchedule{EveryDays: 7 * rapid.IntRange(1, 12).Draw(r, "weeks"), Weekdays: rapid.IntRange(1, 127).Draw(r, "weekdays")}
		}
		day := persian.Date{Year: 1405, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 900).Draw(r, "from"))
		next := s.Next(day, everyDay())
		if !next.After(day) || next.After(day.AddDays(s.EveryDays+7)) {
			r.Fatalf("after %s comes %s", day, next)
		}
		if s.Weekly() && !s.On(persian.WeekdayIndex(next.Weekday())) {
			r.Fatalf("%s is none of its days", next)
		}
	})
}

// box puts a box up that is opened every Saturday.
func (o *office) box() *complaints.Box {
	o.t.Helper()
	b := &complaints.Box{Code: "b1", PlaceFA: "سرسرای ساختمان مرکزی", UnitID: o.units["network"].ID, EveryDays: 7, Weekdays: 1, Active: true}
	o.Write(o.t, o.as("pr", "pr_manager"), func(tx *tenants.Tx) error { return complaints.SaveBox(o.t.Context(), tx, b) })
	return b
}

func (o *office) opening(b *complaints.Box, letters int, change ...func(*complaints.BoxOpened)) (*complaints.BoxOpening, error) {
	o.t.Helper()
	in := complaints.BoxOpened{At: o.Clock.Now(), StaffID: o.account("pr"), WitnessID: o.account("network"), Letters: letters}
	for _, f := range change {
		f(&in)
	}
	var got *complaints.BoxOpening
	err := o.Try(o.t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) (err error) {
		got, err = complaints.OpenBox(o.t.Context(), tx, b.ID, in)
		return err
	})
	return got, err
}

func (o *office) readBox(id int64) *complaints.Box {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	b, err := complaints.BoxByID(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func TestABoxIsOpenedByTwoPersons(t *testing.T) {
	o := newOffice(t)
	b := o.box()
	if b.NextOn != "2026-11-21" || !b.Due(o.Clock.Now()) || b.Overdue(o.Clock.Now()) {
		t.Fatalf("first opening on %s", b.NextOn)
	}
	wrong := func(field string, change func(*complaints.BoxOpened)) {
		t.Helper()
		if _, err := o.opening(b, 2, change); fault.As(err).Fields[field] == "" {
			t.Errorf("%s is taken: %v", field, err)
		}
	}
	wrong("witness", func(in *complaints.BoxOpened) { in.WitnessID = in.StaffID })
	wrong("staff", func(in *complaints.BoxOpened) { in.StaffID = 17 })
	wrong("opened", func(in *complaints.BoxOpened) { in.At = in.At.Add(time.Minute) })
	wrong("letters", func(in *complaints.BoxOpened) { in.Letters = -1 })
	first, err := o.opening(b, 2)
	if err != nil || first.Number != 1 || first.Locked() {
		t.Fatalf("%+v, %v", first, err)
	}
	if next := o.readBox(b.ID).NextOn; next != "2026-11-28" {
		t.Errorf("the next opening is on %s", next)
	}
	wrong("opened", func(in *complaints.BoxOpened) {}) // of the same minute
	o.Clock.Advance(time.Hour)
	empty, err := o.opening(b, 0)
	if err != nil || empty.Number != 2 || !empty.Locked() {
		t.Errorf("the minutes of an empty box: %+v, %v", empty, err)
	}
	b.Active = false
	if fields := saved(t, o.World, func(tx *tenants.Tx) error { return complaints.SaveBox(t.Context(), tx, b) }); fields["active"] == "" {
		t.Error("a box with unfinished minutes is retired")
	}
}

// The database itself refuses minutes of one person.
func TestOnePersonIsNotTwo(t *testing.T) {
	o := newOffice(t)
	b, who := o.box(), o.account("pr")
	err := o.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Insert(t.Context(), &complaints.BoxOpening{ID: tenants.NewID(), BoxID: b.ID, Number: 1, OpenedAt: tx.Now(), StaffID: who, WitnessID: who})
	})
	if err == nil {
		t.Fatal("the same person signed twice")
	}
}

// letter enters a letter of an opening.
func (o *office) letter(opening int64, change ...func(*complaints.Registration)) (*complaints.Receipt, error) {
	o.t.Helper()
	in := complaints.Registration{Kind: complaints.KindReport, TopicID: o.topic["network"].ID, Text: "کسی به نشتی کوچه ما رسیدگی نمی‌کند", Place: complaints.Place{Address: "خیابان صفا"}}
	for _, f := range change {
		f(&in)
	}
	var got *complaints.Receipt
	err := o.Try(o.t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) (err error) {
		got, err = complaints.RegisterLetter(o.t.Context(), tx, opening, in)
		return err
	})
	return got, err
}

func (o *office) finish(id int64, why string) error {
	return o.Try(o.t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) error {
		return complaints.FinishOpening(o.t.Context(), tx, id, why)
	})
}

func mistaken(id int64, why string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Mistaken(ctx, tx, id, why)
	}
}

func TestMinutesAreFinishedWhenTheLettersAre(t *testing.T) {
	o := newOffice(t)
	opening, err := o.opening(o.box(), 2)
	if err != nil {
		t.Fatal(err)
	}
	first, err := o.letter(opening.ID)
	if err != nil || first.PIN == "" || first.Complaint.Channel != "box" || *first.Complaint.BoxOpeningID != opening.ID {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := o.finish(opening.ID, ""); fault.As(err).Fields["difference"] == "" {
		t.Fatalf("finished with a letter missing: %v", err)
	}
	twice, err := o.letter(opening.ID)
	if err != nil {
		t.Fatal(err)
	}
	pr := o.as("pr", "pr_officer")
	o.refuse(fault.Invalid, pr, mistaken(twice.Complaint.ID, " "))
	o.do(pr, mistaken(twice.Complaint.ID, "همان نامه دو بار وارد شد"))
	if c := o.want(twice.Complaint.ID, complaints.Closed); c.Fact != complaints.EnteredByMistake {
		t.Errorf("closed as %s", c.Fact)
	}
	if err := o.finish(opening.ID, ""); fault.As(err).Fields["difference"] == "" {
		t.Fatalf("a mistake counts as a letter: %v", err)
	}
	if err := o.finish(opening.ID, "یک برگه سفید بود"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.letter(opening.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("a letter goes into locked minutes: %v", err)
	}
	if err := o.finish(opening.ID, "دوباره"); !fault.Is(err, fault.Conflict) {
		t.Errorf("locked minutes are finished again: %v", err)
	}
	o.refuse(fault.Conflict, pr, mistaken(first.Complaint.ID, "قفل است"))
	list, err := complaints.Letters(t.Context(), o.DB(t), pr, opening.ID)
	if err != nil || len(list) != 2 || !list[1].Mistaken() || !list[0].Nameless {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestWhatWasWorkedOnIsNoMistake(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) { in.Channel = "letter" })
	pr := o.as("pr", "pr_officer")
	o.do(pr, take(c.ID))
	o.refuse(fault.Conflict, pr, mistaken(c.ID, "اشتباه"))
	spoken := o.register()
	o.refuse(fault.Conflict, pr, mistaken(spoken.ID, "اشتباه"))
	urgent, err := func() (*complaints.Receipt, error) {
		opening, err := o.opening(o.box(), 1)
		if err != nil {
			return nil, err
		}
		return o.letter(opening.ID, func(in *complaints.Registration) { in.TopicID = o.topic["safety"].ID })
	}()
	if err != nil {
		t.Fatal(err)
	}
	o.want(urgent.Complaint.ID, complaints.Referred)
	o.do(pr, mistaken(urgent.Complaint.ID, "نامه مال صندوق دیگری بود"))
}

func TestAnOverdueBoxRemindsOnce(t *testing.T) {
	o := newOffice(t)
	o.box()
	remind := func() (n int) {
		o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
			n, err = complaints.RemindBoxes(t.Context(), tx)
			return err
		})
		return n
	}
	if n := remind(); n != 0 {
		t.Errorf("%d reminders on the very day", n)
	}
	o.Clock.Advance(16 * time.Hour) // one in the night
	if n := remind(); n != 0 {
		t.Errorf("%d reminders at night", n)
	}
	o.Clock.Advance(8 * time.Hour)
	if first, again := remind(), remind(); first != 1 || again != 0 {
		t.Errorf("%d reminders, then %d", first, again)
	}
}
