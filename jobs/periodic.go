package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Clock is one line of the clock table: what runs how often.
type Clock struct {
	Name  string
	Every time.Duration
	// At is the time of day in the offices' zone at which a clock of whole days
	// runs; others run every so often, whatever the hour.
	At  time.Duration
	Run func(ctx context.Context, d *Deps) error
}

const day = 24 * time.Hour

// Next is when the clock runs next after a run that began then: a clock of whole
// days at its hour of the zone, however late this run was, others a period later.
func (c Clock) Next(began time.Time, zone *time.Location) time.Time {
	if c.Every%day != 0 {
		return began.Add(c.Every)
	}
	y, m, d := began.In(zone).Date()
	days := int(c.Every / day)
	at := time.Date(y, m, d+days-1, 0, int(c.At.Minutes()), 0, 0, zone)
	if c.Every > day || !at.After(began) {
		at = time.Date(y, m, d+days, 0, int(c.At.Minutes()), 0, 0, zone)
	}
	return at
}

// tickEvery is how often a worker looks at the clocks.
const tickEvery = time.Second

// renewAhead is how long before its end the claim on a running clock is renewed.
const renewAhead = 10 * time.Second

// RunClock runs the clock of that name now, whether it is due or not.
func RunClock(ctx context.Context, d *Deps, name string) error {
	for _, c := range d.clocks() {
		if c.Name == name {
			return c.run(ctx, d)
		}
	}
	return fault.New(fault.NotFound, "error.not_found")
}

// run is Run with a panic as an error.
func (c Clock) run(ctx context.Context, d *Deps) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.ErrorContext(ctx, "panic in a clock", "clock", c.Name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return c.Run(ctx, d)
}

// ticker fires due clocks; of all workers, the one that wins the claim in the
// database runs it.
type ticker struct {
	deps    *Deps
	mu      sync.Mutex
	running map[string]bool
	wait    sync.WaitGroup
}

func newTicker(d *Deps) *ticker { return &ticker{deps: d, running: map[string]bool{}} }

func (t *ticker) run(ctx context.Context) {
	every := time.NewTicker(tickEvery)
	defer every.Stop()
	for {
		if err := t.tick(ctx); err != nil && ctx.Err() == nil {
			t.deps.Log.ErrorContext(ctx, "the clocks cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
			t.wait.Wait()
			return
		case <-every.C:
		}
	}
}

// tick reads the clock table once, and claims and starts what is due.
func (t *ticker) tick(ctx context.Context) error {
	now := t.deps.Root.Clock()()
	look, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	lines, err := t.deps.Root.UnscopedClocks(look)
	if err != nil {
		return err
	}
	for _, c := range t.deps.clocks() {
		if !due(lines, c, now.Add(t.ahead(c.Name))) {
			continue
		}
		if !t.begin(c.Name) { // its run goes on here: nobody else is to think it dead
			if err := t.deps.Root.UnscopedHoldClock(look, c.Name, c.Every, now); err != nil {
				return err
			}
			continue
		}
		won, err := t.deps.Root.UnscopedClaimClock(look, c.Name, c.Every, now)
		if err != nil || !won {
			t.end(c.Name)
			if err != nil {
				return err
			}
			continue
		}
		t.wait.Go(func() {
			defer t.end(c.Name)
			t.fire(ctx, c)
		})
	}
	return nil
}

// due tells whether the clock's line, if it has one, has come.
func due(lines []tenants.PeriodicClock, c Clock, now time.Time) bool {
	for _, line := range lines {
		if line.Name == c.Name {
			return !line.NextRunAt.After(now)
		}
	}
	return true
}

func (t *ticker) begin(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running[name] {
		return false
	}
	t.running[name] = true
	return true
}

// ahead is how long before its end the claim on a clock that runs here is
// renewed.
func (t *ticker) ahead(name string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running[name] {
		return renewAhead
	}
	return 0
}

func (t *ticker) end(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.running, name)
}

func (t *ticker) fire(ctx context.Context, c Clock) {
	clock := t.deps.Root.Clock()
	began := clock()
	err := c.run(ctx, t.deps)
	if err != nil && ctx.Err() != nil {
		return // told to stop, which is no failure: another worker runs it when the claim ends
	}
	took, failure := clock().Sub(began), ""
	if err != nil {
		failure = reason(err)
		t.deps.Log.ErrorContext(ctx, "clock failed", "clock", c.Name, "error", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	if err := t.deps.Root.UnscopedClockRan(ctx, c.Name, c.Next(began, persian.Tehran), took, failure); err != nil {
		t.deps.Log.ErrorContext(ctx, "clock not noted", "clock", c.Name, "error", err)
	}
}

// eachTenant runs fn for every organization that works, one after another; a
// failure of one does not keep the others from their turn.
func eachTenant(ctx context.Context, d *Deps, fn func(context.Context, *tenants.DB) error) error {
	list, err := d.Root.UnscopedTenants(ctx)
	if err != nil {
		return fault.Wrap(err, "jobs.eachTenant")
	}
	return eachOf(ctx, d, list, fn)
}

// eachKept is eachTenant for suspended organizations too: what has had its time
// goes, whoever may act.
func eachKept(ctx context.Context, d *Deps, fn func(context.Context, *tenants.DB) error) error {
	list, err := d.Root.UnscopedTenants(ctx)
	if err != nil {
		return fault.Wrap(err, "jobs.eachKept")
	}
	return eachThat(ctx, d, list, kept, fn)
}

// eachWith is eachTenant for those alone that have some of the work now; at is
// what the work asks for.
func eachWith(ctx context.Context, d *Deps, work tenants.Work, at any, fn func(context.Context, *tenants.DB) error) error {
	list, err := d.Root.UnscopedWith(ctx, work, at)
	if err != nil {
		return fault.Wrap(err, "jobs.eachWith")
	}
	return eachOf(ctx, d, list, fn)
}

// kept tells whether an organization has its rows still.
func kept(t *tenants.Tenant) bool { return t.Standing() != tenants.StatusDeleted }

func eachOf(ctx context.Context, d *Deps, list []tenants.Tenant, fn func(context.Context, *tenants.DB) error) error {
	return eachThat(ctx, d, list, (*tenants.Tenant).Works, fn)
}

func eachThat(ctx context.Context, d *Deps, list []tenants.Tenant, that func(*tenants.Tenant) bool, fn func(context.Context, *tenants.DB) error) error {
	var failures []error
	for i := range list {
		if !that(&list[i]) {
			continue
		}
		db := d.Root.For(&list[i])
		err := fn(ctx, db)
		db.Release()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", list[i].Slug, err))
		}
	}
	return errors.Join(failures...)
}
