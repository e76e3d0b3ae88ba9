package jobs

import (
	"slices"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// The queues, by urgency. They are few and the same for all organizations; the
// relay is fair between organizations by how it picks.
const (
	OTP      = "otp"      // a person is waiting for a sign-in code
	Critical = "critical" // a person is waiting
	Default  = "default"
	Bulk     = "bulk" // reminders
)

// weights say how often a worker looks into which queue first.
var weights = map[string]int{OTP: 10, Critical: 6, Default: 3, Bulk: 1}

// reserved are the queues that have workers of their own besides, so that no
// pile of slow reminders keeps every worker busy while a person waits.
var reserved = map[string]int{OTP: 2, Critical: 1}

// Urgency is how urgent tasks of the kind are; it is made for Root.UrgencyOf.
func (d *Deps) Urgency(kind string) tenants.Urgency {
	k, _ := d.kind(kind)
	for _, u := range tenants.Urgencies() {
		if u.String() == k.Queue {
			return u
		}
	}
	return tenants.Usual
}

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
	for _, name := range []string{OTP, Critical, Default, Bulk} {
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
		at := slices.IndexFunc(list, func(w Worker) bool { return w.Host == s.Host && w.PID == s.PID })
		if at < 0 {
			at = len(list)
			list = append(list, Worker{Host: s.Host, PID: s.PID, Started: s.Started, Status: s.Status})
		}
		list[at].Active += len(s.ActiveWorkers)
		list[at].Limit += s.Concurrency
	}
	return list, nil
}
