// Command bench measures the hot paths of the real binary on a throw-away
// PostgreSQL and Redis, each beside a bare Fiber handler in the same run. It
// prints one line per figure and writes the same as JSON lines to BENCH_OUT.
//
// BENCH_SHAPES names the databases to measure on, tenants×cases, the first
// being the one that others are compared with. A third number is how many in a
// hundred are open; then the sweep is measured, of ten thousand that are due,
// instead of the pages.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

const (
	warm     = time.Second
	measured = 5 * time.Second
	clients  = 16
	shapes   = "1x10000,100x1000000,100x1000000x100"
	// sweptCases is how many cases are due where the sweep is measured.
	sweptCases = 10_000
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
	err := error(nil)
	if len(os.Args) > 3 && os.Args[1] == "bare" {
		err = bare(os.Args[2], os.Args[3])
	} else {
		err = run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// report prints a figure and keeps it.
type report struct {
	out   io.Writer
	err   error
	first map[string]float64 // of the first shape, by name

	booked bool // booking was measured
}

func (r *report) add(name string, value float64, unit string, ratio float64) {
	share := ""
	if ratio > 0 {
		share = fmt.Sprintf("%.2f", ratio)
	}
	fmt.Printf("%-48s %12.2f %-10s %s\n", name, value, unit, share)
	if r.out == nil || r.err != nil {
		return
	}
	r.err = json.NewEncoder(r.out).Encode(figure{name, value, unit, ratio})
}

// grown is add for a figure whose growth with the database matters: the ratio
// of a later shape is to the first one.
func (r *report) grown(shape, name string, value float64, unit string) {
	base, later := r.first[name]
	if !later {
		r.first[name] = value
	}
	r.add(shape+" "+name, value, unit, map[bool]float64{true: value / max(base, 1e-9)}[later])
}

func run(ctx context.Context) error {
	r := &report{first: map[string]float64{}}
	if path := os.Getenv("BENCH_OUT"); path != "" {
		f, err := os.Create(path) //nolint:gosec // the caller names its own file
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // the encoder's error is reported
		r.out = f
	}
	list := os.Getenv("BENCH_SHAPES")
	if list == "" {
		list = shapes
	}
	for shape := range strings.SplitSeq(list, ",") {
		if err := measure(ctx, r, shape); err != nil {
			return fmt.Errorf("%s: %w", shape, err)
		}
	}
	return r.err
}

// measure fills a database of the shape and measures on it.
func measure(ctx context.Context, r *report, shape string) error {
	s, err := start(ctx, r, shape)
	if err != nil {
		return err
	}
	defer s.stop()
	if s.swept {
		return s.sweep(ctx, r)
	}
	if err := s.pages(ctx, r); err != nil {
		return err
	}
	if len(r.first) > 0 && !r.booked {
		r.booked = true // does not depend on how many cases there are
		if err := s.booking(ctx, r); err != nil {
			return err
		}
	}
	return s.memory(r)
}
