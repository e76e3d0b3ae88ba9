package boot

import (
	"context"
	"fmt"
	"io"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// DemoPassword opens every account of the demonstration.
const DemoPassword = "pasokh-demo" //nolint:gosec // published on purpose; production refuses the demonstration

// published makes accounts whose password everybody knows, so that a second
// factor would protect nothing.
func published() onboarding {
	return onboarding{hasher: staff.Cheap(), password: func(string) string { return DemoPassword }, factor: tenants.FactorDemo}
}

// DemoAccounts lists the accounts of the demonstration; it needs no database.
func DemoAccounts() ([]Account, error) {
	specs, err := demoSpecs()
	if err != nil {
		return nil, err
	}
	platform, err := tenants.Sector(tenants.Platform)
	if err != nil {
		return nil, err
	}
	var list []Account
	for _, spec := range append([]*tenants.Spec{platform}, specs...) {
		passwords := map[string]string{}
		for _, s := range spec.Staff {
			passwords[s.User] = DemoPassword
		}
		list = append(list, accounts(spec, passwords)...)
	}
	return list, nil
}

// demoSpecs are the organizations of the demonstration: one of each sector.
func demoSpecs() ([]*tenants.Spec, error) {
	var list []*tenants.Spec
	for _, kind := range tenants.Sectors() {
		spec, err := tenants.Sector(kind)
		if err != nil {
			return nil, err
		}
		list = append(list, spec)
	}
	return list, nil
}

// The lines that the platform's audit record keeps about the demonstration.
const (
	demoBegun = "demo:begin"
	demoDone  = "demo:load"
	demoBound = "demo:relate"
)

// LoadDemo loads the demonstration data that is not there yet, and tells on out
// how it goes. Where everything is there it only asks once.
func (a *App) LoadDemo(ctx context.Context, out io.Writer) error {
	home, _, err := a.ensurePlatform(ctx, published())
	if err != nil {
		return err
	}
	db := a.Root.For(home)
	defer db.Release()
	if done, err := recorded(ctx, db, demoDone, home.ID); err != nil || done {
		return err
	}

	specs, err := demoSpecs()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "Loading the demonstration data:") //nolint:errcheck // a terminal
	for i, spec := range specs {
		began := time.Now()
		fmt.Fprintf(out, "  %d/%d %-14s ", i+1, len(specs), spec.Slug) //nolint:errcheck // a terminal
		word, err := a.loadDemoTenant(ctx, db, spec, out)
		if err != nil {
			return fmt.Errorf("%s: %w", spec.Slug, err)
		}
		fmt.Fprintf(out, " %s, %.1f s\n", word, time.Since(began).Seconds()) //nolint:errcheck // a terminal
	}
	if err := a.loadRelated(ctx, db); err != nil {
		return err
	}
	welcomeStaff(out)
	return record(ctx, db, demoDone, home.ID)
}

// loadDemoTenant onboards one organization as of before its made-up past and
// writes that past, once: what an interruption left half written stays as it is.
func (a *App) loadDemoTenant(ctx context.Context, home *tenants.DB, spec *tenants.Spec, out io.Writer) (word string, err error) {
	past, err := a.openPast(ctx)
	if err != nil {
		return "", err
	}
	defer past.Root.Close() //nolint:errcheck // everything is committed by then
	t, err := a.Root.UnscopedTenantBySlug(ctx, spec.Slug)
	if fault.Is(err, fault.NotFound) {
		t, _, err = past.Onboard(ctx, spec, published())
	}
	if err != nil {
		return "", err
	}
	if begun, err := recorded(ctx, home, demoBegun, t.ID); err != nil || begun {
		return "was begun before and is left as it is", err
	}
	if err := record(ctx, home, demoBegun, t.ID); err != nil {
		return "", err
	}
	return "loaded", past.loadHistory(ctx, t, out)
}

func recorded(ctx context.Context, db *tenants.DB, act string, tenantID int64) (bool, error) {
	lines, err := audit.Of(ctx, db, "tenant", tenantID, 10)
	for _, line := range lines {
		if line.Act == act {
			return true, err
		}
	}
	return false, err
}

func record(ctx context.Context, db *tenants.DB, act string, tenantID int64) error {
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return audit.Record(ctx, tx, act, "tenant", tenantID, "")
	})
}
