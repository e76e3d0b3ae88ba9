package files

import (
	"bytes"
	"io"
	"os"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// held is what Sweep must know of the files that no row of this room names: an
// import keeps its file by the key in its own row.
type held struct {
	tenants.BaseModel `bun:"table:import_batches,alias:held"`
	tenants.Owned
	Blob string
}

// Keep stores bytes that another room's row will name by the key it gives. They
// are nothing that a browser is ever sent.
func (s *Store) Keep(r tenants.Reader, content []byte) (key string, err error) {
	return s.put(r.Tenant().ID, content)
}

// Kept reads the bytes that Keep stored.
func (s *Store) Kept(r tenants.Reader, key string) ([]byte, error) {
	f, err := s.Open(&File{Owned: tenants.Owned{TenantID: r.Tenant().ID}, Blob: key})
	if err != nil {
		return nil, err
	}
	defer func(f *os.File) { _ = f.Close() }(f)
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(f, MaxBytes+1))
	return b.Bytes(), fault.Wrap(err, "files.Kept")
}

// CleanName keeps what is readable of a file's name.
func CleanName(name string) string { return cleanName(name, extension(name)) }
