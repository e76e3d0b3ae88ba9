package web

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	reviewsPath = "/desk/reviews"
	// qualityTrend is how many periods the trends of reviews and of conduct go
	// back, the shown one included.
	qualityTrend = 6
)

func reviewPath(id int64) string { return reviewsPath + "/" + idText(id) }

// askedPeriod is the period of the address, else the running one of the kind.
func (r *req) askedPeriod(kind string) (solarPeriod, error) {
	text := r.query("period")
	if text == "" {
		return periodOf(kind, r.now()), nil
	}
	p, ok := parsePeriod(text)
	if !ok || p.from().After(r.now()) {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	return p, nil
}

// periodBar leads to the periods around the shown one; to writes an address.
func (r *req) periodBar(p solarPeriod, to func(solarPeriod) string, kinds ...string) views.PeriodBar {
	bar := views.PeriodBar{Name: r.periodName(p), Prev: to(p.add(-1)), Running: p.until().After(r.now())}
	if !bar.Running {
		bar.Next = to(p.add(1))
	}
	for _, kind := range kinds {
		bar.Kinds = append(bar.Kinds, parts.Tab{Label: r.t("period." + kind), Href: to(periodOf(kind, p.from())), Current: kind == p.kind})
	}
	return bar
}

// monthOf is the month of the address; reviews are counted by months.
func (r *req) monthOf() (solarPeriod, error) {
	p, err := r.askedPeriod("month")
	if err == nil && p.kind != "month" {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return p, err
}

// reviewList shows every operator's calls and reviews of a month.
func (w *web) reviewList(r *req) error {
	p, err := r.monthOf()
	if err != nil {
		return err
	}
	m, err := r.reviewMonth(p)
	if err != nil {
		return err
	}
	if err := r.reviewTrend(&m.Trend, p, 0); err != nil {
		return err
	}
	open, err := quality.OpenObjections(r.ctx, r.db)
	if err != nil {
		return err
	}
	if m.Objections, err = r.reviewRows(open, reviewsPath); err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("review.title"), views.ReviewsPage(m))
}

func (r *req) reviewMonth(p solarPeriod) (*views.Reviews, error) {
	to := func(at solarPeriod) string { return reviewsPath + "?period=" + at.String() }
	m := &views.Reviews{Bar: r.periodBar(p, to), Table: reviewsPath + "/table?period=" + p.String()}
	if r.can("organization:edit") {
		m.Rules = reviewsPath + "/criteria"
	}
	feedback, intake, err := quality.CallCounts(r.ctx, r.db, p.from(), p.until())
	if err != nil {
		return nil, err
	}
	means, err := quality.Means(r.ctx, r.db, p.from(), p.until())
	if err != nil {
		return nil, err
	}
	target := r.tenant.Settings.Defaults().Reviews.PerMonth
	rows := map[int64]*views.ReviewedOperator{}
	at := func(id int64) *views.ReviewedOperator {
		if rows[id] == nil {
			rows[id] = &views.ReviewedOperator{Target: target, Href: reviewsPath + "/operators/" + idText(id) + "?period=" + p.String()}
		}
		return rows[id]
	}
	for id, n := range feedback {
		at(id).Feedback = n
	}
	for id, n := range intake {
		at(id).Intake = n
	}
	for _, one := range means {
		at(one.OperatorID).Add(one)
	}
	m.Rows, err = r.reviewedOperators(rows)
	return m, err
}

// reviewedOperators names the operators and puts them in order: who has least
// of the reviews there should be comes first.
func (r *req) reviewedOperators(rows map[int64]*views.ReviewedOperator) ([]views.ReviewedOperator, error) {
	var ids []int64
	for id := range rows {
		ids = append(ids, id)
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	if err != nil {
		return nil, err
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	names := views.UnitsByID(units)
	list := make([]views.ReviewedOperator, 0, len(ids))
	for id, row := range rows {
		who := people[id]
		row.Name = r.in(who.NameFA, who.NameEN)
		if who.UnitID != nil {
			row.Unit = r.in(names[*who.UnitID].NameFA, names[*who.UnitID].NameEN)
		}
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b views.ReviewedOperator) int {
		return cmp.Or(-cmp.Compare(a.Missing(), b.Missing()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Href, b.Href))
	})
	return list, nil
}

// reviewTrend draws the means of the last months, of one operator beside all;
// months without a review are left out.
func (r *req) reviewTrend(o *parts.LineOpts, p solarPeriod, operator int64) error {
	all, own := parts.Series{Label: r.t("review.all")}, parts.Series{Label: r.t("review.operator")}
	for back := 1 - qualityTrend; back <= 0; back++ {
		at := p.add(back)
		means, err := quality.Means(r.ctx, r.db, at.from(), at.until())
		if err != nil {
			return err
		}
		var whole, one quality.Mean
		for _, m := range means {
			whole.N, whole.Sum = whole.N+m.N, whole.Sum+m.Sum
			if m.OperatorID == operator {
				one.N, one.Sum = one.N+m.N, one.Sum+m.Sum
			}
		}
		sum, ok := whole.Percent()
		mine, has := one.Percent()
		if !ok || operator != 0 && !has {
			continue
		}
		o.Labels, all.Values, own.Values = append(o.Labels, r.periodShort(at)), append(all.Values, sum), append(own.Values, mine)
	}
	o.Title, o.Note, o.What, o.Series = r.t("review.trend"), r.t("review.trend_note"), r.t("period.month"), []parts.Series{all}
	if operator != 0 {
		o.Series = []parts.Series{own, all}
	}
	return nil
}

// reviewRows names the people and cases of reviews; base is where they lead.
func (r *req) reviewRows(list []quality.Review, base string) ([]views.ReviewRow, error) {
	var ids []int64
	for i := range list {
		ids = append(ids, list[i].OperatorID, list[i].ReviewerID)
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	rows := make([]views.ReviewRow, len(list))
	for i := range list {
		v := &list[i]
		rows[i] = views.ReviewRow{
			Review: *v, Href: base + "/" + idText(v.ID), Operator: r.in(people[v.OperatorID].FA, people[v.OperatorID].EN),
			Reviewer: r.in(people[v.ReviewerID].FA, people[v.ReviewerID].EN),
		}
	}
	return rows, err
}

// reviewOperator is one operator's month: the calls that chance has drawn, what
// was reviewed, and where it is going.
func (w *web) reviewOperator(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	p, err := r.monthOf()
	if err != nil {
		return err
	}
	who, err := staff.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	to := func(at solarPeriod) string {
		return reviewsPath + "/operators/" + idText(id) + "?period=" + at.String()
	}
	m := &views.OperatorReviews{Name: r.in(who.NameFA, who.NameEN), Bar: r.periodBar(p, to), Back: reviewsPath + "?period=" + p.String(), Own: id == r.principal.actor.ID}
	sample, err := quality.Sample(r.ctx, r.db, id, p.from(), p.until())
	if err != nil {
		return err
	}
	m.Sample = r.sampleRows(sample)
	if err := r.operatorReviews(m, id, p, reviewsPath); err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("review.of", "name", m.Name), views.OperatorReviewsPage(m))
}

func (r *req) sampleRows(list []quality.Heard) []views.SampledCall {
	rows := make([]views.SampledCall, len(list))
	for i := range list {
		c := &list[i]
		rows[i] = views.SampledCall{Heard: *c, Code: persian.ShowCode(c.Code), Review: reviewsPath + "/new?" + url.Values{"kind": {c.Kind}, "call": {idText(c.ID)}}.Encode()}
		if c.ReviewID != 0 {
			rows[i].Review = reviewPath(c.ReviewID)
		}
		if r.can("complaint:read") {
			rows[i].Case = casePath(c.ComplaintID)
		}
	}
	return rows
}

// operatorReviews adds the reviews of a month, the means by criterion and the
// trend.
func (r *req) operatorReviews(m *views.OperatorReviews, id int64, p solarPeriod, base string) error {
	list, _, err := quality.Reviews(r.ctx, r.db, quality.ReviewFilter{OperatorID: id, From: p.from(), Until: p.until(), Limit: 50})
	if err != nil {
		return err
	}
	if m.Reviews, err = r.reviewRows(list, base); err != nil {
		return err
	}
	means, err := quality.CriterionMeans(r.ctx, r.db, id, p.from(), p.until())
	if err != nil {
		return err
	}
	m.Criteria = parts.BarChartOpts{Title: r.t("review.criteria"), Note: r.t("review.criteria_note"), What: r.t("review.criterion"), Unit: r.t("review.score"), Max: 50}
	for _, c := range means {
		tenths := (10*c.Sum + c.N/2) / c.N
		m.Criteria.Bars = append(m.Criteria.Bars, parts.Bar{Label: r.in(c.TextFA, c.TextEN), Value: tenths, Text: r.tenths(tenths)})
	}
	return r.reviewTrend(&m.Trend, p, id)
}

// reviewTable is the month as a table for other programs.
func (w *web) reviewTable(r *req) error {
	p, err := r.monthOf()
	if err != nil {
		return err
	}
	m, err := r.reviewMonth(p)
	if err != nil {
		return err
	}
	rows := [][]string{{r.t("review.operator"), r.t("desk.unit"), r.t("review.kind.feedback"), r.t("review.kind.intake"), r.t("review.reviewed"), r.t("review.target"), r.t("review.mean")}}
	for _, o := range m.Rows {
		mean := ""
		if n, ok := o.Percent(); ok {
			mean = strconv.Itoa(n)
		}
		rows = append(rows, []string{o.Name, o.Unit, strconv.Itoa(o.Feedback), strconv.Itoa(o.Intake), strconv.Itoa(o.N), strconv.Itoa(o.Target), mean})
	}
	return r.csv("reviews-"+p.String()+".csv", rows)
}

// csv answers with a table for other programs.
func (r *req) csv(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, rows); err != nil {
		return fault.Wrap(err, "web.csv")
	}
	return r.download(name, "text/csv; charset=utf-8", b.Bytes())
}
