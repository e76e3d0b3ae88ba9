package citizens_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// A draft that was submitted tells its visitor what became of it, is no form any
// more, and keeps nothing of what was typed.
func TestDraftThatWasFiledTellsWhatBecameOfIt(t *testing.T) {
	w := dbtest.New(t)
	d := newDraft(t, w)
	if _, err := citizens.FiledDraft(t.Context(), w.DB(t), d.ID, d.Holder); !fault.Is(err, fault.NotFound) {
		t.Errorf("before: %v", err)
	}
	want := citizens.Filed{Subject: 7, Page: "/case/receipt"}
	file := func(tx *tenants.Tx) error { return citizens.FileDraft(t.Context(), tx, d.ID, d.Holder, want) }
	if err := w.Try(t, anybody, file); err != nil {
		t.Fatal(err)
	}
	if err := w.Try(t, anybody, file); !fault.Is(err, fault.NotFound) {
		t.Errorf("filed twice: %v", err)
	}
	if _, err := load(t, w, d.ID, d.Holder); !fault.Is(err, fault.NotFound) {
		t.Errorf("a filed draft is a form still: %v", err)
	}
	if err := save(t, w, &citizens.Draft{ID: d.ID, Holder: d.Holder, Content: []byte(`{}`)}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a filed draft is written: %v", err)
	}
	db := w.Root.For(w.A)
	defer db.Release()
	if got, err := citizens.FiledDraft(t.Context(), db, d.ID, d.Holder); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := citizens.FiledDraft(t.Context(), db, d.ID, holder("other")); !fault.Is(err, fault.NotFound) {
		t.Errorf("told a stranger: %v", err)
	}
}
