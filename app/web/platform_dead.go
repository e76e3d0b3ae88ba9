package web

import (
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	deadPage   = 50   // tasks on a page
	deadAtOnce = 1000 // tasks that one press gives another life
	// deadGap parts them, so that they are no storm for the provider.
	deadGap    = 20 * time.Millisecond
	deadReason = 200 // characters
)

// deadQuery is what the page's address chooses; empty does not choose.
type deadQuery struct{ organization, kind, failure string }

func (q deadQuery) path(before int64) string {
	v := url.Values{}
	for name, value := range map[string]string{"organization": q.organization, "kind": q.kind, "failure": q.failure} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	if len(v) == 0 {
		return "/platform/dead"
	}
	return "/platform/dead?" + v.Encode()
}

// filter finds the organization of the query among all; one that does not exist
// has no tasks.
func (q deadQuery) filter(all []tenants.Tenant, before int64) tenants.DeadFilter {
	f := tenants.DeadFilter{Kind: q.kind, Failure: q.failure, Before: before}
	if q.organization == "" {
		return f
	}
	f.TenantID = -1
	for _, t := range all {
		if t.Slug == q.organization {
			f.TenantID = t.ID
		}
	}
	return f
}

func (f form) dead() deadQuery {
	return deadQuery{f.text("organization"), f.text("kind"), f.text("failure")}
}

// dead lists the tasks that were given up, with filters.
func (w *web) dead(r *req) error {
	before, _ := strconv.ParseInt(r.query("before"), 10, 64)
	m, err := r.deadList(deadQuery{r.query("organization"), r.query("kind"), r.query("failure")}, before)
	if err != nil {
		return err
	}
	p := r.frame("dead.title")
	return r.page(parts.Desk, p, views.DeadPage(p, m))
}

func (r *req) deadList(q deadQuery, before int64) (views.DeadList, error) {
	r.db.Release() // what follows takes connections of its own
	m := views.DeadList{
		Now: r.now(), Operate: r.can("platform:operate"), Clear: deadQuery{}.path(0),
		Organization: q.organization, Kind: q.kind, Failure: q.failure,
	}
	all, err := r.w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return m, err
	}
	f := q.filter(all, max(0, before))
	tasks, err := r.w.Root.UnscopedDeadTasks(r.ctx, f, deadPage+1)
	if err != nil {
		return m, err
	}
	if len(tasks) > deadPage {
		tasks = tasks[:deadPage]
		m.Next = q.path(tasks[deadPage-1].ID)
	}
	if m.Tasks = r.deadNamed(all, tasks); before > 0 {
		m.Previous = q.path(0)
	}
	counts, err := r.w.Root.UnscopedDeadCounts(r.ctx)
	r.deadChoices(&m, q, f, all, counts)
	return m, err
}

func (r *req) deadNamed(all []tenants.Tenant, tasks []tenants.Task) []views.DeadTask {
	names := make(map[int64]string, len(all))
	for _, t := range all {
		names[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	list := make([]views.DeadTask, len(tasks))
	for i, t := range tasks {
		list[i] = views.DeadTask{Task: t, Organization: names[t.TenantID]}
	}
	return list
}

// deadChoices fills the filters with what there is, and counts what they choose.
func (r *req) deadChoices(m *views.DeadList, q deadQuery, f tenants.DeadFilter, all []tenants.Tenant, counts []tenants.DeadCount) {
	has, kinds, failures := map[int64]bool{}, map[string]bool{}, map[string]bool{}
	for _, n := range counts {
		has[n.TenantID] = true
		if !kinds[n.Kind] {
			kinds[n.Kind] = true
			m.Kinds = append(m.Kinds, parts.Option{Value: n.Kind, Label: n.Kind, Selected: n.Kind == q.kind})
		}
		if !failures[n.Failure] && n.Failure != "" {
			failures[n.Failure] = true
			m.Failures = append(m.Failures, parts.Option{Value: n.Failure, Label: views.FailureName(r.ctx, n.Failure), Selected: n.Failure == q.failure})
		}
		if (f.TenantID == 0 || f.TenantID == n.TenantID) && (q.kind == "" || q.kind == n.Kind) && (q.failure == "" || q.failure == n.Failure) {
			m.Total += n.Tasks
		}
	}
	for _, t := range all {
		name := r.in(t.NameFA, t.NameEN)
		if has[t.ID] {
			m.Organizations = append(m.Organizations, parts.Option{Value: t.Slug, Label: name, Selected: t.Slug == q.organization})
		}
		if t.Slug == q.organization {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("queues.organization"), Value: name, Remove: deadQuery{"", q.kind, q.failure}.path(0)})
		}
	}
	if q.kind != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("queues.kind"), Value: q.kind, Remove: deadQuery{q.organization, "", q.failure}.path(0)})
	}
	if q.failure != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("dead.class"), Value: views.FailureName(r.ctx, q.failure), Remove: deadQuery{q.organization, q.kind, ""}.path(0)})
	}
	m.Results = r.t("dead.results", "n", messages.Number(r.ctx, m.Total))
}

// operate records an act of the platform's staff, and does it. The record comes
// first: the task is another organization's, so the two cannot share a
// transaction.
func (r *req) operate(act, kind string, id int64, detail string, do func() error) error {
	err := r.write(func(tx *tenants.Tx) error { return audit.Record(r.ctx, tx, act, kind, id, detail) })
	if err != nil {
		return err
	}
	r.db.Release()
	return do()
}

// deadReplayCreate gives every task that the filter chooses another life.
func (w *web) deadReplayCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	all, err := w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	q := f.dead()
	detail := "organization=" + q.organization + " kind=" + q.kind + " failure=" + q.failure
	err = r.operate("task:replay_all", "task", 0, detail, func() error {
		_, err := w.Root.UnscopedReplayTasks(r.ctx, q.filter(all, 0), r.now(), deadGap, deadAtOnce)
		return err
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "dead.replayed_all")
	return r.done(q.path(0))
}

// discardCreate ends a dead task for good, with a reason.
func (w *web) discardCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	q, reason := f.dead(), f.text("reason")
	if reason == "" || utf8.RuneCountInString(reason) > deadReason {
		m, err := r.deadList(q, 0)
		if err != nil {
			return err
		}
		wrong := fault.Field("reason", "dead.error.reason")
		m.Open, m.Typed, m.Wrong = id, reason, views.ErrorsOf(wrong)
		p := r.frame("dead.title")
		return r.again(wrong, parts.Desk, p, views.DeadPage(p, m))
	}
	task, err := w.Root.UnscopedDeadTask(r.ctx, id)
	if err != nil {
		return err
	}
	err = r.operate("task:discard", "task", id, task.Kind+": "+reason, func() error {
		return w.Root.UnscopedDropTask(r.ctx, id, r.now(), "discarded: "+reason)
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "dead.discarded")
	return r.done(q.path(0))
}

// clockRunCreate makes a clock due at once.
func (w *web) clockRunCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	name := f.text("clock")
	lines, err := w.Root.UnscopedClocks(r.ctx)
	if err != nil {
		return err
	}
	known := false
	for _, line := range lines {
		known = known || line.Name == name
	}
	if !known {
		return fault.New(fault.NotFound, "error.not_found")
	}
	err = r.operate("clock:run", "clock", 0, name, func() error { return w.Root.UnscopedRunClockNow(r.ctx, name, r.now()) })
	if fault.Is(err, fault.Conflict) {
		r.flash(parts.Warning, "clocks.running")
		return r.done("/platform/queues#clocks")
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "clocks.asked")
	return r.done("/platform/queues#clocks")
}
