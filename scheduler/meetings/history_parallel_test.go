package meetings_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// A meeting that stands may go on in these ways, one that is moved may be
// approved again, too.
var (
	standing = []string{"meeting.cancelled", "meeting.rescheduled", "meeting.displaced"}
	open     = append([]string{"meeting.approved", "meeting.refused"}, standing...)
)

// legal says which event may follow which on one tracking code.
var legal = map[string][]string{
	"":                      {"meeting.requested", "meeting.wait_joined", "meeting.draw_entered", "meeting.walked_in"},
	"meeting.wait_joined":   {"meeting.wait_offered", "meeting.wait_left", "meeting.wait_kept", "meeting.wait_over"},
	"meeting.wait_kept":     {"meeting.wait_offered", "meeting.wait_left", "meeting.wait_over"},
	"meeting.wait_offered":  {"meeting.requested", "meeting.wait_left", "meeting.wait_recalled", "meeting.wait_lapsed", "meeting.wait_kept"},
	"meeting.wait_recalled": {"meeting.wait_offered", "meeting.wait_left", "meeting.wait_kept", "meeting.wait_over"},
	"meeting.draw_entered":  {"meeting.requested", "meeting.draw_lost", "meeting.wait_left"},
	"meeting.draw_lost":     {"meeting.wait_offered", "meeting.wait_left"},
	"meeting.requested":     open,
	"meeting.approved":      standing,
	"meeting.rescheduled":   open,
	"meeting.displaced":     {"meeting.rebooked"},
	"meeting.rebooked":      open,
	"meeting.wait_left":     {},
	"meeting.wait_lapsed":   {},
	"meeting.wait_over":     {},
	"meeting.walked_in":     {},
	"meeting.refused":       {},
	"meeting.cancelled":     {},
}

// operations is how many a history has, shared by its workers; a fifth of them
// are of the day itself, on which visitors come without a booking.
const operations = 5000

// commons is what the workers of a history act on, all on all.
type commons struct {
	sync.Mutex
	sessions              []int64 // to book in
	meetings, waits, lost []int64
	draws                 []meetings.OpenDraw
	people                []citizens.Citizen
	next, calledOff       atomic.Int64
	done                  map[string]int // acts that were carried out
}

func (c *commons) add(list *[]int64, ids ...int64) {
	c.Lock()
	defer c.Unlock()
	*list = append(*list, ids...)
}

func (c *commons) any(list *[]int64) int64 {
	c.Lock()
	defer c.Unlock()
	if len(*list) == 0 {
		return 0
	}
	return (*list)[rand.IntN(len(*list))]
}

func (c *commons) count(act string) {
	c.Lock()
	defer c.Unlock()
	c.done[act]++
}

// Five thousand acts of eight workers on the same seats, meetings, places in
// the line and tickets of draws, with sessions that are called off, and with
// walk-ins while the draws are held: whatever won, the story of each code is in
// a legal order, and no seat is taken twice.
func TestParallelHistoriesAreLegal(t *testing.T) {
	o := newOffice(t)
	room := 60
	o.A.Settings.Approval, o.A.Settings.WalkInRoom = true, &room
	c := o.commons()
	n := operations
	if testing.Short() {
		n /= 20
	}
	o.together(n/5*4, c, o.before)
	o.Clock.Set(c.draws[0].ClosesAt)
	o.together(n/5, c, o.today)
	if !testing.Short() {
		o.rebooked(c)
	}
	o.consistent(t)
	o.legal(c)
	if testing.Short() {
		return
	}
	for _, act := range []string{"book", "join", "enter", "approve", "refuse", "cancel", "move", "offer", "accept", "call_off", "rebook", "walk_in", "draw"} {
		if c.done[act] == 0 {
			t.Errorf("no %s was carried out: %v", act, c.done)
		}
	}
}

