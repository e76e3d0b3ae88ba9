// Command bench measures the hot paths of the real binary on a throw-away
// PostgreSQL and Redis, each beside a bare Fiber handler in the same run. It
// prints one line per figure and writes the same as JSON lines to BENCH_OUT.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

const (
	warm     = time.Second
	measured = 5 * time.Second
	clients  = 16
	cases    = 10_000
)

// figure is one line: what was measured, and how it stands to its ceiling (0
// when there is none).
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Ratio float64 `json:"ratio,omitempty"`
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "bare" {
		bare(os.Args[2])
		return
	}
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// report prints a figure and keeps it.
type report struct {
	out io.Writer
	err error
}

func (r *report) add(name string, value float64, unit string, ratio float64) {
	share := ""
	if ratio > 0 {
		share = fmt.Sprintf("%.2f", ratio)
	}
	fmt.Printf("%-34s %12.2f %-12s %s\n", name, value, unit, share)
	if r.out == nil || r.err != nil {
		return
	}
	r.err = json.NewEncoder(r.out).Encode(figure{name, value, unit, ratio})
}

func run(ctx context.Context) error {
	r := &report{}
	if path := os.Getenv("BENCH_OUT"); path != "" {
		f, err := os.Create(path) //nolint:gosec // the caller names its own file
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // the encoder's error is reported
		r.out = f
	}
	s, err := start(ctx, r)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.pages(ctx, r); err != nil {
		return err
	}
	if err := s.memory(r); err != nil {
		return err
	}
	return r.err
}
