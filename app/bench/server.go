package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for creating the database

	"pasokh/app/vault"
	"pasokh/tenants"
)

// server is the real program in a process of its own, with its database.
type server struct {
	cmd      *exec.Cmd
	addr     string
	database string
	redis    string
	dir      string
	shape    string
	swept    bool // only the sweep is measured
}

const binary = "bin/pasokh"

// start makes a database of the shape and starts the program on it twice: the
// second start is the cold start that is measured.
func start(ctx context.Context, r *report, shape string) (*server, error) {
	admin, redis := os.Getenv("PASOKH_TEST_DATABASE_URL"), os.Getenv("PASOKH_TEST_REDIS_URL")
	if admin == "" || redis == "" {
		return nil, errors.New("run me by `make bench`: I need a throw-away PostgreSQL and Redis")
	}
	numbers := strings.Split(shape, "x")
	if len(numbers) < 2 {
		return nil, errors.New("a shape is tenants x cases: 100x1000000")
	}
	s := &server{addr: freeAddr(), shape: shape, redis: redis, swept: len(numbers) > 2}
	size := []string{"--tenants", numbers[0], "--cases", numbers[1]}
	if s.swept {
		size = append(size, "--open", numbers[2], "--due", strconv.Itoa(sweptCases))
	}
	var err error
	if s.dir, err = os.MkdirTemp("", "pasokh-bench"); err != nil {
		return nil, err
	}
	if err := ownKeys(s.dir); err != nil {
		return nil, err
	}
	if s.database, err = createDatabase(ctx, admin); err != nil {
		return nil, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return nil, err
	}
	r.add("binary size", float64(info.Size())/1e6, "MB", 0)
	began := time.Now()
	if err := s.scale(size...); err != nil {
		return s, err
	}
	r.add(shape+" generate", time.Since(began).Seconds(), "s", 0)
	if s.swept {
		return s, nil
	}
	for _, name := range []string{"first start", "cold start"} {
		s.stop()
		began := time.Now()
		if err := s.launch(); err != nil {
			return s, err
		}
		r.add(shape+" "+name, float64(time.Since(began).Milliseconds()), "ms", 0)
	}
	if err := fill(ctx, s.database, r); err != nil {
		return s, err
	}
	return s, analyze(ctx, s.database)
}

// ownKeys makes the keys of this database and names them to this program and,
// through its environment, to the one that is measured.
func ownKeys(dir string) error {
	path := filepath.Join(dir, "keys")
	if err := vault.Make(path); err != nil {
		return err
	}
	return os.Setenv("PASOKH_KEY_FILE", path)
}

// analyze has the database count what was filled in, as its own housekeeping
// would before a user came.
func analyze(ctx context.Context, database string) error {
	db, err := sql.Open("pgx", database)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // done with it
	_, err = db.ExecContext(ctx, "ANALYZE")
	return err
}

func (s *server) environment() []string {
	return append(os.Environ(), "PASOKH_ADDR="+s.addr, "PASOKH_DATA="+s.dir, "PASOKH_DATABASE_URL="+s.database,
		"PASOKH_REDIS_URL="+s.redis, "PASOKH_LOG_LEVEL=error")
}

// scale has the program fill its database with made-up cases.
func (s *server) scale(args ...string) error {
	cmd := exec.Command(binary, append([]string{"demo", "scale"}, args...)...) //nolint:gosec // our own program
	cmd.Env, cmd.Stdout, cmd.Stderr = s.environment(), os.Stderr, os.Stderr
	return cmd.Run()
}

func (s *server) launch() error {
	s.cmd = exec.Command(binary, "serve")
	s.cmd.Env, s.cmd.Stderr = s.environment(), os.Stderr
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return waitFor(s.addr, 10*time.Minute)
}

func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
	s.cmd = nil
}

func waitFor(addr string, limit time.Duration) error {
	client := &http.Client{Timeout: time.Second}
	for end := time.Now().Add(limit); time.Now().Before(end); {
		res, err := client.Get("http://" + addr + "/healthz")
		if err == nil {
			_ = res.Body.Close()
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("no answer from %s in %s", addr, limit)
}

func freeAddr() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String()
}

func createDatabase(ctx context.Context, admin string) (string, error) {
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return "", err
	}
	defer db.Close() //nolint:errcheck // done with it
	name := fmt.Sprintf("bench_%d", tenants.NewID())
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// memory reads what the program holds after the load.
func (s *server) memory(r *report) error {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "status"))
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			if err != nil {
				return err
			}
			r.add(s.shape+" memory after load (RSS)", kb/1024, "MiB", 0)
		}
	}
	return nil
}
