package boot

import (
	"context"
	"fmt"
	"io"
	"time"

	"pasokh/tenants"
)

// withHistory is off in the tests of what stands around the history, because
// writing it takes a while.
var withHistory = true

// pastApp is the program behind a clock that is set back to before the made-up
// past of the demonstration.
type pastApp struct {
	App
	clock *pastClock
	now   time.Time // where the past ends
}

// openPast opens the database a second time, behind a clock of its own. Close
// the Root, and nothing else, when the past is written.
func (a *App) openPast(ctx context.Context) (*pastApp, error) {
	p := &pastApp{App: *a, clock: new(pastClock), now: a.Root.Clock()()}
	if p.clock.now = p.now; withHistory {
		p.clock.now = beforeHistory(p.now)
	}
	root, err := tenants.Open(ctx, a.Config.DatabaseURL, a.Config.Data, p.clock.Now)
	if err != nil {
		return p, err
	}
	root.UseKeys(a.Root.Keys())
	p.Root = root
	return p, nil
}

// loadHistory writes what has happened in an organization of the demonstration
// before its first start: cases, meetings, directives. It is called once for
// each organization, right after its onboarding, and dots its way on out.
func (p *pastApp) loadHistory(ctx context.Context, t *tenants.Tenant, out io.Writer) error {
	if !withHistory {
		return nil
	}
	h, err := openHistory(ctx, p.Root, p.clock, t, p.now)
	if err != nil {
		return err
	}
	h.store = p.Files
	if t.Kind == tenants.Gas && p.now.Add(-relatedBefore).Before(h.months.until) {
		h.related = relatedCases
	}
	dots := 0
	return h.write(ctx, func(done, total int) {
		for ; dots < 10*done/max(total, 1); dots++ {
			fmt.Fprint(out, ".") //nolint:errcheck // a terminal
		}
	})
}
