package boot

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// serveProfiles answers metrics, the profiler and the health of the process on the
// private address, when there is one, until the function it gives is called.
func (a *App) serveProfiles() (stop func(), err error) {
	if a.Config.DebugAddr == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", a.Config.DebugAddr)
	if err != nil {
		return nil, fmt.Errorf("PASOKH_DEBUG_ADDR: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.Metrics.Handler())
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }, nil
}

// health is for whoever restarts processes that stand still, and the only one that
// a worker without pages has: its worker, where it has one, must turn.
func (a *App) health(w http.ResponseWriter, _ *http.Request) {
	if alive := a.workerAlive(); alive != nil && !alive() {
		http.Error(w, "the worker stands still", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}
