package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/jobs"
)

const (
	webStopLimit  = 10 * time.Second // for requests under way
	jobsStopLimit = 8 * time.Second  // for tasks under way
)

// Serve runs the pages, and the worker with them unless noWorker, until the
// process is told to stop. out is for people: addresses and accounts.
func Serve(ctx context.Context, c Config, noWorker bool, out io.Writer) error {
	began := time.Now()
	if noWorker && c.RedisURL == "" {
		return errors.New("--no-worker needs PASOKH_REDIS_URL: the Redis inside this process has no other worker")
	}
	return run(ctx, c, func(ctx context.Context, a *App) error {
		if err := a.furnish(ctx, out); err != nil {
			return err
		}
		// The port is taken first, so that a taken one is the first thing said.
		listener, err := net.Listen("tcp", c.Addr)
		if err != nil {
			return fmt.Errorf("PASOKH_ADDR: %w", err)
		}
		stopPolicies, err := a.followPolicies(ctx)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer stopPolicies()
		stopWorker, err := a.startWorkerUnless(ctx, noWorker)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer stopWorker()
		a.welcome(out, time.Since(began))
		return a.serve(ctx, listener)
	})
}

// Work runs a worker and no pages until the process is told to stop.
func Work(ctx context.Context, c Config) error {
	if c.RedisURL == "" {
		return errors.New("a worker of its own needs PASOKH_REDIS_URL: the Redis inside another process cannot be reached")
	}
	return run(ctx, c, func(ctx context.Context, a *App) error {
		stop, err := a.startWorker(ctx)
		if err != nil {
			return err
		}
		defer stop()
		a.Log.Info("worker ready", "tasks_at_once", c.Workers)
		<-ctx.Done()
		return nil
	})
}

// run opens the program, refuses what is unsafe, runs fn until it ends or the
// process is told to stop, and closes. A second signal ends the process at once.
func run(ctx context.Context, c Config, fn func(context.Context, *App) error) (err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a, err := Open(ctx, c, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	redis.SetLogger(redisLog{a.Log})
	if err := a.refuse(ctx); err != nil {
		return err
	}
	stopProfiles, err := a.serveProfiles()
	if err != nil {
		return err
	}
	defer stopProfiles()
	return fn(ctx, a)
}

// startWorkerUnless starts the worker, or only what wakes those of other
// processes.
func (a *App) startWorkerUnless(ctx context.Context, noWorker bool) (stop func(), err error) {
	if !noWorker {
		return a.startWorker(ctx)
	}
	p := jobs.NewPoker(a.Redis)
	a.Root.OnEnqueue = p.Poke
	return p.Stop, nil
}

// startWorker starts relay, queue and clocks; the function it gives stops them.
func (a *App) startWorker(ctx context.Context) (stop func(), err error) {
	check := 20 * time.Millisecond
	if a.Redis.Inside {
		check = 100 * time.Millisecond // its idle looks cost our own time
	}
	s := jobs.NewServer(a.Jobs, jobs.Options{
		Redis: a.Redis, Concurrency: a.Config.Workers, CheckEvery: check, StopLimit: jobsStopLimit,
	})
	a.Root.OnEnqueue = s.Poke
	a.worker.Store(s)
	if err := s.Start(ctx); err != nil {
		return nil, err
	}
	return s.Stop, nil
}

// serve answers requests until ctx ends; requests under way may end within the
// limit.
func (a *App) serve(ctx context.Context, listener net.Listener) error {
	pages, err := a.pages()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	listener, authority, err := a.encrypted(listener)
	if err != nil {
		return err
	}
	stopPlain, err := a.plain(authority)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer stopPlain()
	failed := make(chan error, 1)
	go func() { failed <- pages.Listener(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	a.Log.Info("stopping")
	a.stopping.Store(true)
	a.letGo()
	if err := pages.ShutdownWithTimeout(webStopLimit); err != nil {
		a.Log.Warn("requests were cut off", "error", err)
	}
	return <-failed
}
