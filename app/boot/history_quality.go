package boot

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// What the demonstration shows of what watches over the work: calls reviewed
// month by month, early warnings with what was done about them, and actions
// that follow from what was found.

// watched is what the later steps lead to.
type watched struct {
	visit, violation func() int64
	reviews          map[int64]int64 // the lowest of the last month, by operator
	warnings         []quality.Warning
}

// planQuality puts it all on the agenda, unless nobody would do it.
func (h *history) planQuality(w *watched) {
	if len(h.cast.roles["pr_manager"]) == 0 || len(h.cast.roles["inspector"]) == 0 || len(h.crewsInOrder()) < 2 {
		return
	}
	dice := h.dice(900_152)
	w.reviews = map[int64]int64{}
	h.planReviews(dice, w)
	h.planWarnings(w)
	h.planActions(w)
}

// planReviews has the manager hear the drawn calls of each month in its last
// days; of the running month some are still missing.
func (h *history) planReviews(dice *rand.Rand, w *watched) {
	manager := h.cast.roles["pr_manager"][0]
	today := persian.DateOf(h.now.In(persian.Tehran))
	for back := 7; back >= 0; back-- {
		first := today.MonthStart().AddMonths(-back)
		from, until := first.Time(0, 0, persian.Tehran).UTC(), first.AddMonths(1).Time(0, 0, persian.Tehran).UTC()
		at, few := until.Add(-30*time.Hour), 0
		if back == 0 {
			at, few = h.now.Add(-50*time.Minute), 1
		}
		if from.Before(h.months.from) {
			continue
		}
		h.put(&act{at: at.Truncate(time.Second), who: as(manager), may: "call:review", do: func(ctx context.Context, tx *tenants.Tx) error {
			return h.reviewMonth(ctx, tx, dice, w, reviewedMonth{from, until, few, 7 - back})
		}})
	}
	objects := func(at time.Time, role string, who func() tenants.Actor, do func(context.Context, *tenants.Tx, int64) error) {
		if len(h.cast.roles[role]) == 0 {
			return
		}
		operator := h.cast.roles[role][0]
		if who == nil {
			who = as(operator)
		}
		h.put(&act{at: at.Truncate(time.Second), who: who, skip: func() bool { return w.reviews[operator.ID] == 0 }, do: func(ctx context.Context, tx *tenants.Tx) error {
			return do(ctx, tx, w.reviews[operator.ID])
		}})
	}
	objects(h.now.Add(-40*time.Minute), "operator", nil, func(ctx context.Context, tx *tenants.Tx, id int64) error {
		return quality.ObjectToReview(ctx, tx, id, "شهروند هم‌زمان با شخص دیگری گفت‌وگو می‌کرد و ناچار شدم سؤال را تکرار کنم.")
	})
	objects(h.now.Add(-39*time.Minute), "feedback_agent", nil, func(ctx context.Context, tx *tenants.Tx, id int64) error {
		return quality.ObjectToReview(ctx, tx, id, "متن تماس تازه هنوز به دست ما نرسیده بود.")
	})
	objects(h.now.Add(-20*time.Minute), "feedback_agent", as(manager), func(ctx context.Context, tx *tenants.Tx, id int64) error {
		return quality.RuleOnReview(ctx, tx, id, quality.Ruling{Decision: quality.Kept, Note: "متن تماس یک هفته پیش از این تماس ابلاغ شده بود."})
	})
}

// reviewedMonth is one month of reviews; few are left out, later ones are
// better.
type reviewedMonth struct {
	from, until time.Time
	few, better int
}

var reviewRemarks = []string{
	"سلام و معرفی کامل بود و شهروند با آرامش شنیده شد.", "پیش از پایان حرف شهروند پاسخ داده شد؛ صبوری بیشتری لازم است.",
	"اطلاعات درست بود، اما گام بعدی روشن گفته نشد.", "گویش رسمی و روشن؛ جمع‌بندی پایان تماس فراموش نشود.",
}

