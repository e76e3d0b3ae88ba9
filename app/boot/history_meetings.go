package boot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// meetingStory is one planned meeting of a citizen with an executive.
type meetingStory struct {
	h         *history
	dice      *rand.Rand
	executive executiveCast
	who       *person
	about     subject
	where     place
	linked    *caseStory // the case it is about; may be nil
	start     time.Time  // of the session
	slot      int
	slotAt    time.Time
	length    time.Duration
	fate      fate

	at        time.Time // of the last step so far
	held      time.Time // zero when it was not
	people    int
	companion int

	id      int64 // once booked
	citizen int64
	session int64
	scan    func() []byte // of the directive; nil where there is none
}

// fate is what becomes of a booked meeting.
type fate int

const (
	comes     fate = iota // and is met when the time has come
	absent                // does not come
	excused               // does not come, and tells why
	cancelled             // by the citizen
	refused               // by the PR office
	waits                 // is not approved yet
)

// oneSession is one date of an executive that is to be filled.
type oneSession struct {
	executive executiveCast
	window    meetings.Window
	start     time.Time
}

func (s oneSession) slots() int {
	return (s.window.UntilMinute - s.window.FromMinute) / s.window.SlotMinutes
}

// planMeetings plans the meetings of all sessions of the nine months and those
// that come next. The people met in the nine months are exactly as many as the
// sector's words say.
func (h *history) planMeetings(ctx context.Context) error {
	dice := h.dice(3)
	past, next, err := h.sessions(ctx)
	if err != nil {
		return err
	}
	m := &meetingPlanner{h: h, dice: dice, cases: shuffled(dice, h.cases)}
	end := h.months.end(h.now)
	within := slices.IndexFunc(past, func(s oneSession) bool { return !s.start.Before(end) })
	if within < 0 {
		within = len(past)
	}
	h.met = m.fillPast(past[:within], h.words.Meetings)
	shareOut(dice, h.met, h.words.People)
	m.fillPast(past[within:], (len(past)-within)*h.words.Meetings/max(within, 1))
	for i, s := range next {
		m.fillNext(s, i == 0)
	}
	m.scan()
	for _, story := range m.made {
		story.plan()
	}
	return nil
}

