package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Import is what `pasokh import` does with a file of cases; its columns are
// known by their names, or as they were mapped the last time.
type Import struct {
	Tenant, File string
	DryRun       bool   // only say what is wrong
	As           string // user name in whose name the cases are registered
	Tell         bool   // citizens and units are told
}

// errWrong says that lines are wrong; which ones was printed.
var errWrong = errors.New("nothing was imported: lines are wrong")

// Import tries a file, prints what is wrong with its lines, and registers its
// cases when nothing is and a dry run was not asked for.
func (a *App) Import(ctx context.Context, o Import, out io.Writer) error {
	t, err := a.Root.UnscopedTenantBySlug(ctx, o.Tenant)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(o.File)
	if err != nil {
		return err
	}
	format, err := sheet.FormatOf(o.File, raw)
	if err != nil {
		return inWords(err)
	}
	db := a.Root.For(t)
	defer db.Release()
	if o.As == "" && !o.DryRun {
		return errors.New("name who imports with --as, or ask for a --dry-run")
	}
	b, err := a.try(ctx, db, o, raw, format)
	if err != nil {
		return inWords(err)
	}
	if err := writeBatch(ctx, db, b, out); err != nil || o.DryRun {
		return err
	}
	if !b.Ready() {
		return errWrong
	}
	return a.apply(ctx, db, b, o, out)
}

// try uploads the file as a batch, as the page does, and checks it at once.
func (a *App) try(ctx context.Context, db *tenants.DB, o Import, raw []byte, format sheet.Format) (*complaints.Batch, error) {
	who, err := importer(ctx, db, o.As)
	if err != nil {
		return nil, err
	}
	table, err := sheet.Read(ctx, format, raw, "", complaints.SampleRows)
	if err != nil {
		return nil, err
	}
	key, err := a.Files.Keep(db, raw)
	if err != nil {
		return nil, err
	}
	var b *complaints.Batch
	err = db.Write(ctx, who, func(tx *tenants.Tx) (err error) {
		if b, err = complaints.Upload(ctx, tx, files.CleanName(filepath.Base(o.File)), format, key, table); err != nil {
			return err
		}
		return complaints.CheckBatch(ctx, tx, b.ID, b.Mapping.Columns, b.Mapping.Fixed)
	})
	if err != nil {
		return nil, err
	}
	if _, err = complaints.RunCheck(ctx, db, a.Files, complaints.BatchOrder{BatchID: b.ID, Turn: 1}, func(int, int) {}); err != nil {
		return nil, err
	}
	db.Release()
	return complaints.BatchByID(ctx, db, b.ID)
}

// importer is the account in whose name a batch stands; a dry run without one
// stands in that of the first tenant admin.
func importer(ctx context.Context, db *tenants.DB, user string) (tenants.Actor, error) {
	var (
		who *staff.Staff
		err error
	)
	if user != "" {
		who, err = staff.ByUserName(ctx, db, user)
	} else {
		var admins []staff.Staff
		if admins, err = staff.WithRole(ctx, db, "tenant_admin", nil); err == nil && len(admins) > 0 {
			who = &admins[0]
		}
	}
	if err != nil || who == nil {
		return tenants.Actor{}, errors.Join(err, errors.New("there is no such account"))
	}
	actor := tenants.Actor{Kind: tenants.Staff, ID: who.ID, Name: who.NameFA}
	if who.UnitID != nil {
		actor.UnitID = *who.UnitID
	}
	return actor, nil
}

func writeBatch(ctx context.Context, db *tenants.DB, b *complaints.Batch, out io.Writer) error {
	if b.Refused != "" {
		return errors.New(messages.In(messages.EN, b.Refused))
	}
	list, _, err := complaints.Problems(ctx, db, b.ID, 0, complaints.MaxProblems)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		key := p.Key
		if messages.Has(messages.EN, "import."+key) {
			key = "import." + key
		}
		fmt.Fprintf(out, "line %d\t%s\t%s\n", p.Line, p.Field, messages.In(messages.EN, key, "line", p.Other)) //nolint:errcheck // a terminal
	}
	_, err = fmt.Fprintf(out, "%d lines, %d wrong\n", b.Total, b.Wrong)
	return err
}

func (a *App) apply(ctx context.Context, db *tenants.DB, b *complaints.Batch, o Import, out io.Writer) error {
	who, err := importer(ctx, db, o.As)
	if err != nil {
		return err
	}
	if err := db.Write(ctx, who, func(tx *tenants.Tx) error { return complaints.ImportBatch(ctx, tx, b.ID, o.Tell) }); err != nil {
		return err
	}
	result, err := complaints.RunApply(ctx, db, a.Files, complaints.BatchOrder{BatchID: b.ID, Turn: b.Turn + 1}, who, func(int, int) {})
	if err == nil {
		_, err = fmt.Fprintln(out, result)
	}
	return err
}

// inWords says what is wrong with a file or its columns.
func inWords(err error) error {
	f := fault.As(err)
	if f.Kind != fault.Invalid {
		return err
	}
	var list []error
	for _, key := range f.Fields {
		list = append(list, errors.New(messages.In(messages.EN, key)))
	}
	return errors.Join(list...)
}
