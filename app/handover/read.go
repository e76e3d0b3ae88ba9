package handover

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// walk gives every member of a package in its order; the manifest is among them,
// and the last.
func walk(from string, fn func(name string, r io.Reader) error) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return walkFolder(from, fn)
	}
	f, err := os.Open(from) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	t := tar.NewReader(f)
	for {
		entry, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged("%w", err)
		}
		if entry.Typeflag != tar.TypeReg {
			return damaged("%q is no file", entry.Name)
		}
		if err := fn(entry.Name, t); err != nil {
			return err
		}
	}
}

// walkFolder reads the order of the tables from the manifest.
func walkFolder(from string, fn func(name string, r io.Reader) error) error {
	raw, err := os.ReadFile(filepath.Join(from, manifestName)) //nolint:gosec // named by the operator
	if err != nil {
		return damaged("it has no manifest: %w", err)
	}
	m, err := readManifest(raw)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(from)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	names := []string{readmeName}
	for _, t := range m.Tables {
		names = append(names, tablesFolder+t.Name+lineFile)
	}
	list, err := os.ReadDir(filepath.Join(from, filesFolder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, entry := range list {
		names = append(names, filesFolder+entry.Name())
	}
	for _, name := range append(names, manifestName) {
		f, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return damaged("%w", err)
		}
		if err := errors.Join(fn(name, f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Verify reads a package from end to end and holds everything against its
// manifest: every table's file, rows and hash, every file's content. It writes
// nothing.
func Verify(from string, say func(string), clock tenants.Clock) (*Manifest, error) {
	v := &verifying{tables: map[string]Table{}, names: new(tenants.Summer), talk: talk{clock: clock, say: say}}
	if err := walk(from, v.member); err != nil {
		return nil, err
	}
	return v.manifest, v.judge()
}

type verifying struct {
	manifest *Manifest
	tables   map[string]Table
	names    *tenants.Summer
	files    int64
	talk     talk
}

func (v *verifying) member(name string, r io.Reader) error {
	v.talk.sometimes("checking: %s", name)
	if v.manifest != nil {
		return damaged("%q stands behind the manifest", name)
	}
	if table, ok := tableOf(name); ok {
		return v.table(table, r)
	}
	if rest, ok := strings.CutPrefix(name, filesFolder); ok {
		return v.file(name, rest, r)
	}
	switch name {
	case readmeName:
		return nil
	case manifestName:
		raw, err := io.ReadAll(io.LimitReader(r, maxManifest))
		if err == nil {
			v.manifest, err = readManifest(raw)
		}
		return err
	}
	return damaged("%q belongs to no package", name)
}

// tableOf is the table that a member holds.
func tableOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, tablesFolder)
	table, ends := strings.CutSuffix(rest, lineFile)
	return table, ok && ends
}

func (v *verifying) table(name string, r io.Reader) error {
	lines, digest := new(tenants.Summer), sha256.New()
	if _, err := io.Copy(io.MultiWriter(lines, digest), r); err != nil {
		return damaged("%s: %w", name, err)
	}
	sum := lines.Sum()
	v.tables[name] = Table{Name: name, Rows: sum.Rows, Hash: sum.Hash, SHA256: hex.EncodeToString(digest.Sum(nil))}
	return nil
}

func (v *verifying) file(name, rest string, r io.Reader) error {
	digest := sha256.New()
	if _, err := io.Copy(digest, r); err != nil {
		return damaged("%s: %w", name, err)
	}
	if _, sum, _ := strings.Cut(rest, "."); sum != hex.EncodeToString(digest.Sum(nil)) {
		return damaged("%s is not what was written", name)
	}
	v.files++
	_, err := v.names.Write([]byte(name + "\n"))
	return err
}

// judge compares what was read with what was listed.
func (v *verifying) judge() error {
	if v.manifest == nil {
		return damaged("it ends without a manifest")
	}
	for _, want := range v.manifest.Tables {
		got, ok := v.tables[want.Name]
		if !ok || got.Rows != want.Rows || got.Hash != want.Hash || got.SHA256 != want.SHA256 {
			return damaged("the table %s has %d rows (%.8s), and should have %d (%.8s)", want.Name, got.Rows, got.Hash, want.Rows, want.Hash)
		}
	}
	if len(v.tables) != len(v.manifest.Tables) {
		return damaged("%d tables are listed and %d are there", len(v.manifest.Tables), len(v.tables))
	}
	if v.files != v.manifest.Files || v.names.Sum().Hash != v.manifest.FilesHash {
		return damaged("%d files are listed and %d are there, or others", v.manifest.Files, v.files)
	}
	now, err := schemaNow()
	if err == nil && now != v.manifest.Schema {
		err = fault.New(fault.Invalid, "handover.error.schema", "theirs", v.manifest.Schema, "ours", now, "program", v.manifest.Program)
	}
	return err
}
