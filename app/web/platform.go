package web

import (
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deadShown is how many given-up tasks the page lists; all have a page of their own.
const deadShown = 10

// queues shows the platform's staff what the worker carries, what it gave up,
// and its clocks. It shows kinds and reasons, never what a case says.
func (w *web) queues(r *req) error {
	r.db.Release() // what follows takes connections of its own; holding one meanwhile could starve others
	m := views.Queues{Now: r.now(), Operate: r.can("platform:operate")}
	var err error
	if w.Queues != nil {
		if m.Workload, err = w.Queues(r.ctx); err != nil {
			return err
		}
	}
	if m.Dead, err = w.deadTasks(r); err != nil {
		return err
	}
	counts, err := w.Root.UnscopedDeadCounts(r.ctx)
	if err != nil {
		return err
	}
	for _, n := range counts {
		m.Given += n.Tasks
	}
	if m.Clocks, err = w.Root.UnscopedClocks(r.ctx); err != nil {
		return err
	}
	p := r.frame("queues.title")
	return r.page(parts.Desk, p, views.QueuesPage(p, m))
}

func (w *web) deadTasks(r *req) ([]views.DeadTask, error) {
	tasks, err := w.Root.UnscopedDeadTasks(r.ctx, tenants.DeadFilter{}, deadShown)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	all, err := w.Root.UnscopedTenants(r.ctx)
	return r.deadNamed(all, tasks), err
}

// replayCreate gives a dead task another life, and goes back to the list that it
// stood in.
func (w *web) replayCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	back := "/platform/queues"
	if f, err := r.form(); err == nil && f.text("list") != "" {
		back = f.dead().path(0)
	}
	task, err := w.Root.UnscopedDeadTask(r.ctx, id)
	if err != nil {
		return err
	}
	err = r.operate("task:replay", "task", id, task.Kind, func() error { return w.Root.UnscopedReplayTask(r.ctx, id, r.now()) })
	if err != nil {
		return err
	}
	r.flash(parts.Success, "queues.replayed")
	return r.done(back)
}
