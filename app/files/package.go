package files

import (
	"os"
	"path"
	"path/filepath"
	"strconv"

	"pasokh/app/fault"
)

// packages is the folder of the packages of whole organizations: beside their
// files, so that a sweep of those does not touch them.
const packages = "packages"

func packageOf(tenant, id int64) string {
	return path.Join(packages, home(tenant), strconv.FormatInt(id, 10)+".tar")
}

// PackagePath makes the folder of an organization's packages and gives the name
// under which one is written.
func (s *Store) PackagePath(tenant, id int64) (string, error) {
	name := packageOf(tenant, id)
	if err := s.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return "", fault.Wrap(err, "files.PackagePath")
	}
	return filepath.Join(s.root.Name(), filepath.FromSlash(name)), nil
}

// OpenPackage reads one; os.ErrNotExist when it was removed.
func (s *Store) OpenPackage(tenant, id int64) (*os.File, error) {
	return s.root.Open(packageOf(tenant, id))
}

// RemovePackage removes one, and what was left of an attempt to write it.
func (s *Store) RemovePackage(tenant, id int64) error {
	for _, name := range []string{packageOf(tenant, id), packageOf(tenant, id) + unfinished} {
		if err := s.root.Remove(name); err != nil && !os.IsNotExist(err) {
			return fault.Wrap(err, "files.RemovePackage")
		}
	}
	return nil
}