// commons makes sessions to book, and one whose single slot is drawn on the day
// of the first of them.
func (o *office) commons() *commons {
	c := &commons{done: map[string]int{}, people: o.crowd(operations / 4)}
	o.morning(3)
	o.morning(4)
	for _, s := range o.sessions() {
		c.sessions = append(c.sessions, s.ID)
	}
	hall := o.hall(20)
	o.A.Settings.Booking.DrawCloseHours = 24
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		if err := meetings.SetDraw(ctx, tx, hall.WindowID, true); err != nil {
			return err
		}
		var err error
		c.draws, err = meetings.OpenDraws(ctx, tx, o.executive.ID)
		return err
	})
	return c
}

// morning adds a weekly morning of sixteen times, so that enough of every act
// finds something to act on.
func (o *office) morning(weekday int) {
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.AddWindow(ctx, tx, o.executive.ID, tenants.WindowSpec{
			Weekday: weekday, From: 480, Until: 720, SlotMinutes: 15, Seats: 1, SiteFA: "سالن", SiteEN: "Hall",
		})
		if err == nil {
			_, err = meetings.Generate(ctx, tx)
		}
		return err
	})
}

// together runs n acts by eight workers at once.
func (o *office) together(n int, c *commons, act func(c *commons, in meetings.Booking) (string, error)) {
	o.t.Helper()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range n / 8 {
				who := c.people[int(c.next.Add(1))%len(c.people)]
				done, err := act(c, o.booking(who, c.any(&c.sessions), rand.IntN(16)+1))
				if err == nil {
					c.count(done)
				} else if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.NotFound) {
					o.t.Errorf("%s: %v", done, err)
				}
			}
		})
	}
	all.Wait()
}

// before is one act by chance, before the day.
func (o *office) before(c *commons, in meetings.Booking) (string, error) {
	m := c.any(&c.meetings)
	switch rand.IntN(10) {
	case 0, 1:
		return "book", o.kept(c, &c.meetings, func(ctx context.Context, tx *tenants.Tx) (int64, error) {
			got, err := meetings.Book(ctx, tx, in)
			return idOf(got, err), err
		})
	case 2:
		return "join", o.joined(c, in)
	case 3:
		in.SessionID = c.draws[0].SessionID
		return "enter", o.joined(c, in)
	case 4:
		return "approve", o.try(officer, on(meetings.Approve, m))
	case 5:
		return "refuse", o.try(officer, because(meetings.Refuse, m, "دلیل"))
	case 6:
		return "cancel", o.try(citizen, cancel(m, meetings.ByCitizen, ""))
	case 7:
		return "move", o.try(officer, reschedule(m, in.SessionID, in.Slot))
	case 8:
		if n := c.next.Load(); n > operations/4 && c.calledOff.CompareAndSwap(0, 1) {
			return "call_off", o.callOff(c)
		}
		return "rebook", o.try(citizen, rebook(c.any(&c.lost), in.SessionID, in.Slot))
	}
	return o.line(c)
}

// line is an act on the line of the executive.
func (o *office) line(c *commons) (string, error) {
	if rand.IntN(2) == 0 {
		return "offer", o.try(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.Offer(ctx, tx, o.executive.ID)
			return err
		})
	}
	w := c.any(&c.waits)
	err := o.try(citizen, accept(w))
	if err == nil {
		c.add(&c.meetings, w)
	}
	return "accept", err
}

// today is one act by chance on the day of the first session: its walk-ins,
// and the draw of the next.
func (o *office) today(c *commons, in meetings.Booking) (string, error) {
	switch rand.IntN(4) {
	case 0:
		return "walk_in", o.kept(c, &c.meetings, func(ctx context.Context, tx *tenants.Tx) (int64, error) {
			got, err := meetings.AddWalkIn(ctx, tx, meetings.WalkIn{CitizenID: in.CitizenID, NationalID: in.NationalID, SessionID: c.sessions[0], Subject: in.Subject})
			return idOf(got, err), err
		})
	case 1:
		return "draw", o.try(tenants.SystemActor(), on(meetings.HoldDraw, c.draws[0].ID))
	}
	return o.before(c, in)
}

