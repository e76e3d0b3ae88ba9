package complaints

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// Standing is how one unit stands over a time. Every part that a unit has in a
// case puts at stake what the ladder of its class can cost; a unit that loses
// nothing of it stands at 100, one that loses all of it at 0. So neither many
// cases nor a strict class move a unit by themselves:
//
//	index = 100 − 100 × points lost ÷ points at stake
type Standing struct {
	UnitID int64
	Parts  int // legs that were in the unit's hands in the time
	Stake  int // the most that they could have cost
	Lost   int // points lost in the time and not given back
	Cases  int // cases that cost them
}

// Ranked tells whether the unit had anything at stake.
func (s Standing) Ranked() bool { return s.Stake > 0 }

// Index is the unit's number from 0 to 1000: tenths of a percent, so that close
// units can be told apart.
func (s Standing) Index() int {
	if s.Stake == 0 {
		return 0
	}
	return max(0, 1000-(1000*s.Lost+s.Stake/2)/s.Stake)
}

// With is the index if so many of the points lost had not been.
func (s Standing) With(saved int) int {
	s.Lost = max(0, s.Lost-saved)
	return s.Index()
}

// Rank puts units in order: the best index first; of equals the one with more
// at stake; units without a part in the time last.
func Rank(list []Standing) {
	slices.SortFunc(list, func(a, b Standing) int {
		return cmp.Or(
			-cmp.Compare(min(a.Stake, 1), min(b.Stake, 1)), -cmp.Compare(a.Index(), b.Index()),
			-cmp.Compare(a.Stake, b.Stake), cmp.Compare(a.UnitID, b.UnitID),
		)
	})
}

// Position is the unit's place in a ranked list from 1; equal indexes share a
// place, and 0 is a unit that is not ranked.
func Position(list []Standing, unit int64) int {
	at := slices.IndexFunc(list, func(s Standing) bool { return s.UnitID == unit })
	if at < 0 || !list[at].Ranked() {
		return 0
	}
	for at > 0 && list[at-1].Index() == list[at].Index() {
		at--
	}
	return at + 1
}

// volume is how many parts of a class a unit had.
type volume struct {
	UnitID     int64
	SLAClassID int64 `bun:"sla_class_id"`
	Parts      int
}

// lost is what a unit's lines of the ledger come to.
type lost struct {
	UnitID int64
	Points int
	Cases  int
}

// Ranking ranks executing units by what they lost from one instant until
// another. Two statements, whatever the number of units; a line that was undone,
// whenever it was, counts as never written. classes are all versions of all
// classes.
func Ranking(ctx context.Context, r tenants.Reader, units []int64, classes map[int64]*tenants.SLAClass, from, until time.Time) ([]Standing, error) {
	if len(units) == 0 {
		return nil, nil
	}
	volumes, err := volumes(ctx, r, units, from, until)
	if err != nil {
		return nil, err
	}
	var costs []lost
	err = standingLines(r, units, from, until).
		ColumnExpr("score.unit_id, -sum(score.points) AS points, count(DISTINCT score.complaint_id) AS cases").
		GroupExpr("score.unit_id").Scan(ctx, &costs)
	if err != nil {
		return nil, tenants.Err(err)
	}
	list := make([]Standing, len(units))
	at := make(map[int64]*Standing, len(units))
	for i, unit := range units {
		list[i].UnitID, at[unit] = unit, &list[i]
	}
	for _, v := range volumes {
		s, class := at[v.UnitID], classes[v.SLAClassID]
		s.Parts += v.Parts
		if class != nil {
			s.Stake += v.Parts * class.AtStake()
		}
	}
	for _, l := range costs {
		at[l.UnitID].Lost, at[l.UnitID].Cases = l.Points, l.Cases
	}
	Rank(list)
	return list, nil
}

