package quality

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The dimensions in which cases are counted.
const (
	All      = "all"
	Topic    = "topic"
	District = "district"
	Unit     = "unit"
	Citizen  = "citizen"
)

// historyDays is how far back days are counted: the weeks of the baseline and a
// week over.
const historyDays = 7*baselineWeeks + 7

// day is how many cases came in on one day about one subject. Confidential
// cases are left out (a number that moves would tell of them), as are parts of
// other cases and what was brought in from files.
type day struct {
	tenants.BaseModel `bun:"table:quality_days,alias:d"`
	tenants.Owned
	Dimension string `bun:",pk"`
	SubjectID int64  `bun:",pk"`
	Day       string `bun:",pk"` // Gregorian, YYYY-MM-DD, in Tehran
	N         int
}

func dayText(d persian.Date) string { return d.Time(12, 0, persian.Tehran).Format(time.DateOnly) }

func startOf(d persian.Date) time.Time { return d.Time(0, 0, persian.Tehran).UTC() }

// counted takes the rows of cases that days count.
const counted = "NOT c.confidential AND c.parent_id IS NULL AND c.batch_id IS NULL"

// count counts the days that were not counted when they had ended, and today
// anew. The first run counts the whole history, later ones two days.
func count(ctx context.Context, tx *tenants.Tx, today persian.Date) error {
	var last string
	err := tx.Select((*day)(nil)).ColumnExpr("coalesce(max(d.day), '')").Where("d.dimension = ? AND d.subject_id = 0", All).Scan(ctx, &last)
	if err != nil {
		return tenants.Err(err)
	}
	from := today.AddDays(-historyDays)
	if last != "" {
		at, err := time.ParseInLocation(time.DateOnly, last, persian.Tehran)
		if err != nil {
			return fault.Wrap(err, "quality.count")
		}
		if d := persian.DateOf(at.Add(12 * time.Hour)); d.After(from) {
			from = d
		}
	} else if from, err = sinceFirst(ctx, tx, from); err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*day)(nil), "day >= ? OR day < ?", dayText(from), dayText(today.AddDays(-historyDays))); err != nil {
		return err
	}
	for d := from; !d.After(today); d = d.AddDays(1) {
		if err := countDay(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// sinceFirst is the day on which the organization began to take cases, when
// that is later: what lies before it is no quiet time.
func sinceFirst(ctx context.Context, tx *tenants.Tx, from persian.Date) (persian.Date, error) {
	first := new(complaints.Complaint)
	err := tenants.Err(tx.Select(first).Column("registered_at").Order("c.registered_at").Limit(1).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return persian.DateOf(tx.Now().In(persian.Tehran)), nil
	}
	if d := persian.DateOf(first.RegisteredAt.In(persian.Tehran)); d.After(from) {
		return d, err
	}
	return from, err
}

func countDay(ctx context.Context, tx *tenants.Tx, d persian.Date) error {
	from, until := startOf(d), startOf(d.AddDays(1))
	rows := []day{{Dimension: All}}
	for _, by := range []struct{ dimension, column string }{{Topic, "topic_id"}, {District, "district_id"}} {
		var found []day
		err := tx.Select((*complaints.Complaint)(nil)).ColumnExpr("c."+by.column+" AS subject_id, count(*) AS n").
			Where("c.registered_at >= ? AND c.registered_at < ? AND "+counted, from, until).Where("c."+by.column+" IS NOT NULL").
			GroupExpr("c."+by.column).Scan(ctx, &found)
		if err != nil {
			return tenants.Err(err)
		}
		for i := range found {
			found[i].Dimension = by.dimension
			if by.dimension == Topic {
				rows[0].N += found[i].N
			}
		}
		rows = append(rows, found...)
	}
	var units []day
	err := tx.Select((*complaints.Referral)(nil)).ColumnExpr("leg.unit_id AS subject_id, count(*) AS n").
		Join("JOIN ? ON c.id = leg.complaint_id AND "+counted, tx.From((*complaints.Complaint)(nil))).
		Where("leg.referred_at >= ? AND leg.referred_at < ? AND leg.lead AND leg.cycle = 1", from, until).GroupExpr("leg.unit_id").Scan(ctx, &units)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range units {
		units[i].Dimension = Unit
	}
	rows = append(rows, units...)
	for i := range rows {
		rows[i].Day = dayText(d)
	}
	return tx.Insert(ctx, &rows)
}
