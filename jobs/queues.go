package jobs

import (
	"slices"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
)

// The queues, by urgency. They are few and the same for all organizations; the
// relay is fair between organizations by how it picks.
const (
	Critical = "critical" // a person is waiting for it: sign-in codes
	Default  = "default"
	Bulk     = "bulk" // reminders
)

// weights say how often a worker looks into which queue first.
var weights = map[string]int{Critical: 6, Default: 3, Bulk: 1}

// Queues tells the platform's operators how the work stands.
type Queues struct{ inspector *asynq.Inspector }

// NewQueues looks into the queues through a client that stays the caller's.
func NewQueues(r redis.UniversalClient) *Queues {
	return &Queues{asynq.NewInspectorFromRedisClient(r)}
}

// Queue is how one queue stands.
type Queue struct {
	Name           string
	Pending        int           // handed over, waiting for a worker
	Active         int           // with a worker
	Retry          int           // to be handed over again by the queue
	Archived       int           // given up by the queue; the outbox sends them again
	Latency        time.Duration // how long the oldest one has waited
	ProcessedToday int
	FailedToday    int
	Paused         bool
}

// Figures lists the queues in the order of their urgency; a queue that nothing
// was ever put into is all zeros.
func (q *Queues) Figures() ([]Queue, error) {
	known, err := q.inspector.Queues()
	if err != nil {
		return nil, fault.Wrap(err, "jobs.Figures")
	}
	var list []Queue
	for _, name := range []string{Critical, Default, Bulk} {
		if !slices.Contains(known, name) {
			list = append(list, Queue{Name: name})
			continue
		}
		in, err := q.inspector.GetQueueInfo(name)
		if err != nil {
			return nil, fault.Wrap(err, "jobs.Figures")
		}
		list = append(list, Queue{
			Name: name, Pending: in.Pending, Active: in.Active, Retry: in.Retry, Archived: in.Archived,
			Latency: in.Latency, ProcessedToday: in.Processed, FailedToday: in.Failed, Paused: in.Paused,
		})
	}
	return list, nil
}

// Worker is one process that takes tasks from the queues.
type Worker struct {
	Host    string
	PID     int
	Started time.Time
	Active  int
	Limit   int
	Status  string
}

// Workers lists the processes that are at work now.
func (q *Queues) Workers() ([]Worker, error) {
	servers, err := q.inspector.Servers()
	if err != nil {
		return nil, fault.Wrap(err, "jobs.Workers")
	}
	list := make([]Worker, 0, len(servers))
	for _, s := range servers {
		list = append(list, Worker{Host: s.Host, PID: s.PID, Started: s.Started, Active: len(s.ActiveWorkers), Limit: s.Concurrency, Status: s.Status})
	}
	return list, nil
}
