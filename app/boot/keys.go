package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"pasokh/tenants"
)

// Rotation is the command line of `pasokh keys rotate`.
type Rotation struct {
	Rewrap bool // wrap the keys of the organizations with the newest key of PASOKH_KEY_FILE
	Data   bool // give every organization a new key, and seal all values with it
}

// sealExisting seals what an older program left in clear, before anything is
// served. Without keys nothing can be: refuse says so in production.
func sealExisting(ctx context.Context, root *tenants.Root, log *slog.Logger) error {
	if root.Keys() == nil {
		return nil
	}
	return root.SealExisting(ctx, func(tenant, table string, rows int) {
		log.Info("sealed what was in clear", "tenant", tenant, "table", table, "rows", rows)
	})
}

// RotateKeys turns the keys while other processes serve.
func (a *App) RotateKeys(ctx context.Context, o Rotation, out io.Writer) error {
	if a.Root.Keys() == nil || !o.Rewrap && !o.Data {
		return errors.New("name what is turned, --rewrap or --data or both, and set PASOKH_KEY_FILE")
	}
	if o.Rewrap {
		n, err := a.Root.Rewrap(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%d keys wrapped with the newest key of the file\n", n) //nolint:errcheck // a terminal
	}
	if !o.Data {
		return nil
	}
	return a.Root.Rotate(ctx, tenants.Settle, func(tenant string, rows int) {
		fmt.Fprintf(out, "%s: %d rows sealed again\n", tenant, rows) //nolint:errcheck // a terminal
	})
}

// KeyStatus prints how the keys stand, as TSV.
func (a *App) KeyStatus(ctx context.Context, out io.Writer) error {
	list, err := a.Root.KeyStatuses(ctx)
	fmt.Fprintln(out, "slug\tnewest\tkeys\twrapped_by_an_older_key\trows_under_older_keys") //nolint:errcheck // a terminal
	for _, s := range list {
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\n", s.Slug, s.Newest, s.Keys, s.Wrapped, s.Behind) //nolint:errcheck // a terminal
	}
	return err
}