// volumes counts the legs that were running at some moment of the time, by unit
// and class.
func volumes(ctx context.Context, r tenants.Reader, units []int64, from, until time.Time) ([]volume, error) {
	var list []volume
	err := r.Select((*Referral)(nil)).ColumnExpr("leg.unit_id, c.sla_class_id, count(*) AS parts").
		Join("JOIN ? ON c.id = leg.complaint_id", r.From((*Complaint)(nil))).
		Where("(leg.ended_at IS NULL OR leg.ended_at >= ?)", from).Where("leg.referred_at < ?", until).
		Where("leg.unit_id IN (?)", tenants.In(units)).
		GroupExpr("leg.unit_id, c.sla_class_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// standingLines are the lines of the units that cost points in the time and
// were not undone.
func standingLines(r tenants.Reader, units []int64, from, until time.Time) *tenants.Query {
	undone := r.Select((*reversal)(nil)).ColumnExpr("1").Where("back.reverses_id = score.id")
	return r.Select((*Score)(nil)).Where("score.unit_id IN (?)", tenants.In(units)).
		Where("score.at >= ? AND score.at < ? AND score.reverses_id IS NULL", from, until).Where("NOT EXISTS (?)", undone)
}

// Costly is one case and what it cost a unit in the time.
type Costly struct {
	ComplaintID ID
	Code        string
	Text        string // its beginning
	State       State
	TopicID     int64
	Points      int
}

// Costliest lists the cases that cost a unit most over a time, without those
// that are kept from the actor. Two statements.
func Costliest(ctx context.Context, r tenants.Reader, actor tenants.Actor, unit int64, from, until time.Time, limit int) ([]Costly, error) {
	var sums []Costly
	// "+ 0" keeps SQLite from reading the whole ledger in the order of the cases.
	lines := standingLines(r, []int64{unit}, from, until).Join("JOIN ? ON c.id = score.complaint_id", r.From((*Complaint)(nil)))
	err := discreet(r, lines, actor).ColumnExpr("score.complaint_id + 0 AS complaint_id, -sum(score.points) AS points").
		GroupExpr("score.complaint_id + 0").OrderExpr("points DESC, 1").Limit(int64(limit)).Scan(ctx, &sums)
	if err != nil || len(sums) == 0 {
		return nil, tenants.Err(err)
	}
	at := make(map[ID]*Costly, len(sums))
	ids := make([]ID, len(sums))
	for i := range sums {
		ids[i], at[sums[i].ComplaintID] = sums[i].ComplaintID, &sums[i]
	}
	var cases []Costly
	err = r.Select((*Complaint)(nil)).ColumnExpr("c.id AS complaint_id, c.code, substr(c.text, 1, 160) AS text, c.state, c.topic_id").
		Where("c.id IN (?)", tenants.In(ids)).Scan(ctx, &cases)
	for _, c := range cases {
		c.Points = at[c.ComplaintID].Points
		*at[c.ComplaintID] = c
	}
	return sums, tenants.Err(err)
}

// Threat is an open case whose next rung will cost the unit points.
type Threat struct {
	ComplaintID ID
	Code        string
	Text        string
	TopicID     int64
	SLAClassID  int64 `bun:"sla_class_id"`
	DueAt       time.Time
	NextClockAt time.Time
	Points      int `bun:"-"` // of the rungs that are still to come
}

// Threats lists the open cases of a unit whose ladder goes on soonest, with what
// the rest of it would cost; none that is kept from the actor.
func Threats(ctx context.Context, r tenants.Reader, actor tenants.Actor, unit int64, classes map[int64]*tenants.SLAClass, limit int) ([]Threat, error) {
	var list []Threat
	err := discreet(r, r.Select((*Complaint)(nil)), actor).
		ColumnExpr("c.id AS complaint_id, c.code, substr(c.text, 1, 160) AS text, c.topic_id, c.sla_class_id, c.due_at, c.next_clock_at").
		Where("c.unit_id = ? AND c.state <> 'closed' AND c.next_clock_at IS NOT NULL", unit).
		Order("c.due_at", "c.id").Limit(int64(limit)).Scan(ctx, &list)
	for i := range list {
		t := &list[i]
		if class := classes[t.SLAClassID]; class != nil {
			t.Points = rest(class, t.DueAt, t.NextClockAt)
		}
	}
	return list, tenants.Err(err)
}

// rest is what the rungs from the next one on would cost.
func rest(class *tenants.SLAClass, due, next time.Time) int {
	points := 0
	for _, rung := range class.Rungs {
		if !due.Add(minutes(rung.AfterMinutes)).Before(next) {
			points += rung.Points
		}
	}
	return points
}
