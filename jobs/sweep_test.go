package jobs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// pile is a made-up table of due rows: of one organization after the other.
type pile struct {
	mu   sync.Mutex // groups are worked off side by side
	rows []tenants.Due
	gone map[int64]bool
	runs map[int64]int
}

func newPile(w *dbtest.World, n int) *pile {
	p := &pile{gone: map[int64]bool{}, runs: map[int64]int{}}
	for i := range n {
		tenant := w.A
		if i%2 == 1 {
			tenant = w.B
		}
		p.rows = append(p.rows, tenants.Due{TenantID: tenant.ID, ID: int64(i + 1)})
	}
	return p
}

// due lists the rows that stand, as the database would.
func (p *pile) due(_ context.Context, _ time.Time, limit int) ([]tenants.Due, error) {
	rows := p.left()
	return rows[:min(limit, len(rows))], nil
}

func (p *pile) left() []tenants.Due {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.rows), func(row tenants.Due) bool { return p.gone[row.ID] })
}

// run notes that a row had its turn; then it stays no longer, unless it must.
func (p *pile) run(id int64, stays bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[id]++
	p.gone[id] = !stays
}

func sweepDeps(w *dbtest.World) *Deps {
	return &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler)}
}

func TestSweepWorksOffMoreThanAPage(t *testing.T) {
	w := dbtest.New(t)
	p := newPile(w, 2*sweepPage+7)
	err := sweep(t.Context(), sweepDeps(w), p.due, oneByOne(func(_ context.Context, tx *tenants.Tx, id int64) error {
		if want := []*tenants.Tenant{w.B, w.A}[id%2].ID; tx.Tenant().ID != want {
			t.Errorf("row %d through the door of another organization", id)
		}
		p.run(id, false)
		return nil
	}))
	if err != nil || len(p.left()) != 0 {
		t.Fatalf("%d rows left, %v", len(p.left()), err)
	}
}

func TestSweepGoesOnAfterARowThatFails(t *testing.T) {
	w := dbtest.New(t)
	p := newPile(w, 60)
	boom := errors.New("boom")
	err := sweep(t.Context(), sweepDeps(w), p.due, oneByOne(func(_ context.Context, _ *tenants.Tx, id int64) error {
		if p.run(id, id == 3); id == 3 {
			return boom
		}
		return nil
	}))
	if left := p.left(); !errors.Is(err, boom) || len(left) != 1 || left[0].ID != 3 {
		t.Fatalf("%d rows left, %v", len(left), err)
	}
}

// Rows that stay due although nothing is wrong with them must neither be swept
// for ever nor hide the others behind a full page.
func TestSweepLooksPastRowsThatStayDue(t *testing.T) {
	w := dbtest.New(t)
	p := newPile(w, 2*sweepPage)
	stay := int64(sweepPage + 100)
	err := sweep(t.Context(), sweepDeps(w), p.due, oneByOne(func(_ context.Context, _ *tenants.Tx, id int64) error {
		p.run(id, id <= stay)
		return nil
	}))
	if left := p.left(); err != nil || len(left) != int(stay) || p.runs[1] != 1 {
		t.Fatalf("%d rows left, the first ran %d times, %v", len(left), p.runs[1], err)
	}
}
