package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"pasokh/app/apptest"
	"pasokh/app/boot"
	"pasokh/app/telemetry"
	"pasokh/app/web"
	"pasokh/tenants"
)

func TestLogLetsOnlyKnownKeysThrough(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLog(&out, telemetry.LogOptions{JSON: true})
	ctx := telemetry.WithRequest(context.Background(), "REQ1")
	log.With("kind", "x", "mobile", "+989121234567").InfoContext(ctx, "task",
		"task", int64(1234567890123456), "body", "secret body", slog.Group("who", "name", "زهرا"),
		"error", errors.New(`pq: value "Zahra Ahmadi" of column "national_id": ۰۴۹۹۳۷۰۸۹۹ زهرا احمدی 0499370899 a@b.ir +98 912 123 4567`),
		"result", telemetry.Private("0499370899"))
	line := out.String()
	for _, gone := range []string{"9121234567", "secret", "زهرا", "Zahra", "0499370899", "۰۴۹۹", "a@b.ir", "123 4567"} {
		if strings.Contains(line, gone) {
			t.Errorf("%q is in %s", gone, line)
		}
	}
	for _, there := range []string{`"request_id":"REQ1"`, `"kind":"x"`, `"task":1234567890123456`, `\"national_id\"`, `"result":"***"`} {
		if !strings.Contains(line, there) {
			t.Errorf("%q is not in %s", there, line)
		}
	}
	if text := fmt.Sprintf("%s %v %#v", telemetry.Private("a"), telemetry.Private("a"), telemetry.Private("a")); text != "*** *** ***" {
		t.Error(text)
	}
}

