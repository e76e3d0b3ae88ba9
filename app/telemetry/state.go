package telemetry

import (
	"context"
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is how things stand at the moment of a scrape.
type State struct {
	Database, Redis bool // answer
	Due             int  // tasks whose time has come, up to MostDue
	Lag             time.Duration
	Dead            int
	Queues          []QueueState
	Workers         int
	Late            map[string]time.Duration // behind its time, by clock
	Pools           map[string]sql.DBStats
	LastBackup      time.Time // zero: never
}

// QueueState is one queue in Redis.
type QueueState struct {
	Name   string
	Depth  map[string]int // by state: pending, active, retry, archived
	Oldest time.Duration
}

// Look reads the state. It must be cheap: somebody scrapes every few seconds.
type Look func(context.Context) State

// lookTime bounds one look.
const lookTime = 5 * time.Second

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("pasokh_"+name, help, labels, nil)
}

var (
	databaseUp = desc("database_up", "1 when the database answers.")
	redisUp    = desc("redis_up", "1 when Redis answers.")
	outboxDue  = desc("outbox_due", "Tasks of the outbox that are due and not done, counted up to 10000.")
	outboxLag  = desc("outbox_lag_seconds", "How long the oldest due task of the outbox has waited.")
	outboxDead = desc("outbox_dead", "Tasks that were given up.")
	queueDepth = desc("queue_depth", "Tasks in a queue, by state.", "queue", "state")
	queueAge   = desc("queue_oldest_seconds", "How long the oldest task of a queue has waited.", "queue")
	workers    = desc("workers", "Worker processes at work.")
	clockLate  = desc("clock_late_seconds", "How far a periodic clock is behind its time.", "clock")
	poolOpen   = desc("database_connections", "Connections of a pool, by state.", "pool", "state")
	poolMax    = desc("database_connections_max", "Most connections that a pool may open.", "pool")
	poolWaits  = desc("database_waits_total", "How often somebody waited for a connection.", "pool")
	poolWaited = desc("database_wait_seconds_total", "How long they waited together.", "pool")
	lastBackup = desc("backup_last_success_timestamp_seconds", "When the last backup ended; 0 when there was none.")
)

type stateCollector struct{ look Look }

// Describe implements prometheus.Collector.
func (c *stateCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		databaseUp, redisUp, outboxDue, outboxLag, outboxDead, queueDepth, queueAge, workers, clockLate,
		poolOpen, poolMax, poolWaits, poolWaited, lastBackup,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *stateCollector) Collect(to chan<- prometheus.Metric) {
	if c.look == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	s := c.look(ctx)
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(databaseUp, one(s.Database))
	gauge(redisUp, one(s.Redis))
	if s.Database { // else nobody knows, and zero would say that all is well
		gauge(outboxDue, float64(s.Due))
		gauge(outboxLag, s.Lag.Seconds())
		gauge(outboxDead, float64(s.Dead))
	}
	for _, q := range s.Queues {
		for state, n := range q.Depth {
			gauge(queueDepth, float64(n), q.Name, state)
		}
		gauge(queueAge, q.Oldest.Seconds(), q.Name)
	}
	if s.Redis {
		gauge(workers, float64(s.Workers))
	}
	for name, late := range s.Late {
		gauge(clockLate, late.Seconds(), name)
	}
	for name, p := range s.Pools {
		gauge(poolOpen, float64(p.InUse), name, "used")
		gauge(poolOpen, float64(p.Idle), name, "idle")
		gauge(poolMax, float64(p.MaxOpenConnections), name)
		to <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(p.WaitCount), name)
		to <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, p.WaitDuration.Seconds(), name)
	}
	var ended float64
	if !s.LastBackup.IsZero() {
		ended = float64(s.LastBackup.Unix())
	}
	gauge(lastBackup, ended)
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
