package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	"pasokh/app/audit"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/privacy"
	"pasokh/app/telemetry"
	"pasokh/app/web"
	"pasokh/jobs"
	"pasokh/policies"
	"pasokh/tenants"
)

// gcPercent lets the heap, which is small, grow to four times what lives in it
// before it is collected: pages are short-lived garbage.
const gcPercent = 300

// App is the program, built and not yet started.
type App struct {
	Config Config
	Log    *slog.Logger
	Root   *tenants.Root
	Redis  *Redis
	Book   *policies.Book
	Files  *files.Store
	Jobs   *jobs.Deps
	Queues *jobs.Queues
	// Metrics are counted always; they are seen on the private address only.
	Metrics *telemetry.Metrics
	Traces  *telemetry.Traces // nil: off

	stopping *atomic.Bool
	worker   *atomic.Pointer[jobs.Server] // of this process; nil: none
	// Gateways opens those of the organizations.
	Gateways *notify.Opener
}

// Open builds the program from its configuration, with the schema brought up to
// date. Close gives everything back.
func Open(ctx context.Context, c Config, logTo io.Writer) (*App, error) {
	a := &App{Config: c, Log: newLog(c, logTo), stopping: new(atomic.Bool), worker: new(atomic.Pointer[jobs.Server])}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	for _, name := range c.unknown {
		a.Log.Warn("nothing reads this variable", "variable", name)
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	if a.Book, err = policies.Load(); err != nil {
		return err
	}
	if a.Root, err = openDatabase(ctx, a.Config); err != nil {
		return err
	}
	if err := a.watch(ctx); err != nil {
		return err
	}
	applied, err := migrate(ctx, a.Root, a.Config)
	if err != nil {
		return err
	}
	for _, name := range applied {
		a.Log.Info("migrated", "migration", name)
	}
	if err := sealExisting(ctx, a.Root, a.Log); err != nil {
		return err
	}
	if a.Files, err = files.OpenStore(filepath.Join(a.Config.Data, "files")); err != nil {
		return err
	}
	if a.Files.Scanner, err = a.Config.scanner(a.Log); err != nil {
		return err
	}
	if a.Redis, err = OpenRedis(ctx, a.Config.RedisURL); err != nil {
		return err
	}
	a.Queues = jobs.NewQueues(a.Redis)
	if a.Gateways, err = openGateways(a.Config, a.Root.Keys()); err != nil {
		return err
	}
	links, err := notify.ParseLinks(a.Config.BaseURL)
	if err != nil {
		return err
	}
	a.Jobs = &jobs.Deps{Root: a.Root, Post: &notify.Post{Sender: a.sender(), Links: links, Hears: inbound.Hears, Gateways: a.Gateways, Watch: a.sending, Learned: a.learned, Told: a.told}, Files: a.Files, Log: a.Log, Program: Version(), Progress: a.progress, Anchors: audit.NewLedger(a.Config.anchorFile()),
		Erasures: privacy.NewLedger(a.Config.erasureFile()),
		Metrics:  a.Metrics, Traces: a.Traces}
	a.Root.UrgencyOf = a.Jobs.Urgency
	return nil
}

// progressFor is how long the word of a job that was cut short stays.
const progressFor = time.Hour

// progress tells open pages how far an import is; a word that is lost is
// followed by another.
func (a *App) progress(ctx context.Context, tenant, batch int64, done, total int) {
	a.Redis.Set(ctx, web.ImportKey(tenant, batch), fmt.Sprintf("%d/%d", done, total), progressFor)
}

// told tells open pages that somebody has something new behind the bell; a word
// that is lost costs a moment.
func (a *App) told(tenant int64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	a.Redis.Publish(ctx, web.LiveKey(tenant), "")
}

// sender carries the messages of organizations without a gateway; nil: nobody.
func (a *App) sender() notify.Sender {
	if a.Config.Sender == "none" {
		return nil
	}
	return &notify.Console{Redis: a.Redis, Log: a.Log, Show: a.Config.Demo, Clock: a.Root.Clock()}
}

// Close gives everything back that was opened.
func (a *App) Close() error {
	errs := []error{a.closeTraces()}
	if a.Redis != nil {
		errs = append(errs, a.Redis.Close())
	}
	if a.Files != nil {
		errs = append(errs, a.Files.Close())
	}
	if a.Root != nil {
		errs = append(errs, a.Root.Close())
	}
	return errors.Join(errs...)
}
