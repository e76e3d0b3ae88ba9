package complaints_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

func TestTheIndexIsFairToVolumeAndClass(t *testing.T) {
	for _, c := range []struct {
		name               string
		parts, stake, lost int
		want               int
	}{
		{"nothing lost", 10, 30, 0, 1000},
		{"a third lost", 10, 30, 10, 667},
		{"all lost", 10, 30, 30, 0},
		{"more than all is all", 1, 3, 9, 0},
		{"twice the cases, twice the points: the same", 20, 60, 20, 667},
		{"a class that costs more, in proportion: the same", 10, 80, 27, 662},
	} {
		s := complaints.Standing{Parts: c.parts, Stake: c.stake, Lost: c.lost}
		if got := s.Index(); got < c.want-5 || got > c.want+5 {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if s := (complaints.Standing{Stake: 30, Lost: 10}); s.With(10) != 1000 || s.With(99) != 1000 || s.With(0) != s.Index() {
		t.Error("what is saved is not counted")
	}
}

func TestRankingIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) complaints.Standing {
			stake := rapid.IntRange(0, 40).Draw(t, "stake")
			return complaints.Standing{Stake: stake, Lost: rapid.IntRange(0, max(1, stake)).Draw(t, "lost")}
		}), 1, 12).Draw(t, "units")
		for i := range list {
			list[i].UnitID = int64(i + 1)
		}
		complaints.Rank(list)
		last := 0
		for i, s := range list {
			p := complaints.Position(list[:i+1], s.UnitID)
			switch {
			case !s.Ranked():
				if p != 0 {
					t.Fatal("a unit with nothing at stake has a place")
				}
			case i > 0 && (!list[i-1].Ranked() || s.Index() > list[i-1].Index()):
				t.Fatal("a better unit stands below")
			case p < last:
				t.Fatal("places do not rise")
			default:
				last = p
			}
		}
	})
}

func TestRankingOfATime(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	from := o.Clock.Now()
	late := o.blamed() // network: one point of three
	quick := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(quick.ID, "service"))
	o.do(o.as("service", "unit_expert"), take(quick.ID))
	o.do(o.as("service", "unit_expert"), answer(quick.ID, "انجام شد"))
	rank := func(from, until time.Time) (map[int64]complaints.Standing, int) {
		t.Helper()
		db := o.Root.For(o.A)
		defer db.Release()
		classes, err := tenants.AllClasses(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		o.Root.OnStatement = func(string) { n++ }
		list, err := complaints.Ranking(ctx, db, []int64{o.units["network"].ID, o.units["service"].ID, o.units["pressure"].ID}, classes, from, until)
		o.Root.OnStatement = nil
		if err != nil {
			t.Fatal(err)
		}
		found := map[int64]complaints.Standing{}
		for _, s := range list {
			found[s.UnitID] = s
		}
		return found, n
	}
	now := o.Clock.Now().Add(time.Minute)
	got, n := rank(from, now)
	network, service := got[o.units["network"].ID], got[o.units["service"].ID]
	if network.Parts != 1 || network.Stake != 3 || network.Lost != 1 || network.Cases != 1 || service.Index() != 1000 || got[o.units["pressure"].ID].Ranked() {
		t.Errorf("%+v", got)
	}
	if n != 2 {
		t.Errorf("%d statements", n)
	}
	if before, _ := rank(from.Add(-time.Hour), from); before[network.UnitID].Ranked() {
		t.Errorf("a time before it counts: %+v", before)
	}
	if after, _ := rank(now, now.Add(time.Hour)); after[network.UnitID].Lost != 0 || after[network.UnitID].Parts != 1 || after[service.UnitID].Parts != 0 {
		t.Errorf("the time after it: %+v", after)
	}
	worst, err := complaints.Costliest(ctx, o.DB(t), tenants.SystemActor(), network.UnitID, from, now, 5)
	if err != nil || len(worst) != 1 || worst[0].ComplaintID != late.ComplaintID || worst[0].Points != 1 || worst[0].Code == "" {
		t.Errorf("%+v, %v", worst, err)
	}
	classes, err := tenants.AllClasses(ctx, o.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	ahead, err := complaints.Threats(ctx, o.DB(t), tenants.SystemActor(), network.UnitID, classes, 5)
	if err != nil || len(ahead) != 1 || ahead[0].Points != 2 {
		t.Errorf("%+v, %v", ahead, err)
	}
	o.Write(t, o.as("pr", "pr_manager"), func(tx *tenants.Tx) error { return complaints.Reverse(ctx, tx, late.ID, "برف") })
	if got, _ := rank(from, now); got[network.UnitID].Lost != 0 {
		t.Errorf("a line that was undone counts: %+v", got[network.UnitID])
	}
}
