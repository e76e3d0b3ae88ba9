package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"pasokh/app/handover"
	"pasokh/tenants"
)

// ExportOrder is the command line of `pasokh tenant export`.
type ExportOrder struct {
	Slug   string
	To     string
	Handed bool // the organization was given it and has confirmed
}

// PackageOrder is the command line of `pasokh tenant import`.
type PackageOrder struct {
	From   string
	Into   string
	Verify bool
}

// ExportTenant writes the package of an organization and tells what is in it.
func (a *App) ExportTenant(ctx context.Context, o ExportOrder, out io.Writer) error {
	t, err := a.Root.UnscopedTenantBySlug(ctx, o.Slug)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "warning: the package holds personal data in clear; only your account can read the files, keep them on encrypted media") //nolint:errcheck // a terminal
	p, err := handover.Write(ctx, handover.Source{Root: a.Root, Tenant: t, Files: a.Files, Program: Version(), Say: toTerminal}, o.To)
	if err != nil {
		return err
	}
	db := a.Root.For(t)
	defer db.Release()
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return handover.Noted(ctx, tx, p, o.Handed) })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d tables, %d rows, %d files, %.1f MB, sha256 %s\n", o.To, len(p.Tables), p.Rows(), p.Manifest.Files, float64(p.Size)/1e6, p.SHA256) //nolint:errcheck // a terminal
	if p.MissingFiles > 0 || p.Unreadable > 0 {
		fmt.Fprintf(out, "note: %d files that rows name were not in the store, %d values no key opens\n", p.MissingFiles, p.Unreadable) //nolint:errcheck // a terminal
	}
	return nil
}

// ImportTenant takes a package in, or only checks it.
func (a *App) ImportTenant(ctx context.Context, o PackageOrder, out io.Writer) error {
	if o.Verify {
		m, err := handover.Verify(o.From, toTerminal, a.Root.Clock())
		if err == nil {
			fmt.Fprintf(out, "whole: %s, %s, %d tables, %d rows, %d files\n", m.Organization.Slug, m.Taken.Format("2006-01-02 15:04:05Z"), len(m.Tables), m.Rows(), m.Files) //nolint:errcheck // a terminal
		}
		return err
	}
	if o.Into == "" {
		return errors.New("name the new organization: --into slug")
	}
	t, m, err := handover.Import(ctx, handover.Target{Root: a.Root, Files: a.Files, Say: toTerminal}, o.From, o.Into)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d rows and %d files of %s, every table as in the package; suspended: look at it, then switch it on at /platform\n", t.Slug, m.Rows(), m.Files, m.Organization.Slug) //nolint:errcheck // a terminal
	return nil
}

func toTerminal(text string) { fmt.Fprintln(os.Stderr, text) } //nolint:errcheck // a terminal