// sessions lists the dates of all executives from the first of the nine months
// to now, and those that can be booked, both in the order of time.
func (h *history) sessions(ctx context.Context) (past, next []oneSession, err error) {
	defer h.db.Release()
	for _, e := range h.cast.executives {
		windows, err := meetings.Windows(ctx, h.db, e.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, w := range windows {
			days := int(h.now.Sub(h.months.from).Hours()/24) + h.tenant.Settings.HorizonDays
			for _, start := range w.Starts(h.months.from, days, h.duties.official) {
				if start.Before(h.now) {
					past = append(past, oneSession{e, w, start})
				} else {
					next = append(next, oneSession{e, w, start})
				}
			}
		}
	}
	byTime := func(a, b oneSession) int { return a.start.Compare(b.start) }
	slices.SortStableFunc(past, byTime)
	slices.SortStableFunc(next, byTime)
	return past, next, nil
}

type meetingPlanner struct {
	h     *history
	dice  *rand.Rand
	cases []*caseStory // from which people come to a meeting
	pile  []subject
	made  []*meetingStory
}

// fillPast spreads about so many held meetings over the sessions, with some
// that were not held between them, and gives those that have been held by now.
func (m *meetingPlanner) fillPast(list []oneSession, held int) (met []*meetingStory) {
	for i, s := range list {
		n := held*(i+1)/len(list) - held*i/len(list)
		fates := make([]fate, n, n+2) // all come
		if chance(m.dice, min(45, 30*held/len(list))) {
			fates = append(fates, pick(m.dice, []fate{absent, excused, cancelled, refused, absent, cancelled}))
		}
		if i == len(list)-1 && m.h.now.Sub(s.start) < 12*time.Hour { // the session of today is a full one
			fates = append(fates, comes, comes, absent, comes)
		}
		for _, story := range m.session(s, shuffled(m.dice, fates)) {
			if !story.held.IsZero() && story.held.Before(m.h.now) {
				met = append(met, story)
			}
		}
	}
	return met
}

// fillNext books a part of a session to come, fully enough when it is the very
// next one.
func (m *meetingPlanner) fillNext(s oneSession, first bool) {
	fates := []fate{comes, waits}
	if first {
		fates = []fate{comes, comes, comes, waits, comes, waits, cancelled}
	}
	m.session(s, fates)
}

// session gives out slots of a session to so many people, from the beginning
// and with a gap here and there, and the times at which they are met: one after
// another.
func (m *meetingPlanner) session(s oneSession, fates []fate) []*meetingStory {
	var list []*meetingStory
	free := s.start
	for slot, i := 1, 0; slot <= s.slots() && i < len(fates); slot++ {
		if s.slots()-slot > len(fates)-i && chance(m.dice, 30) {
			continue
		}
		story := m.story(s, slot, fates[i])
		i++
		if story.fate == comes {
			begin := story.slotAt.Add(between(m.dice, 0, 3*time.Minute))
			if begin.Before(free) {
				begin = free.Add(time.Minute)
			}
			story.held = begin.Add(between(m.dice, 7*time.Minute, 16*time.Minute))
			free = story.held
		}
		list = append(list, story)
	}
	return list
}

func (m *meetingPlanner) story(s oneSession, slot int, f fate) *meetingStory {
	w := m.h.words
	length := time.Duration(s.window.SlotMinutes) * time.Minute
	story := &meetingStory{
		h: m.h, dice: m.h.dice(500_000 + len(m.made)), executive: s.executive, start: s.start, slot: slot,
		slotAt: s.start.Add(time.Duration(slot-1) * length), length: length, fate: f,
	}
	story.where = w.somewhere(m.dice, nil, nil)
	story.companion = pick(m.dice, []int{0, 0, 0, 1, 1, 2})
	story.people = 1 + story.companion
	if story.who, story.linked = m.visitor(s.start); story.linked == nil {
		story.about = m.subject("")
	} else {
		story.where, story.about = story.linked.where, m.subject(story.linked.unit.Code)
	}
	if story.fate == refused && !m.h.tenant.Settings.Approval {
		story.fate = cancelled // where nobody approves, nobody refuses
	}
	m.made = append(m.made, story)
	return story
}

// visitor is a stranger, or one whose case is older than the booking; each has
// one meeting only, so that no quota is touched.
func (m *meetingPlanner) visitor(start time.Time) (*person, *caseStory) {
	if chance(m.dice, 22) {
		for i, c := range m.cases {
			if c.who != nil && c.withID && c.start.Before(start.AddDate(0, 0, -16)) && c.start.After(start.AddDate(0, 0, -60)) {
				m.cases = slices.Delete(m.cases, i, i+1)
				m.cases = slices.DeleteFunc(m.cases, func(other *caseStory) bool { return other.who == c.who })
				return c.who, c
			}
		}
	}
	return m.h.people.stranger(), nil
}

// subject deals the next one, of the unit that has the case when there is one.
func (m *meetingPlanner) subject(unit string) subject {
	if len(m.pile) < 4 {
		m.pile = append(m.pile, shuffled(m.dice, m.h.words.Subjects)...)
	}
	at := max(0, slices.IndexFunc(m.pile, func(s subject) bool { return unit != "" && s.Unit == unit }))
	s := m.pile[at]
	m.pile = slices.Delete(m.pile, at, at+1)
	return s
}

// shareOut makes the people met in the meetings exactly as many as given.
func shareOut(dice *rand.Rand, met []*meetingStory, people int) {
	for _, story := range met {
		story.people = 1
		people--
	}
	for i := 0; people > 0 && len(met) > 0; i++ {
		if story := met[dice.IntN(len(met))]; story.people <= 1+i/len(met) {
			story.people++
			people--
		}
	}
	for _, story := range met {
		story.companion = story.people - 1
	}
}

// caseID is the case that the meeting is about, once it is registered.
func (s *meetingStory) caseID() *complaints.ID {
	if s.linked == nil || s.linked.id == 0 {
		return nil
	}
	return &s.linked.id
}

func (s *meetingStory) String() string {
	return fmt.Sprintf("%s %s slot %d", s.executive.Code, s.start.Format(time.DateOnly), s.slot)
}

// asCitizen is the citizen, whose row is known once the meeting is booked.
func (s *meetingStory) asCitizen() tenants.Actor {
	return tenants.Actor{Kind: tenants.Citizen, ID: s.citizen, Name: s.who.name}
}

// step puts a step of the meeting on the agenda, after the one ahead of it.
func (s *meetingStory) step(at time.Time, who func() tenants.Actor, may string, do func(context.Context, *tenants.Tx) error) {
	if !at.After(s.at) {
		at = s.at.Add(30 * time.Second)
	}
	s.at = at
	s.h.put(&act{at: at, who: who, may: may, do: func(ctx context.Context, tx *tenants.Tx) error {
		if err := do(ctx, tx); err != nil {
			return fmt.Errorf("meeting %s: %w", s, err)
		}
		return nil
	}})
}
