package citizens_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func save(t *testing.T, w *dbtest.World, d *citizens.Draft) error {
	t.Helper()
	return w.Try(t, anybody, func(tx *tenants.Tx) error { return citizens.SaveDraft(t.Context(), tx, d) })
}

func newDraft(t *testing.T, w *dbtest.World) *citizens.Draft {
	t.Helper()
	d := &citizens.Draft{Kind: citizens.DraftComplaint, Holder: holder("v"), Content: json.RawMessage(`{"text": "بوی گاز"}`)}
	if err := save(t, w, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func load(t *testing.T, w *dbtest.World, id int64, holder string) (*citizens.Draft, error) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return citizens.LoadDraft(t.Context(), db, id, holder)
}

func TestDraftKeepsWhatWasTyped(t *testing.T) {
	w := dbtest.New(t)
	d := newDraft(t, w)
	w.Clock.Advance(time.Hour)
	again := &citizens.Draft{ID: d.ID, Holder: d.Holder, Content: json.RawMessage(`{"text": "بوی گاز در کوچه"}`)}
	if err := save(t, w, again); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, w, d.ID, d.Holder)
	if err != nil {
		t.Fatal(err)
	}
	var content struct{ Text string }
	if err := json.Unmarshal(got.Content, &content); err != nil || content.Text != "بوی گاز در کوچه" {
		t.Errorf("content %s, %v", got.Content, err)
	}
	if got.Kind != citizens.DraftComplaint || !got.ExpiresAt.Equal(dbtest.Start.Add(citizens.DraftLife)) {
		t.Errorf("draft %+v", got)
	}
}

func TestDraftIsTheVisitorsOwn(t *testing.T) {
	w := dbtest.New(t)
	d := newDraft(t, w)
	stranger := holder("other")
	_, err := load(t, w, d.ID, stranger)
	errs := map[string]error{
		"load": err,
		"save": save(t, w, &citizens.Draft{ID: d.ID, Holder: stranger, Content: json.RawMessage(`{}`)}),
		"lock": w.Try(t, anybody, func(tx *tenants.Tx) error { _, err := citizens.LockDraft(t.Context(), tx, d.ID, stranger); return err }),
		"drop": w.Try(t, anybody, func(tx *tenants.Tx) error { return citizens.DropDraft(t.Context(), tx, d.ID, stranger) }),
	}
	_, errs["other organization"] = citizens.LoadDraft(t.Context(), w.For(t, w.B), d.ID, d.Holder)
	for name, err := range errs {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := load(t, w, d.ID, d.Holder); err != nil {
		t.Errorf("the owner: %v", err)
	}
}

func TestDraftNeedsAHolder(t *testing.T) {
	w := dbtest.New(t)
	if err := save(t, w, &citizens.Draft{Kind: citizens.DraftMeeting, Content: json.RawMessage(`{}`)}); err == nil {
		t.Error("a draft that anybody could read was written")
	}
}

func TestDraftIsDroppedOnce(t *testing.T) {
	w := dbtest.New(t)
	d := newDraft(t, w)
	drop := func(tx *tenants.Tx) error { return citizens.DropDraft(t.Context(), tx, d.ID, d.Holder) }
	if err := w.Try(t, anybody, drop); err != nil {
		t.Fatal(err)
	}
	if err := w.Try(t, anybody, drop); !fault.Is(err, fault.NotFound) {
		t.Errorf("submitted twice: %v", err)
	}
}

func TestDraftHasALimit(t *testing.T) {
	w := dbtest.New(t)
	long := json.RawMessage(`"` + strings.Repeat("x", 64<<10) + `"`)
	if err := save(t, w, &citizens.Draft{Kind: citizens.DraftMeeting, Holder: holder("v"), Content: long}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestWhatHasEndedIsPurged(t *testing.T) {
	w := dbtest.New(t)
	old := newDraft(t, w)
	signIn(t, w)
	if _, err := request(t, w, codeFor("v")); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(citizens.DraftLife)
	if _, err := load(t, w, old.ID, old.Holder); !fault.Is(err, fault.NotFound) {
		t.Errorf("an expired draft is read: %v", err)
	}
	young, token := newDraft(t, w), signIn(t, w)
	if _, err := request(t, w, codeFor("v")); err != nil {
		t.Fatal(err)
	}
	var purged citizens.Purged
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		purged, err = citizens.PurgeExpired(t.Context(), tx)
		return err
	})
	if purged != (citizens.Purged{Drafts: 1, Sessions: 1, Codes: 1}) {
		t.Errorf("purged %+v", purged)
	}
	if _, err := load(t, w, young.ID, young.Holder); err != nil {
		t.Errorf("a young draft: %v", err)
	}
	if _, err := authenticate(t, w, token); err != nil {
		t.Errorf("a young session: %v", err)
	}
}
