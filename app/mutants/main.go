// Command mutants takes one guard away at a time and runs the tests that must
// notice (security.md, section 4.11). The guards stand in guards.yaml; the tree
// itself is never touched: the compiler is handed the changed file instead.
//
//	go run ./app/mutants [-only expression] [-time duration]
//
// A mutant that no test notices, or that does not compile, ends it with 1.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed guards.yaml
var list []byte

// guard is one line of defence and how it is taken away.
type guard struct {
	Name string
	File string // from the root of the tree
	From string // stands there exactly once
	To   string
	Test string // packages and flags of go test that must fail without it
	On   string // "postgres" when SQLite has no such guard; else SQLite
}

func guards() ([]guard, error) {
	var all []guard
	read := yaml.NewDecoder(bytes.NewReader(list))
	read.KnownFields(true)
	return all, read.Decode(&all)
}

// changed is the guard's file without the guard.
func (g *guard) changed(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, g.File)) //nolint:gosec // a file of the tree
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(text, []byte(g.From)); n != 1 || g.From == g.To {
		return nil, fmt.Errorf("%s: %q stands %d times in %s", g.Name, g.From, n, g.File)
	}
	return bytes.Replace(text, []byte(g.From), []byte(g.To), 1), nil
}

func main() {
	only := flag.String("only", "", "guards whose name matches this expression")
	most := flag.Duration("time", 5*time.Minute, "for one mutant")
	flag.Parse()
	if err := run(*only, *most); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(only string, most time.Duration) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	all, err := guards()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	tried, lived := 0, 0
	for i := range all {
		if !wanted.MatchString(all[i].Name) {
			continue
		}
		began := time.Now() //nolint:forbidigo // how long it takes is shown
		caught, err := all[i].try(dir, most)
		word := "caught"
		if tried++; !caught {
			word, lived = "LIVED", lived+1
		}
		if err != nil { // it did not compile, or nothing ran in time: nothing is shown by it
			fmt.Fprintln(os.Stderr, err)
			word = "BROKEN"
		}
		_, _ = fmt.Fprintf(os.Stdout, "%2d %-6s %5.1f s  %s\n", i+1, word, time.Since(began).Seconds(), all[i].Name) //nolint:forbidigo // as above
	}
	_, _ = fmt.Fprintf(os.Stdout, "%d guards taken away, %d noticed\n", tried, tried-lived)
	if lived > 0 {
		return fmt.Errorf("%d mutants lived", lived)
	}
	return nil
}

// try tells whether the tests notice.
func (g *guard) try(dir string, most time.Duration) (caught bool, err error) {
	text, err := g.changed(".")
	if err != nil {
		return false, err
	}
	here, err := filepath.Abs(g.File)
	if err != nil {
		return false, err
	}
	file, overlay := filepath.Join(dir, "file"), filepath.Join(dir, "overlay.json")
	swap, err := json.Marshal(map[string]map[string]string{"Replace": {here: file}})
	if err = errors.Join(err, os.WriteFile(file, text, 0o600), os.WriteFile(overlay, swap, 0o600)); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	packages, flags := g.tests()
	for _, p := range packages { // one after another: the first that notices spares the others
		if caught, err = g.noticed(ctx, append([]string{"test", "-overlay", overlay, "-count=1", "-failfast", "-vet=off", "-ldflags=-w", p}, flags...)); caught || err != nil {
			return caught, err
		}
	}
	return false, nil
}

// tests are the packages and the flags of the tests that must fail.
func (g *guard) tests() (packages, flags []string) {
	for i, word := range strings.Fields(g.Test) {
		if !strings.HasPrefix(word, "./") {
			return packages, strings.Fields(g.Test)[i:]
		}
		packages = append(packages, word)
	}
	return packages, nil
}

// noticed runs tests without the guard.
func (g *guard) noticed(ctx context.Context, args []string) (bool, error) {
	test := exec.CommandContext(ctx, "go", args...) //nolint:gosec // our own list
	if test.Env = os.Environ(); g.On != "postgres" {
		test.Env = slices.DeleteFunc(test.Env, func(v string) bool { return strings.HasPrefix(v, "PASOKH_TEST_DATABASE_URL=") })
	} else if os.Getenv("PASOKH_TEST_DATABASE_URL") == "" {
		return false, fmt.Errorf("%s: needs PostgreSQL, use make mutants", g.Name)
	}
	out, failed := test.CombinedOutput()
	switch {
	case failed == nil:
		return false, nil
	case bytes.Contains(out, []byte("build failed")) || bytes.Contains(out, []byte("setup failed")) || !bytes.Contains(out, []byte("--- FAIL")) && !bytes.Contains(out, []byte("panic:")):
		return false, fmt.Errorf("%s: the tests did not run:\n%s", g.Name, tail(out))
	}
	return true, nil
}

func tail(out []byte) []byte { return out[max(0, len(out)-2000):] }
