// Package web turns rooms into pages: every route on one page (routes.go), one
// file per resource, and the few things every request needs (tenant, session,
// language, form token, limits, errors) each in a file of its name.
package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fetch"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/app/telemetry"
	"pasokh/policies"
	"pasokh/tenants"
	"pasokh/views"
)

// Options is what boot hands to the pages.
type Options struct {
	Root  *tenants.Root
	Book  *policies.Book
	Redis redis.UniversalClient
	Files *files.Store
	// BaseDomain is the platform's host; organizations live one label below it.
	BaseDomain string
	// BaseURL is the platform's address as people open it, "http://localhost:8080".
	// Links that leave the program are made from it, never from a request.
	BaseURL string
	// TrustedProxies lists addresses and networks whose X-Forwarded-For counts.
	TrustedProxies []string
	// Demo says that the data is made up and opens /dev.
	Demo bool
	// MapTiles is the address of a server of map tiles, with {z}, {x} and {y};
	// empty shows no map.
	MapTiles string
	// Production turns safe settings from advice into refusals.
	Production bool
	// Hasher checks passwords; the zero one is for real.
	Hasher staff.Hasher
	// Gateways opens the gateways of organizations.
	Gateways *notify.Opener
	// Queues shows the platform admin what the queue carries; nil hides it.
	Queues func(context.Context) (views.Workload, error)
	Log    *slog.Logger
	// LiveFor is how long an event stream lasts until the browser opens it again;
	// liveFor when zero.
	LiveFor time.Duration
	// DatabaseTime is how long a request waits for a database that keeps silent;
	// databaseTime when zero.
	DatabaseTime time.Duration
	// Fetch reads addresses of the outside world; nil is the guarded client.
	Fetch *fetch.Client
	// SignInFetch asks the organizations' own sign-in services; nil is the guarded
	// client.
	SignInFetch *fetch.Client
	// Resolver reads the DNS records that prove a host; nil is the system's.
	Resolver Resolver
	Version  string
	// Metrics counts requests and streams; nil counts nothing.
	Metrics *telemetry.Metrics
	// Traces makes a span of every request; nil makes none.
	Traces *telemetry.Traces
	// Stopping says that the process is about to end, so that nobody sends it
	// new visitors; nil is never.
	Stopping func() bool
	// Worker says whether the worker of this process is alive; nil when it has
	// none.
	Worker func() bool
}

// The limits of one request.
const (
	maxUpload   = 55 << 20 // five files of 10 MB and the form around them
	maxForm     = 1 << 20  // routes that do not take files
	maxHeader   = 8 << 10
	readTimeout = 30 * time.Second
	// writeTimeout lets a slow line fetch a large file; event streams end
	// before it and browsers open them again.
	writeTimeout = 5 * time.Minute
	// requestTime bounds what a request may spend on the database and Redis. When
	// a thousand people ask for the same hundred places, the last of them wait
	// for most of it; that is better than an error.
	requestTime = 20 * time.Second
	// databaseTime is how long of it may be spent waiting for a database that is
	// slow to everybody or silent: then people are told to come again.
	databaseTime = 3200 * time.Millisecond
)

// web is the handlers' receiver: what they share, and nothing per request.
type web struct {
	Options
	router  *router
	links   notify.Links
	secure  bool // people reach us over https
	proxies []netip.Prefix
	hub     *hub
	policy  string // content security policy
}

// New builds the program's whole HTTP side. It fails when a route names a
// permission that the policies do not know.
func New(o Options) (*fiber.App, error) {
	w, err := build(o)
	if err != nil {
		return nil, err
	}
	return w.router.app, nil
}

// Routes lists every route without needing a database.
func Routes(book *policies.Book, demo bool) ([]Route, error) {
	w, err := build(Options{Book: book, Demo: demo, BaseDomain: "localhost", BaseURL: "http://localhost"})
	if err != nil {
		return nil, err
	}
	return w.router.list(), nil
}

func build(o Options) (*web, error) {
	w := &web{Options: o, secure: strings.HasPrefix(o.BaseURL, "https://")}
	w.hub = &hub{redis: o.Redis, metrics: o.Metrics, changed: o.Root.Changed, rooms: map[int64]map[*listener]bool{}}
	w.DatabaseTime = cmp.Or(w.DatabaseTime, databaseTime)
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if w.links, err = notify.ParseLinks(o.BaseURL); err != nil {
		return nil, fmt.Errorf("the public address %q cannot be read: %w", o.BaseURL, err)
	}
	if w.proxies, err = prefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	w.policy = policyFor(o.MapTiles)
	w.router = newRouter(fiber.New(w.config()), o.Book.Known)
	w.router.app.Use(w.observed, w.recovered, w.guarded)
	w.routes()
	return w, w.router.err
}

// config turns off every default of Fiber that is unsafe for this program:
// reused strings, loose routing, trusted forwarding headers, endless reads.
func (w *web) config() fiber.Config {
	return fiber.Config{
		AppName: "pasokh", ServerHeader: "",
		DisableStartupMessage:        true,
		Immutable:                    true,
		StrictRouting:                true,
		CaseSensitive:                true,
		BodyLimit:                    maxUpload,
		ReadBufferSize:               maxHeader,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  2 * time.Minute,
		DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               w.TrustedProxies,
		ErrorHandler:                 w.failed,
	}
}
