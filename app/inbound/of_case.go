package inbound

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// OfCase lists what came in and belongs to a case, oldest first: a hundred at
// most.
func OfCase(ctx context.Context, r tenants.Reader, complaint int64) ([]Message, error) {
	var list []Message
	err := r.Select(&list).Where("came.complaint_id = ? AND came.state = ?", complaint, Attached).Order("came.id").Limit(100).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "inbound.OfCase")
}
