package directives

import (
	"context"
	"time"

	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// KindDigest is the fact that an executive is to be told about a week.
const KindDigest = "executive.digest"

// DigestFact is its payload; Week is the week's first instant.
type DigestFact struct {
	ExecutiveID int64     `json:"executive_id"`
	Week        time.Time `json:"week"`
}

// digest notes that a summary was ordered.
type digest struct {
	tenants.BaseModel `bun:"table:executive_digests,alias:digest"`
	tenants.Owned
	ExecutiveID int64     `bun:",pk"`
	WeekAt      time.Time `bun:",pk"`
	SentAt      time.Time
}

// Week is what happened to an executive's directives in seven days from From,
// and how they stand now.
type Week struct {
	From, Until time.Time
	Issued      int
	Done        int
	Returned    int // reports sent back, by executive or citizen
	Overdue     int // now
	Reported    int // wait now
	Open        int // with the units now
}

// WeekStart is the first instant of the week (Saturday in Tehran) that holds t.
func WeekStart(t time.Time) time.Time {
	day := persian.DateOf(t.In(persian.Tehran))
	back := (int(day.Time(12, 0, persian.Tehran).Weekday()) + 1) % 7
	return day.AddDays(-back).Time(0, 0, persian.Tehran).UTC()
}

// WeekOf counts an executive's directives in the week from an instant, as far
// as the actor may see them.
func WeekOf(ctx context.Context, r tenants.Reader, a tenants.Actor, executiveID int64, from time.Time) (Week, error) {
	w := Week{From: from, Until: WeekStart(from.Add(7*24*time.Hour + 12*time.Hour))}
	now, err := Counts(ctx, r, a, executiveID)
	if err != nil {
		return w, err
	}
	w.Overdue, w.Reported, w.Open = now.Overdue, now.Reported, now.Open
	mine := func() *tenants.Query {
		return discreet(r, r.Select((*Directive)(nil)), a).ColumnExpr("COUNT(*)").Where("directive.executive_id = ?", executiveID)
	}
	err = mine().Where("directive.issued_at >= ? AND directive.issued_at < ?", w.From, w.Until).Scan(ctx, &w.Issued)
	if err != nil {
		return w, tenants.Err(err)
	}
	err = mine().Where("directive.done_at >= ? AND directive.done_at < ?", w.From, w.Until).Scan(ctx, &w.Done)
	if err != nil {
		return w, tenants.Err(err)
	}
	err = mine().Join("JOIN ? ON event.subject_id = directive.id", r.From((*timeline.Event)(nil))).
		Where("event.subject_kind = 'directive' AND event.kind IN ('directive.returned', 'directive.objected')").
		Where("event.at >= ? AND event.at < ?", w.From, w.Until).Scan(ctx, &w.Returned)
	return w, tenants.Err(err)
}

// OrderDigests has every executive who has an account told about the week that
// is over, once, in the first working hour of this one. Fact: executive.digest.
func OrderDigests(ctx context.Context, tx *tenants.Tx) error {
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	if !inHours(working, tx.Now()) {
		return nil
	}
	list, err := Executives(ctx, tx)
	if err != nil {
		return err
	}
	over := WeekStart(WeekStart(tx.Now()).Add(-36 * time.Hour))
	for i := range list {
		if len(list[i].Acting()) == 0 {
			continue
		}
		fresh, err := tx.InsertNew(ctx, &digest{ExecutiveID: list[i].ID, WeekAt: over, SentAt: tx.Now()})
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := tx.Enqueue(ctx, KindDigest, DigestFact{ExecutiveID: list[i].ID, Week: over}); err != nil {
			return err
		}
	}
	return nil
}

// inHours tells whether the office works at that moment.
func inHours(working tenants.WorkingTime, t time.Time) bool {
	local := t.In(persian.Tehran)
	minute := local.Hour()*60 + local.Minute()
	for _, i := range working.Day(t) {
		if i.From <= minute && minute < i.Until {
			return true
		}
	}
	return false
}
