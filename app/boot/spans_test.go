package boot_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"pasokh/app/boot"
	"pasokh/app/citizens"
	"pasokh/app/telemetry"
	"pasokh/jobs"
	"pasokh/tenants"
)

// A task that goes through the queue has a span, what it hands to a sender has one
// below it, and both are counted: by kind, and by provider and result.
func TestTasksAndSendersAreTracedAndCounted(t *testing.T) {
	a := opened(t, configured(t))
	spans := tracetest.NewInMemoryExporter()
	a.Traces = telemetry.NewTraces(sdk.NewSimpleSpanProcessor(spans), "test")
	a.Jobs.Traces = a.Traces
	boot.Trace(a.Root, a.Traces)
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	spec.Slug = "spans"
	tenant, err := tenants.Onboard(t.Context(), a.Root, spec)
	if err != nil {
		t.Fatal(err)
	}
	s := jobs.NewServer(a.Jobs, jobs.Options{Redis: a.Redis, CheckEvery: 10 * time.Millisecond})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	db := a.Root.For(tenant)
	defer db.Release()
	err = db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := citizens.RequestCode(t.Context(), tx, citizens.CodeFor{Purpose: "sign_in", Mobile: "09121112233", Holder: strings.Repeat("a", 64)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Poke()
	kind := "task " + citizens.KindCodeRequested
	var task, send tracetest.SpanStub
	until(t, "the spans", func() bool {
		for _, span := range spans.GetSpans() {
			switch {
			case span.Name == kind:
				task = span
			case strings.HasPrefix(span.Name, "send "):
				send = span
			}
		}
		return task.Name != "" && send.Name != ""
	})
	if send.Parent.SpanID() != task.SpanContext.SpanID() {
		t.Errorf("%s stands below %s", send.Name, send.Parent.SpanID())
	}
	provider := strings.TrimPrefix(send.Name, "send ")
	var text string
	until(t, "the counters", func() bool {
		w := httptest.NewRecorder()
		a.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		text = w.Body.String()
		return strings.Contains(text, `pasokh_messages_total{provider="`+provider+`",result="accepted"} 1`) &&
			strings.Contains(text, `pasokh_tasks_total{kind="`+citizens.KindCodeRequested+`",result="done"} 1`)
	})
}
