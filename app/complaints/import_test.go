package complaints_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func TestImportRegistersEveryLine(t *testing.T) {
	w := newImporting(t)
	b := w.imported(w.lines("s", 3), false)
	if b.State != complaints.BatchApplied || b.Done != 3 || b.EndedAt == nil {
		t.Fatalf("%+v", b)
	}
	list := w.cases(b)
	if len(list) != 3 {
		t.Fatalf("%d cases", len(list))
	}
	c := list[0]
	if c.Kind != complaints.KindRequest || c.Channel != "phone" || c.Source != "samad" || c.ExternalNumber != "s0" || c.State != complaints.Registered || c.CitizenID == nil || c.Version != 1 {
		t.Errorf("%+v", c)
	}
	if day := c.RegisteredAt.Format(time.DateOnly); day != "2026-10-23" {
		t.Errorf("registered %s, want the date of the file", day)
	}
	if !c.PromisedAt.After(dbtest.Start) || c.NextClockAt == nil {
		t.Errorf("promised %s: the clocks run from the import", c.PromisedAt)
	}
	if *list[0].CitizenID != *list[1].CitizenID || *list[0].CitizenID == *list[2].CitizenID {
		t.Error("one person is one citizen")
	}
	if n := w.count("complaint.registered"); n != 0 {
		t.Errorf("%d messages without having been asked for", n)
	}
}

func TestImportTellsWhenAsked(t *testing.T) {
	w := newImporting(t)
	w.imported(w.lines("s", 3), true)
	if n := w.count("complaint.registered"); n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
}

// Whatever Register gives a case, an import gives it too: same columns, same
// events, same clocks.
func TestImportEqualsRegister(t *testing.T) {
	w := newImporting(t)
	for _, topic := range w.topics {
		t.Run(topic.Code, func(t *testing.T) {
			text := "kind,channel,topic,text,name,mobile,national_id,address,station,subscription,line,postal_code\n" +
				"complaint,letter," + topic.Code + ",the trench was left open again,Sara,09121110000,0012345679,Azadi 1,Azadi,12345,1,\n"
			b := w.imported(text, true)
			got := w.cases(b)[0]
			var want *complaints.Complaint
			w.Write(t, w.who, func(tx *tenants.Tx) error {
				citizen, err := citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "09121110000", NationalID: "0012345679", Name: "Sara"})
				if err != nil {
					return err
				}
				r, err := complaints.Register(t.Context(), tx, complaints.Registration{
					Kind: complaints.KindComplaint, Channel: "letter", CitizenID: &citizen.ID, TopicID: topic.ID, Text: "the trench was left open again",
					Place: complaints.Place{Address: "Azadi 1", Station: "Azadi", Subscription: "12345", Line: "1"},
				})
				if err == nil {
					want, err = complaints.Plain(t.Context(), tx, r.Complaint.ID)
				}
				return err
			})
			w.equal(got, *want)
		})
	}
}

func (w *importing) equal(got, want complaints.Complaint) {
	w.t.Helper()
	db := w.DB(w.t)
	events := func(c complaints.Complaint) []timeline.Event {
		list, err := timeline.Of(w.t.Context(), db, c.Subject(), false)
		if err != nil {
			w.t.Fatal(err)
		}
		for i := range list {
			list[i].ID, list[i].SubjectID = 0, 0
		}
		return list
	}
	legs := func(c complaints.Complaint) []complaints.Referral {
		list, err := complaints.Legs(w.t.Context(), db, c.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		for i := range list {
			list[i].ID, list[i].ComplaintID = 0, 0
		}
		return list
	}
	if a, b := events(got), events(want); !reflect.DeepEqual(a, b) {
		w.t.Errorf("events\n%+v\nwant\n%+v", a, b)
	}
	if a, b := legs(got), legs(want); !reflect.DeepEqual(a, b) {
		w.t.Errorf("legs\n%+v\nwant\n%+v", a, b)
	}
	got.SearchKey, want.SearchKey = strings.ReplaceAll(got.SearchKey, strings.ToLower(got.Code), ""), strings.ReplaceAll(want.SearchKey, strings.ToLower(want.Code), "")
	got.ID, got.Code, got.BatchID, want.ID, want.Code = 0, "", nil, 0, ""
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("\n%+v\nwant\n%+v", got, want)
	}
}

