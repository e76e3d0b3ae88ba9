package meetings_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// legal says which event may follow which on one tracking code.
var legal = map[string][]string{
	"":                     {"meeting.requested", "meeting.wait_joined"},
	"meeting.wait_joined":  {"meeting.wait_offered", "meeting.wait_left"},
	"meeting.wait_offered": {"meeting.requested", "meeting.wait_left"},
	"meeting.wait_left":    {},
	"meeting.requested":    {"meeting.approved", "meeting.refused", "meeting.cancelled", "meeting.rescheduled"},
	"meeting.approved":     {"meeting.cancelled", "meeting.rescheduled"},
	"meeting.rescheduled":  {"meeting.approved", "meeting.refused", "meeting.cancelled", "meeting.rescheduled"},
	"meeting.refused":      {},
	"meeting.cancelled":    {},
}

// operations is how many a history has, shared by its workers.
const operations = 5000

// commons is what the workers of a history act on, all on all.
type commons struct {
	sync.Mutex
	meetings, waits []int64
}

func (c *commons) add(list *[]int64, id int64) {
	c.Lock()
	defer c.Unlock()
	*list = append(*list, id)
}

func (c *commons) any(list *[]int64) int64 {
	c.Lock()
	defer c.Unlock()
	if len(*list) == 0 {
		return 0
	}
	return (*list)[rand.IntN(len(*list))]
}

// Five thousand acts of eight workers on the same seats, meetings and places in
// the line: whatever won, the story of each code is in a legal order, and no
// seat is taken twice.
func TestParallelHistoriesAreLegal(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	sessions := o.sessions()
	people := o.crowd(operations / 4)
	c := &commons{}
	var next sync.Mutex
	used := 0
	n := operations
	if testing.Short() {
		n /= 20
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range n / 8 {
				s, slot := sessions[rand.IntN(len(sessions))].ID, rand.IntN(16)+1
				next.Lock()
				used++
				who := people[used%len(people)]
				next.Unlock()
				err := o.act(c, o.booking(who, s, slot))
				if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	o.consistent(t)
	o.legal(c)
}

// act does one act by chance.
func (o *office) act(c *commons, in meetings.Booking) error {
	m, w := c.any(&c.meetings), c.any(&c.waits)
	switch rand.IntN(8) {
	case 0, 1:
		return o.try(citizen, func(ctx context.Context, tx *tenants.Tx) error {
			got, err := meetings.Book(ctx, tx, in)
			if err == nil {
				defer c.add(&c.meetings, got.ID)
			}
			return err
		})
	case 2:
		return o.try(citizen, func(ctx context.Context, tx *tenants.Tx) error {
			got, err := meetings.Join(ctx, tx, in)
			if err == nil {
				defer c.add(&c.waits, got.ID)
			}
			return err
		})
	case 3:
		return o.try(officer, on(meetings.Approve, m))
	case 4:
		return o.try(officer, because(meetings.Refuse, m, "دلیل"))
	case 5:
		return o.try(citizen, cancel(m, meetings.ByCitizen, ""))
	case 6:
		return o.try(officer, reschedule(m, in.SessionID, in.Slot))
	}
	if rand.IntN(2) == 0 {
		return o.try(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.Offer(ctx, tx, o.executive.ID)
			return err
		})
	}
	err := o.try(citizen, accept(w))
	if err == nil {
		c.add(&c.meetings, w)
	}
	return err
}

// legal is the oracle: it reads the whole story of every code.
func (o *office) legal(c *commons) {
	o.t.Helper()
	ids := slices.Concat(c.meetings, c.waits)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		for from := 0; from < len(ids); from += 200 {
			stories, err := timeline.OfEach(ctx, r, "meeting", ids[from:min(from+200, len(ids))])
			if err != nil {
				return err
			}
			for id, story := range stories {
				last := ""
				for _, e := range story {
					if !slices.Contains(legal[last], e.Kind) {
						o.t.Fatalf("%d: %s after %q", id, e.Kind, last)
					}
					last = e.Kind
				}
			}
		}
		return nil
	})
}
