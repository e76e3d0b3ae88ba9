package killtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is one process of the real program, started again whenever it ends,
// as a supervisor does.
type program struct {
	binary, log string
	port        int
	args, env   []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan struct{}
	stayed bool // is not started again
	lives  int
	done   chan struct{}
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

// keep starts the program and goes on starting it until the test ends.
func keep(t *testing.T, binary string, env []string, args ...string) *program {
	t.Helper()
	p := &program{binary: binary, port: freePort(t), args: args, log: filepath.Join(t.TempDir(), "log"), done: make(chan struct{})}
	p.env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "PASOKH_") }),
		append(slices.Clone(env), "PASOKH_ADDR="+p.address())...)
	if err := p.launch(); err != nil {
		t.Fatal(err)
	}
	go p.supervise()
	t.Cleanup(p.leave)
	return p
}

func (p *program) address() string { return "127.0.0.1:" + strconv.Itoa(p.port) }

func (p *program) launch() error {
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the process has its own
	p.mu.Lock()
	defer p.mu.Unlock()
	cmd, ended := mortal(p.binary, p.args...), make(chan struct{})
	cmd.Stderr, cmd.Stdout, cmd.Env = log, io.Discard, p.env
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.ended = cmd, ended
	p.lives++
	go func() { _ = cmd.Wait(); close(ended) }()
	return nil
}

func (p *program) supervise() {
	defer close(p.done)
	for {
		<-p.life()
		p.mu.Lock()
		over := p.stayed
		p.mu.Unlock()
		if over {
			return
		}
		time.Sleep(20 * time.Millisecond)
		if p.launch() != nil {
			return
		}
	}
}

func (p *program) life() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// kill ends this life at once; another begins.
func (p *program) kill() {
	p.mu.Lock()
	life := p.ended
	_ = p.cmd.Process.Kill() // it may have ended by itself
	p.mu.Unlock()
	<-life
}

// stop ends this life as an operator does and gives its exit code; another begins.
func (p *program) stop() int {
	p.mu.Lock()
	cmd, life := p.cmd, p.ended
	p.mu.Unlock()
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	<-life
	return cmd.ProcessState.ExitCode()
}

// leave ends the program for good.
func (p *program) leave() {
	p.mu.Lock()
	p.stayed = true
	_ = p.cmd.Process.Kill()
	p.mu.Unlock()
	<-p.done
}

// panics lists what the program should never have said.
func (p *program) panics(t *testing.T) (list []string) {
	t.Helper()
	raw, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if strings.Contains(line, "panic") {
			list = append(list, line)
		}
	}
	return list
}

// tail is the end of what the program said.
func (p *program) tail() string {
	raw, _ := os.ReadFile(p.log)
	return string(raw[max(0, len(raw)-2000):])
}

// ready tells whether the pages answer and what they say of their surroundings.
func (p *program) ready(ctx context.Context) (status int, body string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address()+"/readyz", nil)
	if err != nil {
		return 0, err.Error()
	}
	res, err := probe.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(raw)
}

var probe = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// whole tells whether nothing is wrong around the process.
func (p *program) whole(ctx context.Context) bool {
	status, body := p.ready(ctx)
	return status == http.StatusOK && strings.Contains(body, `"status":"ok"`)
}

// until waits until it is so and tells how long that took.
func until(ctx context.Context, t *testing.T, limit time.Duration, what string, so func() bool) time.Duration {
	t.Helper()
	took, err := waited(ctx, limit, so)
	if err != nil {
		t.Errorf("waited %s in vain for %s", took.Round(time.Millisecond), what)
	}
	return took
}

func waited(ctx context.Context, limit time.Duration, so func() bool) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	for !so() {
		select {
		case <-ctx.Done():
			return time.Since(began), fmt.Errorf("in vain: %w", ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return time.Since(began), nil
}
