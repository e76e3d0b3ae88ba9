package directives

import (
	"context"

	"pasokh/app/audit"
	"pasokh/tenants"
)

// AttachScan notes which file is the handwritten order of a directive; the
// file belongs to the directive already. Called in the transaction that issues.
func AttachScan(ctx context.Context, tx *tenants.Tx, id, fileID int64) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	d.ScanID = &fileID
	if err := tx.Update(ctx, d, "scan_id"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "directive:attach_scan", "directive", d.ID, "")
}
