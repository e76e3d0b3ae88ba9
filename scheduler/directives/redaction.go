package directives

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// ScanRedaction is one publication of the scan of a directive: what was covered
// in which copy, by whom. Rows are only ever added.
type ScanRedaction struct {
	tenants.BaseModel `bun:"table:scan_redactions,alias:redaction"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	DirectiveID int64
	OriginalID  int64
	CopyID      int64
	Boxes       string // "x,y,w,h;…" in pixels of the copy
	StaffID     int64
	StaffName   string
	At          time.Time
}

// Scan is the handwritten order of a directive with its copies.
type Scan struct {
	Original *files.File
	Stripped *files.File // what staff look at, without hidden data; nil for a document
	Public   *files.File // what the citizen sees; nil when nothing is published
}

// ScanOf reads the scan of a directive; nil when there is none.
func ScanOf(ctx context.Context, r tenants.Reader, d *Directive) (*Scan, error) {
	if d.ScanID == nil {
		return nil, nil //nolint:nilnil // many have none
	}
	original, err := files.ByID(ctx, r, *d.ScanID)
	if err != nil {
		return nil, err
	}
	copies, err := files.CopiesOf(ctx, r, original.ID)
	if err != nil {
		return nil, err
	}
	s := &Scan{Original: original}
	for i := range copies {
		if i == 0 {
			s.Stripped = &copies[i]
		}
		if copies[i].Public {
			s.Public = &copies[i]
		}
	}
	return s, nil
}

// PublishScan lets the citizen see one copy of the scan: got is the redacted
// one, nil is the stripped copy as it is. What was published before is taken
// back; the original is never published. Conflict: directive.conflict.no_picture,
// directive.conflict.hidden when the citizen sees nothing of the directive.
func PublishScan(ctx context.Context, tx *tenants.Tx, id int64, got *files.Received, boxes []files.Box) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	scan, err := ScanOf(ctx, tx, d)
	switch {
	case err != nil:
		return err
	case scan == nil || scan.Stripped == nil:
		return fault.New(fault.Conflict, "directive.conflict.no_picture")
	case !d.Public:
		return fault.New(fault.Conflict, "directive.conflict.hidden")
	}
	shown := scan.Stripped
	if got != nil {
		to := files.Place{Subject: files.Subject{Kind: "directive", ID: id}}
		if shown, err = files.SaveRedaction(ctx, tx, got, scan.Original, to); err != nil {
			return err
		}
	}
	if err := files.PublishOnly(ctx, tx, scan.Original.ID, shown.ID); err != nil {
		return err
	}
	a := tx.Actor()
	row := &ScanRedaction{
		ID: tenants.NewID(), DirectiveID: id, OriginalID: scan.Original.ID, CopyID: shown.ID, Boxes: BoxText(boxes),
		StaffID: a.ID, StaffName: a.Name, At: tx.Now(),
	}
	if err := tx.Insert(ctx, row); err != nil {
		return err
	}
	return d.told(ctx, tx, "directive.scan_published", "directive:publish_scan", fmt.Sprintf("%d boxes, file %d", len(boxes), shown.ID))
}

// WithdrawScan takes back what was published; a citizen who saw it has seen it.
func WithdrawScan(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	scan, err := ScanOf(ctx, tx, d)
	if err != nil {
		return err
	}
	if scan == nil || scan.Public == nil {
		return fault.New(fault.Conflict, "directive.conflict.state")
	}
	if err := files.PublishOnly(ctx, tx, scan.Original.ID, 0); err != nil {
		return err
	}
	return d.told(ctx, tx, "directive.scan_withdrawn", "directive:withdraw_scan", fmt.Sprintf("file %d", scan.Public.ID))
}

// told leaves an event that only staff read, and the audit line.
func (d *Directive) told(ctx context.Context, tx *tenants.Tx, kind, act, detail string) error {
	e := timeline.Event{SubjectKind: "directive", SubjectID: d.ID, Kind: kind, Cycle: d.Returns, UnitID: &d.UnitID, ToState: string(d.State)}
	if err := timeline.Append(ctx, tx, &e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, act, "directive", d.ID, detail)
}

// Redactions lists the publications of a directive's scan, newest first.
func Redactions(ctx context.Context, r tenants.Reader, id int64) ([]ScanRedaction, error) {
	var list []ScanRedaction
	err := r.Select(&list).Where("redaction.directive_id = ?", id).Order("redaction.id DESC").Limit(50).Scan(ctx)
	return list, tenants.Err(err)
}

// BoxText writes boxes as an address and a row keep them.
func BoxText(boxes []files.Box) string {
	list := make([]string, len(boxes))
	for i, b := range boxes {
		list[i] = fmt.Sprintf("%d,%d,%d,%d", b.X, b.Y, b.W, b.H)
	}
	return strings.Join(list, ";")
}

// ParseBoxes reads what BoxText wrote; false when it is nothing of the kind.
func ParseBoxes(text string) ([]files.Box, bool) {
	if text == "" {
		return nil, true
	}
	var boxes []files.Box
	for one := range strings.SplitSeq(text, ";") {
		var b files.Box
		if n, err := fmt.Sscanf(one, "%d,%d,%d,%d", &b.X, &b.Y, &b.W, &b.H); err != nil || n != 4 || len(boxes) == files.MaxBoxes {
			return nil, false
		}
		boxes = append(boxes, b)
	}
	return boxes, true
}
