package main

import (
	"regexp"
	"strings"
	"testing"
)

// Every guard of the list still stands where the list says, and there are as
// many as security.md asks for.
func TestGuardsStand(t *testing.T) {
	all, err := guards()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Errorf("%d guards, at least 30", len(all))
	}
	named := regexp.MustCompile(`-run (\S+)`)
	for _, g := range all {
		if _, err := g.changed("../.."); err != nil {
			t.Error(err)
		}
		if !named.MatchString(g.Test) || !strings.Contains(g.Test, "./") || g.On != "" && g.On != "postgres" {
			t.Errorf("%s: %q on %q", g.Name, g.Test, g.On)
		}
	}
}
