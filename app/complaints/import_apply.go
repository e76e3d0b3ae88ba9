package complaints

import (
	"context"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// tellGap keeps the messages of one import from standing before everybody
// else's: a hundred and twenty-five a second.
const tellGap = 8 * time.Millisecond

// RunApply does what ImportBatch has ordered: all cases of the file in one
// transaction, or none. A line that became wrong since the trial, because
// somebody registered its number or a topic was closed, is named, and nothing
// is written. Run twice, or by two at once, it makes one set of cases.
func RunApply(ctx context.Context, db *tenants.DB, store *files.Store, o BatchOrder, who tenants.Actor, progress Progress) (result string, err error) {
	b, err := BatchByID(ctx, db, o.BatchID)
	if err != nil {
		return "", err
	}
	if b.State != BatchApplying || b.Turn != o.Turn {
		return "moved on", nil
	}
	t, err := b.table(ctx, db, store)
	if fault.Is(err, fault.Invalid) {
		return "refused", b.refuse(ctx, db, o, fault.As(err).Fields["file"])
	}
	if err != nil {
		return "", err
	}
	var v *Judgement
	err = db.Write(ctx, who, func(tx *tenants.Tx) error {
		if b, err = lockBatch(ctx, tx, o.BatchID); err != nil {
			return err
		}
		if result = "moved on"; b.State != BatchApplying || b.Turn != o.Turn {
			return nil
		}
		if v, err = Judge(ctx, tx, &b.Mapping, t, func(int, int) {}); err != nil {
			return err
		}
		if result = "wrong"; v.Wrong > 0 {
			return b.judged(ctx, tx, o, BatchFailed, v)
		}
		result = "applied"
		return b.apply(ctx, tx, v, progress)
	})
	if fault.Is(err, fault.Conflict) { // somebody registered one of the numbers in this moment
		return b.refuseTaken(ctx, db, o, store, err)
	}
	return result, err
}

// refuseTaken names the lines whose numbers were taken while the import ran.
func (b *Batch) refuseTaken(ctx context.Context, db *tenants.DB, o BatchOrder, store *files.Store, cause error) (string, error) {
	db.Release()
	t, err := b.table(ctx, db, store)
	if err != nil {
		return "", err
	}
	v, err := Judge(ctx, db, &b.Mapping, t, func(int, int) {})
	if err != nil {
		return "", err
	}
	if v.Wrong == 0 {
		return "", cause // of another kind: it is run again
	}
	return "wrong", db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return b.judged(ctx, tx, o, BatchFailed, v)
	})
}

