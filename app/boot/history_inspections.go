package boot

import (
	"context"
	"math/rand/v2"
	"time"

	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// What the demonstration shows of inspection: open visits to the executing units
// over the last months, the last one answered by its unit, one confidential
// visit, and two that lie ahead.

// inspectionWords are findings, from good to poor.
var inspectionWords = []string{
	"واحد منظم بود و مراجعان از رفتار کارکنان راضی بودند. پرونده‌ها به‌روز است.",
	"رفتار کارکنان خوب بود؛ تابلوی راهنما کهنه است و شمارهٔ ثبت شکایت دیده نمی‌شود.",
	"زمان انتظار بیش از اندازهٔ اعلام‌شده بود و دو پروندهٔ دیرشده دلیل نوشته‌شده نداشت.",
}

// planInspections puts the visits on the agenda, unless nobody inspects.
func (h *history) planInspections(w *watched) {
	crews := h.crewsInOrder()
	if len(h.cast.roles["inspector"]) == 0 || len(crews) < 2 {
		return
	}
	dice := h.dice(900_142)
	who := h.cast.roles["inspector"][0]
	who.Inspects, who.SeesAll, who.InspectsOnly = true, true, true
	for i, crew := range crews {
		for back := range 3 {
			at := h.duties.official.Add(h.now.Add(-time.Duration(back*30+i*5+4)*day), time.Hour)
			id := h.inspect(dice, who, crew, at, inspectionPlan{answers: back == 0 && i == 0})
			if i == 0 && back == 2 {
				w.visit = id
			}
		}
	}
	secret := h.duties.official.Add(h.now.Add(-11*day), 2*time.Hour)
	h.inspect(dice, who, crews[0], secret, inspectionPlan{place: "باجهٔ خدمات مشترکان", secret: true})
	for i, words := range violationWords {
		at := h.duties.official.Add(h.now.Add(-time.Duration(9+14*i)*day), 3*time.Hour)
		id := h.violate(who, crews[i%len(crews)], at, i, words)
		if i == 2 {
			w.violation = id
		}
	}
	for i, ahead := range []int{1, 4} {
		h.put(&act{at: h.now.Add(-2 * time.Hour), who: as(who), do: func(ctx context.Context, tx *tenants.Tx) error {
			day := persian.DateOf(h.now.In(persian.Tehran)).AddDays(ahead)
			_, err := inspection.Order(ctx, tx, inspection.Plan{UnitID: crews[i%len(crews)].UnitID, Day: day, InspectorID: who.ID, Confidential: i == 1, Purpose: "پیگیری یافته‌های بازدید پیش"})
			return err
		}})
	}
}

type inspectionPlan struct {
	place   string
	secret  bool
	answers bool // the unit answers the report
}

// inspect has a unit visited and the report recorded.
func (h *history) inspect(dice *rand.Rand, who, crew tenants.Actor, at time.Time, in inspectionPlan) func() int64 {
	var v *inspection.Visit
	put := func(at time.Time, who tenants.Actor, do func(context.Context, *tenants.Tx) error) {
		h.put(&act{at: at.Truncate(time.Second), who: as(who), do: do})
	}
	put(at, who, func(ctx context.Context, tx *tenants.Tx) (err error) {
		v, err = inspection.Order(ctx, tx, inspection.Plan{UnitID: crew.UnitID, Place: in.place, Day: persian.DateOf(at.In(persian.Tehran)), InspectorID: who.ID, Confidential: in.secret})
		return err
	})
	put(at.Add(2*time.Hour), who, func(ctx context.Context, tx *tenants.Tx) error {
		items, err := inspection.Items(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		mood := dice.IntN(len(inspectionWords))
		if in.answers {
			mood = 1 // of which the answer speaks
		}
		report := inspection.Report{Finding: inspectionWords[mood], Seen: map[int64]inspection.Seen{}}
		for i := range items {
			answer := "yes"
			switch roll := dice.IntN(10); {
			case roll < 1:
				answer = "na"
			case roll < 2+mood:
				answer = "partly"
			case roll < 2+2*mood:
				answer = "no"
			}
			if in.answers && items[i].Section == "boards" {
				answer = "no"
			}
			report.Seen[items[i].ID] = inspection.Seen{Answer: answer}
		}
		_, err = inspection.Carry(ctx, tx, v.ID, report)
		return err
	})
	if in.answers {
		put(h.duties.official.Add(at.Add(3*time.Hour), 3*time.Hour), crew, func(ctx context.Context, tx *tenants.Tx) error {
			return inspection.Respond(ctx, tx, v.ID, "تابلوی راهنما سفارش داده شد و تا پایان هفته نصب می‌شود؛ شمارهٔ ثبت شکایت هم بر در ورودی آمده است.")
		})
	}
	return func() int64 {
		if v == nil {
			return 0
		}
		return v.ID
	}
}

// violationWords are the violations of the demonstration: kind, severity, what
// happened, and how far the file has come.
var violationWords = []struct{ kind, severity, text, state string }{
	{"conduct", "minor", "در بازدید، متصدی باجه با مراجع سالمند تند سخن گفت و او را بی‌پاسخ گذاشت.", inspection.Reported},
	{"neglect", "serious", "سه پروندهٔ ارجاعی بیش از دو هفته بدون هیچ اقدام و بدون ثبت دلیل مانده بود.", inspection.Heard},
	{"false_report", "grave", "در گزارش کار، تعویض رگلاتور انجام‌شده ثبت شده بود اما در محل کاری انجام نشده بود.", inspection.Decided},
	{"conduct", "serious", "کارشناس واحد پشت تلفن به شهروند گفت «هر جا می‌خواهی شکایت کن» و گوشی را گذاشت.", inspection.Decided},
	{"absence", "minor", "در ساعت اداری، باجهٔ خدمات بدون متصدی و بدون اطلاع‌رسانی بسته بود.", inspection.Decided},
}

// violate writes the file of one violation as far as it has come.
func (h *history) violate(who, crew tenants.Actor, at time.Time, i int, w struct{ kind, severity, text, state string }) func() int64 {
	var v *inspection.Violation
	id := func() int64 {
		if v == nil {
			return 0
		}
		return v.ID
	}
	put := func(at time.Time, do func(context.Context, *tenants.Tx) error) {
		h.put(&act{at: at.Truncate(time.Second), who: as(who), do: do})
	}
	put(at, func(ctx context.Context, tx *tenants.Tx) (err error) {
		v, err = inspection.ReportViolation(ctx, tx, inspection.Finding{UnitID: crew.UnitID, Kind: w.kind, Severity: w.severity, Text: w.text})
		return err
	})
	if w.state == inspection.Reported {
		return id
	}
	put(h.duties.official.Add(at, 10*time.Hour), func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Hear(ctx, tx, v.ID, "واحد کمبود نیرو را دلیل دانست و پذیرفت که باید دلیل تأخیر ثبت می‌شد.")
	})
	if w.state == inspection.Heard {
		return id
	}
	decision, measure := inspection.Upheld, "تذکر کتبی با درج در پرونده و بازرسی دوباره تا یک ماه دیگر."
	if i == len(violationWords)-1 {
		decision, measure = inspection.Dismissed, "غیبت به دلیل اعزام فوری متصدی به حادثه بود و جانشین معرفی شده بود."
	}
	put(h.duties.official.Add(at, 20*time.Hour), func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Decide(ctx, tx, v.ID, decision, measure)
	})
	return id
}
