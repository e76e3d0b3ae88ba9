package citizens_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func newLink(t *testing.T, w *dbtest.World) (word string) {
	return open(t, w, func(tx *tenants.Tx) (string, error) { return citizens.NewLink(t.Context(), tx, "complaint", 7) })
}

// openLink uses a link up in one organization and gives the session's token.
func openLink(t *testing.T, w *dbtest.World, tenant *tenants.Tenant, word string) (token string, err error) {
	t.Helper()
	db := w.Root.For(tenant)
	defer db.Release()
	err = db.Write(t.Context(), anybody, func(tx *tenants.Tx) (err error) {
		_, token, err = citizens.OpenLink(t.Context(), tx, word)
		return err
	})
	return token, err
}

func TestALinkOpensOnce(t *testing.T) {
	w := dbtest.New(t)
	word := newLink(t, w)
	if db := w.DB(t); true {
		if opens, err := citizens.LinkOpens(t.Context(), db, word); err != nil || !opens {
			t.Fatalf("looking at it uses it up: %v %v", opens, err)
		}
	}
	token, err := openLink(t, w, w.A, word)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := authenticate(t, w, token); err != nil || !p.Follows("complaint", 7) {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := openLink(t, w, w.A, word); !fault.Is(err, fault.NotFound) {
		t.Errorf("the second opening: %v", err)
	}
}

func TestALinkOpensNothingElse(t *testing.T) {
	for name, spoil := range map[string]func(*dbtest.World, string) (*tenants.Tenant, string){
		"too old": func(w *dbtest.World, word string) (*tenants.Tenant, string) {
			w.Clock.Advance(citizens.LinkLife)
			return w.A, word
		},
		"another":            func(w *dbtest.World, _ string) (*tenants.Tenant, string) { return w.A, "0123456789abcdef" },
		"no link":            func(w *dbtest.World, _ string) (*tenants.Tenant, string) { return w.A, "" },
		"other organization": func(w *dbtest.World, word string) (*tenants.Tenant, string) { return w.B, word },
		"the number was wrong": func(w *dbtest.World, word string) (*tenants.Tenant, string) {
			return w.A, word
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := dbtest.New(t)
			tenant, word := spoil(w, newLink(t, w))
			if name == "the number was wrong" {
				w.Write(t, anybody, func(tx *tenants.Tx) error { return citizens.EndLinks(t.Context(), tx, "complaint", 7) })
			}
			if _, err := openLink(t, w, tenant, word); !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
		})
	}
}

func TestOfParallelOpeningsOneSucceeds(t *testing.T) {
	w := dbtest.New(t)
	word := newLink(t, w)
	var wins atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch _, err := openLink(t, w, w.A, word); {
			case err == nil:
				wins.Add(1)
			case !fault.Is(err, fault.NotFound):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d openings", wins.Load())
	}
}

func TestOldLinksArePurged(t *testing.T) {
	w := dbtest.New(t)
	newLink(t, w)
	w.Clock.Advance(citizens.LinkLife + time.Minute)
	w.Write(t, anybody, func(tx *tenants.Tx) error {
		purged, err := citizens.PurgeExpired(t.Context(), tx)
		if purged.Links != 1 {
			t.Errorf("%+v", purged)
		}
		return err
	})
}
