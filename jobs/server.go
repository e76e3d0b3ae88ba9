package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
	"pasokh/app/notify"
)

// Options of a server.
type Options struct {
	Redis       redis.UniversalClient
	Concurrency int           // reactions at once; 0 = 8
	CheckEvery  time.Duration // how often an idle worker looks for tasks; 0 = 20 ms
	StopLimit   time.Duration // how long running reactions may take at the stop; 0 = 8 s
}

// Server is one worker process: relay, queue and clocks.
type Server struct {
	deps  *Deps
	opts  Options
	queue *asynq.Server
	quick *asynq.Server // of the reserved queues
	relay *relay
	stop  context.CancelFunc
	loops sync.WaitGroup
}

// NewServer makes a worker; Start sets it going.
func NewServer(d *Deps, o Options) *Server {
	if o.Concurrency == 0 {
		o.Concurrency = 8
	}
	if o.CheckEvery == 0 {
		o.CheckEvery = 20 * time.Millisecond
	}
	if o.StopLimit == 0 {
		o.StopLimit = 8 * time.Second
	}
	if d.Post != nil && d.Post.Lanes == nil {
		d.Post.Lanes = notify.NewLanes((o.Concurrency + quickOf(o.Concurrency)) / 2)
	}
	return &Server{deps: d, opts: o, relay: newRelay(d, o.Redis)}
}

// Poke says that the outbox has a new task, so that it need not wait for the
// relay's next look. It is made for Root.OnEnqueue.
func (s *Server) Poke() { s.relay.poke() }

// Start begins to relay, to run tasks and to tick, and returns.
func (s *Server) Start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.queue = s.workers(s.opts.Concurrency, weights)
	s.quick = s.workers(quickOf(s.opts.Concurrency), reserved)
	if err := errors.Join(s.queue.Start(asynq.HandlerFunc(s.handle)), s.quick.Start(asynq.HandlerFunc(s.handle))); err != nil {
		s.stop()
		return fault.Wrap(err, "jobs.Start")
	}
	s.relay.looked.Store(s.deps.Root.Clock()().UnixNano())
	s.loops.Go(func() { s.relay.run(ctx) })
	s.loops.Go(func() { s.relay.listen(ctx) })
	s.loops.Go(func() { newTicker(s.deps).run(ctx) })
	return nil
}

// quickOf is how many workers the reserved queues have besides: with all others
// they are those that codes may have, of which one gateway gets half.
func quickOf(concurrency int) int { return max(1, concurrency/4) }

func (s *Server) workers(n int, queues map[string]int) *asynq.Server {
	return asynq.NewServerFromRedisClient(s.opts.Redis, asynq.Config{
		Concurrency: n, Queues: queues,
		TaskCheckInterval: s.opts.CheckEvery, DelayedTaskCheckInterval: time.Second,
		ShutdownTimeout: s.opts.StopLimit,
		RetryDelayFunc:  func(int, error, *asynq.Task) time.Duration { return 2 * time.Second },
		Logger:          queueLog{s.deps.Log}, LogLevel: asynq.WarnLevel,
	})
}

// Stop hands nothing over any more, lets running reactions end within the
// limit, and returns when all is still. What was cut short is run again by
// whoever is left.
func (s *Server) Stop() {
	if s.queue == nil {
		return
	}
	s.queue.Stop()
	s.quick.Stop()
	s.stop()
	s.loops.Wait()
	var both sync.WaitGroup
	both.Go(s.queue.Shutdown)
	both.Go(s.quick.Shutdown)
	both.Wait()
}

// handle is the one handler of the queue: the payload only names the task.
func (s *Server) handle(ctx context.Context, t *asynq.Task) error {
	var p payload
	if err := json.Unmarshal(t.Payload(), &p); err != nil {
		return fmt.Errorf("payload: %w: %w", err, asynq.SkipRetry)
	}
	ended := func(error) {}
	if s.deps.Traces.On() {
		ctx, ended = s.deps.Traces.Task(ctx, t.Type(), p.TaskID)
	}
	o, err := Run(ctx, s.deps, p.TenantID, p.TaskID)
	ended(errors.Join(o.Failure, err))
	s.log(ctx, p, t.Type(), o, err)
	s.count(o)
	s.relay.ran()
	return err
}

// count tells the metrics of a run; a task that was not due was none.
func (s *Server) count(o Outcome) {
	if o.Kind == "" {
		return
	}
	result := "done"
	if o.Failure != nil {
		result = "failed"
		if o.Dead {
			result = "dead"
		}
	}
	s.deps.Metrics.Task(o.Kind, result, o.Took)
}

// stillFor is how long the relay may be silent before the worker counts as
// stuck: it looks five times a second, and a look at a slow database ends by
// itself long before.
const stillFor = 30 * time.Second

// Alive tells whether the worker's loop goes round.
func (s *Server) Alive() bool {
	return s.deps.Root.Clock()().UnixNano()-s.relay.looked.Load() < int64(stillFor)
}

func (s *Server) log(ctx context.Context, p payload, kind string, o Outcome, err error) {
	log := s.deps.Log.With("kind", kind, "tenant", p.TenantID, "task", p.TaskID)
	switch {
	case err != nil:
		log.ErrorContext(ctx, "task not noted, will be run again", "error", err)
	case o.Failure != nil:
		log.WarnContext(ctx, "task failed", "error", o.Failure, "ms", o.Took.Milliseconds())
	case o.Kind != "":
		log.InfoContext(ctx, "task", "result", o.Result, "ms", o.Took.Milliseconds())
	}
}

// queueLog lets the queue write into our log.
type queueLog struct{ log *slog.Logger }

func (l queueLog) Debug(args ...any) { l.log.Debug("queue", "text", fmt.Sprint(args...)) }
func (l queueLog) Info(args ...any)  { l.log.Info("queue", "text", fmt.Sprint(args...)) }
func (l queueLog) Warn(args ...any)  { l.log.Warn("queue", "text", fmt.Sprint(args...)) }
func (l queueLog) Error(args ...any) { l.log.Error("queue", "text", fmt.Sprint(args...)) }
func (l queueLog) Fatal(args ...any) { l.log.Error("queue", "text", fmt.Sprint(args...)) }
