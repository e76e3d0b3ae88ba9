package boot

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/handover"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// EraseOrder is the command line of `pasokh citizens erase`.
type EraseOrder struct {
	Tenant  string // slug
	Citizen int64  // the pseudonymous number, as the audit has it
	Reason  string
}

// erasureFile is where who was erased is kept outside the database.
func (c *Config) erasureFile() string {
	if c.ErasureList != "" {
		return c.ErasureList
	}
	return filepath.Join(c.Data, "erasures.log")
}

// EraseCitizen forgets one person, under the same rules as the office.
func (a *App) EraseCitizen(ctx context.Context, o EraseOrder, out io.Writer) error {
	t, err := a.Root.UnscopedTenantBySlug(ctx, o.Tenant)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Tenant, err)
	}
	db := a.Root.For(t)
	defer db.Release()
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return citizens.Erase(ctx, tx, o.Citizen, o.Reason)
	})
	if err != nil {
		return err
	}
	list, err := citizens.Erasures(ctx, db)
	if err != nil {
		return err
	}
	if err := privacy.NewLedger(a.Config.erasureFile()).Append(list); err != nil {
		return err
	}
	fmt.Fprintln(out, "erased", o.Citizen) //nolint:errcheck // a terminal
	return nil
}

// replayErasures forgets again whom a restored backup brought back, people and whole
// organizations: those of the list outside the database.
func replayErasures(ctx context.Context, c Config, file string, store *files.Store, out io.Writer) error {
	if file == "" {
		file = c.erasureFile()
	}
	all, err := privacy.NewLedger(file).Read()
	if err != nil {
		return err
	}
	root, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // everything was committed
	list, err := root.UnscopedTenants(ctx)
	if err != nil {
		return err
	}
	again := 0
	for i := range list {
		if at := removedAt(all[list[i].ID]); at != nil {
			if err := handover.Again(ctx, root, store, &list[i], *at); err != nil {
				return fmt.Errorf("the data are restored, but %s, which was deleted, could not be deleted again: %w", list[i].Slug, err)
			}
			fmt.Fprintf(out, "deleted again: %s\n", list[i].Slug) //nolint:errcheck // a terminal
			continue
		}
		n, err := replayOf(ctx, root, &list[i], all[list[i].ID])
		if err != nil {
			return fmt.Errorf("the data are restored, but who was erased could not be erased again: %w", err)
		}
		again += n
	}
	fmt.Fprintf(out, "erased again: %d of the people in %s\n", again, file) //nolint:errcheck // a terminal
	return nil
}

// removedAt is when the organization was deleted; nil when it was not.
func removedAt(list []citizens.Erasure) *time.Time {
	for i := range list {
		if list[i].CitizenID == 0 {
			return &list[i].At
		}
	}
	return nil
}

func replayOf(ctx context.Context, root *tenants.Root, t *tenants.Tenant, list []citizens.Erasure) (n int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	db := root.For(t)
	defer db.Release()
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		n, err = citizens.Replay(ctx, tx, list)
		return err
	})
	return n, fault.Wrap(err, "boot.replayOf")
}
