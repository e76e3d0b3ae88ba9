package quality

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// KindRaised is the fact that warnings were raised.
const KindRaised = "warning.raised"

// Raised is its payload.
type Raised struct {
	WarningIDs []int64 `json:"warning_ids"`
}

// since is how long an organization without new cases is still looked at: as
// long as a case behind a warning can be.
const since = historyDays * 24 * time.Hour

// Since is from when on an organization must have had a case to be looked at.
func Since(now time.Time) time.Time { return now.Add(-since) }

// finding is something out of the ordinary before it is known whether there is
// a warning of it already.
type finding struct {
	kind, dimension    string
	subject, other     int64
	observed, expected int
	strong             bool
	from, until        time.Time
	series             Series
}

type key struct {
	kind, dimension string
	subject, other  int64
}

func (f *finding) key() key { return key{f.kind, f.dimension, f.subject, f.other} }

// Look counts the days, looks for what is out of the ordinary, and brings the
// warnings up to date: a new one is raised and told once, one whose cause lasts
// is refreshed, one whose cause is gone ends. It takes as much work for an
// organization however many cases it has had: a few statements over indexed
// windows of time.
func Look(ctx context.Context, tx *tenants.Tx) (raised int, err error) {
	rules := tx.Tenant().Settings.Defaults().Warnings
	if rules.Off {
		return 0, nil
	}
	today := persian.DateOf(tx.Now().In(persian.Tehran))
	if err := count(ctx, tx, today); err != nil {
		return 0, fault.Wrap(err, "quality.Look")
	}
	l := &look{tx: tx, rules: rules, today: today}
	for _, find := range []func(context.Context) error{l.spikes, l.repeats, l.ageing, l.rates} {
		if err := find(ctx); err != nil {
			return 0, fault.Wrap(err, "quality.Look")
		}
	}
	return l.settle(ctx)
}

type look struct {
	tx    *tenants.Tx
	rules tenants.WarningRules
	today persian.Date
	found []finding
}

func (l *look) add(f finding) { l.found = append(l.found, f) }

// settle brings the warnings that stand up to date with what was found.
func (l *look) settle(ctx context.Context) (int, error) {
	var standing []Warning
	if err := l.tx.LockAll(ctx, &standing, "ended_at IS NULL OR state <> 'closed'"); err != nil {
		return 0, err
	}
	known := map[key]*Warning{}
	for i := range standing {
		w := &standing[i]
		known[key{w.Kind, w.Dimension, w.SubjectID, w.OtherID}] = w
	}
	var fresh []int64
	for i := range l.found {
		f := &l.found[i]
		w := known[f.key()]
		if w == nil {
			id, err := l.raise(ctx, f)
			if err != nil {
				return 0, err
			}
			fresh = append(fresh, id)
			continue
		}
		delete(known, f.key())
		if err := l.refresh(ctx, w, f); err != nil {
			return 0, err
		}
	}
	for i := range standing {
		if w := &standing[i]; known[key{w.Kind, w.Dimension, w.SubjectID, w.OtherID}] == w && w.EndedAt == nil {
			now := l.tx.Now()
			w.EndedAt = &now
			if err := l.tx.Update(ctx, w, "ended_at"); err != nil {
				return 0, err
			}
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	return len(fresh), l.tx.Enqueue(ctx, KindRaised, Raised{WarningIDs: fresh})
}

func (l *look) raise(ctx context.Context, f *finding) (int64, error) {
	w := &Warning{
		ID: tenants.NewID(), Kind: f.kind, Dimension: f.dimension, SubjectID: f.subject, OtherID: f.other, Observed: f.observed, Expected: f.expected,
		Strong: f.strong, FromAt: f.from, UntilAt: f.until, Series: f.series, State: Open, RaisedAt: l.tx.Now(), SeenAt: l.tx.Now(), Version: 1,
	}
	return w.ID, l.tx.Insert(ctx, w)
}

// refresh keeps the worst that was seen of a rise, and the latest of the rest.
func (l *look) refresh(ctx context.Context, w *Warning, f *finding) error {
	w.SeenAt, w.EndedAt, w.UntilAt, w.Series = l.tx.Now(), nil, f.until, f.series
	if w.Kind == Spike {
		if f.observed > w.Observed {
			w.Observed, w.Expected = f.observed, f.expected
		}
		w.Strong = w.Strong || f.strong
	} else {
		w.Observed, w.Expected, w.Strong, w.FromAt = f.observed, f.expected, f.strong, f.from
	}
	return l.tx.Update(ctx, w, "seen_at", "ended_at", "until_at", "series", "observed", "expected", "strong", "from_at")
}

// spikes finds the subjects that came up far more often yesterday or today than
// on the same weekday before. Only those that reach the least are looked at.
func (l *look) spikes(ctx context.Context) error {
	var candidates []day
	err := l.tx.Select(&candidates).Where("d.day >= ? AND d.dimension <> ? AND d.n >= ?", dayText(l.today.AddDays(-1)), All, l.rules.SpikeLeast).
		Order("d.dimension", "d.subject_id", "d.day").Limit(500).Scan(ctx)
	if err != nil || len(candidates) == 0 {
		return tenants.Err(err)
	}
	hours, err := tenants.WorkingTimeOf(ctx, l.tx)
	if err != nil {
		return err
	}
	var days []day
	if err := l.tx.Select(&days).Where("d.dimension = ? AND d.subject_id = 0", All).Order("d.day").Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	h := &history{hours: hours, known: map[string]bool{}}
	for i := range days {
		h.known[days[i].Day] = true
	}
	for at := 0; at < len(candidates); {
		c := candidates[at]
		until := at + 1
		for until < len(candidates) && candidates[until].Dimension == c.Dimension && candidates[until].SubjectID == c.SubjectID {
			until++
		}
		if err := l.spike(ctx, h, c, candidates[at:until]); err != nil {
			return err
		}
		at = until
	}
	return nil
}

func (l *look) spike(ctx context.Context, h *history, c day, judged []day) error {
	var rows []day
	if err := l.tx.Select(&rows).Where("d.dimension = ? AND d.subject_id = ?", c.Dimension, c.SubjectID).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	h.n = map[string]int{}
	for i := range rows {
		h.n[rows[i].Day] = rows[i].N
	}
	var worst *finding
	for _, d := range []persian.Date{l.today.AddDays(-1), l.today} {
		at := slices.IndexFunc(judged, func(j day) bool { return j.Day == dayText(d) })
		if at < 0 {
			continue
		}
		usual := h.usual(d)
		rise, strong := usual.Rise(judged[at].N, l.rules.SpikeLeast, l.rules.SpikeSpread)
		if !rise {
			continue
		}
		f := finding{kind: Spike, dimension: c.Dimension, subject: c.SubjectID, observed: judged[at].N, expected: int(usual.Median*10 + 0.5), strong: strong, from: startOf(d), until: startOf(d.AddDays(1))}
		if worst == nil {
			worst = &f
			continue
		}
		worst.until, worst.strong = f.until, worst.strong || f.strong
		if f.observed > worst.observed {
			worst.observed, worst.expected = f.observed, f.expected
		}
	}
	if worst != nil {
		worst.series = h.series(l.today)
		l.add(*worst)
	}
	return nil
}
