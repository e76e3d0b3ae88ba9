package audit_test

import (
	"reflect"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/tenants"
)

// busy is a reader beside which somebody acts before each of its first queries of
// one table.
type busy struct {
	tenants.Reader
	table string
	left  int
	act   func()
}

func (b *busy) Select(model any) *tenants.Query {
	if b.left > 0 && strings.Contains(reflect.TypeOf(model).String(), b.table) {
		b.left--
		b.act()
	}
	return b.Reader.Select(model)
}

// Whoever acts while the chain is walked adds lines to it, which is no tampering.
func TestAWalkBesideWorkHolds(t *testing.T) {
	for _, table := range []string{"Anchor", "head", "Entry"} {
		t.Run(table, func(t *testing.T) {
			w := dbtest.New(t)
			lines(t, w, 3)
			r := &busy{Reader: w.For(t, w.A), table: table, left: 4, act: func() { lines(t, w, 2) }}
			c, err := audit.Walk(t.Context(), r, nil)
			if err != nil || !c.Holds() || c.Good < 3 || r.left > 3 {
				t.Fatalf("%+v, %d left, %v", c, r.left, err)
			}
		})
	}
}
