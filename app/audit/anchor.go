package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Anchor is where an organization's chain ended on a day. A chain alone cannot
// show that its end was cut off; an anchor that is kept elsewhere can.
type Anchor struct {
	tenants.BaseModel `bun:"table:audit_anchors,alias:anchor"`
	tenants.Owned
	Day  string `bun:",pk"` // of the offices' calendar, Gregorian, YYYY-MM-DD
	Seq  int64
	Hash string
	At   time.Time
}

// Drop writes down where the chain ends today, once a day; it gives the day's
// anchor, nil when the chain is empty.
func Drop(ctx context.Context, tx *tenants.Tx, day string) (*Anchor, error) {
	h := new(head)
	err := tx.Select(h).Scan(ctx)
	if fault.Is(tenants.Err(err), fault.NotFound) {
		return nil, nil //nolint:nilnil // no chain, no end
	}
	if err != nil {
		return nil, fault.Wrap(tenants.Err(err), "audit.Drop")
	}
	a := &Anchor{Day: day, Seq: h.Seq, Hash: h.Hash, At: tx.Now()}
	fresh, err := tx.InsertNew(ctx, a)
	if err != nil || fresh {
		return a, fault.Wrap(err, "audit.Drop")
	}
	a = new(Anchor)
	err = tx.Select(a).Where("anchor.day = ?", day).Scan(ctx)
	return a, fault.Wrap(tenants.Err(err), "audit.Drop")
}

// Anchors lists those in the database, oldest first.
func Anchors(ctx context.Context, r tenants.Reader) ([]Anchor, error) {
	var list []Anchor
	err := r.Select(&list).Order("anchor.day").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "audit.Anchors")
}

// Check is what a walk over the chain found.
type Check struct {
	tenants.BaseModel `bun:"table:audit_checks,alias:chk"`
	tenants.Owned
	At     time.Time
	Good   int64  // lines that hold, from the first
	Broken int64  // the first line that does not; 0: all do
	Why    string // changed, missing, head, anchor
	// Plain are the lines of before there were keys, Foreign those that another
	// deployment made: their order holds, and that they are what came here.
	Plain   int64 `bun:"-"`
	Foreign int64 `bun:"-"`
}

// Holds tells whether nothing was found.
func (c *Check) Holds() bool { return c.Broken == 0 }

// The reasons why a chain does not hold.
const (
	Changed  = "changed" // the line is not what was written, or not in its place
	Missing  = "missing" // there is no such line, but later ones
	HeadOff  = "head"    // the end that was noted is not the last line
	Anchored = "anchor"  // an anchor says otherwise
)

// walkPage is how many lines are read at once.
const walkPage = 5000

// Walk checks every line of the chain, its end, and whether it agrees with the
// anchors; each of outside, those kept outside the database, counts as one.
func Walk(ctx context.Context, r tenants.Reader, outside []Anchor) (*Check, error) {
	w, err := begin(ctx, r, outside)
	if err != nil {
		return nil, err
	}
	if err := w.all(ctx, r); err != nil || !w.check.Holds() {
		return w.check, err
	}
	if w.check.Foreign > 0 && !w.own { // nobody here has said that these came
		w.breaks(1, Changed)
	}
	return w.check, nil
}

// Arrived walks a chain that has just come from another deployment, before its
// first line of this one, which has to say mark: it stands for all lines that
// only the other deployment can prove. Empty when there are none.
func Arrived(ctx context.Context, r tenants.Reader) (c *Check, mark string, err error) {
	w, err := begin(ctx, r, nil)
	if err == nil {
		err = w.all(ctx, r)
	}
	if err != nil {
		return nil, "", err
	}
	return w.check, w.mark(), nil
}

func begin(ctx context.Context, r tenants.Reader, outside []Anchor) (*walk, error) {
	inside, err := Anchors(ctx, r)
	if err != nil {
		return nil, err
	}
	w := &walk{expect: map[int64][]string{}, check: &Check{At: r.Now()}, foreign: sha256.New()}
	for _, a := range append(inside, outside...) {
		w.expect[a.Seq] = append(w.expect[a.Seq], a.Hash)
	}
	w.key, err = keyOf(r)
	return w, err
}

// all reads page after page until the end that is noted is the last line that was
// read: whoever acts meanwhile adds lines, and the noted end moves with each.
func (w *walk) all(ctx context.Context, r tenants.Reader) error {
	for {
		last, err := noted(ctx, r)
		if err != nil {
			return err
		}
		before := w.check.Good
		if err := w.page(ctx, r); err != nil || !w.check.Holds() {
			return err
		}
		if w.check.Good == before {
			w.end(last)
			return nil
		}
	}
}

