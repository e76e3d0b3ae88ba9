package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"pasokh/app/audit"
	"pasokh/tenants"
)

// AuditOrder is the command line of `pasokh audit verify`.
type AuditOrder struct {
	Tenant string // slug; empty: all organizations
}

// anchorFile is where the ends of the audits are kept outside the database.
func (c *Config) anchorFile() string {
	if c.AuditAnchors != "" {
		return c.AuditAnchors
	}
	return filepath.Join(c.Data, "anchors.log")
}

// VerifyAudits walks the audit of one organization or of all, compares it with
// the anchors in the database and outside, and prints a line for each. It is an
// error when one of them does not hold.
func (a *App) VerifyAudits(ctx context.Context, o AuditOrder, out io.Writer) error {
	list, err := a.audited(ctx, o.Tenant)
	if err != nil {
		return err
	}
	ledger := audit.NewLedger(a.Config.anchorFile())
	outside, ledgerErr := ledger.Read() // what could be read of it still counts
	broken := 0
	fmt.Fprintln(out, "organization\tlines\tlines/s\tanchors outside\tstate") //nolint:errcheck // a terminal
	for i := range list {
		began := time.Now()
		db := a.Root.For(&list[i])
		check, err := audit.Walk(ctx, db, outside[list[i].ID])
		db.Release()
		if err != nil {
			return err
		}
		state := "holds"
		if !check.Holds() {
			broken++
			state = fmt.Sprintf("BROKEN at line %d (%s)", check.Broken, check.Why)
		}
		if check.Plain > 0 {
			state += fmt.Sprintf(", %d lines of before there were keys", check.Plain)
		}
		if check.Foreign > 0 {
			state += fmt.Sprintf(", %d lines of another deployment, whose words only it can prove", check.Foreign)
		}
		speed := float64(check.Good) / max(time.Since(began).Seconds(), 1e-6)
		fmt.Fprintf(out, "%s\t%d\t%.0f\t%d\t%s\n", list[i].Slug, check.Good, speed, len(outside[list[i].ID]), state) //nolint:errcheck // a terminal
	}
	if broken > 0 {
		err = fmt.Errorf("the audit of %d organizations does not hold", broken)
	}
	return errors.Join(err, ledgerErr)
}

func (a *App) audited(ctx context.Context, slug string) ([]tenants.Tenant, error) {
	if slug == "" {
		return a.Root.UnscopedTenants(ctx)
	}
	t, err := a.Root.UnscopedTenantBySlug(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", slug, err)
	}
	return []tenants.Tenant{*t}, nil
}
