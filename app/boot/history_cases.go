package boot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// route is how the life of a case went, or how far it has come.
type route struct {
	name string
	age  time.Duration // of open cases: how old, about
	need func(*theme) bool
	live func(*caseStory)
}

// routes of closed cases, in parts of a hundred. Different facts end them
// (product.md, rule 1).
var closedRoutes = []struct {
	part int
	route
}{
	{46, route{name: "satisfied", live: (*caseStory).satisfied}},
	{9, route{name: "answered by the citizen", live: (*caseStory).heardOnline}},
	{7, route{name: "asked", need: hasAsk, live: (*caseStory).asked}},
	{6, route{name: "interim", need: hasInterim, live: (*caseStory).interimThenDone}},
	{3, route{name: "joint", need: hasPartner, live: (*caseStory).joint}},
	{3, route{name: "bounced", need: plain, live: (*caseStory).bounced}},
	{7, route{name: "field", live: (*caseStory).verified}},
	{3, route{name: "second cycle", live: (*caseStory).secondCycle}},
	{1, route{name: "denied", live: (*caseStory).denied}},
	{4, route{name: "unreachable", live: (*caseStory).unreachable}},
	{3, route{name: "not feasible", need: hasClosed, live: (*caseStory).infeasible}},
	{2, route{name: "withdrawn", need: plain, live: (*caseStory).withdrawn}},
	{6, route{name: "settled", live: nil}}, // an aside
}

// routes of open cases in the order in which they are dealt out: the first
// eight stand in the eight states.
var openRoutes = []route{
	{"in progress", 15 * time.Hour, plain, (*caseStory).untilTaken},
	{"fresh", 15 * time.Minute, plain, (*caseStory).untilRegistered},
	{"referred", 7 * time.Hour, plain, (*caseStory).untilReferred},
	{"waiting", 26 * time.Hour, hasAsk, (*caseStory).untilAsked},
	{"to be called", 30 * time.Hour, nil, (*caseStory).untilAnswered},
	{"special follow-up", 4 * day, nil, (*caseStory).untilDissatisfied},
	{"to be confirmed", 5 * day, nil, (*caseStory).untilVisited},
	{"triage", 75 * time.Minute, plain, (*caseStory).untilTriaged},
	{"late", 5 * day, plain, (*caseStory).untilTaken},
	{"promised", 6 * day, hasInterim, (*caseStory).untilPromised},
	{"second cycle", 7 * day, plain, (*caseStory).untilSecondCycle},
	{"called in vain", 5 * day, nil, (*caseStory).untilCalledInVain},
	{"returned", 20 * time.Hour, plain, (*caseStory).untilReturned},
	{"late", 9 * day, plain, (*caseStory).untilTaken},
	{"promised", 14 * day, hasInterim, (*caseStory).untilPromised},
	{"joint", 30 * time.Hour, hasPartner, (*caseStory).untilJoint},
	{"to be called", 44 * time.Hour, nil, (*caseStory).untilAnswered},
	{"late", 13 * day, plain, (*caseStory).untilReferred},
	{"waiting", 3 * day, hasAsk, (*caseStory).untilAsked},
	{"special follow-up", 6 * day, nil, (*caseStory).untilDissatisfied},
}

const day = 24 * time.Hour

func hasAsk(t *theme) bool     { return plain(t) && t.Ask != "" }
func hasInterim(t *theme) bool { return plain(t) && t.Interim != "" }
func hasPartner(t *theme) bool { return plain(t) && t.Partner != "" }
func hasClosed(t *theme) bool  { return t.Closed != "" }

// plain themes are not those of urgent topics, which nobody triages.
func plain(t *theme) bool { return !t.urgent }

// planner deals out texts so that each comes up before any comes up twice.
type planner struct {
	h    *history
	dice *rand.Rand
	deck []card
	pile []aside
	made []*caseStory
}

