package complaints

import (
	"context"
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Rewind winds a page of open cases after the cursor, in the order of the case
// lists, and writes those whose clocks are no more what the row keeps. It gives
// the cursor of the next page, zero when there is none, and how many changed.
// Only cases that count working hours can change. One run over all pages leaves
// no stale clock; a second one changes nothing.
func Rewind(ctx context.Context, tx *tenants.Tx, after Cursor, limit int) (next Cursor, changed int, err error) {
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return next, 0, err
	}
	classes, err := tenants.AllClasses(ctx, tx)
	if err != nil {
		return next, 0, err
	}
	page, err := woundCases(ctx, tx, classes, hours, after, limit)
	if err != nil {
		return next, 0, err
	}
	for i := range page {
		w := &page[i]
		if !w.moved() {
			continue
		}
		changed++
		if err := rewind(ctx, tx, w.ID); err != nil {
			return next, 0, err
		}
	}
	if len(page) == limit {
		last := &page[len(page)-1]
		next = Cursor{Due: last.DueAt, ID: last.ID}
	}
	return next, changed, nil
}

// rewind winds one case again, from a row that is locked now.
func rewind(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil || !c.Open() {
		return err
	}
	until := c.AskedUntil
	if err := wound(ctx, tx, c); err != nil {
		return err
	}
	return c.askedAnew(ctx, tx, until)
}

// askedAnew plans the reminder of the citizen and the end of the pause again
// when the pause does not end any more when it did.
func (c *Complaint) askedAnew(ctx context.Context, tx *tenants.Tx, until *time.Time) error {
	if until == nil || c.AskedUntil == nil || until.Equal(*c.AskedUntil) {
		return nil
	}
	events, err := timeline.Of(ctx, tx, c.Subject(), false)
	for i := len(events) - 1; err == nil && i >= 0; i-- {
		if events[i].Kind == "complaint.asked" {
			return c.remindLater(ctx, tx, &events[i])
		}
	}
	return err
}

// woundCase is an open case as it is kept and as the hours wind it.
type woundCase struct {
	Complaint
	class  *tenants.SLAClass
	events []timeline.Event
	change []ClassChange
	now    Clocks
}

// moved tells whether the row keeps other times than its events give.
func (w *woundCase) moved() bool {
	return !w.PromisedAt.Equal(w.now.Promised) || !w.DueAt.Equal(w.now.Due) ||
		!sameTime(w.UnitDueAt, w.now.UnitDue) || !sameTime(w.AskedUntil, w.now.AskedUntil)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// woundCases reads a page of open cases that count working hours, with their
// events in one statement, and winds them.
func woundCases(ctx context.Context, r tenants.Reader, classes map[int64]*tenants.SLAClass, hours tenants.WorkingTime, after Cursor, limit int) ([]woundCase, error) {
	var working []int64
	for id, class := range classes {
		if class.Working() {
			working = append(working, id)
		}
	}
	if len(working) == 0 {
		return nil, nil
	}
	var rows []Complaint
	q := r.Select(&rows).Where("c.state <> 'closed' AND c.sla_class_id IN (?)", tenants.In(working)).Order("c.due_at", "c.id").Limit(int64(limit))
	if after.ID != 0 {
		q = q.Where("(c.due_at, c.id) > (?, ?)", after.Due, after.ID)
	}
	if err := q.Scan(ctx); err != nil || len(rows) == 0 {
		return nil, tenants.Err(err)
	}
	ids := make([]ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	var events []timeline.Event
	err := r.Select(&events).Where("event.subject_kind = 'complaint' AND event.subject_id IN (?)", tenants.In(ids)).Order("event.id").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	of := make(map[ID][]timeline.Event, len(rows))
	for i := range events {
		of[events[i].SubjectID] = append(of[events[i].SubjectID], events[i])
	}
	changes, err := changesOf(ctx, r, classes, events)
	if err != nil {
		return nil, err
	}
	list := make([]woundCase, len(rows))
	for i := range rows {
		w := woundCase{Complaint: rows[i], class: classes[rows[i].SLAClassID], events: of[rows[i].ID], change: changes[rows[i].ID]}
		w.now = Wind(w.events, w.class, hours, r.Tenant().Settings, w.change...)
		list[i] = w
	}
	return list, nil
}

// Move is one promise to a citizen that another calendar would move.
type Move struct {
	ID       ID
	Code     string
	From, To time.Time
}

// Moves is what another calendar would do to the promises of open cases.
type Moves struct {
	Promises int // promises to citizens that move
	Units    int // due times of units that move
	Past     int // of both, those that had passed already; always 0
	More     bool
	Samples  []Move // the nearest ones
}

const (
	previewPage    = 250
	previewCases   = 3000 // a preview looks at no more cases than these
	previewSamples = 5
)

// Preview tells what the working time next would do to the open promises that
// the working time of now gives.
func Preview(ctx context.Context, r tenants.Reader, next tenants.WorkingTime) (*Moves, error) {
	classes, err := tenants.AllClasses(ctx, r)
	if err != nil {
		return nil, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	m, at := &Moves{}, Cursor{}
	for looked := 0; ; looked += previewPage {
		if looked >= previewCases {
			m.More = true
			return m, nil
		}
		page, err := woundCases(ctx, r, classes, hours, at, previewPage)
		if err != nil {
			return nil, err
		}
		for i := range page {
			w := &page[i]
			m.add(w, Wind(w.events, w.class, next, r.Tenant().Settings, w.change...), r.Now())
		}
		if len(page) < previewPage {
			return m, nil
		}
		last := &page[len(page)-1]
		at = Cursor{Due: last.DueAt, ID: last.ID}
	}
}

func (m *Moves) add(w *woundCase, next Clocks, now time.Time) {
	past := func(from, to time.Time) {
		if !from.After(now) || !to.After(now) {
			m.Past++
		}
	}
	if !w.now.Promised.Equal(next.Promised) {
		m.Promises++
		past(w.now.Promised, next.Promised)
		if len(m.Samples) < previewSamples && !w.Confidential {
			m.Samples = append(m.Samples, Move{ID: w.ID, Code: w.Code, From: w.now.Promised, To: next.Promised})
		}
	}
	if w.now.UnitDue != nil && next.UnitDue != nil && !w.now.UnitDue.Equal(*next.UnitDue) {
		m.Units++
		past(*w.now.UnitDue, *next.UnitDue)
	}
}
