package web

import (
	"strconv"

	"pasokh/app/audit"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deadShown is how many given-up tasks the page lists.
const deadShown = 100

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
	if m.Clocks, err = w.Root.UnscopedClocks(r.ctx); err != nil {
		return err
	}
	p := r.frame("queues.title")
	return r.page(parts.Desk, p, views.QueuesPage(p, m))
}

func (w *web) deadTasks(r *req) ([]views.DeadTask, error) {
	tasks, err := w.Root.UnscopedDeadTasks(r.ctx, deadShown)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	all, err := w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, t := range all {
		names[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	dead := make([]views.DeadTask, len(tasks))
	for i, t := range tasks {
		dead[i] = views.DeadTask{Task: t, Organization: names[t.TenantID]}
	}
	return dead, nil
}

// replayCreate gives a dead task another life. The record comes first: the task
// is another organization's, so the two cannot share a transaction.
func (w *web) replayCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		return audit.Record(r.ctx, tx, "task:replay", "task", id, strconv.FormatInt(id, 10))
	})
	if err != nil {
		return err
	}
	if err := w.Root.UnscopedReplayTask(r.ctx, id); err != nil {
		return err
	}
	r.flash(parts.Success, "queues.replayed")
	return r.done("/platform/queues")
}
