package quality

import (
	"context"
	"time"

	"pasokh/tenants"
)

// ReviewFilter narrows the list of reviews; zero values narrow nothing.
type ReviewFilter struct {
	OperatorID int64
	From       time.Time // of the call
	Until      time.Time
	Before     int64 // the last ID of the page before
	Limit      int
}

// Reviews lists one page, the last written first; more tells whether there is a
// next.
func Reviews(ctx context.Context, r tenants.Reader, f ReviewFilter) (list []Review, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	q := r.Select(&list).Where("review.operator_id = ?", f.OperatorID).Order("review.id DESC").Limit(int64(f.Limit) + 1)
	if !f.From.IsZero() {
		q = q.Where("review.called_at >= ? AND review.called_at < ?", f.From, f.Until)
	}
	if f.Before != 0 {
		q = q.Where("review.id < ?", f.Before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// OpenObjections lists the reviews whose objection waits for a decision, the
// oldest first, at most fifty.
func OpenObjections(ctx context.Context, r tenants.Reader) ([]Review, error) {
	var list []Review
	return list, tenants.Err(r.Select(&list).Where("review.objected_at IS NOT NULL AND review.decision = ''").Order("review.objected_at", "review.id").Limit(50).Scan(ctx))
}

// ReviewByID reads one for who reviews.
func ReviewByID(ctx context.Context, r tenants.Reader, id int64) (*Review, error) {
	v := new(Review)
	return v, tenants.Err(r.Select(v).Where("review.id = ?", id).Scan(ctx))
}

// OwnReview reads one of the actor's own; NotFound for others.
func OwnReview(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) (*Review, error) {
	v := new(Review)
	return v, tenants.Err(r.Select(v).Where("review.id = ? AND review.operator_id = ?", id, a.ID).Scan(ctx))
}

// Marks lists what was given in a review, in the order of the form.
func Marks(ctx context.Context, r tenants.Reader, id int64) ([]Mark, error) {
	var list []Mark
	return list, tenants.Err(r.Select(&list).Where("mark.review_id = ?", id).Order("mark.position").Scan(ctx))
}

// Mean is what several reviews come to.
type Mean struct {
	OperatorID int64
	UnitID     *int64
	N          int
	Sum        int // of their percentages
}

// Percent is the mean; false without a review.
func (m Mean) Percent() (int, bool) {
	if m.N == 0 {
		return 0, false
	}
	return (m.Sum + m.N/2) / m.N, true
}

// Means sums the reviews of calls of a time by operator and the unit they were
// of. One statement.
func Means(ctx context.Context, r tenants.Reader, from, until time.Time) ([]Mean, error) {
	var list []Mean
	err := r.Select((*Review)(nil)).ColumnExpr("review.operator_id, review.unit_id, count(*) AS n, sum(review.percent) AS sum").
		Where("review.called_at >= ? AND review.called_at < ?", from, until).GroupExpr("review.operator_id, review.unit_id").
		OrderExpr("review.operator_id, review.unit_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// CriterionMean is what was given for one criterion.
type CriterionMean struct {
	Criterion      string
	TextFA, TextEN string
	N, Sum         int
}

// CriterionMeans sums the marks of calls of a time by criterion, of one operator
// or (0) of all, in the order of the form.
func CriterionMeans(ctx context.Context, r tenants.Reader, operator int64, from, until time.Time) ([]CriterionMean, error) {
	var list []CriterionMean
	q := r.Select((*Review)(nil)).ColumnExpr("mark.criterion, max(mark.text_fa) AS text_fa, max(mark.text_en) AS text_en, count(*) AS n, sum(mark.score) AS sum").
		Join("JOIN ? ON mark.review_id = review.id", r.From((*Mark)(nil))).
		Where("review.called_at >= ? AND review.called_at < ?", from, until)
	if operator != 0 {
		q = q.Where("review.operator_id = ?", operator)
	}
	err := q.GroupExpr("mark.criterion").OrderExpr("min(mark.position), mark.criterion").Scan(ctx, &list)
	return list, tenants.Err(err)
}
