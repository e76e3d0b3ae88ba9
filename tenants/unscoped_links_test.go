package tenants_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// linkedAccounts joins one account of each organization.
func linkedAccounts(t *testing.T, w *dbtest.World) (a, b tenants.Account, l *tenants.AccountLink) {
	t.Helper()
	a, b = tenants.Account{Organization: w.A.ID, Staff: 11}, tenants.Account{Organization: w.B.ID, Staff: 22}
	word, err := w.Root.UnscopedBeginLink(t.Context(), a, w.B.ID)
	if err != nil {
		t.Fatal(err)
	}
	answer, _, err := w.Root.UnscopedAgreeLink(t.Context(), b, word)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = w.Root.UnscopedFinishLink(t.Context(), a, answer); err != nil {
		t.Fatal(err)
	}
	return a, b, l
}

func TestLinksBelongToTheirEnds(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	a, b, l := linkedAccounts(t, w)
	for _, end := range []tenants.Account{a, b} {
		if list, err := w.Root.UnscopedLinks(ctx, end); err != nil || len(list) != 1 || list[0].ID != l.ID || list[0].Other(end) == end {
			t.Errorf("%v: %v %v", end, list, err)
		}
	}
	// The same number at the other organization is another account.
	for _, foreign := range []tenants.Account{{Organization: w.B.ID, Staff: a.Staff}, {Organization: w.A.ID, Staff: b.Staff}, {}} {
		if list, err := w.Root.UnscopedLinks(ctx, foreign); err != nil || len(list) != 0 {
			t.Errorf("%v sees %v %v", foreign, list, err)
		}
		if _, _, err := w.Root.UnscopedCross(ctx, foreign, l.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v crosses: %v", foreign, err)
		}
		if _, err := w.Root.UnscopedUnlink(ctx, foreign, l.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v unlinks: %v", foreign, err)
		}
	}
	// Once more, from the other end, is refused.
	word, err := w.Root.UnscopedBeginLink(ctx, b, w.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	answer, _, err := w.Root.UnscopedAgreeLink(ctx, a, word)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Root.UnscopedFinishLink(ctx, b, answer); !fault.Is(err, fault.Conflict) {
		t.Errorf("linked twice: %v", err)
	}
	if _, err := w.Root.UnscopedUnlink(ctx, b, l.ID); err != nil {
		t.Error(err)
	}
	if list, err := w.Root.UnscopedLinks(ctx, a); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

func TestACrossingOpensOnce(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	a, b, l := linkedAccounts(t, w)
	word, to, err := w.Root.UnscopedCross(ctx, a, l.ID)
	if err != nil || to != b {
		t.Fatalf("%v %v", to, err)
	}
	if _, err := w.Root.UnscopedArrive(ctx, w.A.ID, word); !fault.Is(err, fault.NotFound) {
		t.Errorf("at another host: %v", err)
	}
	var in atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if id, err := w.Root.UnscopedArrive(ctx, w.B.ID, word); err == nil && id == b.Staff {
				in.Add(1)
			}
		})
	}
	if all.Wait(); in.Load() != 1 {
		t.Errorf("%d came in", in.Load())
	}
	if word, _, err = w.Root.UnscopedCross(ctx, b, l.ID); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(tenants.CrossingTime + time.Second)
	if _, err := w.Root.UnscopedArrive(ctx, w.A.ID, word); !fault.Is(err, fault.NotFound) {
		t.Errorf("too late: %v", err)
	}
}