// page checks the next lines, if there are more.
func (w *walk) page(ctx context.Context, r tenants.Reader) error {
	var list []Entry
	err := r.Select(&list).Where("entry.seq > ?", w.check.Good).Order("entry.seq").Limit(walkPage).Scan(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "audit.Walk")
	}
	for i := range list {
		if !w.step(&list[i]) {
			break
		}
	}
	return nil
}

type walk struct {
	check    *Check
	previous string
	expect   map[int64][]string
	key      *key
	foreign  hash.Hash // over the lines of another deployment
	keyed    bool      // a line with a key came by
	own      bool      // a line with our own
}

// mark stands for the lines of another deployment.
func (w *walk) mark() string {
	if w.check.Foreign == 0 {
		return ""
	}
	return fmt.Sprintf("foreign %d %s", w.check.Foreign, hex.EncodeToString(w.foreign.Sum(nil)))
}

// holds tells whether the hash of a line is right. After a line with a key comes
// none without, after one of our own none of another deployment; and what came
// from there is what our first line says.
func (w *walk) holds(e *Entry) bool {
	switch e.KeyID {
	case "":
		w.check.Plain++
		return !w.keyed && e.Hash == e.plain()
	case w.key.id:
		first := !w.own
		w.keyed, w.own = true, true
		if first && w.check.Foreign > 0 && (e.Act != ActImported || !strings.HasSuffix(e.Detail, w.mark())) {
			return false
		}
		return e.Hash == w.key.sum(e)
	}
	w.keyed = true
	w.check.Foreign++
	w.foreign.Write(e.text(nil))
	w.foreign.Write([]byte("|" + e.KeyID + "|" + e.Hash + "\n"))
	return !w.own
}

// step tells whether the line holds.
func (w *walk) step(e *Entry) bool {
	next := w.check.Good + 1
	switch {
	case e.Seq != next:
		return w.breaks(next, Missing)
	case e.Previous != w.previous || !w.holds(e):
		return w.breaks(next, Changed)
	}
	for _, hash := range w.expect[e.Seq] {
		if hash != e.Hash {
			return w.breaks(e.Seq, Anchored)
		}
	}
	w.check.Good, w.previous = e.Seq, e.Hash
	return true
}

func (w *walk) breaks(at int64, why string) bool {
	w.check.Broken, w.check.Why = at, why
	return false
}

// noted is where the chain ends by the row that every new line moves.
func noted(ctx context.Context, r tenants.Reader) (*head, error) {
	h := new(head)
	err := tenants.Err(r.Select(h).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return h, nil
	}
	return h, fault.Wrap(err, "audit.Walk")
}

// end checks the end that was noted before it was seen that no more lines come,
// and that no anchor lies beyond it.
func (w *walk) end(h *head) {
	for seq := range w.expect {
		if seq > w.check.Good {
			w.breaks(w.check.Good+1, Anchored)
			return
		}
	}
	if h.Seq != w.check.Good || h.Hash != w.previous {
		w.breaks(w.check.Good+1, HeadOff)
	}
}

// Note keeps what a walk found, for the page.
func Note(ctx context.Context, tx *tenants.Tx, c *Check) error {
	fresh, err := tx.InsertNew(ctx, c)
	if err != nil || fresh {
		return fault.Wrap(err, "audit.Note")
	}
	return fault.Wrap(tx.Update(ctx, c, "at", "good", "broken", "why"), "audit.Note")
}

// State is what is known of the chain.
type State struct {
	Lines int64
	Check *Check  // the last walk; nil: none yet
	Last  *Anchor // nil: none yet
}

// StateOf reads it.
func StateOf(ctx context.Context, r tenants.Reader) (*State, error) {
	s, h, c, a := &State{}, new(head), new(Check), new(Anchor)
	if err := tenants.Err(r.Select(h).Scan(ctx)); err == nil {
		s.Lines = h.Seq
	} else if !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "audit.StateOf")
	}
	if err := tenants.Err(r.Select(c).Scan(ctx)); err == nil {
		s.Check = c
	} else if !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "audit.StateOf")
	}
	if err := tenants.Err(r.Select(a).Order("anchor.day DESC").Limit(1).Scan(ctx)); err == nil {
		s.Last = a
	} else if !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "audit.StateOf")
	}
	return s, nil
}