func (h *history) reviewMonth(ctx context.Context, tx *tenants.Tx, dice *rand.Rand, w *watched, m reviewedMonth) error {
	feedback, intake, err := quality.CallCounts(ctx, tx, m.from, m.until)
	if err != nil {
		return err
	}
	maps.Copy(feedback, intake)
	criteria := tx.Tenant().Settings.Defaults().Reviews.Criteria
	for _, operator := range slices.Sorted(maps.Keys(feedback)) {
		if operator == tx.Actor().ID {
			continue
		}
		sample, err := quality.Sample(ctx, tx, operator, m.from, m.until)
		if err != nil {
			return err
		}
		lowest := 101
		for _, call := range sample[:max(0, len(sample)-m.few)] {
			in := quality.Reviewing{Kind: call.Kind, CallID: call.ID, Remark: pick(dice, reviewRemarks), Given: map[string]quality.Given{}}
			for _, c := range criteria {
				in.Given[c.Key] = quality.Given{Score: min(5, 3+dice.IntN(3)-dice.IntN(2)+m.better/5), Absent: c.Key == "safety" && dice.IntN(3) > 0}
			}
			v, err := quality.WriteReview(ctx, tx, in)
			if err != nil {
				return err
			}
			if v.Percent < lowest {
				lowest, w.reviews[operator] = v.Percent, v.ID
			}
		}
	}
	return nil
}

// watchfulRules warn of little, for there are few cases.
var watchfulRules = tenants.WarningRules{
	SpikeLeast: 4, SpikeSpread: 25, RepeatCases: 2, RepeatDays: 60, AgeDays: 10, AgeShare: 10, AgeGrowth: 3, ReopenedShare: 8, SatisfiedShare: 85, RateLeast: 5,
	Roles: []string{"pr_manager", "inspector"},
}

