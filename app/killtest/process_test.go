package killtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/apptest/redistest"
	"pasokh/tenants"
)

// world is where the program lives.
type world struct {
	ctx       context.Context //nolint:containedctx // the test's own
	url, dir  string          // of the database
	orgs      []*tenants.Tenant
	redis     redis.UniversalClient // nil: inside the program, and gone with it
	binary    string
	settings  []string
	address   atomic.Value // of the pages, a string; empty: nobody is there
	processes []*process
}

func newWorld(ctx context.Context, t *testing.T, binary string) *world {
	t.Helper()
	made := dbtest.New(t)
	if err := made.Root.Close(); err != nil { // the program is alone with its database
		t.Fatal(err)
	}
	w := &world{ctx: ctx, url: made.URL, dir: made.Dir, orgs: []*tenants.Tenant{made.A, made.B}, binary: binary}
	w.settings = []string{
		"PASOKH_DATABASE_URL=" + w.url, "PASOKH_DATA=" + w.dir, "PASOKH_LOG=json",
		"PASOKH_BASE_URL=http://localhost", "PASOKH_TRUSTED_PROXIES=127.0.0.1", // every citizen has an address
	}
	w.address.Store("")
	if server := os.Getenv("PASOKH_TEST_REDIS_URL"); server != "" && w.url != "" {
		w.redis = redistest.New(t)
		w.settings = append(w.settings, "PASOKH_REDIS_URL="+numbered(t, server, w.redis))
		w.startPages(t, "--no-worker")
	}
	return w
}

// build makes the program as `make build` does, so that it is compiled once.
func build(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pasokh")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", file, "pasokh/app")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return file
}

// numbered is the server's address with the database that the client has.
func numbered(t *testing.T, server string, client redis.UniversalClient) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = fmt.Sprintf("/%d", client.(*redis.Client).Options().DB)
	return u.String()
}

// startSender starts whoever sends messages: the whole program, or the worker
// where the pages are a process of their own.
func (w *world) startSender(t *testing.T) *process {
	t.Helper()
	if w.redis == nil {
		return w.startPages(t)
	}
	return w.start(t, "127.0.0.1:0", "worker")
}

// startPages starts `pasokh serve` and waits until it answers. Somebody else
// may take the port that was free a moment ago; then there is another.
func (w *world) startPages(t *testing.T, args ...string) *process {
	t.Helper()
	for range 5 {
		address := freeAddress(t)
		p := w.start(t, address, append([]string{"serve"}, args...)...)
		await(w.ctx, t, 10*time.Millisecond, "the pages", func() bool { return p.over() || w.healthy(address) })
		if !p.over() {
			w.address.Store(address)
			return p
		}
		if !strings.Contains(string(p.output(t)), "address already in use") {
			t.Fatalf("ended at its start:\n%s", p.output(t))
		}
		w.processes = w.processes[:len(w.processes)-1]
	}
	t.Fatal("no port stays free")
	return nil
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String()
}

func (w *world) healthy(address string) bool {
	r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// process is one life of the program.
type process struct {
	cmd   *exec.Cmd
	log   string // file of its standard error output
	ended chan struct{}
}

func (w *world) start(t *testing.T, address string, args ...string) *process {
	t.Helper()
	p := &process{log: filepath.Join(t.TempDir(), "log"), ended: make(chan struct{})}
	log, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the process has its own
	p.cmd = exec.Command(w.binary, args...)
	p.cmd.Stderr = log
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "PASOKH_") }),
		append(w.settings, "PASOKH_ADDR="+address)...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.ended) }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.ended })
	w.processes = append(w.processes, p)
	return p
}

func (p *process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends whoever sends messages at once, wherever it is.
func (w *world) kill(t *testing.T, p *process) {
	t.Helper()
	if w.redis == nil {
		w.address.Store("") // somebody else may get the port
	}
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.ended
	if p.cmd.ProcessState.Exited() {
		t.Fatalf("ended by itself:\n%s", p.output(t))
	}
}

// stop ends the process as an operator does.
func (w *world) stop(t *testing.T, p *process) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await(w.ctx, t, 10*time.Millisecond, "the end", p.over)
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("ended with %d:\n%s", code, p.output(t))
	}
}

func (p *process) output(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// line is what matters of a line of the log.
type line struct {
	Msg, Key string
	Tenant   json.RawMessage // its id, or its slug in a line of the pages
}

// lines reads the log; what is no line of it (a panic) fails the test.
func (p *process) lines(t *testing.T) []line {
	t.Helper()
	var list []line
	for raw := range bytes.Lines(p.output(t)) {
		if !bytes.HasSuffix(raw, []byte("\n")) {
			break // being written
		}
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatalf("%v in the log:\n%s", err, p.output(t))
		}
		list = append(list, l)
	}
	return list
}

// carried lists the messages that this life gave to the sender.
func (p *process) carried(t *testing.T) []line {
	t.Helper()
	return slices.DeleteFunc(p.lines(t), func(l line) bool { return l.Msg != "message" })
}
