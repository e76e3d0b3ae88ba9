package handover

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// Source is whose package is made, and how.
type Source struct {
	Root    *tenants.Root
	Tenant  *tenants.Tenant
	Files   *files.Store
	Program string // version
	Say     func(string)
	// Step, when set, is told how many of how many rows are done.
	Step func(done, total int64)
}

// Package is one that was made.
type Package struct {
	*Manifest
	Size int64
	// SHA256 is that of the file; of a folder, that of its manifest.
	SHA256 string
}

// Write makes the package of an organization under a name that is free: a file
// when it ends in .tar, else a folder. The rows are those of one moment; others
// go on working. Personal data lie open in it.
func Write(ctx context.Context, s Source, to string) (*Package, error) {
	estate, err := s.Root.Estate(ctx, s.Tenant)
	if err != nil {
		return nil, fault.Wrap(err, "handover.Write")
	}
	defer estate.Close()
	out, err := openSink(to)
	if err != nil {
		return nil, err
	}
	w := &writer{Source: s, estate: estate, out: out, talk: talk{clock: s.Root.Clock(), say: s.Say}}
	if err := w.all(ctx); err != nil {
		return nil, errors.Join(fault.Wrap(err, "handover.Write"), out.drop())
	}
	p := &Package{Manifest: &w.manifest}
	if p.Size, p.SHA256, err = out.finish(); err != nil {
		return nil, errors.Join(err, out.drop())
	}
	return p, nil
}

type writer struct {
	Source
	estate   *tenants.Estate
	out      sink
	manifest Manifest
	talk     talk
	total    int64
	done     int64
}

func (w *writer) all(ctx context.Context) (err error) {
	if err := w.begin(ctx); err != nil {
		return err
	}
	if _, err := w.out.member(readmeName, func(to io.Writer) error { _, err := io.WriteString(to, readme(&w.manifest)); return err }); err != nil {
		return err
	}
	for i := range w.estate.Tables {
		if err := w.table(ctx, &w.estate.Tables[i]); err != nil {
			return err
		}
	}
	names := new(tenants.Summer)
	err = w.estate.Blobs(ctx, func(key string) error { return w.file(key, names) })
	if err != nil {
		return err
	}
	w.manifest.FilesHash, w.manifest.Unreadable = names.Sum().Hash, w.estate.Unreadable
	_, err = w.out.member(manifestName, func(to io.Writer) error {
		enc := json.NewEncoder(to)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(&w.manifest)
	})
	return err
}

// begin fills the manifest's head and counts what there is to do.
func (w *writer) begin(ctx context.Context) (err error) {
	t := w.Tenant
	m := &w.manifest
	*m = Manifest{
		Format: Format, Program: w.Program, Taken: w.Root.Clock()().UTC(), LeftOut: tenants.Stays(), Blanked: tenants.Blanked(),
		Organization: Organization{
			Slug: t.Slug, Kind: t.Kind, Status: t.Standing(), NameFA: t.NameFA, NameEN: t.NameEN, Accent: t.Accent, Host: t.Host, StaffOnly: t.StaffOnly,
			Settings: t.Settings, Quotas: t.Quotas, PolicyVersion: t.PolicyVersion, CreatedAt: t.CreatedAt.UTC(),
		},
	}
	if m.Schema, err = schemaNow(); err != nil {
		return err
	}
	db := w.Root.For(t)
	defer db.Release()
	if m.Audit.Seq, m.Audit.Hash, err = audit.End(ctx, db); err != nil {
		return err
	}
	for i := range w.estate.Tables {
		n, err := w.estate.Count(ctx, &w.estate.Tables[i])
		if err != nil {
			return err
		}
		w.total += n
	}
	w.step()
	return nil
}

// stepEvery is after how many rows Step is told.
const stepEvery = 500

func (w *writer) step() {
	if w.Step != nil {
		w.Step(w.done, w.total)
	}
	w.talk.sometimes("%d of %d rows, %d files", w.done, w.total, w.manifest.Files)
}

func (w *writer) table(ctx context.Context, t *tenants.WholeTable) error {
	var sum tenants.Sum
	digest, err := w.out.member(tablesFolder+t.Name+lineFile, func(to io.Writer) (err error) {
		buffer := bufio.NewWriterSize(to, 64<<10)
		sum, err = w.estate.Rows(ctx, t, func(line []byte) error {
			if w.done++; w.done%stepEvery == 0 {
				w.step()
			}
			_, err := buffer.Write(line)
			return err
		})
		return errors.Join(err, buffer.Flush())
	})
	w.manifest.Tables = append(w.manifest.Tables, Table{Name: t.Name, Rows: sum.Rows, Hash: sum.Hash, SHA256: digest, Columns: t.Columns})
	w.step()
	return err
}

// file copies one under a name that says its own hash. One that is gone is
// counted.
func (w *writer) file(key string, names *tenants.Summer) error {
	sum, err := w.hash(key)
	if errors.Is(err, fs.ErrNotExist) {
		w.manifest.MissingFiles++
		return nil
	}
	if err != nil {
		return err
	}
	name := filesFolder + key + "." + sum
	copied, err := w.out.member(name, func(to io.Writer) error {
		f, err := w.Files.OpenWhole(w.Tenant.ID, key)
		if err != nil {
			return err
		}
		n, err := io.Copy(to, f)
		w.manifest.FileBytes += n
		return errors.Join(err, f.Close())
	})
	if err == nil && copied != sum {
		err = fmt.Errorf("the file %s changed while it was read", key)
	}
	if _, writeErr := names.Write([]byte(name + "\n")); err == nil {
		err = writeErr
	}
	w.manifest.Files++
	w.step()
	return err
}

func (w *writer) hash(key string) (string, error) {
	f, err := w.Files.OpenWhole(w.Tenant.ID, key)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	_, err = io.Copy(digest, f)
	return hex.EncodeToString(digest.Sum(nil)), errors.Join(err, f.Close())
}