// planWarnings looks for warnings on some days, and has people see to them.
func (h *history) planWarnings(w *watched) {
	manager := h.cast.roles["pr_manager"][0]
	h.put(&act{at: h.now.Add(-41 * day), who: as(manager), may: "organization:edit", after: func() { h.tenant.Settings.Warnings = watchfulRules },
		do: func(ctx context.Context, tx *tenants.Tx) error { return quality.SaveRules(ctx, tx, watchfulRules) }})
	for _, back := range []time.Duration{40 * day, 28 * day, 15 * day, 6 * day, 2 * time.Hour} {
		h.put(&act{at: h.now.Add(-back), who: as(tenants.SystemActor()), do: func(ctx context.Context, tx *tenants.Tx) error {
			_, err := quality.Look(ctx, tx)
			return err
		}})
	}
	h.put(&act{at: h.now.Add(-100 * time.Minute), who: as(manager), may: "warning:handle", do: func(ctx context.Context, tx *tenants.Tx) (err error) {
		if w.warnings, _, err = quality.Warnings(ctx, tx, quality.Filter{State: quality.Open, Limit: 20}); err != nil {
			return err
		}
		for i := range w.warnings {
			switch id := w.warnings[i].ID; {
			case i%4 == 1:
				err = quality.Acknowledge(ctx, tx, id, "با رئیس واحد هماهنگ شد؛ تا پایان هفته بررسی می‌شود.")
			case i%4 == 2:
				err = quality.Assign(ctx, tx, id, h.cast.roles["inspector"][0].ID, "لطفاً در بازدید بعدی دیده شود.")
			case i%4 == 3:
				err = quality.Close(ctx, tx, id, "سرد شدن هوا و افت فشار در دو محله دلیل آن بود؛ با اطلاع‌رسانی فروکش کرد.")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}})
}

// planActions has findings lead to actions, in every state.
func (h *history) planActions(w *watched) {
	inspector, manager, crews := h.cast.roles["inspector"][0], h.cast.roles["pr_manager"][0], h.crewsInOrder()
	inspector.Inspects, inspector.SeesAll, inspector.InspectsOnly = true, true, true
	from := func(kind string, id func() int64) func() quality.Source {
		return func() quality.Source { return quality.Source{Kind: kind, ID: id()} }
	}
	topic := h.busiest()
	h.mend(actionStory{who: inspector, crew: crews[0], source: from(quality.FromInspection, w.visit), back: 56, due: 12, state: quality.ActionVerified, title: "تابلوی راهنما و شمارهٔ ثبت شکایت در ورودی نصب شود"})
	h.mend(actionStory{who: inspector, crew: crews[1%len(crews)], source: from(quality.FromViolation, w.violation), back: 25, due: 15, state: quality.ActionInWork, title: "ثبت روزانهٔ دلیل تأخیر در پرونده‌های ارجاعی"})
	h.mend(actionStory{who: manager, crew: crews[0], source: from(quality.FromTopic, func() int64 { return topic }), back: 34, due: 9, state: quality.ActionDone, topic: topic, title: "متن پاسخ آماده برای پرسش‌های پرتکرار این موضوع"})
	h.mend(actionStory{who: manager, crew: crews[1%len(crews)], source: from(quality.FromTopic, func() int64 { return topic }), back: 3, due: 17, state: quality.ActionPlanned, topic: topic, title: "بازدید پیشگیرانه از محله‌هایی که پیاپی گزارش می‌دهند"})
	h.put(&act{at: h.now.Add(-80 * time.Minute), who: as(manager), skip: func() bool { return len(w.warnings) == 0 }, do: func(ctx context.Context, tx *tenants.Tx) error {
		_, err := quality.PlanImprovement(ctx, tx, quality.ActionPlan{
			Source: quality.Source{Kind: quality.FromWarning, ID: w.warnings[0].ID}, UnitID: crews[0].UnitID, Title: "بررسی ریشهٔ افزایش پرونده‌ها و گزارش به کمیتهٔ تکریم",
			Due: persian.DateOf(h.now.In(persian.Tehran)).AddDays(10),
		})
		return err
	}})
}

// actionStory is one action as far as it has come.
type actionStory struct {
	who, crew tenants.Actor
	source    func() quality.Source
	back, due int // days ago, and how many it has
	topic     int64
	state     string
	title     string
}

func (h *history) mend(s actionStory) {
	var i *quality.Improvement
	start := h.duties.official.Add(h.now.Add(-time.Duration(s.back)*day), 2*time.Hour)
	put := func(after time.Duration, who tenants.Actor, do func(context.Context, *tenants.Tx) error) {
		at := start.Add(after)
		if after > 0 {
			at = h.duties.official.Add(at, time.Hour)
		}
		h.put(&act{at: at.Truncate(time.Second), who: as(who), skip: func() bool { return after > 0 && i == nil || s.source().ID == 0 }, do: do})
	}
	put(0, s.who, func(ctx context.Context, tx *tenants.Tx) (err error) {
		i, err = quality.PlanImprovement(ctx, tx, quality.ActionPlan{
			Source: s.source(), UnitID: s.crew.UnitID, TopicID: s.topic, Title: s.title, Due: persian.DateOf(start.In(persian.Tehran)).AddDays(s.due),
		})
		return err
	})
	if s.state == quality.ActionPlanned {
		return
	}
	put(2*day, s.crew, func(ctx context.Context, tx *tenants.Tx) error { return quality.StartImprovement(ctx, tx, i.ID) })
	if s.state == quality.ActionInWork {
		return
	}
	put(6*day, s.crew, func(ctx context.Context, tx *tenants.Tx) error {
		return quality.FinishImprovement(ctx, tx, i.ID, "انجام شد و عکس آن در پروندهٔ واحد است.")
	})
	if s.state == quality.ActionDone {
		return
	}
	put(9*day, s.who, func(ctx context.Context, tx *tenants.Tx) error {
		return quality.VerifyImprovement(ctx, tx, i.ID, quality.Verdict{Accept: true, Note: "در محل دیده شد؛ درست انجام شده است."})
	})
}

// busiest is the open topic of most cases.
func (h *history) busiest() int64 {
	n, best := map[int64]int{}, int64(0)
	for _, s := range h.cases {
		if s.topic.Confidential {
			continue
		}
		if n[s.topic.ID]++; best == 0 || n[s.topic.ID] > n[best] {
			best = s.topic.ID
		}
	}
	return best
}
