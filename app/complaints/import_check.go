package complaints

import (
	"context"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/sheet"
	"pasokh/tenants"
)

// Problem is what keeps one line of a file from being registered.
type Problem struct {
	tenants.BaseModel `bun:"table:import_problems,alias:problem"`
	tenants.Owned
	ID      int64 `bun:",pk"`
	BatchID int64
	Line    int    // of the file, from 1
	Field   string // a Column, or another field of a registration
	Header  string // of its column; empty when the file has none
	Value   string `sealed:"import_problems.value"` // its beginning, as it stands in the file
	Key     string // message key
	Other   int    // the line that was first, of two that say the same
}

// MaxProblems is how many problems of one batch are kept; who has more mends
// those first.
const MaxProblems = 5000

// Problems lists a page of what is wrong, in the order of the lines, after the
// one with that ID.
func Problems(ctx context.Context, r tenants.Reader, batch, after int64, limit int) (list []Problem, more bool, err error) {
	err = r.Select(&list).Where("problem.batch_id = ? AND problem.id > ?", batch, after).Order("problem.id").Limit(int64(limit) + 1).Scan(ctx)
	if err != nil {
		return nil, false, fault.Wrap(err, "complaints.Problems")
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// Progress is told how far a job is.
type Progress func(done, total int)

// Judgement is what became of all lines of a file.
type Judgement struct {
	Total    int
	Wrong    int // lines
	Problems []Problem
	lines    []*line
}

// Judge judges every line of a file by the rules of a registration, against
// each other and against what is registered already. It writes nothing.
func Judge(ctx context.Context, r tenants.Reader, m *Mapping, t *sheet.Table, progress Progress) (*Judgement, error) {
	l, err := listsOf(ctx, r)
	if err != nil {
		return nil, err
	}
	v := &Judgement{Total: len(t.Rows), lines: make([]*line, len(t.Rows))}
	rd := &reading{lists: l, m: m, now: r.Now()}
	numbers := map[external]int{} // by the line that was first, in t.Rows
	whole := map[string]int{}     // lines without such a number, by all that they say
	for i, row := range t.Rows {
		v.lines[i] = rd.read(row)
		if e := v.lines[i].in.external(); e.number != "" {
			if first, twice := numbers[e]; twice {
				v.lines[i].wrong.Add(string(ColumnExternal), "import.error.same_number")
				v.lines[i].other = t.Rows[first].Line
			} else {
				numbers[e] = i
			}
		} else if said := strings.Join(row.Cells, "\x1f"); whole[said] > 0 {
			v.lines[i].wrong.Add(string(ColumnText), "import.error.same_line")
			v.lines[i].other = whole[said]
		} else {
			whole[said] = row.Line
		}
		if i%200 == 0 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			progress(i, v.Total)
		}
	}
	taken, err := externalsOf(ctx, r, numbers)
	if err != nil {
		return nil, err
	}
	for e := range taken {
		v.lines[numbers[e]].wrong.Add(string(ColumnExternal), "complaint.error.external_taken")
	}
	v.collect(m, t)
	return v, nil
}

func (v *Judgement) collect(m *Mapping, t *sheet.Table) {
	for i, l := range v.lines {
		if len(l.wrong) == 0 {
			continue
		}
		v.Wrong++
		for _, p := range l.problems(m, t.Rows[i]) {
			if len(v.Problems) < MaxProblems {
				v.Problems = append(v.Problems, p)
			}
		}
	}
}

// RunCheck does what CheckBatch has ordered: it judges the file and writes down what is
// wrong with it. result is a word for the record. Run twice, it says the same.
func RunCheck(ctx context.Context, db *tenants.DB, store *files.Store, o BatchOrder, progress Progress) (result string, err error) {
	b, err := BatchByID(ctx, db, o.BatchID)
	if err != nil {
		return "", err
	}
	if b.State != BatchChecking || b.Turn != o.Turn {
		return "moved on", nil
	}
	t, err := b.table(ctx, db, store)
	if fault.Is(err, fault.Invalid) {
		return "refused", b.refuse(ctx, db, o, fault.As(err).Fields["file"])
	}
	if err != nil {
		return "", err
	}
	v, err := Judge(ctx, db, &b.Mapping, t, progress)
	if err != nil {
		return "", err
	}
	if v.Total == 0 {
		return "refused", b.refuse(ctx, db, o, "sheet.error.no_rows")
	}
	return "checked", db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return b.judged(ctx, tx, o, BatchChecked, v)
	})
}

// table reads the whole file again.
func (b *Batch) table(ctx context.Context, r tenants.Reader, store *files.Store) (*sheet.Table, error) {
	if b.Blob == "" {
		return nil, fault.Field("file", "import.error.purged")
	}
	raw, err := store.Kept(r, b.Blob)
	if err != nil {
		return nil, err
	}
	return sheet.Read(ctx, b.Format, raw, b.Sheet, 0)
}

// judged writes down what became of the order, unless another one stands.
func (b *Batch) judged(ctx context.Context, tx *tenants.Tx, o BatchOrder, state BatchState, v *Judgement) error {
	now, err := lockBatch(ctx, tx, o.BatchID)
	if err != nil || now.Turn != o.Turn || !now.Busy() {
		return err
	}
	if _, err := tx.Delete(ctx, (*Problem)(nil), "batch_id = ?", now.ID); err != nil {
		return err
	}
	const together = 200
	for from := 0; from < len(v.Problems); from += together {
		part := v.Problems[from:min(from+together, len(v.Problems))]
		for i := range part {
			part[i].ID, part[i].BatchID = tenants.NewID(), now.ID
		}
		if err := tx.Insert(ctx, &part); err != nil {
			return fault.Wrap(err, "complaints.judged")
		}
	}
	now.State, now.Total, now.Wrong, now.Done, now.Refused = state, v.Total, v.Wrong, v.Total-v.Wrong, ""
	return now.write(ctx, tx, "state", "total", "wrong", "done", "refused")
}

// refuse writes down that the file as a whole cannot be taken.
func (b *Batch) refuse(ctx context.Context, db *tenants.DB, o BatchOrder, key string) error {
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		now, err := lockBatch(ctx, tx, o.BatchID)
		if err != nil || now.Turn != o.Turn || !now.Busy() {
			return err
		}
		now.State, now.Refused = BatchFailed, key
		return now.write(ctx, tx, "state", "refused")
	})
}