func TestOneBadLineWritesNothing(t *testing.T) {
	w := newImporting(t)
	text := w.lines("s", 3) + "شکایت,تلفنی,ناشناخته,کوتاه,,0912,123,سامد,x,۱۴۰۶/۱/۱,واحدی\n"
	b := w.check(w.upload(text))
	if b.State != complaints.BatchChecked || b.Total != 4 || b.Wrong != 1 || b.Ready() {
		t.Fatalf("%+v", b)
	}
	found := map[string]string{}
	for _, p := range w.problems(b) {
		if p.Line != 5 {
			t.Errorf("line %d of %+v", p.Line, p)
		}
		found[p.Field] = p.Key
	}
	want := map[string]string{
		"topic": "import.error.unknown", "text": "complaint.error.text_short", "mobile": "citizen.mobile.wrong", "national_id": "citizen.national_id.wrong",
		"name": "citizen.name.missing", "source": "import.error.unknown", "registered_at": "import.error.future", "unit": "import.error.unknown",
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("%v", found)
	}
	err := w.Try(t, w.who, func(tx *tenants.Tx) error { return complaints.ImportBatch(t.Context(), tx, b.ID, false) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("ordered: %v", err)
	}
	if n := len(w.cases(b)); n != 0 {
		t.Errorf("%d cases", n)
	}
}

func TestSameNumbersAreNamed(t *testing.T) {
	w := newImporting(t)
	w.imported(w.lines("s", 1), false)
	text := w.lines("n", 2)
	rows := strings.SplitN(text, "\n", 3)
	b := w.check(w.upload(text + rows[1] + "\n" + strings.Replace(rows[1], "n0", "s0", 1) + "\n"))
	list := w.problems(b)
	if len(list) != 2 || list[0].Line != 4 || list[0].Key != "import.error.same_number" || list[0].Other != 2 || list[1].Line != 5 || list[1].Key != "complaint.error.external_taken" {
		t.Errorf("%+v", list)
	}
}

func TestImportTwiceMakesOneSet(t *testing.T) {
	w := newImporting(t)
	b := w.check(w.upload(w.lines("s", 5)))
	b = w.order(b, false)
	again := w.order(b, false)
	if again.Turn != b.Turn {
		t.Error("a second click ordered it again")
	}
	var run sync.WaitGroup
	for range 3 {
		run.Go(func() {
			if _, err := w.apply(b); err != nil {
				t.Error(err)
			}
		})
	}
	run.Wait()
	if n := len(w.cases(b)); n != 5 {
		t.Errorf("%d cases, want 5", n)
	}
}

// Two files with the same numbers at once: one wins, the other is refused with
// its lines named, and writes nothing.
func TestParallelImportsOfTheSameNumbers(t *testing.T) {
	w := newImporting(t)
	a := w.order(w.check(w.upload(w.lines("s", 300))), false)
	b := w.order(w.check(w.upload(w.lines("s", 300))), false)
	var run sync.WaitGroup
	results := make([]string, 2)
	for i, one := range []*complaints.Batch{a, b} {
		run.Go(func() {
			var err error
			if results[i], err = w.apply(one); err != nil {
				t.Error(err)
			}
		})
	}
	run.Wait()
	na, nb := len(w.cases(a)), len(w.cases(b))
	if na+nb != 300 || na != 0 && nb != 0 {
		t.Fatalf("%d and %d cases; %v", na, nb, results)
	}
	loser := w.batch(a)
	if na != 0 {
		loser = w.batch(b)
	}
	list := w.problems(loser)
	if loser.State != complaints.BatchFailed || loser.Wrong != 300 || len(list) != 300 || list[0].Line != 2 || list[0].Key != "complaint.error.external_taken" {
		t.Errorf("%+v, %d problems", loser, len(list))
	}
}

func TestBrokenImportLeavesNothing(t *testing.T) {
	w := newImporting(t)
	b := w.order(w.check(w.upload(w.lines("s", 600))), false)
	db := w.Root.For(w.A)
	defer db.Release()
	ctx, kill := context.WithCancel(t.Context())
	_, err := complaints.RunApply(ctx, db, w.store, order(b), w.who, func(done, _ int) { kill() })
	if err == nil {
		t.Fatal("it should have been cut short")
	}
	if n := len(w.cases(b)); n != 0 {
		t.Fatalf("%d cases", n)
	}
	if result, err := w.apply(b); err != nil || result != "applied" || len(w.cases(b)) != 600 {
		t.Errorf("%s %v: the job runs again", result, err)
	}
}

func TestMappingIsRemembered(t *testing.T) {
	w := newImporting(t)
	text := "الف,ب\nیک دو سه چهار پنج,09121110000\n"
	b := w.upload(text)
	if b.Mapping.Columns[0] != "" {
		t.Fatalf("%+v", b.Mapping)
	}
	b.Mapping.Columns = []complaints.Column{complaints.ColumnText, complaints.ColumnMobile}
	b.Mapping.Fixed = map[complaints.Column]string{"kind": "request", "channel": "phone", "topic": w.calm().Code}
	w.check(b)
	if next := w.upload(text); !reflect.DeepEqual(next.Mapping.Columns, b.Mapping.Columns) || next.Mapping.Fixed["kind"] != "request" {
		t.Errorf("%+v", next.Mapping)
	}
}

func TestMappingIsJudged(t *testing.T) {
	w := newImporting(t)
	b := w.upload("a,b,c\nx,y,z\n")
	err := w.Try(t, w.who, func(tx *tenants.Tx) error {
		return complaints.CheckBatch(t.Context(), tx, b.ID, []complaints.Column{"mobile", "mobile", "nonsense"}, nil)
	})
	f := fault.As(err).Fields
	for field, key := range map[string]string{"column-1": "import.error.twice", "column-2": "import.error.field", "columns": "import.error.text_column", "fixed-kind": "import.error.fixed.kind"} {
		if f[field] != key {
			t.Errorf("%s: %q", field, f[field])
		}
	}
}

// The same line twice is a mistake, not two people with the same words.
func TestTheSameLineTwiceIsNamed(t *testing.T) {
	w := newImporting(t)
	text := strings.NewReplacer("samad,T0", ",", "samad,T1", ",").Replace(w.lines("T", 2))
	rows := strings.SplitAfter(text, "\n")
	b := w.check(w.upload(text + rows[2]))
	list := w.problems(b)
	if len(list) != 1 || list[0].Key != "import.error.same_line" || list[0].Line != 4 || list[0].Other != 3 {
		t.Fatalf("%+v", list)
	}
}