func TestShapeHasNoValues(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT "a1", t2.b FROM (SELECT * FROM "x" WHERE tenant_id = 42) AS "x" WHERE n = 'O''Hara; -- ' AND id IN (1, 2, 33)`: `SELECT "a1", t2.b FROM (SELECT * FROM "x" WHERE tenant_id = ?) AS "x" WHERE n = ? AND id IN (?`,
		`INSERT INTO "c" VALUES (1.5, 'زهرا', NULL, X'00ff', TRUE)`:                                                            `INSERT INTO "c" VALUES (?`,
	} {
		got := telemetry.Shape(query)
		if !strings.HasPrefix(got, want) || strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(got, "a1", ""), "t2", ""), "0123456789") || strings.Contains(got, "زهرا") || strings.Contains(got, "Hara") {
			t.Errorf("%s\n%s", query, got)
		}
	}
}

const (
	canaryMobile = "09123456787"
	canaryID     = "0499370899"
	canaryName   = "قناری"
)

// walk does what people do, with names and numbers to be recognized by, through
// good ways, errors and a panic.
func walk(t *testing.T, app *apptest.App) {
	t.Helper()
	c := app.Visit("alpha")
	c.Get("/")
	c.Get("/complaints/new?q=" + canaryName)
	c.Post("/my/codes", apptest.Form{"mobile": canaryMobile})
	c.Post("/my/codes", apptest.Form{"mobile": canaryMobile + "9"})
	c.Post("/session", apptest.Form{"user": canaryName, "password": canaryID})
	c.Get("/track?code=" + canaryID)
	c.Post("/track", apptest.Form{"code": canaryID, "secret": canaryMobile})
	c.Get("/nowhere/" + canaryID + "?x=" + canaryMobile)
	staff := app.Visit("alpha")
	staff.Get("/sign-in")
	staff.Post("/session", apptest.Form{"user": "pr", "password": apptest.Password("pr")})
	staff.Get("/desk?q=" + canaryName)
	staff.Post("/desk/intake", apptest.Form{"mobile": canaryMobile, "national_id": canaryID, "name": canaryName, "text": canaryName + " " + canaryMobile})
	app.Drain()
}

func TestNothingOfAPersonIsLoggedOrTraced(t *testing.T) {
	var out bytes.Buffer
	spans := tracetest.NewInMemoryExporter()
	traces := telemetry.NewTraces(sdk.NewSimpleSpanProcessor(spans), "test")
	metrics := telemetry.NewMetrics("test", nil)
	app := apptest.New(t, func(o *web.Options) {
		o.Log = telemetry.NewLog(&out, telemetry.LogOptions{Level: slog.LevelDebug})
		o.Traces, o.Metrics = traces, metrics
		boot.Trace(o.Root, traces)
	})
	walk(t, app)
	// An error of the database, with what somebody typed in it, and a panic.
	app.Root.OnStatement = func(query string) {
		if strings.Contains(query, "sessions") {
			panic("kept: " + canaryName + " " + canaryMobile)
		}
	}
	staff := app.Visit("alpha")
	staff.Get("/sign-in")
	staff.Post("/session", apptest.Form{"user": "pr", "password": apptest.Password("pr")})
	app.Root.OnStatement = nil
	if !strings.Contains(out.String(), "msg=panic") || strings.Count(out.String(), "\n") < 4 {
		t.Fatalf("the walk met no error: %s", out.String())
	}
	for line := range strings.Lines(out.String()) {
		if !strings.Contains(line, "request_id=") {
			t.Errorf("no request in %s", line)
		}
	}
	told := out.String() + seen(t, spans.GetSpans())
	for _, canary := range []string{canaryMobile, canaryMobile[1:], canaryID, canaryName, apptest.Password("pr")} {
		if strings.Contains(told, canary) {
			t.Errorf("%s was told", canary)
		}
	}
}

// seen is everything that the spans say; they must have come.
func seen(t *testing.T, spans tracetest.SpanStubs) string {
	t.Helper()
	var all strings.Builder
	servers, statements := map[string]bool{}, 0
	for _, s := range spans {
		fmt.Fprintln(&all, s.Name, s.Attributes, s.Events, s.Status)
		if !s.Parent.IsValid() {
			servers[s.SpanContext.TraceID().String()] = true
		}
	}
	for _, s := range spans {
		if s.Parent.IsValid() && servers[s.SpanContext.TraceID().String()] {
			statements++
		}
	}
	if len(servers) < 10 || statements < 20 || !strings.Contains(all.String(), "POST /my/codes") || !strings.Contains(all.String(), "db.query.text") || !strings.Contains(all.String(), "enqueued") {
		t.Errorf("%d requests and %d statements were traced:\n%.3000s", len(servers), statements, all.String())
	}
	return all.String()
}

// What tracing costs when it is off is told by comparing the two.
func BenchmarkPage(b *testing.B) {
	for name, on := range map[string]bool{"off": false, "on": true} {
		b.Run(name, func(b *testing.B) {
			app := apptest.New(b, func(o *web.Options) {
				if on {
					o.Traces = telemetry.NewTraces(sdk.NewBatchSpanProcessor(tracetest.NewNoopExporter()), "test")
					boot.Trace(o.Root, o.Traces)
				}
			})
			c := app.Visit("alpha")
			c.Get("/")
			b.ReportAllocs()
			for b.Loop() {
				c.Get("/")
			}
		})
	}
}

// Tracing that is off costs a statement, a task and a message nothing.
func TestTracingThatIsOffCostsNothing(t *testing.T) {
	app := apptest.New(t)
	db := app.Root.For(app.A)
	defer db.Release()
	ctx := context.Background()
	one := func() {
		var n int
		if err := db.Select((*tenants.Unit)(nil)).ColumnExpr("1").Limit(1).Scan(ctx, &n); err != nil {
			t.Fatal(err)
		}
	}
	least := func() float64 { // other goroutines of the process count, too
		n := testing.AllocsPerRun(50, one)
		for range 3 {
			n = min(n, testing.AllocsPerRun(50, one))
		}
		return n
	}
	off := least()
	nothing := func(error) {}
	app.Root.OnQuery = func(context.Context, string) func(error) { return nothing }
	hook := least()
	boot.Trace(app.Root, telemetry.NewTraces(sdk.NewSimpleSpanProcessor(tracetest.NewNoopExporter()), "test"))
	idle := least() // a statement outside any span
	if off > hook || idle > off+1 {
		t.Errorf("%v allocations without traces, %v with a hook that does nothing, %v outside a span", off, hook, idle)
	}
	var none *telemetry.Traces
	if n := testing.AllocsPerRun(100, func() {
		if none.On() {
			t.Error("on")
		}
	}); n != 0 {
		t.Errorf("asking costs %v", n)
	}
}
