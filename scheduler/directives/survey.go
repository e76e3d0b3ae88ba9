package directives

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Survey is what the citizen says of the final result, once; it is no part of a
// complaint's feedback.
type Survey struct {
	tenants.BaseModel `bun:"table:directive_surveys,alias:survey"`
	tenants.Owned
	DirectiveID int64 `bun:",pk"`
	Score       int   // 1 to 5
	Text        string
	At          time.Time
}

// Word is whether the citizen may object to a directive now, and rate it.
type Word struct{ Object, Survey bool }

// Words tells of each of the directives, by ID, whether the citizen may object
// (MayObject) and rate the result: it is final, public and not rated yet.
func Words(ctx context.Context, r tenants.Reader, list []Listed) (map[int64]Word, error) {
	may, ids := map[int64]Word{}, []int64{}
	for i := range list {
		if d := &list[i]; d.State == Done && d.Public {
			may[d.ID], ids = Word{Object: true, Survey: true}, append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return may, nil
	}
	var rated, objected []int64
	err := r.Select((*Survey)(nil)).Column("directive_id").Where("survey.directive_id IN (?)", tenants.In(ids)).Scan(ctx, &rated)
	if err != nil {
		return nil, tenants.Err(err)
	}
	err = r.Select((*timeline.Event)(nil)).Column("subject_id").
		Where("event.subject_kind = 'directive' AND event.subject_id IN (?)", tenants.In(ids)).
		Where("event.kind = 'directive.objected' AND event.at > ?", r.Now().Add(-objectEvery(r))).Scan(ctx, &objected)
	for _, id := range rated {
		may[id] = Word{Object: may[id].Object}
	}
	for _, id := range objected {
		may[id] = Word{Survey: may[id].Survey}
	}
	return may, tenants.Err(err)
}

// Rate keeps the citizen's word on the final result. Only for citizens, of
// public directives that are done; Conflict when it was rated already. Field
// errors: score, survey.
func Rate(ctx context.Context, tx *tenants.Tx, id int64, score int, text string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Public || tx.Actor().Kind != tenants.Citizen {
		return errUnknown()
	}
	if d.State != Done {
		return errState()
	}
	bad := fault.Fields{}
	if score < 1 || score > 5 {
		bad.Add("score", "order.error.score")
	}
	if text = persian.Clean(text); utf8.RuneCountInString(text) > MaxReason {
		bad.Add("survey", "directive.error.too_long")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	fresh, err := tx.InsertNew(ctx, &Survey{DirectiveID: d.ID, Score: score, Text: text, At: tx.Now()})
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "order.conflict.rated")
	}
	return audit.Record(ctx, tx, "directive:rate", "directive", d.ID, "")
}

// Rating is how content citizens are on average, from 1 to 5; of N surveys.
type Rating struct {
	N       int
	Average float64
}

// RatingOf is the rating of the directives of an executive.
func RatingOf(ctx context.Context, r tenants.Reader, executiveID int64) (Rating, error) {
	var sum struct{ N, Total int }
	err := r.Select((*Survey)(nil)).ColumnExpr("COUNT(*) AS n, COALESCE(SUM(survey.score), 0) AS total").
		Join("JOIN ? ON directive.id = survey.directive_id", r.From((*Directive)(nil))).
		Where("directive.executive_id = ?", executiveID).Scan(ctx, &sum)
	if err != nil || sum.N == 0 {
		return Rating{}, tenants.Err(err)
	}
	return Rating{N: sum.N, Average: float64(sum.Total) / float64(sum.N)}, nil
}
