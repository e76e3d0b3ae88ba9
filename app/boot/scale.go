package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Scale says how much made-up data to measure with.
type Scale struct {
	Tenants int // organizations beside those of the demonstration
	Cases   int // in all of them together
	Open    int // of a hundred cases
	Due     int // open cases, in all, whose next clock event has come
}

// scaleBatch is how many cases are written at once.
const scaleBatch = 10_000

// LoadScale fills the database with made-up cases and tells on out how it goes.
func LoadScale(ctx context.Context, c Config, s Scale, out io.Writer) error {
	if c.Production() {
		return errors.New("made-up cases; not in production")
	}
	if s.Tenants < 1 || s.Cases < s.Tenants || s.Open < 0 || s.Open > 100 {
		return errors.New("at least one organization, as many cases as organizations, and --open from 0 to 100")
	}
	return with(ctx, c, func(a *App) error { return a.loadScale(ctx, c.DatabaseURL, s, out) })
}

func (a *App) loadScale(ctx context.Context, databaseURL string, s Scale, out io.Writer) (err error) {
	loader, err := tenants.NewLoader(ctx, a.Root, databaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, loader.Close(context.WithoutCancel(ctx))) }()
	began, done := time.Now(), 0
	for n := range s.Tenants {
		t, err := a.scaleTenant(ctx, n)
		if err != nil {
			return err
		}
		share := s.Cases/s.Tenants + one(n < s.Cases%s.Tenants)
		g, err := newScaler(ctx, a.Root, t, s, n, share)
		if err != nil {
			return err
		}
		for g.next < share {
			if err := g.write(ctx, loader, min(scaleBatch, share-g.next)); err != nil {
				return err
			}
			fmt.Fprintf(out, "\r%d of %d organizations, %d of %d cases, %s", n+1, s.Tenants, done+g.next, s.Cases, time.Since(began).Round(time.Second)) //nolint:errcheck // a terminal
		}
		done += share
	}
	fmt.Fprintln(out) //nolint:errcheck // a terminal
	return nil
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// scaleTenant onboards one organization, or finds it from an earlier run.
func (a *App) scaleTenant(ctx context.Context, n int) (*tenants.Tenant, error) {
	sectors := tenants.Sectors()
	spec, err := tenants.Sector(sectors[n%len(sectors)])
	if err != nil {
		return nil, err
	}
	spec.Slug = fmt.Sprintf("scale-%04d", n+1)
	spec.NameFA = fmt.Sprintf("%s، شماره %s", spec.NameFA, persian.ToPersian(fmt.Sprint(n+1)))
	spec.NameEN = fmt.Sprintf("%s No. %d", spec.NameEN, n+1)
	t, _, err := a.Onboard(ctx, spec, published())
	if fault.Is(err, fault.Conflict) {
		return a.Root.UnscopedTenantBySlug(ctx, spec.Slug)
	}
	return t, err
}

// scaler makes the cases of one organization, the oldest first.
type scaler struct {
	scale   Scale
	tenant  *tenants.Tenant
	db      *tenants.DB // for its blind words
	now     time.Time
	dice    *rand.Rand
	topics  []tenants.Topic
	classes map[int64]tenants.SLAClass
	office  int64
	people  []citizens.Citizen
	next    int // number of the next case
	whole   int
}

