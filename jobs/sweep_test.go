package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

// pile is a made-up table of due rows: of one organization after the other.
type pile struct {
	rows []tenants.Due
	runs map[int64]int
}

func newPile(w *dbtest.World, n int) *pile {
	p := &pile{runs: map[int64]int{}}
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
	return append([]tenants.Due{}, p.rows[:min(limit, len(p.rows))]...), nil
}

func (p *pile) remove(id int64) {
	for i, row := range p.rows {
		if row.ID == id {
			p.rows = append(p.rows[:i], p.rows[i+1:]...)
			return
		}
	}
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
		p.remove(id)
		return nil
	}))
	if err != nil || len(p.rows) != 0 {
		t.Fatalf("%d rows left, %v", len(p.rows), err)
	}
}

func TestSweepGoesOnAfterARowThatFails(t *testing.T) {
	w := dbtest.New(t)
	p := newPile(w, 60)
	boom := errors.New("boom")
	err := sweep(t.Context(), sweepDeps(w), p.due, oneByOne(func(_ context.Context, _ *tenants.Tx, id int64) error {
		if p.runs[id]++; id == 3 {
			return boom
		}
		p.remove(id)
		return nil
	}))
	if !errors.Is(err, boom) || len(p.rows) != 1 || p.rows[0].ID != 3 {
		t.Fatalf("%d rows left, %v", len(p.rows), err)
	}
}

// Rows that stay due although nothing is wrong with them must neither be swept
// for ever nor hide the others behind a full page.
func TestSweepLooksPastRowsThatStayDue(t *testing.T) {
	w := dbtest.New(t)
	p := newPile(w, 2*sweepPage)
	stay := int64(sweepPage + 100)
	err := sweep(t.Context(), sweepDeps(w), p.due, oneByOne(func(_ context.Context, _ *tenants.Tx, id int64) error {
		if p.runs[id]++; id > stay {
			p.remove(id)
		}
		return nil
	}))
	if err != nil || len(p.rows) != int(stay) || p.runs[1] != 1 {
		t.Fatalf("%d rows left, the first ran %d times, %v", len(p.rows), p.runs[1], err)
	}
}
