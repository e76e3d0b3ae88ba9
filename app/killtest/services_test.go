package killtest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for asking whether the server answers
	"github.com/redis/go-redis/v9"
)

// service is a server that belongs to the test alone, so that it may be killed.
type service struct {
	args   []string
	dir    string
	port   int
	last   syscall.Signal // that ends it at once
	answer func(context.Context) error
	cmd    *exec.Cmd
	ended  chan struct{}
	own    []time.Duration // from each start after a kill until it answered
}

// services are a PostgreSQL and a Redis on the loopback that live as long as
// the test. What they acknowledge survives the death of their processes;
// PostgreSQL is not asked to survive a power cut here.
type services struct{ postgres, redis *service }

func startServices(ctx context.Context, t *testing.T) *services {
	t.Helper()
	dir := serviceFolder(t)
	bin := postgresBin(t)
	data := filepath.Join(dir, "postgres")
	if out, err := asNobody(dir, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	pg := &service{dir: dir, port: freePort(t), last: syscall.SIGQUIT} // "immediate"
	pg.args = []string{
		filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(pg.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "max_connections=300", "-c", "fsync=off", "-c", "synchronous_commit=on", "-c", "restart_after_crash=off",
	}
	pg.answer = func(ctx context.Context) error {
		db, err := sql.Open("pgx", pg.postgresURL())
		if err != nil {
			return err
		}
		defer db.Close() //nolint:errcheck // only asked
		return db.PingContext(ctx)
	}
	rd := &service{dir: dir, port: freePort(t), last: syscall.SIGKILL}
	rd.args = []string{
		"redis-server", "--port", strconv.Itoa(rd.port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no",
		"--databases", "128", "--maxmemory-policy", "noeviction",
	}
	rd.answer = func(ctx context.Context) error {
		c := redis.NewClient(&redis.Options{Addr: rd.address()})
		defer c.Close() //nolint:errcheck // only asked
		return c.Ping(ctx).Err()
	}
	s := &services{pg, rd}
	for _, one := range []*service{pg, rd} {
		t.Cleanup(one.kill)
		if err := errors.Join(one.start(), one.await(ctx)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *service) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

func (s *service) postgresURL() string {
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Host: s.address(), Path: "/postgres", RawQuery: "sslmode=disable"}).String()
}

func (s *service) redisURL() string { return "redis://" + s.address() + "/0" }

// start starts the server; one that was killed a moment ago may have left
// children behind that go by themselves.
func (s *service) start() error {
	cmd := asNobody(s.dir, s.args[0], s.args[1:]...)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.cmd, s.ended = cmd, ended
	go func() { _ = cmd.Wait(); close(ended) }()
	return nil
}

// kill ends the server at once.
func (s *service) kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(s.last)
	<-s.ended
}

// await waits until the server answers; one that did not come up, because what
// is left of the one before stands in its way, is started again.
func (s *service) await(ctx context.Context) error {
	for ctx.Err() == nil {
		if s.answer(ctx) == nil {
			return nil
		}
		select {
		case <-s.ended:
			if err := s.start(); err != nil {
				return err
			}
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s: %w", filepath.Base(s.args[0]), ctx.Err())
}

// asNobody prepares a command that ends with this process; PostgreSQL refuses
// root, so root hands it to nobody.
func asNobody(dir, name string, args ...string) *exec.Cmd {
	prefix := []string{}
	if path, err := exec.LookPath("setpriv"); err == nil {
		prefix = []string{path, "--pdeathsig", "KILL"}
		if os.Getuid() == 0 {
			prefix = append(prefix, "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
		}
	}
	line := slices.Concat(prefix, []string{name}, args)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = dir
	return cmd
}

// mortal prepares a command that ends with this process, where the system can
// see to that.
func mortal(name string, args ...string) *exec.Cmd {
	path, err := exec.LookPath("setpriv")
	if err != nil {
		return exec.Command(name, args...)
	}
	return exec.Command(path, append([]string{"--pdeathsig", "KILL", name}, args...)...)
}

// serviceFolder is a folder that nobody can write into.
func serviceFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pasokh-faults")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir
	}
	who, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	id, err := strconv.Atoi(who.Uid)
	if err == nil {
		err = os.Chown(dir, id, -1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func postgresBin(t *testing.T) string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql@*/bin/initdb"} {
		found, _ := filepath.Glob(pattern) // the patterns are good
		list = append(list, found...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		list = append(list, path)
	}
	if len(list) == 0 {
		t.Fatal("PostgreSQL is missing: .ci/need postgresql")
	}
	return filepath.Dir(slices.Max(list))
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()                     //nolint:errcheck // only its number is wanted
	return l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener has no other
}

// halt and resume stop a server without ending it: it answers nobody.
func (s *service) halt()   { _ = s.cmd.Process.Signal(syscall.SIGSTOP) }
func (s *service) resume() { _ = s.cmd.Process.Signal(syscall.SIGCONT) }