func newScaler(ctx context.Context, root *tenants.Root, t *tenants.Tenant, s Scale, seed, whole int) (*scaler, error) {
	db := root.For(t)
	defer db.Release()
	g := &scaler{
		scale: s, tenant: t, db: db, now: db.Now(), whole: whole, classes: map[int64]tenants.SLAClass{},
		dice: rand.New(rand.NewPCG(uint64(seed), 7)), //nolint:gosec // made-up data
	}
	var err error
	if g.topics, err = tenants.Topics(ctx, db); err != nil {
		return nil, err
	}
	list, err := tenants.SLAClasses(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, class := range list {
		g.classes[class.ID] = class
	}
	office, err := tenants.UnitOfKind(ctx, db, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	g.office = office.ID
	return g, nil
}

// write makes and writes the next n cases with their people, legs and events.
func (g *scaler) write(ctx context.Context, l *tenants.Loader, n int) error {
	var people []citizens.Citizen
	for range max(1, n/3) {
		people = append(people, g.person())
	}
	g.people = people
	cases, legs, events := make([]complaints.Complaint, 0, n), make([]complaints.Referral, 0, n), make([]timeline.Event, 0, 3*n)
	for range n {
		c := g.make()
		cases = append(cases, c)
		legs, events = g.story(&c, legs, events)
	}
	for _, rows := range []any{people, cases, legs, events} {
		if err := l.Load(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

var (
	scaleNames   = strings.Fields("علی محمد حسین رضا مهدی فاطمه زهرا مریم نرگس سارا امیر حسن ناصر لیلا پروین جواد")
	scaleFamily  = strings.Fields("محمدی احمدی رضایی کریمی جعفری حسینی موسوی قاسمی صادقی نوری یوسفی رحیمی اکبری مرادی")
	scaleWords   = strings.Fields("فشار گاز قطعی کوچه خیابان مجتمع پلاک نشتی انشعاب کنتور قبض آسفالت روشنایی ایستگاه پله‌برقی تأخیر نوبت مأمور پاسخ پیگیری درخواست خانواده سالمند مدرسه بیمارستان شب صبح هفته گذشته مراجعه تلفنی تعویض تعمیر بازدید کیفیت آب فاضلاب بو صدا خرابی نصب مجوز پروانه زمین ساختمان سرویس")
	scaleStreets = strings.Fields("امام آزادی انقلاب فردوسی سعدی حافظ مطهری بهشتی رجایی باهنر معلم دانشگاه جمهوری شهدا بسیج")
)

func (g *scaler) pick(list []string) string { return list[g.dice.IntN(len(list))] }

func (g *scaler) person() citizens.Citizen {
	p := citizens.Citizen{
		ID: tenants.NewID(), Mobile: fmt.Sprintf("+989%09d", g.dice.IntN(1_000_000_000)), NationalID: fmt.Sprintf("%010d", g.dice.Int64N(10_000_000_000)),
		Name: g.pick(scaleNames) + " " + g.pick(scaleFamily), CreatedAt: g.now,
	}
	p.TenantID = g.tenant.ID
	return p
}

// make is one case, spread over the last year; the newest are the open ones.
func (g *scaler) make() complaints.Complaint {
	at := g.next
	g.next++
	topic := g.topics[g.dice.IntN(len(g.topics))]
	class := g.classes[topic.SLAClassID]
	person := g.people[g.dice.IntN(len(g.people))]
	words := make([]string, 12+g.dice.IntN(20))
	for i := range words {
		words[i] = g.pick(scaleWords)
	}
	code, _ := persian.NewCode(randomBytes{g.dice}) // from dice that never fail
	registered := g.now.Add(-time.Duration(float64(365*24*time.Hour) * float64(g.whole-at) / float64(g.whole)))
	c := complaints.Complaint{
		ID: tenants.NewID(), Code: code, Kind: complaints.KindRequest, Channel: complaints.Channels()[g.dice.IntN(4)], CitizenID: &person.ID,
		TopicID: topic.ID, SLAClassID: topic.SLAClassID, Text: strings.Join(words, " "), Answers: []complaints.QuestionAnswer{},
		Place: complaints.Place{Address: "خیابان " + g.pick(scaleStreets) + "، پلاک " + persian.ToPersian(fmt.Sprint(1+g.dice.IntN(400)))},
		State: complaints.Closed, Cycle: 1, UnitID: g.unit(&topic), RegisteredAt: registered, Version: 4,
		PromisedAt: registered.Add(time.Duration(class.RespondMinutes) * time.Minute), LegalDueAt: registered.AddDate(0, 3, 0),
	}
	c.TenantID, c.DueAt = g.tenant.ID, c.PromisedAt
	c.SearchKey = persian.SearchKey(code+" "+c.Text) + " " + g.db.BlindWords(persian.SearchKey(strings.Join([]string{c.Place.Address, person.Name, strings.TrimPrefix(person.Mobile, "+98")}, " ")))
	if (at+1)*100 > g.whole*(100-g.scale.Open) {
		g.open(&c, at)
		return c
	}
	closed := c.PromisedAt.Add(-time.Hour)
	c.ClosedAt, c.Fact, c.Outcome, c.Result = &closed, complaints.ConfirmedByCitizen, "resolved", "مشکل برطرف شد و شهروند تأیید کرد."
	return c
}

// open leaves the case with somebody; as many as asked have their next clock
// event behind them.
func (g *scaler) open(c *complaints.Complaint, at int) {
	states := []complaints.State{complaints.Registered, complaints.Triage, complaints.Referred, complaints.Referred, complaints.InProgress, complaints.InProgress, complaints.Feedback, complaints.SpecialFollowup}
	c.State = states[g.dice.IntN(len(states))]
	if c.State == complaints.Registered || c.State == complaints.Triage {
		c.UnitID = g.office
	}
	next := g.now.Add(time.Duration(1+g.dice.IntN(14*24)) * time.Hour)
	if dueEach := g.scale.Cases * g.scale.Open / 100 / max(1, g.scale.Due); g.scale.Due > 0 && at%max(1, dueEach) == 0 {
		next = g.now.Add(-time.Minute)
	}
	c.DueAt, c.NextClockAt = next, &next
	if c.State == complaints.Feedback {
		c.CallAt = &next
	}
}

func (g *scaler) unit(topic *tenants.Topic) int64 {
	if topic.UnitID == nil {
		return g.office
	}
	return *topic.UnitID
}

// story adds the case's leg and events, as far as its state has come.
func (g *scaler) story(c *complaints.Complaint, legs []complaints.Referral, events []timeline.Event) ([]complaints.Referral, []timeline.Event) {
	events = append(events, g.event(c, "complaint.registered", c.RegisteredAt, "", complaints.Registered, ""))
	if c.State == complaints.Registered || c.State == complaints.Triage {
		return legs, events
	}
	referred := c.RegisteredAt.Add(20 * time.Minute)
	leg := complaints.Referral{ID: tenants.NewID(), ComplaintID: c.ID, Cycle: 1, UnitID: c.UnitID, Lead: true, State: "open", ReferredAt: referred, DueAt: c.PromisedAt}
	leg.TenantID = g.tenant.ID
	events = append(events, g.event(c, "complaint.referred", referred, complaints.Registered, complaints.Referred, ""))
	if c.State == complaints.Closed || c.State == complaints.Feedback || c.State == complaints.SpecialFollowup {
		ended := referred.Add(2 * time.Hour)
		leg.State, leg.EndedAt, leg.Answer = "answered", &ended, "اقدام انجام شد."
		events = append(events, g.event(c, "complaint.answered", ended, complaints.InProgress, complaints.Feedback, leg.Answer))
	}
	if c.State == complaints.Closed {
		events = append(events, g.event(c, "complaint.closed", *c.ClosedAt, complaints.Feedback, complaints.Closed, c.Result))
	}
	return append(legs, leg), events
}

func (g *scaler) event(c *complaints.Complaint, kind string, at time.Time, from, to complaints.State, text string) timeline.Event {
	e := timeline.Event{
		ID: tenants.NewID(), SubjectKind: "complaint", SubjectID: c.ID, Kind: kind, At: at, Cycle: 1, ActorKind: tenants.System,
		UnitID: &c.UnitID, FromState: string(from), ToState: string(to), Text: text, Public: true,
	}
	e.TenantID = g.tenant.ID
	return e
}

// randomBytes reads dice.
type randomBytes struct{ dice *rand.Rand }

func (r randomBytes) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r.dice.Uint32())
	}
	return len(p), nil
}
