package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traces makes spans. A nil *Traces is switched off and costs nothing: callers
// ask On before they put anything together.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// OpenTraces sends spans by OTLP over HTTP to the address of a collector,
// http://host:4318; when that is empty, to where OTEL_EXPORTER_OTLP_ENDPOINT
// says. The other variables OTEL_… work as OpenTelemetry describes them.
func OpenTraces(ctx context.Context, endpoint, version string) (*Traces, error) {
	var options []otlptracehttp.Option
	if endpoint != "" {
		options = append(options, otlptracehttp.WithEndpointURL(endpoint))
	}
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, err
	}
	return NewTraces(sdk.NewBatchSpanProcessor(exporter), version), nil
}

// NewTraces hands every span to the processor.
func NewTraces(to sdk.SpanProcessor, version string) *Traces {
	about := resource.NewSchemaless(attribute.String("service.name", "pasokh"), attribute.String("service.version", version))
	p := sdk.NewTracerProvider(sdk.WithSpanProcessor(to), sdk.WithResource(about))
	return &Traces{p, p.Tracer("pasokh")}
}

// Close sends what is left.
func (t *Traces) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// On tells whether spans are made.
func (t *Traces) On() bool { return t != nil }

// Request begins the span of a request; its end is told what it came to.
func (t *Traces) Request(ctx context.Context, id string) (context.Context, func(method, route string, status int)) {
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("pasokh.request_id", id)))
	return ctx, func(method, route string, status int) {
		span.SetName(method + " " + route)
		span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route), attribute.Int("http.response.status_code", status))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// Statement makes the span of a statement of the database, with its shape and
// none of its values. Statements outside any span (the relay's looks) make none.
func (t *Traces) Statement(system string) func(ctx context.Context, query string) func(error) {
	return func(ctx context.Context, query string) func(error) {
		if !trace.SpanContextFromContext(ctx).IsValid() {
			return func(error) {}
		}
		shape := Shape(query)
		_, span := t.tracer.Start(ctx, verb(shape), trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(attribute.String("db.system.name", system), attribute.String("db.query.text", shape)))
		return func(err error) { end(span, err) }
	}
}

// Task begins the span of a task of the outbox. The trace that enqueued it names
// the same task in an event (Enqueued).
func (t *Traces) Task(ctx context.Context, kind string, id int64) (context.Context, func(error)) {
	ctx, span := t.tracer.Start(ctx, "task "+kind, trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("pasokh.task.kind", kind), attribute.Int64("pasokh.task.id", id)))
	return ctx, func(err error) { end(span, err) }
}

// Enqueued notes in the span of the context that it wrote a task.
func (t *Traces) Enqueued(ctx context.Context, kind string, id int64) {
	trace.SpanFromContext(ctx).AddEvent("enqueued", trace.WithAttributes(
		attribute.String("pasokh.task.kind", kind), attribute.Int64("pasokh.task.id", id)))
}

// Send begins the span of handing a message to a provider.
func (t *Traces) Send(ctx context.Context, provider, template string) (context.Context, func(error)) {
	ctx, span := t.tracer.Start(ctx, "send "+provider, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("pasokh.provider", provider), attribute.String("pasokh.template", template)))
	return ctx, func(err error) { end(span, err) }
}

// end closes a span; the text of an error may quote a person and stays out.
func end(span trace.Span, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
