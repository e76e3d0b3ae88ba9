package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fetch"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/privacy"
	"pasokh/app/telemetry"
	"pasokh/tenants"
)

// Deps is what reactions and clocks work with.
type Deps struct {
	Root *tenants.Root
	Post *notify.Post
	Log  *slog.Logger
	// Files is swept of what no row names; nil leaves it alone.
	Files *files.Store
	// Anchors is the file outside the database that keeps the ends of the audits;
	// nil keeps none.
	Anchors *audit.Ledger
	// Erasures is the file outside the database that keeps who was erased, for a
	// backup that is older; nil keeps none.
	Erasures *privacy.Ledger
	// Fetch reads addresses of the outside world; nil is the guarded client.
	Fetch *fetch.Client
	// Program is the version, for the packages of organizations.
	Program string
	// Progress, when set, tells open pages how far an import is.
	Progress func(ctx context.Context, tenant, batch int64, done, total int)
	// Metrics counts tasks; Traces makes spans of them. nil is none.
	Metrics *telemetry.Metrics
	Traces  *telemetry.Traces
	// Kinds and Clocks replace the tables of this package; tests bring their own.
	Kinds  map[string]Kind
	Clocks []Clock

	tenants sync.Map // id → known
}

// known is an organization as it was read a moment ago.
type known struct {
	tenant *tenants.Tenant
	until  time.Time
}

// knownFor bounds how long a changed setting stays unseen by a worker.
const knownFor = 5 * time.Second

// tenant reads an organization, from memory when it was read a moment ago: every
// task asks.
func (d *Deps) tenant(ctx context.Context, id int64) (*tenants.Tenant, error) {
	now := d.Root.Clock()()
	if hit, ok := d.tenants.Load(id); ok && now.Before(hit.(known).until) && now.After(hit.(known).until.Add(-2*knownFor)) {
		return hit.(known).tenant, nil
	}
	t, err := d.Root.UnscopedTenantByID(ctx, id)
	if err != nil {
		return nil, err
	}
	d.tenants.Store(id, known{t, now.Add(knownFor)})
	return t, nil
}

func (d *Deps) kind(name string) (Kind, bool) {
	if d.Kinds != nil {
		k, ok := d.Kinds[name]
		return k, ok
	}
	k, ok := kinds[name]
	return k, ok
}

func (d *Deps) clocks() []Clock {
	if d.Clocks != nil {
		return d.Clocks
	}
	return clocks
}