type card struct {
	theme *theme
	text  string
}

// planCases plans exactly as many cases in the nine months as the sector's
// words ask for. When the nine months are over, some more lie after them.
func (h *history) planCases() {
	p := &planner{h: h, dice: h.dice(2)}
	for i := range h.words.Themes {
		t := &h.words.Themes[i]
		t.urgent = h.topics[t.Topic].Urgent
	}
	closed, later := h.words.Cases-h.related, 0
	for i := range h.words.Open {
		if s := p.open(i); s.start.Before(h.months.until) {
			closed-- // it is one of the nine months too
		}
	}
	for i := range h.words.Secrets {
		if s := p.secret(i); s.start.Before(h.months.until) {
			closed--
		}
	}
	for i := range closed {
		p.closed(i, closed, h.months.from, h.months.end(h.now))
	}
	if since := h.now.Sub(h.months.until); since > 10*day {
		later = min(int(since/day), h.words.Cases/5)
	}
	for i := range later {
		p.closed(i, later, h.months.until, h.now)
	}
	for _, s := range p.made {
		for _, a := range s.acts {
			h.put(a)
		}
	}
	h.cases = p.made
}

// closed plans a case that has ended, registered in about the i-th of n parts
// of the time.
func (p *planner) closed(i, n int, from, until time.Time) {
	r := p.closedRoute(i)
	s := p.story(r)
	part := (float64(i) + p.dice.Float64()) / float64(n)
	start := from.Add(time.Duration(math.Pow(part, 0.75) * float64(until.Sub(from)))) // more and more people know the way
	for try := 0; ; try++ {
		if s.plan(start, r); !s.start.Before(from) && s.start.Before(until) && s.at.Before(p.h.now) {
			return
		}
		if start = start.Add(-7 * time.Hour); start.Before(from) {
			start = from.Add(between(p.dice, 0, until.Sub(from)/2))
		}
		if try > 100 && s.aside == nil { // no time left for the long way
			r = closedRoutes[0].route
		}
	}
}

// closedRoute goes through the hundred parts, spread by a step that has no
// factor in common with a hundred.
func (p *planner) closedRoute(i int) route {
	n := i * 37 % 100
	for _, r := range closedRoutes {
		if n -= r.part; n < 0 {
			return r.route
		}
	}
	return closedRoutes[0].route
}

// open plans a case that has come as far as its route says and no further.
// Three of the first have pictures, so that they are easily found.
func (p *planner) open(i int) *caseStory {
	r := openRoutes[i%len(openRoutes)]
	if pictured := i == 0 || i == 3 || i == 6; pictured {
		need := r.need
		r.need = func(t *theme) bool { return t.Photo && (need == nil || need(t)) }
	}
	s := p.story(r)
	paint := func() []byte { return paintPhoto(p.h.tenant.Kind, i) }
	switch i {
	case 0, 3:
		s.picture = paint
	case 6:
		s.evidence = paint
	}
	for age := r.age + between(p.dice, 0, r.age/2); ; age += age/8 + 3*time.Minute {
		if s.plan(p.h.now.Add(-age), r); s.at.Before(p.h.now) {
			return s
		}
	}
}

// secretRoutes are those of confidential cases, which inspection works on.
var secretRoutes = []route{
	{"with inspection", 30 * time.Hour, nil, (*caseStory).untilInspected},
	{"for inspection", 7 * time.Hour, nil, (*caseStory).untilRegistered},
}

// secret plans one open confidential case.
func (p *planner) secret(i int) *caseStory {
	r, t := secretRoutes[i%len(secretRoutes)], &p.h.words.Secrets[i]
	s := &caseStory{h: p.h, index: len(p.made), dice: p.h.dice(100 + len(p.made)), theme: t}
	s.in.Text, s.topic = t.Texts[0], p.h.topics[t.Topic]
	s.class = p.h.class[s.topic.SLAClassID]
	s.draw(p)
	p.made = append(p.made, s)
	for age := r.age; ; age += age/8 + 3*time.Minute {
		if s.plan(p.h.now.Add(-age), r); s.at.Before(p.h.now) {
			return s
		}
	}
}

