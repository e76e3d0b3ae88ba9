package jobs

import (
	"context"
	"errors"
	"fmt"
)

// Drain runs everything that is due, straight from the outbox and in its order,
// until nothing is due: what tests and the demonstration data use instead of
// queue and workers. The reactions that failed are joined in the error; their
// rows wait for their next try.
func Drain(ctx context.Context, d *Deps) error {
	var failures []error
	for {
		due, err := d.Root.UnscopedDueTasks(ctx, d.Root.Clock()(), batch)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		if len(due) == 0 {
			return errors.Join(failures...)
		}
		for _, row := range due {
			o, err := Run(ctx, d, row.TenantID, row.ID)
			if err != nil {
				return errors.Join(append(failures, err)...)
			}
			if o.Failure != nil {
				failures = append(failures, fmt.Errorf("%s: %w", row.Kind, o.Failure))
			}
		}
	}
}
