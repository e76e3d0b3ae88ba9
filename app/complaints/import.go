package complaints

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/sheet"
	"pasokh/tenants"
)

// BatchState is how far an import is.
type BatchState string

// The states of an import.
const (
	BatchUploaded BatchState = "uploaded" // the columns are to be named
	BatchChecking BatchState = "checking" // every line is being judged; nothing is written
	BatchChecked  BatchState = "checked"
	BatchApplying BatchState = "applying" // the cases are being registered
	BatchApplied  BatchState = "applied"
	BatchFailed   BatchState = "failed" // the file cannot be read, or a line became wrong meanwhile
	BatchUndone   BatchState = "undone"
)

// Kinds of tasks of the outbox, with a BatchOrder as payload.
const (
	KindImportCheck = "import.check"
	KindImportApply = "import.apply"
)

// BatchOrder names what a job is to do; an order of an older turn is void.
type BatchOrder struct {
	BatchID int64 `json:"batch_id"`
	Turn    int   `json:"turn"`
}

// Mapping says what the columns of a file mean, with what is shown of them.
type Mapping struct {
	Headers []string          `json:"headers"`
	Sample  [][]string        `json:"sample"`  // the first lines; gone with the file
	Names   []string          `json:"names"`   // sheets of a workbook
	Columns []Column          `json:"columns"` // what each means; empty when it is left out
	Fixed   map[Column]string `json:"fixed"`   // for all lines that do not say
}

// SampleRows is how many lines of a file are shown as examples.
const SampleRows = 5

