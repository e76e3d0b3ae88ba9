package handover

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// Target is where a package is taken in.
type Target struct {
	Root  *tenants.Root
	Files *files.Store
	Say   func(string)
}

// tasks is the table that is not the same after an import: what was still to be
// done is held.
const tasks = "outbox"

// Import takes a package in as a new organization of that slug, or into one that
// has nothing yet: checked whole before anything is written, sealed under its
// own keys, with the ids it had, and compared table by table at the end. It
// stays suspended until the platform switches it on. What fails leaves nothing
// behind but the free organization.
func Import(ctx context.Context, to Target, from, slug string) (*tenants.Tenant, *Manifest, error) {
	m, err := Verify(from, to.Say, to.Root.Clock())
	if err != nil {
		return nil, nil, err
	}
	t, err := to.organization(ctx, m, slug)
	if err != nil {
		return nil, nil, err
	}
	settle, err := to.Root.Settle(ctx, t)
	if err != nil {
		return nil, nil, fault.Wrap(err, "handover.Import")
	}
	in := &importing{Target: to, tenant: t, settle: settle, manifest: m, talk: talk{clock: to.Root.Clock(), say: to.Say}}
	if err := in.all(ctx, from); err != nil {
		return nil, nil, errors.Join(err, in.undo(context.WithoutCancel(ctx)))
	}
	return t, m, nil
}

// organization finds or makes the one that takes it in.
func (to Target) organization(ctx context.Context, m *Manifest, slug string) (*tenants.Tenant, error) {
	t, err := to.Root.UnscopedTenantBySlug(ctx, slug)
	if err == nil {
		if t.IsPlatform() || t.Standing() == tenants.StatusDeleted {
			return nil, fault.New(fault.Conflict, "handover.error.not_empty", "table", "tenants")
		}
		return t, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err := tenants.CheckSlug(slug); err != nil {
		return nil, err
	}
	o := m.Organization
	t = &tenants.Tenant{
		ID: tenants.NewID(), Slug: slug, Kind: o.Kind, Status: tenants.StatusSuspended, NameFA: o.NameFA, NameEN: o.NameEN, Accent: o.Accent,
		Settings: o.Settings.Defaults(), CreatedAt: to.Root.Clock()(),
	}
	return t, to.Root.UnscopedCreateTenant(ctx, t)
}

type importing struct {
	Target
	tenant   *tenants.Tenant
	settle   *tenants.Settling
	manifest *Manifest
	talk     talk
	rows     int64
	files    int64
}

func (in *importing) all(ctx context.Context, from string) error {
	if err := walk(from, func(name string, r io.Reader) error { return in.member(ctx, name, r) }); err != nil {
		return err
	}
	if err := in.settle.Finish(ctx); err != nil {
		return fault.Wrap(err, "handover.Import")
	}
	if err := in.compare(ctx); err != nil {
		return err
	}
	if err := in.chain(ctx); err != nil {
		return err
	}
	return in.open(ctx)
}

func (in *importing) member(ctx context.Context, name string, r io.Reader) error {
	if table, ok := tableOf(name); ok {
		return in.table(ctx, table, r)
	}
	if rest, ok := strings.CutPrefix(name, filesFolder); ok {
		key, _, _ := strings.Cut(rest, ".")
		in.files++
		in.talk.sometimes("writing: %d rows, %d files", in.rows, in.files)
		return in.Files.RestoreWhole(in.tenant.ID, key, r)
	}
	return nil
}

func (in *importing) table(ctx context.Context, name string, r io.Reader) error {
	t, err := in.settle.Into(name)
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(r, 64<<10)
	_, err = in.settle.Write(ctx, t, func() ([]byte, bool, error) {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, damaged("%s: %w", name, err)
		}
		in.rows++
		in.talk.sometimes("writing: %d of %d rows", in.rows, in.manifest.Rows())
		return line, true, nil
	})
	return fault.Wrap(err, "handover.Import")
}

// compare reads what was written as a package would, and holds it against the
// manifest.
func (in *importing) compare(ctx context.Context) error {
	estate, err := in.Root.Estate(ctx, in.tenant)
	if err != nil {
		return fault.Wrap(err, "handover.compare")
	}
	defer estate.Close()
	want := map[string]Table{}
	for _, t := range in.manifest.Tables {
		want[t.Name] = t
	}
	for i := range estate.Tables {
		t := &estate.Tables[i]
		sum, err := estate.Rows(ctx, t, func([]byte) error { return nil })
		if err != nil {
			return fault.Wrap(err, "handover.compare")
		}
		if sum.Rows != want[t.Name].Rows || sum.Hash != want[t.Name].Hash && t.Name != tasks {
			return fault.New(fault.Internal, "handover.error.differs", "table", t.Name,
				"detail", fmt.Sprintf("%d rows (%.8s), should be %d (%.8s)", sum.Rows, sum.Hash, want[t.Name].Rows, want[t.Name].Hash))
		}
		in.talk.sometimes("comparing: %s", t.Name)
	}
	return nil
}

// chain walks the organization's record as it came, and goes on with a line that
// stands for it. What the other deployment made with its key only that one can
// prove; from here on nobody changes it unseen.
func (in *importing) chain(ctx context.Context) error {
	db := in.Root.For(in.tenant)
	defer db.Release()
	check, mark, err := audit.Arrived(ctx, db)
	if err != nil {
		return err
	}
	if !check.Holds() {
		return fault.New(fault.Internal, "handover.error.chain", "line", fmt.Sprint(check.Broken))
	}
	db.Release()
	if check.Foreign > 0 && in.talk.say != nil {
		in.talk.say(fmt.Sprintf("audit: %d of %d lines were made with the key of another deployment; their order holds, their words only it can prove", check.Foreign, check.Good))
	}
	detail := fmt.Sprintf("%s %s, %d rows, %d files, audit %d %.16s, %s", in.manifest.Organization.Slug, in.manifest.Taken.Format("2006-01-02T15:04:05Z"),
		in.manifest.Rows(), in.manifest.Files, in.manifest.Audit.Seq, in.manifest.Audit.Hash, mark)
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return audit.Record(ctx, tx, audit.ActImported, "tenant", in.tenant.ID, detail)
	})
}

// open gives the organization what stands in no table of its own.
func (in *importing) open(ctx context.Context) error {
	o := in.manifest.Organization
	t := in.tenant
	t.Kind, t.NameFA, t.NameEN, t.Accent, t.Settings, t.Quotas = o.Kind, o.NameFA, o.NameEN, o.Accent, o.Settings, o.Quotas
	t.Status, t.StaffOnly, t.PolicyVersion = tenants.StatusSuspended, o.StaffOnly, o.PolicyVersion
	err := in.Root.UnscopedSaveOrganization(ctx, t, "kind", "name_fa", "name_en", "accent", "settings", "quotas", "status", "staff_only", "policy_version")
	if err == nil && in.Root.OnPolicy != nil {
		in.Root.OnPolicy()
	}
	return err
}

// undo takes back what an import that failed has written.
func (in *importing) undo(ctx context.Context) error {
	now := in.Root.Clock()()
	in.tenant.DeletedAt = &now
	if err := in.Root.UnscopedSaveOrganization(ctx, in.tenant, "deleted_at"); err != nil {
		return err
	}
	if _, err := empty(ctx, in.Root, in.tenant.ID, nil); err != nil {
		return err
	}
	if err := in.Files.RemoveWhole(in.tenant.ID); err != nil {
		return err
	}
	in.Root.Forget(in.tenant.ID)
	return in.Root.UnscopedUndelete(ctx, in.tenant.ID)
}
