package tenants

import (
	"slices"
	"sync/atomic"
	"time"
)

// Badges count thousands of rows for every page of every member of staff, and
// come out the same for all of an office. So what was counted is shown to the
// next ones, for a second, unless something was committed since.

// glanceFor bounds how long another process's commit may stay unseen by those
// who hear of it neither from this process nor by an announcement.
const glanceFor = time.Second

// glanceKey names numbers of one organization; what is the caller's own key.
type glanceKey struct {
	tenant int64
	what   any
}

type glance struct {
	numbers []int
	at      time.Time
	commits int64 // how many this process had seen when the counting began
}

// Glance gives the numbers that read counts, or those that were counted under
// the same key (comparable, naming everything that the numbers depend on) a
// moment ago. A transaction always counts.
func Glance(r Reader, what any, read func() ([]int, error)) ([]int, error) {
	s := r.self()
	key, commits := glanceKey{s.tenant.ID, what}, s.root.commits(s.tenant.ID).Load()
	if hit, ok := s.root.glances.Load(key); ok && !s.writes {
		if g := hit.(glance); g.commits == commits && s.now.Sub(g.at).Abs() < glanceFor {
			return slices.Clone(g.numbers), nil
		}
	}
	numbers, err := read()
	if err == nil && !s.writes {
		s.root.glances.Store(key, glance{slices.Clone(numbers), s.now, commits})
	}
	return numbers, err
}

// Changed has the next reader of an organization's numbers count them anew. The
// process's own commits do so by themselves.
func (r *Root) Changed(tenant int64) { r.commits(tenant).Add(1) }

func (r *Root) commits(tenant int64) *atomic.Int64 {
	n, ok := r.committed.Load(tenant)
	if !ok {
		n, _ = r.committed.LoadOrStore(tenant, new(atomic.Int64))
	}
	return n.(*atomic.Int64)
}
