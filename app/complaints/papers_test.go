package complaints_test

import (
	"sync"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func fromSamad(number string, due time.Time) func(*complaints.Registration) {
	return func(in *complaints.Registration) {
		in.Source, in.ExternalNumber = "samad", number
		if !due.IsZero() {
			in.ExternalDueAt = &due
		}
	}
}

// The source's date caps the promise and the unit's clock while it lies ahead.
func TestTheSourcesDateCapsTheClocks(t *testing.T) {
	o := newOffice(t)
	soon := o.Clock.Now().Add(5 * time.Hour)
	c := o.register(fromSamad("۱۲۳", soon))
	if !c.PromisedAt.Equal(soon) || c.ExternalNumber != "123" {
		t.Fatalf("promised %s, number %s", c.PromisedAt, c.ExternalNumber)
	}
	pr, unit := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	o.do(pr, o.refer(c.ID, "network"))
	if got := o.read(c.ID); !got.DueAt.Equal(soon) || !got.PromisedAt.Equal(soon) {
		t.Errorf("the unit has until %s", got.DueAt)
	}
	o.do(unit, take(c.ID))
	late := soon.Add(time.Hour)
	err := o.Try(t, unit, func(tx *tenants.Tx) error {
		_, err := complaints.Report(t.Context(), tx, c.ID, "نوبت کارگاه آسفالت است", late)
		return err
	})
	if fault.As(err).Fields["promised"] == "" {
		t.Errorf("more is promised than the source allows: %v", err)
	}
	registered := o.Clock.Now()
	o.Clock.Advance(time.Minute)
	if err := o.setPapers(c.ID, func(p *complaints.Papers) { p.ExternalDueAt = nil }); err != nil {
		t.Fatal(err)
	}
	got := o.read(c.ID)
	if !got.PromisedAt.Equal(registered.Add(48 * time.Hour)) {
		t.Errorf("without the source's date promised %s", got.PromisedAt)
	}
	events, err := timeline.Of(t.Context(), o.DB(t), c.Subject(), false)
	if err != nil {
		t.Fatal(err)
	}
	list, err := complaints.PromisesOf(t.Context(), o.DB(t), got, events)
	if err != nil || len(list) != 2 || !list[0].Until.Equal(soon) || !list[1].Until.Equal(got.PromisedAt) {
		t.Errorf("promises %+v, %v", list, err)
	}
	past := o.register(fromSamad("124", o.Clock.Now().Add(-time.Hour)))
	if !past.PromisedAt.Equal(o.Clock.Now().Add(48 * time.Hour)) {
		t.Errorf("a date that had passed caps the promise to %s", past.PromisedAt)
	}
}

func (o *office) setPapers(id int64, change func(*complaints.Papers)) error {
	o.t.Helper()
	return o.Try(o.t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) error {
		c, err := complaints.Plain(o.t.Context(), tx, id)
		if err != nil {
			return err
		}
		p := complaints.PapersOf(c)
		change(&p)
		_, err = complaints.SetPapers(o.t.Context(), tx, id, p)
		return err
	})
}

func TestPapersAreCorrectedAndFound(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) {
		in.Channel, in.SecretariatNumber, in.LetterOn = "letter", "۱۴۰۵/۲۲۱/ص", "2026-11-18"
	})
	find := func(text string) int {
		rows, _, err := complaints.List(t.Context(), o.DB(t), o.as("pr", "pr_officer"), complaints.Filter{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	if find("1405/221/ص") != 1 {
		t.Error("the letter is not found by its number")
	}
	if err := o.setPapers(c.ID, func(p *complaints.Papers) { p.SecretariatNumber = "۱۴۰۵/۹۹۹" }); err != nil {
		t.Fatal(err)
	}
	if find("۱۴۰۵/۹۹۹") != 1 || find("1405/221/ص") != 0 {
		t.Error("the corrected number is not the one that is found")
	}
	before := o.read(c.ID).Version
	if err := o.setPapers(c.ID, func(*complaints.Papers) {}); err != nil || o.read(c.ID).Version != before {
		t.Errorf("nothing changed, and yet: %v", err)
	}
	for field, change := range map[string]func(*complaints.Papers){
		"letter_on": func(p *complaints.Papers) { p.LetterOn = "2026-12-30" },
		"source":    func(p *complaints.Papers) { p.Source, p.ExternalNumber = "", "5" },
	} {
		if err := o.setPapers(c.ID, change); fault.As(err).Fields[field] == "" {
			t.Errorf("%s is taken: %v", field, err)
		}
	}
	o.register(fromSamad("77", time.Time{}))
	err := o.setPapers(c.ID, func(p *complaints.Papers) { p.Source, p.ExternalNumber = "samad", "۷۷" })
	if fault.As(err).Fields["external_number"] == "" {
		t.Errorf("the number of another case is taken: %v", err)
	}
}

// Of parallel registrations under one number of a source exactly one stands,
// and the others are told why, beside the field.
func TestANumberOfASourceIsRegisteredOnce(t *testing.T) {
	o := newOffice(t)
	person, topic := o.citizen(), o.topic["network"].ID
	const clerks = 6
	errs := make([]error, clerks)
	var wait sync.WaitGroup
	for i := range clerks {
		wait.Go(func() {
			db := o.Root.For(o.A)
			defer db.Release()
			errs[i] = db.Write(t.Context(), tenants.Actor{Kind: tenants.Staff, SeesAll: true}, func(tx *tenants.Tx) error {
				_, err := complaints.Register(t.Context(), tx, complaints.Registration{
					Kind: complaints.KindComplaint, Channel: "letter", CitizenID: person, TopicID: topic, Source: "samad", ExternalNumber: "14050001",
					Text: "فشار گاز کوچه ما کم شده است", Place: complaints.Place{Address: "کوچه دوم"},
				})
				return err
			})
		})
	}
	wait.Wait()
	stood := 0
	for _, err := range errs {
		switch {
		case err == nil:
			stood++
		case fault.As(err).Fields["external_number"] != "complaint.error.external_taken":
			t.Errorf("refused with %v", err)
		}
	}
	if stood != 1 {
		t.Errorf("%d cases stand", stood)
	}
	c, err := complaints.ByExternal(t.Context(), o.DB(t), o.as("pr", "pr_officer"), "samad", "۱۴۰۵۰۰۰۱")
	if err != nil || c.ExternalNumber != "14050001" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestTheSourcesDateIsWarnedOf(t *testing.T) {
	o := newOffice(t)
	due := o.Clock.Now().Add(100 * time.Hour)
	c := o.register(fromSamad("9", due))
	warn := func() int {
		ids, err := complaints.SourceDue(t.Context(), o.DB(t), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.WarnSource(t.Context(), tx, id) })
		}
		return len(ids)
	}
	for i, want := range []int{0, 1, 0} {
		if i == 1 {
			o.Clock.Advance(60 * time.Hour)
		}
		if n := warn(); n != want {
			t.Errorf("step %d warns of %d", i, n)
		}
	}
	o.Clock.Advance(50 * time.Hour)
	if first, again := warn(), warn(); first != 1 || again != 0 {
		t.Errorf("after the date %d, then %d", first, again)
	}
	later := o.Clock.Now().Add(time.Hour)
	if err := o.setPapers(c.ID, func(p *complaints.Papers) { p.ExternalDueAt = &later }); err != nil {
		t.Fatal(err)
	}
	if n := warn(); n != 1 {
		t.Errorf("a new date is warned of %d times", n)
	}
}
