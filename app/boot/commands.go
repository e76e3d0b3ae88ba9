package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Order is a command line as main has read it.
type Order struct {
	Command  string // serve, worker, demo accounts …
	NoWorker bool   // of serve
	Tenant   NewTenant
	Policy   PolicyChange
	Scale    Scale
	Import   Import
	Backup   Backup
	Restore  Restore
	Fakes    Fakes
	Audit    AuditOrder
	Rotation Rotation
	File     TenantFile
	Export   ExportOrder
	Package  PackageOrder
	Erase    EraseOrder
}

// Run does what the command line says. out is the standard output.
func Run(ctx context.Context, o Order, out io.Writer) error {
	switch o.Command { // what needs no valid configuration
	case "version":
		_, err := fmt.Fprintln(out, Version())
		return err
	case "help config":
		return HelpConfig(out)
	case "fake-gateways":
		return FakeGateways(ctx, o.Fakes, out)
	case "demo accounts":
		list, err := DemoAccounts()
		if err != nil {
			return err
		}
		return WriteAccounts(out, list)
	}
	config, err := LoadConfig()
	if o.Command == "doctor" {
		return Doctor(ctx, config, err, out)
	}
	if err != nil {
		return err
	}
	return explained(o.run(ctx, config, out))
}

// explained puts an error that a person can mend into words.
func explained(err error) error {
	f := new(fault.Error)
	if !errors.As(err, &f) || f.Kind == fault.Internal || !messages.Has(messages.EN, f.Key) {
		return err
	}
	return fmt.Errorf("%s (%w)", messages.In(messages.EN, f.Key, f.Args...), err)
}

func (o Order) run(ctx context.Context, c Config, out io.Writer) error {
	switch o.Command {
	case "serve":
		return Serve(ctx, c, o.NoWorker, out)
	case "worker":
		return Work(ctx, c)
	case "migrate":
		return Migrate(ctx, c, out)
	case "demo load":
		return Demo(ctx, c, out)
	case "demo scale":
		return LoadScale(ctx, c, o.Scale, out)
	case "keys status":
		return with(ctx, c, func(a *App) error { return a.KeyStatus(ctx, out) })
	case "keys rotate":
		return with(ctx, c, func(a *App) error { return a.RotateKeys(ctx, o.Rotation, out) })
	case "tenant list":
		return ListTenants(ctx, c, out)
	case "tenant show <slug>":
		return with(ctx, c, func(a *App) error { return a.ShowTenant(ctx, o.File.Slug, out) })
	case "tenant apply <file>":
		return with(ctx, c, func(a *App) error { return a.ApplyTenant(ctx, o.File, secret(), out) })
	case "tenant export <slug>":
		return with(ctx, c, func(a *App) error { return a.ExportTenant(ctx, o.Export, out) })
	case "tenant import <from>":
		return with(ctx, c, func(a *App) error { return a.ImportTenant(ctx, o.Package, out) })
	case "tenant policy <tenant> <role> <permission> <effect>":
		return with(ctx, c, func(a *App) error { return a.ChangePolicy(ctx, o.Policy) })
	case "import <tenant> <file>":
		return with(ctx, c, func(a *App) error { return a.Import(ctx, o.Import, out) })
	case "backup <to>":
		return WriteBackup(ctx, c, o.Backup, out)
	case "restore <from>":
		return RestoreBackup(ctx, c, o.Restore, out)
	case "audit verify", "audit verify <tenant>":
		return with(ctx, c, func(a *App) error { return a.VerifyAudits(ctx, o.Audit, out) })
	case "citizens erase <tenant> <citizen>":
		return with(ctx, c, func(a *App) error { return a.EraseCitizen(ctx, o.Erase, out) })
	case "routes":
		return WriteRoutes(c, out)
	default: // tenant create [<file>]
		return CreateTenant(ctx, c, o.Tenant, out)
	}
}

// Migrate brings the schema up to date and tells what was done.
func Migrate(ctx context.Context, c Config, out io.Writer) error {
	root, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // the process ends
	applied, err := tenants.Migrate(ctx, root, c.DatabaseURL)
	if err != nil {
		return err
	}
	for _, name := range applied {
		fmt.Fprintln(out, name) //nolint:errcheck // a terminal
	}
	if len(applied) == 0 {
		fmt.Fprintln(out, "nothing to do") //nolint:errcheck // a terminal
	}
	return sealExisting(ctx, root, newLog(c, os.Stderr))
}

// Demo loads the demonstration data and ends.
func Demo(ctx context.Context, c Config, out io.Writer) error {
	if c.Production() {
		return errors.New("the demonstration's accounts are published; not in production")
	}
	return with(ctx, c, func(a *App) error { return a.LoadDemo(ctx, out) })
}

// ListTenants prints the organizations as TSV.
func ListTenants(ctx context.Context, c Config, out io.Writer) error {
	return with(ctx, c, func(a *App) error {
		list, err := a.Root.UnscopedTenants(ctx)
		fmt.Fprintln(out, "slug\tkind\tstatus\tname_fa\tname_en") //nolint:errcheck // a terminal
		for _, t := range list {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", t.Slug, t.Kind, t.Status, t.NameFA, t.NameEN) //nolint:errcheck // a terminal
		}
		return err
	})
}

// NewTenant says which organization is to be onboarded: the specification of a
// file, or a sector's template; slug and names replace those of either.
type NewTenant struct {
	File           string
	Sector         string
	Slug           string
	NameFA, NameEN string
}

func (n NewTenant) spec() (*tenants.Spec, error) {
	var (
		spec *tenants.Spec
		err  error
	)
	switch {
	case (n.File == "") == (n.Sector == ""):
		return nil, errors.New("name either a file or --sector")
	case n.File != "":
		raw, readErr := os.ReadFile(n.File)
		if readErr != nil {
			return nil, readErr
		}
		spec, err = tenants.ParseSpec(raw)
	default:
		spec, err = tenants.Sector(tenants.Kind(n.Sector))
	}
	if err != nil {
		return nil, err
	}
	for value, field := range map[*string]string{&spec.Slug: n.Slug, &spec.NameFA: n.NameFA, &spec.NameEN: n.NameEN} {
		if field != "" {
			*value = field
		}
	}
	return spec, nil
}

// CreateTenant onboards an organization and prints its accounts, whose
// passwords are told only now.
func CreateTenant(ctx context.Context, c Config, n NewTenant, out io.Writer) error {
	spec, err := n.spec()
	if err != nil {
		return err
	}
	return with(ctx, c, func(a *App) error {
		_, list, err := a.Onboard(ctx, spec, secret())
		if err != nil {
			return err
		}
		return WriteAccounts(out, list)
	})
}

// WriteRoutes prints every route as TSV: method, pattern, audience, permission.
func WriteRoutes(c Config, out io.Writer) error {
	list, err := Routes(c.Demo)
	if err != nil {
		return err
	}
	for _, r := range list {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", r.Method, r.Pattern, r.Audience, r.Permission); err != nil {
			return err
		}
	}
	return nil
}

// with opens the program for one command.
func with(ctx context.Context, c Config, fn func(*App) error) error {
	a, err := Open(ctx, c, os.Stderr)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close())
}
