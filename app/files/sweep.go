package files

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// sweepGrace protects bytes whose transaction has not ended yet.
const sweepGrace = time.Hour

// Sweep removes the bytes of this organization that no row names: of uploads
// that were never saved, files taken out of drafts, and unfinished writes. It
// tells how many it removed. A row's bytes are never touched.
func Sweep(ctx context.Context, db *tenants.DB, s *Store) (int, error) {
	folders, err := s.list(home(db.Tenant().ID))
	if err != nil {
		return 0, fault.Wrap(err, "files.Sweep")
	}
	removed := 0
	for _, folder := range folders {
		n, err := sweepFolder(ctx, db, s, path.Join(home(db.Tenant().ID), folder.Name()))
		removed += n
		if err != nil {
			return removed, fault.Wrap(err, "files.Sweep")
		}
	}
	return removed, nil
}

func sweepFolder(ctx context.Context, db *tenants.DB, s *Store, folder string) (int, error) {
	entries, err := s.list(folder)
	if err != nil {
		return 0, err
	}
	var old, whole []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || db.Now().Sub(info.ModTime()) < sweepGrace {
			continue // gone meanwhile, or too young to judge
		}
		old = append(old, e.Name())
		if !strings.HasSuffix(e.Name(), unfinished) {
			whole = append(whole, e.Name())
		}
	}
	named, err := namedBlobs(ctx, db, whole)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, name := range old {
		if named[name] {
			continue
		}
		if err := s.root.Remove(path.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// namedBlobs tells which keys a row names. It looks after the folder was
// listed, in a new snapshot, so that a row cannot have come in between.
func namedBlobs(ctx context.Context, db *tenants.DB, keys []string) (map[string]bool, error) {
	named := make(map[string]bool, len(keys))
	if len(keys) == 0 {
		return named, nil
	}
	db.Release()
	var list []File
	err := db.Select(&list).Column("blob").Where("file.blob IN (?)", tenants.In(keys)).Scan(ctx)
	for _, f := range list {
		named[f.Blob] = true
	}
	if err != nil {
		return nil, tenants.Err(err)
	}
	var others []held
	err = db.Select(&others).Column("blob").Where("held.blob IN (?)", tenants.In(keys)).Scan(ctx)
	for _, h := range others {
		named[h.Blob] = true
	}
	return named, tenants.Err(err)
}

// list reads a folder; one that was never made is empty.
func (s *Store) list(folder string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.root.FS(), folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}
