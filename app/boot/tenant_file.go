package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"gopkg.in/yaml.v3"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// TenantFile is the command line of `pasokh tenant show` and `apply`.
type TenantFile struct {
	Slug   string
	File   string
	DryRun bool
}

// ShowTenant prints an organization as the file that ApplyTenant reads.
func (a *App) ShowTenant(ctx context.Context, slug string, out io.Writer) error {
	t, err := a.Root.UnscopedTenantBySlug(ctx, slug)
	if err != nil {
		return err
	}
	db := a.Root.For(t)
	defer db.Release()
	spec, err := tenants.Show(ctx, db)
	if err != nil {
		return err
	}
	if err := complaints.ShowForms(ctx, db, spec.Topics); err != nil {
		return err
	}
	if err := a.showParts(ctx, db, spec); err != nil {
		return err
	}
	enc := yaml.NewEncoder(out)
	enc.SetIndent(2)
	return errors.Join(enc.Encode(spec), enc.Close())
}

// errDry ends the transaction of a trial.
var errDry = errors.New("only tried")

// ApplyTenant brings an organization to what its file says and prints every
// change; applied again, there is none. One that does not stand is onboarded.
// Accounts, and executives that stand, are theirs to change.
func (a *App) ApplyTenant(ctx context.Context, f TenantFile, o onboarding, out io.Writer) error {
	raw, err := os.ReadFile(f.File)
	if err != nil {
		return err
	}
	spec, err := tenants.ParseSpec(raw)
	if err == nil {
		err = spec.Judge()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.File, explained(err))
	}
	t, err := a.Root.UnscopedTenantBySlug(ctx, spec.Slug)
	if fault.Is(err, fault.NotFound) {
		return a.applyNew(ctx, spec, f.DryRun, o, out)
	}
	if err != nil {
		return err
	}
	list, err := a.applyTo(ctx, t, spec, f.DryRun)
	if err != nil {
		return fmt.Errorf("%s: %w", f.File, explained(err))
	}
	return printChanges(out, list, f.DryRun)
}

func (a *App) applyNew(ctx context.Context, spec *tenants.Spec, dry bool, o onboarding, out io.Writer) error {
	fmt.Fprintf(out, "add organization %s: %d units, %d sla classes, %d topics, %d districts, %d executives, %d accounts\n", //nolint:errcheck // a terminal
		spec.Slug, len(spec.Units), len(spec.Classes), len(spec.Topics), len(spec.Districts), len(spec.Executives), len(spec.Staff))
	if dry {
		return nil
	}
	t, list, err := a.Onboard(ctx, spec, o)
	if err == nil {
		_, err = a.applyTo(ctx, t, spec, false)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", spec.Slug, explained(err))
	}
	return WriteAccounts(out, list)
}

// applyTo applies the file in one transaction.
func (a *App) applyTo(ctx context.Context, t *tenants.Tenant, spec *tenants.Spec, dry bool) (list []tenants.Change, err error) {
	names, err := a.Root.ApplyNames(ctx, t, spec, true)
	if err != nil {
		return nil, err
	}
	db := a.Root.For(t)
	defer db.Release()
	logo, err := a.logoOf(db, spec)
	if err != nil {
		return nil, err
	}
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if list, err = a.applyAll(ctx, tx, spec, logo, names); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	if dry && errors.Is(err, errDry) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = a.Root.ApplyNames(ctx, t, spec, false)
	return list, err
}

// applyAll applies every part and records each change.
func (a *App) applyAll(ctx context.Context, tx *tenants.Tx, spec *tenants.Spec, logo *files.Received, names []tenants.Change) ([]tenants.Change, error) {
	list, err := tenants.Apply(ctx, tx, spec)
	if err != nil {
		return nil, err
	}
	forms, err := complaints.ApplyForms(ctx, tx, spec.Topics)
	if err != nil {
		return nil, err
	}
	posts, err := applyExecutives(ctx, tx, spec.Executives)
	if err != nil {
		return nil, err
	}
	more, err := a.applyParts(ctx, tx, spec, logo)
	if err != nil {
		return nil, err
	}
	list = slices.Concat(names, list, forms, posts, more)
	for _, c := range list {
		if err := audit.Record(ctx, tx, "organization:applied", "organization", tx.Tenant().ID, c.Verb+" "+c.What); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// applyExecutives adds the posts that do not stand, with their windows.
func applyExecutives(ctx context.Context, tx *tenants.Tx, specs []tenants.ExecutiveSpec) (list []tenants.Change, err error) {
	posts, err := directives.Posts(ctx, tx)
	if err != nil {
		return nil, err
	}
	stands := map[string]bool{}
	for i := range posts {
		stands[posts[i].Code] = true
	}
	for _, s := range specs {
		if stands[s.Code] {
			continue
		}
		made, err := directives.Seed(ctx, tx, []tenants.ExecutiveSpec{s}, nil)
		if err != nil {
			return nil, err
		}
		for _, w := range s.Windows {
			if _, err := meetings.AddWindow(ctx, tx, made[0].ID, w); err != nil {
				return nil, err
			}
		}
		list = append(list, tenants.Change{Verb: "add", What: "executive " + s.Code, Detail: fmt.Sprintf("%d windows", len(s.Windows))})
	}
	if len(list) > 0 {
		_, err = meetings.Generate(ctx, tx)
	}
	return list, err
}

func printChanges(out io.Writer, list []tenants.Change, dry bool) error {
	for _, c := range list {
		if _, err := fmt.Fprintln(out, c); err != nil {
			return err
		}
	}
	tail := ""
	if dry {
		tail = ", nothing was written"
	}
	_, err := fmt.Fprintf(out, "%d changes%s\n", len(list), tail)
	return err
}