// apply registers all lines, and ends the batch.
func (b *Batch) apply(ctx context.Context, tx *tenants.Tx, v *Judgement, progress Progress) error {
	l, err := listsOf(ctx, tx)
	if err != nil {
		return err
	}
	people, err := ensurePeople(ctx, tx, v.lines)
	if err != nil {
		return err
	}
	w := &writing{lists: l, tx: tx, batch: b, progress: progress, total: len(v.lines), urgent: map[ID]bool{}, facts: map[string][]any{}}
	if w.keeper, err = new(Complaint).keeper(ctx, tx); err != nil {
		return err
	}
	for i, line := range v.lines {
		if err := w.register(ctx, line, people[i]); err != nil {
			return err
		}
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	now := tx.Now()
	b.State, b.Total, b.Done, b.Wrong, b.EndedAt = BatchApplied, len(v.lines), len(v.lines), 0, &now
	return b.write(ctx, tx, "state", "total", "done", "wrong", "ended_at")
}

// ensurePeople gives each line its citizen; nil for a nameless report.
func ensurePeople(ctx context.Context, tx *tenants.Tx, lines []*line) ([]*citizens.Citizen, error) {
	var known []citizens.Identity
	for _, l := range lines {
		if l.who != nil {
			known = append(known, *l.who)
		}
	}
	found, err := citizens.EnsureEach(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	people := make([]*citizens.Citizen, len(lines))
	for i, l := range lines {
		if l.who != nil {
			people[i], found = found[0], found[1:]
		}
	}
	return people, nil
}

// writing registers many cases as Register does one, gathered into few
// statements.
type writing struct {
	*lists
	tx       *tenants.Tx
	batch    *Batch
	progress Progress
	total    int

	cases  []Complaint
	events []timeline.Event
	legs   []Referral
	told   []Escalation
	size   int // of what is gathered, in bytes, about
	done   int
	ids    []int64
	moved  []int64 // cases that went to a unit
	dated  []int64 // cases with a date of their source
	keeper int64   // who is given confidential cases
	urgent map[ID]bool
	facts  map[string][]any
}

// How much is gathered before it is written: SQLite takes a statement of a
// million bytes.
const (
	gathered     = 250
	gatheredSize = 400_000
)

// register gathers one case.
func (w *writing) register(ctx context.Context, l *line, who *citizens.Citizen) error {
	in := l.in
	if who != nil {
		in.CitizenID = &who.ID
	}
	if err := in.Kind.known(who); err != nil {
		return err
	}
	c, err := in.complaint(w.tx, l.topic, who, w.office)
	if err != nil {
		return err
	}
	c.BatchID = &w.batch.ID
	route := Route{UnitID: w.office}
	if !c.Confidential {
		route = w.atlas.Route(c)
		c.RouteWhy = route.Why
	}
	w.enter(c)
	w.urgent[c.ID] = l.topic.Urgent || c.Confidential
	if c.ExternalDueAt != nil {
		w.untilSource(c)
	}
	switch {
	case c.Confidential:
		w.refer(c, w.keeper)
	case l.unit != 0:
		if c.RouteWhy = WhyStaff; route.UnitID == l.unit {
			c.RouteWhy = route.Why
		}
		w.refer(c, l.unit)
	case l.topic.Urgent && route.Why != WhyOffice && route.UnitID != 0:
		w.refer(c, route.UnitID)
	}
	if !c.LegalDueAt.After(w.tx.Now()) { // whoever brings it in knows
		w.told = append(w.told, Escalation{ID: tenants.NewID(), ComplaintID: c.ID, LegID: StageLegal, Level: legalPassed, At: w.tx.Now()})
	}
	w.cases, w.size = append(w.cases, *c), w.size+1500+len(c.Text)+len(c.SearchKey)
	if len(w.cases) < gathered && w.size < gatheredSize {
		return nil
	}
	return w.flush(ctx)
}

// enter is the case's first event. Its clocks run from now: nobody here could
// have answered before it came.
func (w *writing) enter(c *Complaint) {
	e := c.event("registered", "", true)
	e.FromState = ""
	w.happened(c, e)
}

// untilSource notes the source's date.
func (w *writing) untilSource(c *Complaint) {
	e := c.event(strings.TrimPrefix(KindSourceDue, "complaint."), "", false)
	e.DueAt = c.ExternalDueAt
	w.dated = append(w.dated, c.ID)
	w.happened(c, e)
}

// refer gives the case to a unit at once, with the time of its class.
func (w *writing) refer(c *Complaint, unit int64) {
	now := w.tx.Now()
	due := c.UsualDue(w.classes[c.SLAClassID], w.atlas.hours.Of(unit), now)
	w.legs = append(w.legs, Referral{
		ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, UnitID: unit, Lead: true, State: "open", ReferredAt: now, DueAt: due,
	})
	e := c.event("referred", "", true)
	e.UnitID, e.DueAt, e.RefID = &unit, &due, &c.SLAClassID
	c.State, c.UnitID = Referred, unit
	w.moved = append(w.moved, c.ID)
	w.happened(c, e)
}

// happened is record for a case that is not written yet.
func (w *writing) happened(c *Complaint, e *timeline.Event) {
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState = "complaint", c.ID, c.Cycle, string(c.State)
	e.At = w.tx.Now()
	w.events = append(w.events, *e)
	class := w.classes[c.SLAClassID]
	first := len(w.events) - 1
	for first > 0 && w.events[first-1].SubjectID == c.ID {
		first--
	}
	clocks := Wind(w.events[first:], class, w.atlas.hours, w.tx.Tenant().Settings)
	c.keep(clocks)
	c.NextClockAt = c.nextClock(class, clocks, nil)
	c.Version++
}

// flush writes what is gathered.
func (w *writing) flush(ctx context.Context) error {
	if len(w.cases) == 0 {
		return nil
	}
	if err := w.tx.Insert(ctx, &w.cases); err != nil {
		return fault.Wrap(err, "complaints.Import")
	}
	if err := timeline.AppendEach(ctx, w.tx, w.events); err != nil {
		return err
	}
	for _, rows := range []struct {
		list any
		n    int
	}{{&w.legs, len(w.legs)}, {&w.told, len(w.told)}} {
		if rows.n == 0 {
			continue
		}
		if err := w.tx.Insert(ctx, rows.list); err != nil {
			return fault.Wrap(err, "complaints.Import")
		}
	}
	w.note()
	for i := range w.cases {
		w.ids = append(w.ids, w.cases[i].ID)
	}
	w.done += len(w.cases)
	w.progress(w.done, w.total)
	w.cases, w.events, w.legs, w.told, w.size = w.cases[:0], w.events[:0], w.legs[:0], w.told[:0], 0
	return ctx.Err()
}

// note remembers the facts to enqueue: what a registration tells. The unit of an
// urgent case is told in any case; citizens, and units that the file names, when
// that was asked for.
func (w *writing) note() {
	for i := range w.events {
		e := &w.events[i]
		if w.batch.Tell || e.Kind == "complaint.referred" && w.urgent[e.SubjectID] {
			w.facts[e.Kind] = append(w.facts[e.Kind], fact{ComplaintID: e.SubjectID, EventID: e.ID})
		}
	}
}

// end writes the rest, audits every registration and enqueues what it tells.
func (w *writing) end(ctx context.Context) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	if err := audit.RecordEach(ctx, w.tx, "complaint.registered", "complaint", w.ids); err != nil {
		return err
	}
	for _, done := range []struct {
		kind string
		ids  []int64
	}{{"complaint.referred", w.moved}, {KindSourceDue, w.dated}} {
		if len(done.ids) == 0 {
			continue
		}
		if err := audit.RecordEach(ctx, w.tx, done.kind, "complaint", done.ids); err != nil {
			return err
		}
	}
	for _, kind := range []string{"complaint.referred", "complaint.registered"} {
		if err := w.tx.EnqueueEach(ctx, kind, tellGap, w.facts[kind]); err != nil {
			return err
		}
	}
	return nil
}
