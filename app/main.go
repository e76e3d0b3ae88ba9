// Command pasokh serves many public bodies' complaints desks and public
// meetings from one deployment.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"pasokh/app/boot"
)

var cli struct {
	Serve struct {
		NoWorker bool `help:"Only pages; a worker runs elsewhere."`
	} `cmd:"" help:"Serve the pages, and run the worker with them."`
	Worker  struct{} `cmd:"" help:"Run a worker without pages."`
	Migrate struct{} `cmd:"" help:"Bring the schema up to date."`
	Demo    struct {
		Load     struct{} `cmd:"" default:"1" help:"Load the demonstration data."`
		Accounts struct{} `cmd:"" help:"Print the demonstration accounts as TSV."`
		Scale    struct {
			Tenants int `default:"100" help:"Organizations."`
			Cases   int `default:"1000000" help:"Cases in all of them together."`
			Open    int `default:"10" help:"Open cases, in a hundred."`
			Due     int `help:"Open cases whose next clock event has come."`
		} `cmd:"" help:"Fill the database with made-up cases to measure with."`
	} `cmd:"" help:"The demonstration."`
	Tenant struct {
		List   struct{}   `cmd:"" help:"Print the organizations as TSV."`
		Create newTenant  `cmd:"" help:"Onboard an organization and print its accounts."`
		Policy newPolicy  `cmd:"" help:"Change what a role may do in one organization."`
		Show   tenantSlug `cmd:"" help:"Print an organization as the YAML file that apply reads."`
		Apply  newApply   `cmd:"" help:"Bring an organization to what its YAML file says; new ones are onboarded."`
		Export newExport  `cmd:"" help:"Write all data of an organization, personal data in clear, into open files."`
		Import newPackage `cmd:"" help:"Take the package of tenant export in as a new organization."`
	} `cmd:"" help:"The organizations."`
	Keys struct {
		Status struct{}    `cmd:"" help:"Print how the keys of the organizations stand as TSV."`
		Rotate newRotation `cmd:"" help:"Turn the keys, while others serve."`
	} `cmd:"" help:"The keys that personal data are sealed with."`
	Import  newImport  `cmd:"" help:"Try a file of cases, or import it."`
	Backup  newBackup  `cmd:"" help:"Back database and files up into one archive, while others serve."`
	Restore newRestore `cmd:"" help:"Restore an archive into an empty database and an empty PASOKH_DATA."`
	Fakes   newFakes   `cmd:"" name:"fake-gateways" help:"Stand in for the gateways of messages, to try them by hand."`
	Audit   struct {
		Verify newAudit `cmd:"" help:"Walk the audit of one organization or of all, and compare it with the anchors."`
	} `cmd:"" help:"The record of who did what."`
	Citizens struct {
		Erase newErasure `cmd:"" help:"Forget one person, under the same rules as the office."`
	} `cmd:"" help:"The people who complain and book."`
	Routes  struct{} `cmd:"" help:"Print every route as TSV: method, pattern, audience, permission."`
	Doctor  struct{} `cmd:"" help:"Tell what is wrong with this installation."`
	Version struct{} `cmd:"" help:"Print the version."`
	Help    struct {
		Config struct{} `cmd:"" help:"List all settings; they come from the environment."`
	} `cmd:"" help:"More help."`
}

type newTenant struct {
	File   string `arg:"" optional:"" type:"existingfile" help:"Specification in YAML."`
	Sector string `help:"Start from a sector's template: gas, water, metro, municipality, free_zone."`
	Slug   string `help:"Name in the address."`
	NameFA string `name:"name-fa" help:"Persian name."`
	NameEN string `name:"name-en" help:"English name."`
}

type tenantSlug struct {
	Slug string `arg:"" help:"The organization's name in the address."`
}

type newApply struct {
	File   string `arg:"" type:"existingfile" help:"Specification in YAML."`
	DryRun bool   `help:"Only print what would change."`
}

type newExport struct {
	Slug   string `arg:"" help:"The organization's name in the address."`
	To     string `required:"" help:"New folder, or new file that ends in .tar."`
	Handed bool   `help:"Note that the organization has been given it and has confirmed: its data may be deleted then."`
}

type newPackage struct {
	From   string `arg:"" type:"path" help:"Folder or .tar of tenant export."`
	Into   string `help:"The new organization's name in the address."`
	Verify bool   `help:"Only read the package and check everything in it."`
}

type newRotation struct {
	Rewrap bool `help:"Wrap the keys of the organizations with the newest key of PASOKH_KEY_FILE."`
	Data   bool `help:"Give every organization a new key and seal everything with it."`
}

type newPolicy struct {
	Tenant     string `arg:"" help:"The organization's name in the address."`
	Role       string `arg:"" help:"Role, as in \"pasokh demo accounts\"."`
	Permission string `arg:"" help:"Permission, as in \"pasokh routes\"."`
	Effect     string `arg:"" enum:"allow,deny,default" help:"allow, deny, or default: as the built-in policy says."`
}

type newImport struct {
	Tenant string `arg:"" help:"The organization's name in the address."`
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX."`
	DryRun bool   `help:"Only say what is wrong; write nothing."`
	As     string `help:"User name in whose name the cases are registered."`
	Tell   bool   `help:"Tell citizens and units by text message."`
}

type newBackup struct {
	To     string `arg:"" help:"New file, or folder for one named by the time, or - for the standard output."`
	Verify bool   `help:"Read the archive back when it is written."`
}

type newRestore struct {
	From   string `arg:"" type:"existingfile" help:"Archive of pasokh backup."`
	Verify bool   `help:"Only read the archive and check everything in it."`

	Erasures string `type:"existingfile" help:"List of who was erased since the backup (erasures.log of the installation that was lost)."`
}

type newErasure struct {
	Tenant  string `arg:"" help:"The organization's name in the address."`
	Citizen int64  `arg:"" help:"The person's number, as the audit has it."`
	Reason  string `required:"" help:"Why; no personal data."`
}

type newAudit struct {
	Tenant string `arg:"" optional:"" help:"The organization's name in the address; none = all."`
}

type newFakes struct {
	Port     int `default:"8099" help:"Of the gateways and of the page that shows what was sent."`
	MailPort int `default:"8025" help:"Of the mail server."`
}

func main() {
	command := kong.Parse(&cli, kong.Name("pasokh"), kong.UsageOnError()).Command()
	err := boot.Run(context.Background(), boot.Order{
		Command: command, NoWorker: cli.Serve.NoWorker, Tenant: boot.NewTenant(cli.Tenant.Create),
		File:   boot.TenantFile{Slug: cli.Tenant.Show.Slug, File: cli.Tenant.Apply.File, DryRun: cli.Tenant.Apply.DryRun},
		Export: boot.ExportOrder(cli.Tenant.Export), Package: boot.PackageOrder(cli.Tenant.Import),
		Scale: boot.Scale(cli.Demo.Scale), Policy: boot.PolicyChange(cli.Tenant.Policy),
		Import: boot.Import(cli.Import), Backup: boot.Backup(cli.Backup), Restore: boot.Restore(cli.Restore),
		Fakes: boot.Fakes(cli.Fakes), Audit: boot.AuditOrder(cli.Audit.Verify), Rotation: boot.Rotation(cli.Keys.Rotate), Erase: boot.EraseOrder(cli.Citizens.Erase),
	}, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pasokh:", err)
		os.Exit(1)
	}
}
