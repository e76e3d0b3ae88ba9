package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"pasokh/app/fault"
)

// Whole is what a backup reads and a restore writes: the bytes under a key,
// without the row that names them.

// OpenWhole reads the bytes of a key; os.ErrNotExist when they are gone.
func (s *Store) OpenWhole(tenant int64, key string) (*os.File, error) {
	if !isKey.MatchString(key) {
		return nil, fault.Wrap(errors.New("not a key"), "files.OpenWhole")
	}
	return s.root.Open(place(tenant, key))
}

// RestoreWhole writes the bytes of a key. It refuses a key that stands already.
func (s *Store) RestoreWhole(tenant int64, key string, r io.Reader) error {
	if !isKey.MatchString(key) {
		return fault.Wrap(errors.New("not a key"), "files.RestoreWhole")
	}
	final := place(tenant, key)
	if err := s.root.MkdirAll(path.Dir(final), 0o700); err != nil {
		return fault.Wrap(err, "files.RestoreWhole")
	}
	f, err := s.root.OpenFile(final, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(err, "files.RestoreWhole")
	}
	if _, err = io.Copy(f, r); err == nil {
		err = f.Sync()
	}
	return fault.Wrap(errors.Join(err, f.Close()), "files.RestoreWhole")
}

// Empty tells whether the store holds nothing.
func (s *Store) Empty() (bool, error) {
	list, err := s.list(".")
	return len(list) == 0, fault.Wrap(err, "files.Empty")
}

// WeighWhole counts the files of an organization and their bytes.
func (s *Store) WeighWhole(tenant int64) (n, bytes int64, err error) {
	err = fs.WalkDir(s.root.FS(), home(tenant), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n, bytes = n+1, bytes+info.Size()
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return n, bytes, fault.Wrap(err, "files.WeighWhole")
}

// RemoveWhole removes every file of an organization, its packages too.
func (s *Store) RemoveWhole(tenant int64) error {
	err := errors.Join(s.root.RemoveAll(home(tenant)), s.root.RemoveAll(path.Join(packages, home(tenant))))
	return fault.Wrap(err, "files.RemoveWhole")
}
