package jobs

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/tenants"
)

// Every day the end of every chain is written into the database and into the
// file, once; a chain that was cut is told of and gets no anchor.
func TestAuditsAreAnchoredDaily(t *testing.T) {
	w := dbtest.New(t)
	d := &Deps{Root: w.Root, Anchors: audit.NewLedger(filepath.Join(t.TempDir(), "anchors.log"))}
	ctx := context.Background()
	for day := range 3 {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return audit.Record(ctx, tx, "complaint.registered", "complaint", int64(day+1), "")
		})
		for range 2 {
			if err := RunClock(ctx, d, "audit"); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock.Advance(24 * time.Hour)
	}
	outside, err := d.Anchors.Read()
	if err != nil || len(outside[w.A.ID]) != 3 {
		t.Fatal(outside, err)
	}
	state, err := audit.StateOf(ctx, w.For(t, w.A))
	if err != nil || state.Check == nil || !state.Check.Holds() || state.Last.Seq != state.Lines {
		t.Fatal(state, err)
	}
	inside, err := audit.Anchors(ctx, w.For(t, w.A))
	if err != nil || len(inside) != 3 || inside[2].Hash != outside[w.A.ID][2].Hash {
		t.Fatal(inside, err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*head)(nil), "seq = 1", nil, "seq > 0")
		return err
	})
	if err := RunClock(ctx, d, "audit"); err == nil {
		t.Error("nobody is told of a chain whose head lies")
	}
	if state, _ := audit.StateOf(ctx, w.For(t, w.A)); state.Check.Holds() || state.Check.Why != audit.HeadOff {
		t.Error(state.Check)
	}
}

type head struct {
	tenants.BaseModel `bun:"table:audit_heads,alias:head"`
	tenants.Owned
	Seq int64
}
