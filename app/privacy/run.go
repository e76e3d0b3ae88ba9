package privacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Counts are rows by class.
type Counts map[Class]int64

// Beside the classes a certificate counts what went with them.
const (
	Files  Class = "files"  // that were removed
	People Class = "people" // whose keys were destroyed
)

// Counted lists what a certificate counts, in its order.
func Counted() []Class { return append(Classes(), Files, People) }

// Run is one run of retention, and its certificate when it has ended: how much
// of what was taken by which rule, and what a hold kept. Its hash stands in the
// audit, whose chain proves it.
type Run struct {
	tenants.BaseModel `bun:"table:retention_runs,alias:run"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	Number      int
	RuleVersion int
	Periods     Periods `bun:"type:jsonb"`
	Counts      Counts  `bun:"type:jsonb"`
	Held        Counts  `bun:"type:jsonb"`
	StartedAt   time.Time
	EndedAt     *time.Time // nil: it goes on
	Hash        string
}

// batch is how many rows one transaction takes.
const batch = 100

// Retain takes away what has had its time, batch by batch, and ends with a
// certificate; nil when there was nothing to take, and while a legal hold lies on
// the whole organization. A run that was cut short is gone on with.
func Retain(ctx context.Context, db *tenants.DB) (*Run, error) {
	rules, err := RulesOf(ctx, db)
	if err != nil {
		return nil, err
	}
	began := db.Now()
	for i := range heaps {
		if err := heaps[i].retain(ctx, db, rules, began); err != nil {
			return nil, err
		}
	}
	return finish(ctx, db, rules, began)
}

// retain goes through one heap until nothing of it is due.
func (h *heap) retain(ctx context.Context, db *tenants.DB, rules *Rules, began time.Time) error {
	until := rules.Periods.Until(h.class, began)
	for {
		db.Release() // see what the batch before left
		ids, err := h.ids(ctx, db, until, batch)
		if err != nil || len(ids) == 0 {
			return err
		}
		var t taken
		err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
			t = taken{}
			if err := citizens.NotHeld(ctx, tx); err != nil {
				return heldAsNothing(err)
			}
			if t, err = h.take(ctx, tx, ids); err != nil || t.rows == 0 {
				return err
			}
			return add(ctx, tx, rules, h.class, t)
		})
		if err != nil {
			return err
		}
		if t.rows == 0 {
			return nil // what was chosen is held or open again since: the next run looks anew
		}
	}
}

// heldAsNothing makes a hold on the organization a batch that took nothing.
func heldAsNothing(err error) error {
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// add counts a batch in the run that goes on, which the first one begins.
func add(ctx context.Context, tx *tenants.Tx, rules *Rules, class Class, t taken) error {
	run, err := going(ctx, tx, rules)
	if err != nil {
		return err
	}
	run.Counts[class] += t.rows
	run.Counts[Files] += t.files
	run.Counts[People] += t.people
	return fault.Wrap(tx.Update(ctx, run, "counts"), "privacy.add")
}

// going locks the run that goes on, or begins one.
func going(ctx context.Context, tx *tenants.Tx, rules *Rules) (*Run, error) {
	run := new(Run)
	err := tx.Lock(ctx, run, "run.ended_at IS NULL")
	if !fault.Is(err, fault.NotFound) {
		return run, fault.Wrap(err, "privacy.going")
	}
	last := new(Run)
	if err := tenants.Err(tx.Select(last).Order("run.number DESC").Limit(1).Scan(ctx)); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "privacy.going")
	}
	run = &Run{ID: tenants.NewID(), Number: last.Number + 1, RuleVersion: rules.Version, Periods: rules.Periods, Counts: Counts{}, Held: Counts{}, StartedAt: tx.Now()}
	return run, fault.Wrap(tx.Insert(ctx, run), "privacy.going")
}

// finish writes the certificate.
func finish(ctx context.Context, db *tenants.DB, rules *Rules, began time.Time) (done *Run, err error) {
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		done = nil
		run := new(Run)
		err := tx.Lock(ctx, run, "run.ended_at IS NULL")
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		left, err := Preview(ctx, tx, rules.Periods, began)
		if err != nil {
			return err
		}
		now := tx.Now()
		run.Held, run.EndedAt = left.Held, &now
		run.Hash = run.Sum()
		if err := tx.Update(ctx, run, "held", "ended_at", "hash"); err != nil {
			return err
		}
		done = run
		return audit.Record(ctx, tx, "retention.certificate", "certificate", run.ID, "sha256="+run.Hash)
	})
	return done, fault.Wrap(err, "privacy.finish")
}

// Sum is the hash over what the certificate says.
func (r *Run) Sum() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d|%d|%d|%d", r.TenantID, r.ID, r.Number, r.RuleVersion)
	for _, class := range Classes() {
		fmt.Fprintf(&text, "|%s=%d", class, r.Periods[class])
	}
	for _, counts := range []Counts{r.Counts, r.Held} {
		for _, class := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&text, "|%s:%d", class, counts[class])
		}
		text.WriteString("|")
	}
	fmt.Fprintf(&text, "|%s", r.StartedAt.UTC().Format(time.RFC3339))
	if r.EndedAt != nil {
		fmt.Fprintf(&text, "|%s", r.EndedAt.UTC().Format(time.RFC3339))
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// Proven tells whether the certificate is the one whose hash the audit keeps.
func (r *Run) Proven(ctx context.Context, db tenants.Reader) (bool, error) {
	if r.EndedAt == nil || r.Hash != r.Sum() {
		return false, nil
	}
	list, err := audit.Of(ctx, db, "certificate", r.ID, 1)
	return err == nil && len(list) == 1 && list[0].Detail == "sha256="+r.Hash, err
}

// Certificates is a page of the runs that ended, the newest first; before is the
// number of the last one of the page before, 0 for the first.
func Certificates(ctx context.Context, r tenants.Reader, before int) (list []Run, more bool, err error) {
	q := r.Select(&list).Where("run.ended_at IS NOT NULL").Order("run.number DESC").Limit(Page + 1)
	if before != 0 {
		q = q.Where("run.number < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "privacy.Certificates")
	}
	if more = len(list) > Page; more {
		list = list[:Page]
	}
	return list, more, nil
}

// CertificateByID reads one certificate.
func CertificateByID(ctx context.Context, r tenants.Reader, id int64) (*Run, error) {
	run := new(Run)
	return run, tenants.Err(r.Select(run).Where("run.id = ? AND run.ended_at IS NOT NULL", id).Scan(ctx))
}
