package boot

import (
	"container/heap"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/policies"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// pastClock is a clock that only the history moves.
type pastClock struct{ now time.Time }

// Now implements tenants.Clock.
func (c *pastClock) Now() time.Time { return c.now }

// history writes the past of one demonstration organization: everything that
// the made-up people do is planned first, then done in the order of time by the
// real commands, with the clock set to each moment. So every event, deadline,
// score and line of the audit has its true time, and what has no time left
// before today is still open, as in life. The same day gives the same history.
type history struct {
	root   *tenants.Root // behind the clock
	clock  *pastClock
	store  *files.Store
	book   *policies.Book
	tenant *tenants.Tenant
	db     *tenants.DB
	now    time.Time // where the past ends
	months span
	seed   uint64

	words  *sectorWords
	people *people
	cast   cast
	duties duties
	units  map[string]tenants.Unit
	topics map[string]tenants.Topic
	class  map[int64]*tenants.SLAClass
	cases  []*caseStory
	met    []*meetingStory // held in the nine months
	agenda agenda
	acts   int // ever put on the agenda
	orders int // directives planned
	// related is how many cases of the nine months are written apart.
	related int
}

// span is the nine months, Farvardin to Azar, of which the reports tell.
type span struct{ from, until time.Time }

// nineMonths is the latest span of which at least eight months have passed.
func nineMonths(now time.Time) span {
	today := persian.DateOf(now.In(persian.Tehran))
	year := today.Year
	if today.Month < 9 {
		year--
	}
	midnight := func(month int) time.Time {
		return persian.Date{Year: year, Month: month, Day: 1}.Time(0, 0, persian.Tehran).UTC()
	}
	return span{midnight(1), midnight(10)}
}

// beforeHistory is when an organization with a past until now was onboarded.
func beforeHistory(now time.Time) time.Time { return nineMonths(now).from.AddDate(0, 0, -30) }

// end is where the span ends as far as it has passed.
func (s span) end(now time.Time) time.Time {
	if now.Before(s.until) {
		return now
	}
	return s.until
}

// act is one step of somebody at a moment.
type act struct {
	at    time.Time
	order int
	who   func() tenants.Actor // asked when the moment has come
	may   string               // the permission that staff need for it
	skip  func() bool          // tells that nothing is left to do; may be nil
	do    func(context.Context, *tenants.Tx) error
	after func() // once it is committed; may be nil
}

// as is the who of somebody known from the start.
func as(a tenants.Actor) func() tenants.Actor { return func() tenants.Actor { return a } }

// agenda is a heap of acts in the order of time.
type agenda []*act

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(*act)) }
func (a agenda) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].order < a[j].order
	}
	return a[i].at.Before(a[j].at)
}

func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

// put adds an act unless it lies in the future, where nothing has happened yet.
func (h *history) put(a *act) {
	if a.at.After(h.now) {
		return
	}
	h.acts++
	a.order = h.acts
	heap.Push(&h.agenda, a)
}

// openHistory reads the organization whose past is to be written. root stands
// behind clock; now is where the past ends.
func openHistory(ctx context.Context, root *tenants.Root, clock *pastClock, t *tenants.Tenant, now time.Time) (*history, error) {
	h := &history{
		root: root, clock: clock, tenant: t, now: now, months: nineMonths(now),
		units: map[string]tenants.Unit{}, topics: map[string]tenants.Topic{}, class: map[int64]*tenants.SLAClass{},
	}
	digest := fnv.New64a()
	_, _ = digest.Write([]byte(t.Slug)) // never fails
	h.seed = digest.Sum64()
	clock.now = beforeHistory(now)
	var err error
	if h.book, err = policies.Load(); err != nil {
		return nil, err
	}
	if h.words, err = readWords(t.Kind); err != nil {
		return nil, err
	}
	h.people = &people{words: &h.words.Common, dice: h.dice(1), used: map[string]bool{}}
	if err := root.UnscopedSaveHolidays(ctx, tenants.SeedHolidays()); err != nil {
		return nil, err
	}
	h.db = root.For(t)
	return h, h.read(ctx)
}

func (h *history) read(ctx context.Context) error {
	defer h.db.Release()
	days, err := h.root.UnscopedHolidays(ctx, "0000-00-00", "9999-99-99")
	if err != nil {
		return err
	}
	h.duties = newDuties(h.tenant.Settings, days)
	units, err := tenants.Units(ctx, h.db)
	if err != nil {
		return err
	}
	for _, u := range units {
		h.units[u.Code] = u
	}
	topics, err := tenants.Topics(ctx, h.db)
	if err != nil {
		return err
	}
	for _, t := range topics {
		h.topics[t.Code] = t
		if h.class[t.SLAClassID], err = tenants.SLAClassByID(ctx, h.db, t.SLAClassID); err != nil {
			return err
		}
	}
	return h.readCast(ctx, h.db)
}

// dice is a source of chance of its own for part n, always the same.
func (h *history) dice(n int) *rand.Rand {
	return rand.New(rand.NewPCG(h.seed, uint64(n))) //nolint:gosec // made-up data, the same every time
}

// plan puts everything that is to happen up to now on the agenda.
func (h *history) plan(ctx context.Context) error {
	h.planSessions()
	h.planCases()
	h.planCommittee()
	w := &watched{}
	h.planInspections(w)
	h.planQuality(w)
	if err := h.planBoxes(ctx); err != nil {
		return err
	}
	return h.planMeetings(ctx)
}

// write plans everything and does it. progress, which may be nil, is told how
// far it has come.
func (h *history) write(ctx context.Context, progress func(done, total int)) error {
	defer h.db.Release()
	if err := h.plan(ctx); err != nil {
		return err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	total := h.acts // the sweeps that follow from them are not counted
	for done := 0; h.agenda.Len() > 0; done++ {
		if err := h.perform(ctx, heap.Pop(&h.agenda).(*act)); err != nil {
			return fmt.Errorf("history of %s at %s: %w", h.tenant.Slug, h.clock.now.Format(time.RFC3339), err)
		}
		progress(min(done, total), total)
	}
	progress(total, total)
	h.clock.now = h.now
	return h.root.UnscopedDiscardTasks(ctx, h.now, "history")
}

func (h *history) perform(ctx context.Context, a *act) error {
	if a.skip != nil && a.skip() {
		return nil
	}
	who := a.who()
	if a.may != "" && who.Kind == tenants.Staff && !h.book.Can(h.tenant.ID, who.Roles, a.may) {
		return fault.Wrap(fmt.Errorf("%s may not %s", who.Name, a.may), "boot.history")
	}
	if a.at.After(h.clock.now) { // a sweep for a time that had passed when it was set comes at once
		h.clock.now = a.at
	}
	if err := h.db.Write(ctx, who, func(tx *tenants.Tx) error { return a.do(ctx, tx) }); err != nil {
		return err
	}
	if a.after != nil {
		a.after()
	}
	return nil
}

// planSessions lets the sessions of the public meetings be made ahead, as the
// daily clock does; once a week is enough.
func (h *history) planSessions() {
	generate := func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Generate(ctx, tx)
		return err
	}
	for at := h.months.from.AddDate(0, 0, -20); at.Before(h.now); at = at.AddDate(0, 0, 7) {
		h.put(&act{at: at, who: as(tenants.SystemActor()), do: generate})
	}
	h.put(&act{at: h.now, who: as(tenants.SystemActor()), do: generate})
}