// story draws who, what and where.
func (p *planner) story(r route) *caseStory {
	h := p.h
	s := &caseStory{h: h, index: len(p.made), dice: h.dice(100 + len(p.made))}
	if r.live == nil {
		a := p.aside()
		s.theme = &theme{Topic: a.Topic, Kinds: []complaints.Kind{a.Kind}, urgent: h.topics[a.Topic].Urgent}
		s.aside = &a
		s.in.Text = a.Text
	} else {
		c := p.card(r.need)
		s.theme, s.in.Text = c.theme, c.text
	}
	s.topic = h.topics[s.theme.Topic]
	s.class = h.class[s.topic.SLAClassID]
	s.draw(p)
	p.made = append(p.made, s)
	return s
}

// card deals the next text whose theme fits, of a new deck when there is none.
// Every sector has a theme for every route; a test sees to it.
func (p *planner) card(fits func(*theme) bool) card {
	next := func(c card) bool { return fits == nil || fits(c.theme) }
	at := slices.IndexFunc(p.deck, next)
	if at < 0 {
		var fresh []card
		for i := range p.h.words.Themes {
			t := &p.h.words.Themes[i]
			for _, text := range t.Texts {
				fresh = append(fresh, card{t, text})
			}
		}
		p.deck = append(p.deck, shuffled(p.dice, fresh)...)
		at = max(0, slices.IndexFunc(p.deck, next))
	}
	c := p.deck[at]
	p.deck = slices.Delete(p.deck, at, at+1)
	return c
}

func (p *planner) aside() aside {
	if len(p.pile) == 0 {
		p.pile = shuffled(p.dice, p.h.words.Asides)
	}
	a := p.pile[0]
	p.pile = p.pile[1:]
	return a
}

// draw chooses kind, channel, source, person and place.
func (s *caseStory) draw(p *planner) {
	w, dice := p.h.words, s.dice
	s.in.Kind = pick(dice, s.theme.Kinds)
	s.in.Channel = drawShare(dice, w.Channels).Name
	n := dice.IntN(100)
	for _, source := range w.Sources {
		if n -= source.Weight; n < 0 {
			s.in.Channel, s.in.Source = source.Channel, source.Name
			break
		}
	}
	if s.in.Source != "" {
		s.in.ExternalNumber = fmt.Sprintf("1405%08d", 10_000_000+dice.IntN(80_000_000))
	}
	s.where = w.somewhere(dice, s.topic.PlaceFields, s.theme.At)
	s.in.Place, s.in.TopicID = s.where.Place, s.topic.ID
	s.in.Text = w.fill(dice, s.in.Text, s.where)
	if s.aside == nil {
		if more := pick(dice, w.Common.Closings); more != "" {
			s.in.Text += " " + more
		}
	}
	nameless := s.in.Kind == complaints.KindReport && s.in.Source == "" &&
		slices.Contains([]string{"web", "box", "ivr"}, s.in.Channel) && chance(dice, 35)
	if !nameless {
		s.who = p.h.people.somebody()
		s.withID = s.in.Kind.Need() == citizens.NeedIdentified || chance(dice, 60)
	}
	s.unit = p.h.leadOf(s.theme, s.where)
}

// leadOf is the unit that works on a matter: the theme's, the topic's, or the
// one whose street it is.
func (h *history) leadOf(t *theme, at place) tenants.Unit {
	if u, ok := h.units[t.Unit]; ok {
		return u
	}
	topic := h.topics[t.Topic]
	for _, u := range h.units {
		if topic.UnitID != nil && u.ID == *topic.UnitID {
			return u
		}
	}
	return h.units[at.unit]
}
