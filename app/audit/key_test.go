package audit_test

import (
	"database/sql"
	"fmt"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
)

// all reads the chain of A from its first line.
func all(t *testing.T, w *dbtest.World) []audit.Entry {
	t.Helper()
	var list []audit.Entry
	if err := w.For(t, w.A).Select(&list).Order("entry.seq").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return list
}

// rewrite writes the lines from seq on anew, one after the other, as somebody
// does who has the database and the source but no key.
func rewrite(t *testing.T, w *dbtest.World, db *sql.DB, from int64, change func(*audit.Entry)) {
	t.Helper()
	previous := ""
	for _, e := range all(t, w) {
		if e.Seq >= from {
			e.Previous = previous
			change(&e)
			e.Hash = audit.Plain(&e)
			run(t, db, fmt.Sprintf("UPDATE audit_entries SET actor_id = %d, previous = '%s', hash = '%s', key_id = '%s' WHERE tenant_id = %d AND seq = %d",
				e.ActorID, e.Previous, e.Hash, e.KeyID, w.A.ID, e.Seq))
		}
		previous = e.Hash
	}
	run(t, db, fmt.Sprintf("UPDATE audit_heads SET hash = '%s' WHERE tenant_id = %d", previous, w.A.ID))
}

// Whoever has the database alone makes no line that holds: neither as one of
// before there were keys, nor as one of another deployment, nor as one of ours.
func TestNobodyForgesALineWithoutTheKey(t *testing.T) {
	for name, as := range map[string]string{"ours": "=", "of before": "", "foreign": "1.0123456789abcdef"} {
		for _, from := range []int64{1, 9} {
			if from == 1 && as == "" {
				continue // a whole chain of before: the anchors outside know
			}
			t.Run(fmt.Sprint(name, from), func(t *testing.T) {
				w := dbtest.New(t)
				lines(t, w, 20)
				rewrite(t, w, owner(t, w), from, func(e *audit.Entry) {
					if e.ActorID = 77; as != "=" {
						e.KeyID = as
					}
				})
				if c := walk(t, w, nil); c.Broken != from {
					t.Errorf("broken at %d (%s), want %d", c.Broken, c.Why, from)
				}
			})
		}
	}
}

// Lines of before there were keys hold still, and the chain goes on with a key.
func TestOldLinesHold(t *testing.T) {
	w := dbtest.New(t)
	lines(t, w, 5)
	db := owner(t, w)
	rewrite(t, w, db, 1, func(e *audit.Entry) { e.KeyID = "" })
	old := walk(t, w, nil)
	lines(t, w, 5)
	c := walk(t, w, nil)
	if !old.Holds() || !c.Holds() || c.Plain != old.Good || c.Good != old.Good+5 {
		t.Fatal(old, c)
	}
	run(t, db, fmt.Sprintf("UPDATE audit_entries SET detail = 'x' WHERE tenant_id = %d AND seq = 2", w.A.ID))
	if c := walk(t, w, nil); c.Broken != 2 {
		t.Error(c)
	}
}
