package complaints_test

import (
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func TestUndoClosesAll(t *testing.T) {
	w := newImporting(t)
	text := w.lines("s", 4)
	b := w.imported(text, false)
	w.Clock.Advance(48 * time.Hour)
	for _, c := range w.cases(b) { // the ladder is nobody's act
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	}
	undo := func(reason string) error {
		return w.Try(t, w.who, func(tx *tenants.Tx) error { return complaints.UndoBatch(t.Context(), tx, b.ID, reason) })
	}
	if err := undo(" "); fault.As(err).Fields["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	if err := undo("the wrong file"); err != nil {
		t.Fatal(err)
	}
	db := w.DB(t)
	for _, c := range w.cases(b) {
		if c.State != complaints.Closed || c.Fact != complaints.EnteredByMistake || c.Result != "the wrong file" || c.NextClockAt != nil || c.ClosedAt == nil {
			t.Errorf("%+v", c)
		}
		events, err := timeline.Of(t.Context(), db, c.Subject(), true)
		if err != nil || events[len(events)-1].Kind != "complaint.closed" {
			t.Errorf("%+v %v", events, err)
		}
	}
	for _, tab := range complaints.Tabs() {
		rows, _, err := complaints.List(t.Context(), db, w.who, complaints.Filter{Tab: tab})
		if err != nil || len(rows) != 0 {
			t.Errorf("%s: %d rows, %v", tab, len(rows), err)
		}
	}
	if n := w.count("complaint.closed"); n != 0 {
		t.Errorf("%d messages about cases of which nobody was told", n)
	}
	if _, broken, err := audit.Verify(t.Context(), w.For(t, w.A)); broken != 0 || err != nil {
		t.Errorf("the audit chain breaks at %d: %v", broken, err)
	}
	if err := undo("again"); !fault.Is(err, fault.Conflict) {
		t.Errorf("undone twice: %v", err)
	}
	w.imported(text, false) // the mended file comes under the same numbers
}

func TestUndoIsRefusedOnceTouched(t *testing.T) {
	w := newImporting(t)
	b := w.imported(w.lines("s", 4), false)
	w.Clock.Advance(time.Minute)
	id := w.cases(b)[2].ID
	w.Write(t, w.who, func(tx *tenants.Tx) error {
		_, err := complaints.Note(t.Context(), tx, id, "I have looked at it")
		return err
	})
	err := w.Try(t, w.who, func(tx *tenants.Tx) error { return complaints.UndoBatch(t.Context(), tx, b.ID, "the wrong file") })
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("%v", err)
	}
	hands, err := complaints.Touched(t.Context(), w.DB(t), w.who, b, 10)
	if err != nil || len(hands) != 1 || hands[0].ID != id {
		t.Errorf("%+v %v", hands, err)
	}
	for _, c := range w.cases(b) {
		if !c.Open() {
			t.Error("a case was closed all the same")
		}
	}
}

func TestPurgeDropsFilesAfterThirtyDays(t *testing.T) {
	w := newImporting(t)
	b := w.check(w.upload(w.lines("s", 2)))
	purge := func() (n int) {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
			n, err = complaints.PurgeImports(t.Context(), tx)
			return err
		})
		return n
	}
	if purge() != 0 {
		t.Error("too early")
	}
	w.Clock.Advance(complaints.KeepImports)
	if purge() != 1 || purge() != 0 {
		t.Error("not once")
	}
	if b = w.batch(b); b.Blob != "" || len(b.Mapping.Sample) != 0 || b.Ready() || b.Mappable() {
		t.Errorf("%+v", b)
	}
}
