package boot_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pasokh/app/boot"
	"pasokh/app/telemetry"
)

var (
	metricName = regexp.MustCompile(`\b(?:pasokh|go|process)_[a-z_]+`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
)

// Every metric that a panel or an alert reads is one that the program has.
func TestDashboardAndAlertsNameRealMetrics(t *testing.T) {
	known := telemetry.NewMetrics("test", nil).Names()
	exprs := append(panelExpressions(t), alertExpressions(t)...)
	if len(exprs) < 25 {
		t.Fatalf("only %d expressions were found", len(exprs))
	}
	for _, expr := range exprs {
		for _, name := range metricName.FindAllString(quoted.ReplaceAllString(expr, ""), -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s is no metric: %s", name, expr)
			}
		}
	}
}

func panelExpressions(t *testing.T) (list []string) {
	t.Helper()
	var board struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	raw, err := os.ReadFile("../../deploy/grafana-dashboard.json")
	if err == nil {
		err = json.Unmarshal(raw, &board)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			list = append(list, target.Expr)
		}
	}
	return list
}

func alertExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	raw, err := os.ReadFile("../../deploy/alerts.yaml")
	if err == nil {
		err = yaml.Unmarshal(raw, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	manual, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Groups[0].Rules {
		list = append(list, r.Expr)
		if !strings.Contains(string(manual), r.Alert) {
			t.Errorf("docs/operations.md does not say what to do about %s", r.Alert)
		}
	}
	return list
}

// A running process tells its metrics on the private address and never on the
// public one, and turns red before it stops to listen.
func TestRunningProcessIsObserved(t *testing.T) {
	c := configured(t)
	c.DebugAddr, c.Drain = freeAddress(t), "3s"
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- boot.Serve(ctx, c, false, io.Discard) }()
	if got := get(t, c.Addr, "gas.localhost", ended); got != 200 {
		t.Fatal(got)
	}
	status, text := fetched(t, "http://"+c.DebugAddr+"/metrics")
	for _, want := range []string{
		`pasokh_http_requests_total{method="GET",route="/",status="200"}`, "pasokh_outbox_lag_seconds ", "pasokh_redis_up 1", "pasokh_database_up 1",
		`pasokh_queue_depth{queue="critical",state="pending"}`, `pasokh_database_connections{`, "pasokh_build_info{", "pasokh_backup_last_success_timestamp_seconds 0", "pasokh_outbox_dead 0",
	} {
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("%d, no %s", status, want)
		}
	}
	if status, _ := fetched(t, "http://"+c.DebugAddr+"/debug/pprof/"); status != 200 {
		t.Errorf("profiles: %d", status)
	}
	if status, _ := fetched(t, "http://"+c.Addr+"/metrics"); status == 200 {
		t.Error("the metrics are public")
	}
	if status, text := fetched(t, "http://"+c.Addr+"/readyz"); status != 200 || !strings.Contains(text, `"worker":"ok"`) {
		t.Errorf("%d %s", status, text)
	}
	stop()
	for red := false; !red; { // ends with the test's own limit at the latest
		status, text = fetched(t, "http://"+c.Addr+"/readyz")
		red = status == http.StatusServiceUnavailable && strings.Contains(text, "stopping")
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func fetched(t *testing.T, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}
