package jobs

import (
	"fmt"
	"strings"
	"time"

	"github.com/hibiken/asynq"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// A task that takes long is not lost because it is not done: who is at it tells so
// with every beat of its worker, and is left alone for as long as it does.

const (
	// lookAgain is how often a task that a worker is at is looked after.
	lookAgain = time.Second
	// beatTime is how long a worker may be at a task before its beat tells of it:
	// it beats every five seconds, and is gone ten seconds after its last one.
	beatTime = 6 * time.Second
)

// isLong tells whether a task of the kind may take longer than a reaction, so that
// to run it twice at the same time is worse than to begin a little later.
func isLong(kind string) bool { return limitOf(kind) > runLimit }

// next is how the task is handed over now, or with hold how it was by somebody who
// still has it.
func (r *relay) next(last offer, same bool, row tenants.DueTask, now time.Time) (next offer, hold bool) {
	next = offer{attempts: row.Attempts, at: now, queue: row.Urgency.String()}
	if !same {
		return next, isLong(row.Kind) && r.worked(&next, row, now)
	}
	if r.inHand(&last, row, now) {
		return last, true
	}
	next.generation = last.generation + 1
	// A client remembers which queues Redis knows; Redis may have forgotten.
	r.client = asynq.NewClientFromRedisClient(r.redis)
	return next, false
}

// inHand tells whether the task that was handed over is still somebody's: it
// stands in its queue, where handing it over again would only make the queue
// longer, or a worker that lives is at it.
func (r *relay) inHand(o *offer, row tenants.DueTask, now time.Time) bool {
	in, err := r.inspector.GetTaskInfo(o.queue, o.name(row.ID))
	if err == nil && in.State == asynq.TaskStatePending {
		o.at, o.idle = now, time.Time{}
		return true
	}
	if r.worked(o, row, now) {
		return true
	}
	if !isLong(row.Kind) {
		return false
	}
	if o.idle.IsZero() {
		o.idle = now
	}
	o.at = now.Add(lookAgain - offerAgain)
	return now.Before(o.idle.Add(beatTime))
}

// worked tells whether a worker that lives is at this try of the task, whoever
// handed it over.
func (r *relay) worked(o *offer, row tenants.DueTask, now time.Time) bool {
	if r.busy == nil {
		var err error
		if r.busy, err = r.alive(); err != nil {
			r.busy = map[string]bool{} // Redis is away: handing over will say so
		}
	}
	if !r.busy[offer{attempts: row.Attempts}.name(row.ID)] {
		return false
	}
	o.at, o.idle = now.Add(lookAgain-offerAgain), time.Time{}
	return true
}

// atWorkers lists the tries that workers are at, by their first names.
func (r *relay) atWorkers() (map[string]bool, error) {
	servers, err := r.inspector.Servers()
	if err != nil {
		return nil, fault.Wrap(err, "jobs.atWorkers")
	}
	list := map[string]bool{}
	for _, s := range servers {
		for _, w := range s.ActiveWorkers {
			if parts := strings.SplitN(w.TaskID, ":", 3); len(parts) > 1 {
				list[fmt.Sprintf("%s:%s", parts[0], parts[1])] = true
			}
		}
	}
	return list, nil
}
