package emergency_test

import (
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/emergency"
	"pasokh/app/fault"
	"pasokh/tenants"
)

var ask = emergency.Ask{HolderID: 7, HolderFA: "مدیر سامانه", HolderEN: "Platform admin", Reason: "بررسی خطا به خواست سازمان", Ticket: "PS-1", Hours: 2}

func begin(t *testing.T, w *dbtest.World) (g *emergency.Grant) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) { g, err = emergency.Begin(t.Context(), tx, ask); return err })
	return g
}

func TestAGrantIsAskedForInFull(t *testing.T) {
	w := dbtest.New(t)
	for field, change := range map[string]func(*emergency.Ask){
		"reason": func(a *emergency.Ask) { a.Reason = strings.Repeat(" ", 40) }, "ticket": func(a *emergency.Ask) { a.Ticket = "1" },
		"hours": func(a *emergency.Ask) { a.Hours = 24 },
	} {
		in := ask
		change(&in)
		err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := emergency.Begin(t.Context(), tx, in); return err })
		if f := fault.As(err); f == nil || f.Fields[field] == "" || len(f.Fields) != 1 {
			t.Errorf("%s: %v", field, err)
		}
	}
	g := begin(t, w)
	if !g.ExpiresAt.Equal(w.Clock.Now().Add(2 * time.Hour)) {
		t.Error(g.ExpiresAt)
	}
	again := func() error {
		return w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := emergency.Begin(t.Context(), tx, ask); return err })
	}
	if err := again(); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one: %v", err)
	}
	w.Clock.Advance(2 * time.Hour)
	if err := again(); err != nil {
		t.Errorf("after the first is over: %v", err)
	}
}

// What is over, another's or unknown opens nothing, and looks the same.
func TestAGrantOpensForItsHolderInItsTime(t *testing.T) {
	w := dbtest.New(t)
	g := begin(t, w)
	word := func(id, holder int64) (word string, err error) {
		err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { word, err = emergency.Word(t.Context(), tx, id, holder); return err })
		return word, err
	}
	enter := func(word string) (token string, err error) {
		err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { token, err = emergency.Enter(t.Context(), tx, word); return err })
		return token, err
	}
	_, missing := word(tenants.NewID(), 7)
	_, other := word(g.ID, 8)
	if !fault.Is(other, fault.NotFound) || fault.As(other).Key != fault.As(missing).Key {
		t.Errorf("another's: %v, unknown: %v", other, missing)
	}
	way, err := word(g.ID, 7)
	if err != nil {
		t.Fatal(err)
	}
	token, err := enter(way)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := enter(way); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	looks := func() error {
		db := w.DB(t)
		defer db.Release()
		_, err := emergency.Authenticate(t.Context(), db, token)
		return err
	}
	if err := looks(); err != nil {
		t.Error(err)
	}
	w.Write(t, tenants.Actor{Kind: tenants.Staff, ID: 5}, func(tx *tenants.Tx) error {
		return emergency.End(t.Context(), tx, g.ID, emergency.ByOrganization, 0)
	})
	if err := looks(); !fault.Is(err, fault.NotFound) {
		t.Errorf("after the end: %v", err)
	}
	if _, over := word(g.ID, 7); !fault.Is(over, fault.NotFound) {
		t.Errorf("a word after the end: %v", over)
	}
	err = w.Try(t, g.Actor(), func(tx *tenants.Tx) error { return emergency.Saw(t.Context(), tx, g.ID, "GET /desk") })
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a page after the end: %v", err)
	}
}

// A grant whose time runs out is put on record once, and told like another end;
// one that was ended by somebody is not put on record again.
func TestAGrantThatRunsOutIsPutOnRecord(t *testing.T) {
	w := dbtest.New(t)
	g := begin(t, w)
	runOut := func() (n int) {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) { n, err = emergency.RunOut(t.Context(), tx); return err })
		return n
	}
	told := func() (lines int, tasks int64) {
		db := w.Root.For(w.A)
		defer db.Release()
		seen, _, err := emergency.Seen(t.Context(), db, g.ID, audit.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range seen {
			if seen[i].Act == "emergency:over" {
				lines++
			}
		}
		tasks, err = db.Select((*tenants.Task)(nil)).Where("task.kind = ?", emergency.KindEnded).Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return lines, tasks
	}
	if n := runOut(); n != 0 {
		t.Errorf("%d ran out at once", n)
	}
	w.Clock.Advance(2 * time.Hour)
	for range 2 {
		runOut()
	}
	if lines, tasks := told(); lines != 1 || tasks != 1 {
		t.Errorf("%d lines, told %d times", lines, tasks)
	}
	g = begin(t, w)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return emergency.End(t.Context(), tx, g.ID, emergency.ByHolder, 7) })
	w.Clock.Advance(3 * time.Hour)
	if n := runOut(); n != 0 {
		t.Error("what somebody ended ran out besides")
	}
}

// An organization neither closes nor ends while somebody looks at it.
func TestNothingEndsWhileSomebodyLooks(t *testing.T) {
	w := dbtest.New(t)
	g := begin(t, w)
	closing := func() error {
		return w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return tx.Move(t.Context(), tenants.StatusClosing, "پایان قرارداد")
		})
	}
	if err := closing(); fault.As(err).Key != "standing.error.emergency" {
		t.Errorf("closing under a grant: %v", err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return emergency.End(t.Context(), tx, g.ID, emergency.ByHolder, 7) })
	if err := closing(); err != nil {
		t.Error(err)
	}
}