func idOf(m *meetings.Meeting, err error) int64 {
	if err != nil {
		return 0
	}
	return m.ID
}

// kept does what makes a code, and remembers it.
func (o *office) kept(c *commons, list *[]int64, fn func(ctx context.Context, tx *tenants.Tx) (int64, error)) error {
	var id int64
	err := o.try(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		id, err = fn(ctx, tx)
		return err
	})
	if err == nil {
		c.add(list, id)
	}
	return err
}

func (o *office) joined(c *commons, in meetings.Booking) error {
	return o.kept(c, &c.waits, func(ctx context.Context, tx *tenants.Tx) (int64, error) {
		got, err := meetings.Join(ctx, tx, in)
		if err != nil {
			return 0, err
		}
		return got.ID, nil
	})
}

// rebooked lets each who lost a time look through the sessions for another, all
// at once: by chance alone hardly one of them finds a free time in a full week.
func (o *office) rebooked(c *commons) {
	// By chance those of the session had cancelled just before it was called off.
	for i := 0; len(c.lost) == 0 && i < len(c.people); i++ {
		if _, err := o.before(c, o.booking(c.people[i], c.sessions[len(c.sessions)-1], i%16+1)); err == nil {
			_ = o.callOff(c)
		}
	}
	var all sync.WaitGroup
	for _, lost := range slices.Clone(c.lost) {
		all.Go(func() {
			for _, session := range c.sessions {
				for slot := 1; slot <= 16; slot++ {
					if o.try(citizen, rebook(lost, session, slot)) == nil {
						c.count("rebook")
						return
					}
				}
			}
		})
	}
	all.Wait()
}

// busiest is the session with most meetings, that of the day and of the draw
// apart, so that somebody has to look for another time; 0 when nobody stands in
// any.
func (o *office) busiest(c *commons) int64 {
	c.Lock()
	all, count := slices.Clone(c.meetings), map[int64]int{}
	c.Unlock()
	best := int64(0)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		for _, id := range all {
			m, err := meetings.ByID(ctx, r, id)
			if err != nil {
				return err
			}
			if m.Live() && m.SessionID != c.sessions[0] && m.SessionID != c.draws[0].SessionID {
				count[m.SessionID]++
			}
		}
		return nil
	})
	for id, n := range count {
		if n > count[best] {
			best = id
		}
	}
	return best
}

// callOff calls a session off, and finds those who have a priority now. Where
// nobody lost a time, another session is called off later.
func (o *office) callOff(c *commons) error {
	session := o.busiest(c)
	if session == 0 {
		c.calledOff.Store(0)
		return fault.New(fault.Conflict, "nobody has a time")
	}
	if err := o.try(officer, callOff(session)); err != nil {
		return err
	}
	defer func() {
		if c.any(&c.lost) == 0 {
			c.calledOff.Store(0)
		}
	}()
	c.Lock()
	all := slices.Clone(c.meetings)
	c.Unlock()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		for _, id := range all {
			if _, err := meetings.PriorityOf(ctx, r, id); err == nil {
				c.add(&c.lost, id)
			}
		}
		return nil
	})
	return nil
}

// legal is the oracle: it reads the whole story of every code. What was
// approved is not approved again, unless it was moved meanwhile.
func (o *office) legal(c *commons) {
	o.t.Helper()
	ids := slices.Concat(c.meetings, c.waits)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		for from := 0; from < len(ids); from += 200 {
			stories, err := timeline.OfEach(ctx, r, "meeting", ids[from:min(from+200, len(ids))])
			if err != nil {
				return err
			}
			for id, story := range stories {
				last, approved := "", false
				for _, e := range story {
					if !slices.Contains(legal[last], e.Kind) || approved && e.Kind == "meeting.approved" {
						o.t.Fatalf("%d: %s after %q", id, e.Kind, last)
					}
					approved = e.Kind != "meeting.rescheduled" && (approved || e.Kind == "meeting.approved")
					last = e.Kind
				}
			}
		}
		return nil
	})
}