// Batch is one file of cases, from its upload to its import, or its undoing.
type Batch struct {
	tenants.BaseModel `bun:"table:import_batches,alias:batch"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	FileName  string
	Format    sheet.Format
	Sheet     string
	Blob      string // in the store of files; empty when it is gone
	Source    string
	Headers   string  // fingerprint of Mapping.Headers
	Mapping   Mapping `bun:"type:jsonb"`
	State     BatchState
	Tell      bool   // citizens and units are told by text message
	Total     int    // lines
	Done      int    // lines that are right, then cases
	Wrong     int    // lines that are not
	Refused   string // message key of what keeps the whole file from being read
	Turn      int
	StaffID   int64
	CreatedAt time.Time
	EndedAt   *time.Time // of the import
	PurgedAt  *time.Time
}

// Busy tells whether a job works on the batch.
func (b *Batch) Busy() bool { return b.State == BatchChecking || b.State == BatchApplying }

// Mappable tells whether the columns may be named (again).
func (b *Batch) Mappable() bool {
	return b.PurgedAt == nil && slices.Contains([]BatchState{BatchUploaded, BatchChecked, BatchFailed}, b.State)
}

// Ready tells whether the cases may be registered.
func (b *Batch) Ready() bool {
	return b.PurgedAt == nil && b.State == BatchChecked && b.Wrong == 0 && b.Total > 0
}

// Batches lists imports, newest first; before is the last one of the page
// before, 0 for the first page.
func Batches(ctx context.Context, r tenants.Reader, before int64, limit int) (list []Batch, more bool, err error) {
	q := r.Select(&list).ExcludeColumn("mapping").OrderExpr("batch.id DESC").Limit(int64(limit) + 1)
	if before != 0 {
		q = q.Where("batch.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(err, "complaints.Batches")
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// BatchByID reads one import.
func BatchByID(ctx context.Context, r tenants.Reader, id int64) (*Batch, error) {
	b := new(Batch)
	return b, tenants.Err(r.Select(b).Where("batch.id = ?", id).Scan(ctx))
}

// Upload begins an import: the file is kept under blob, and t is its beginning.
// The columns mean what they meant in the last file with the same headers, or
// what their names say.
func Upload(ctx context.Context, tx *tenants.Tx, name string, format sheet.Format, blob string, t *sheet.Table) (*Batch, error) {
	b := &Batch{
		ID: tenants.NewID(), FileName: name, Format: format, Blob: blob, State: BatchUploaded,
		StaffID: tx.Actor().ID, CreatedAt: tx.Now(),
	}
	if err := b.read(ctx, tx, t); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, b); err != nil {
		return nil, fault.Wrap(err, "complaints.Upload")
	}
	return b, audit.Record(ctx, tx, "import:create", "import_batch", b.ID, "")
}

// read takes what a file looks like into the batch.
func (b *Batch) read(ctx context.Context, r tenants.Reader, t *sheet.Table) error {
	b.Sheet, b.Headers = t.Sheet, fingerprint(t.Headers)
	b.Mapping = Mapping{Headers: t.Headers, Names: t.Names, Sample: sample(t)}
	last := new(Batch)
	err := tenants.Err(r.Select(last).Where("batch.headers = ? AND batch.state <> 'uploaded'", b.Headers).OrderExpr("batch.id DESC").Limit(1).Scan(ctx))
	switch {
	case err == nil && len(last.Mapping.Columns) == len(t.Headers):
		b.Mapping.Columns, b.Mapping.Fixed = last.Mapping.Columns, last.Mapping.Fixed
		return nil
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	}
	forms, err := FormsByTopic(ctx, r)
	b.Mapping.Columns = Guess(t.Headers, forms)
	b.Mapping.Fixed = map[Column]string{}
	return err
}

// sample is the beginning of the file, no cell longer than is shown.
func sample(t *sheet.Table) [][]string {
	var list [][]string
	for _, row := range t.Rows[:min(len(t.Rows), SampleRows)] {
		cells := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = shortened(cell)
		}
		list = append(list, cells)
	}
	return list
}

// maxShown is how much of a cell is kept for showing, in characters.
const maxShown = 80

func shortened(cell string) string {
	runes := []rune(persian.CleanLine(cell))
	if len(runes) <= maxShown {
		return string(runes)
	}
	return string(runes[:maxShown-1]) + "…"
}

// fingerprint is the same for files whose columns have the same names in the
// same order.
func fingerprint(headers []string) string {
	keys := make([]string, len(headers))
	for i, h := range headers {
		keys[i] = persian.SearchKey(h)
	}
	sum := sha256.Sum256([]byte(strings.Join(keys, "\x1f")))
	return hex.EncodeToString(sum[:])
}

// ChooseSheet reads the batch from another sheet of its workbook; t is its
// beginning.
func ChooseSheet(ctx context.Context, tx *tenants.Tx, id int64, t *sheet.Table) error {
	b, err := lockBatch(ctx, tx, id)
	if err != nil {
		return err
	}
	if !b.Mappable() {
		return fault.New(fault.Conflict, "import.conflict.state")
	}
	if err := b.read(ctx, tx, t); err != nil {
		return err
	}
	b.State, b.Total, b.Done, b.Wrong, b.Refused = BatchUploaded, 0, 0, 0, ""
	b.Turn++
	return b.write(ctx, tx, "sheet", "headers", "mapping", "state", "total", "done", "wrong", "refused", "turn")
}

// CheckBatch orders the trial of a batch: every line is judged as a registration is,
// and nothing is written. columns and fixed say what the columns mean.
func CheckBatch(ctx context.Context, tx *tenants.Tx, id int64, columns []Column, fixed map[Column]string) error {
	b, err := lockBatch(ctx, tx, id)
	if err != nil {
		return err
	}
	if !b.Mappable() {
		return fault.New(fault.Conflict, "import.conflict.state")
	}
	m := b.Mapping
	m.Columns, m.Fixed = columns, fixed
	forms, err := FormsByTopic(ctx, tx)
	if err != nil {
		return err
	}
	if err := m.check(forms); err != nil {
		return err
	}
	b.Mapping, b.State = m, BatchChecking
	b.Total, b.Done, b.Wrong, b.Refused, b.Turn = 0, 0, 0, "", b.Turn+1
	if err := b.write(ctx, tx, "mapping", "state", "total", "done", "wrong", "refused", "turn"); err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*Problem)(nil), "batch_id = ?", b.ID); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindImportCheck, BatchOrder{b.ID, b.Turn})
}

// ImportBatch orders the registration of a batch that was tried and is right; tell
// has citizens and units told by text message. Ordering it again is harmless.
func ImportBatch(ctx context.Context, tx *tenants.Tx, id int64, tell bool) error {
	b, err := lockBatch(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.State == BatchApplying || b.State == BatchApplied {
		return nil
	}
	if !b.Ready() {
		return fault.New(fault.Conflict, "import.conflict.not_ready")
	}
	b.State, b.Tell, b.Turn = BatchApplying, tell, b.Turn+1
	if err := b.write(ctx, tx, "state", "tell", "turn"); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "import:apply", "import_batch", b.ID, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindImportApply, BatchOrder{b.ID, b.Turn})
}

func lockBatch(ctx context.Context, tx *tenants.Tx, id int64) (*Batch, error) {
	b := new(Batch)
	return b, tx.Lock(ctx, b, "batch.id = ?", id)
}

func (b *Batch) write(ctx context.Context, tx *tenants.Tx, columns ...string) error {
	return fault.Wrap(tx.Update(ctx, b, columns...), "complaints.Batch")
}
