package telemetry

import (
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what happens. Labels are words of ours: route patterns, kinds,
// names of providers; never an organization, a person or a case. A nil *Metrics
// counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	streams  prometheus.Gauge
	tasks    *prometheus.CounterVec
	taskTime *prometheus.HistogramVec
	messages *prometheus.CounterVec
	arrivals *prometheus.CounterVec
	limited  *prometheus.CounterVec
	state    *stateCollector
}

// NewMetrics makes the registry; look reads the state at every scrape, nil for
// none.
func NewMetrics(version string, look Look) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pasokh_http_requests_total", Help: "Requests by route pattern, method and status."}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pasokh_http_request_duration_seconds", Help: "Time to answer, by route pattern and method.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "method"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "pasokh_live_streams", Help: "Open event streams of this process."}),
		tasks:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pasokh_tasks_total", Help: "Tasks that were run, by kind and result (done, failed, dead)."}, []string{"kind", "result"}),
		taskTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pasokh_task_duration_seconds", Help: "Time that a task took, by kind.", Buckets: []float64{.005, .025, .1, .5, 2, 10, 30},
		}, []string{"kind"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pasokh_messages_total", Help: "Messages handed to a provider, by result (accepted, failed, unknown, retry)."}, []string{"provider", "result"}),
		arrivals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pasokh_deliveries_total", Help: "What became of accepted messages, as the provider says later, by result (delivered, undelivered, unknown)."}, []string{"provider", "result"}),
		limited:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pasokh_limited_total", Help: "Requests refused because a limit was reached, by its name (codes_org and codes_all: the budgets of one-time codes)."}, []string{"limit"}),
		state:    &stateCollector{look: look},
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "pasokh_build_info", Help: "Always 1; the version is in the labels.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.streams, m.tasks, m.taskTime, m.messages, m.arrivals, m.limited, m.state, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// methods that a request may have; others count as one.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// Request counts one answer.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route, method).Observe(took.Seconds())
}

// Stream counts an event stream that opens (1) or ends (-1).
func (m *Metrics) Stream(change float64) {
	if m != nil {
		m.streams.Add(change)
	}
}

// Task counts one run of a task.
func (m *Metrics) Task(kind, result string, took time.Duration) {
	if m == nil {
		return
	}
	m.tasks.WithLabelValues(kind, result).Inc()
	m.taskTime.WithLabelValues(kind).Observe(took.Seconds())
}

// Message counts one try of a provider.
func (m *Metrics) Message(provider, result string) {
	if m != nil {
		m.messages.WithLabelValues(provider, result).Inc()
	}
}

// Delivery counts a message of which the provider has said what became of it.
func (m *Metrics) Delivery(provider, result string) {
	if m != nil {
		m.arrivals.WithLabelValues(provider, result).Inc()
	}
}

// Limited counts a request that was refused because a limit was reached.
func (m *Metrics) Limited(name string) {
	if m != nil {
		m.limited.WithLabelValues(name).Inc()
	}
}

// Handler answers scrapes; for the private address only.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
}

// Names lists every metric that there can be, those of histograms with their
// endings.
func (m *Metrics) Names() []string {
	found := make(chan *prometheus.Desc, 1000)
	m.registry.Describe(found)
	close(found)
	var list []string
	for d := range found {
		_, rest, _ := strings.Cut(d.String(), `fqName: "`)
		name, _, _ := strings.Cut(rest, `"`)
		list = append(list, name, name+"_bucket", name+"_sum", name+"_count")
	}
	slices.Sort(list)
	return list
}
