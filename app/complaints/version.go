package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Unchanged takes the case for a command and wants it to be as somebody has
// read it: a Conflict says that others acted in the meantime. It comes first in
// the transaction, so that two people with the same page cannot both pass.
func Unchanged(ctx context.Context, tx *tenants.Tx, id ID, version int) error {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.Version != version {
		return fault.New(fault.Conflict, "complaint.conflict.version")
	}
	return nil
}
