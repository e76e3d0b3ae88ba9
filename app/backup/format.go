// Package backup carries a whole installation, database and files, into one
// archive and back, and tells whether an archive is whole (docs/decisions/0015).
package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"pasokh/tenants"
)

// Format is the version of the archive's form.
const Format = 1

// The members of an archive: what it is, the files, the rows, and at the very
// end what there must have been. An archive without its end is not whole.
const (
	headName     = "pasokh.json"
	filesFolder  = "files/" // files/<tenant>/<key>
	rowsFolder   = "rows/"  // rows/<stream>/<number>
	manifestName = "manifest.json"
)

// Head is the first member.
type Head struct {
	Format     int       `json:"format"`
	Database   string    `json:"database"` // postgres or sqlite
	Program    string    `json:"program"`
	Migrations []string  `json:"migrations"`
	Taken      time.Time `json:"taken"` // the moment that the rows show
}

// Schema is the version of the schema: the newest migration.
func (h *Head) Schema() string {
	if len(h.Migrations) == 0 {
		return "none"
	}
	return h.Migrations[len(h.Migrations)-1]
}

// Manifest is the last member: what the archive holds.
type Manifest struct {
	Head
	Ended   time.Time              `json:"ended"`
	Tables  map[string]tenants.Sum `json:"tables"`
	Members []Member               `json:"members"`
	Files   int64                  `json:"files"`
	Missing int64                  `json:"missing_files"` // named by a row, and not there
}

// Member is one part of the archive before the manifest.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows counts the rows of all tables.
func (m *Manifest) Rows() int64 {
	var n int64
	for _, s := range m.Tables {
		n += s.Rows
	}
	return n
}

// Bytes is how much the members hold, uncompressed.
func (m *Manifest) Bytes() int64 {
	var n int64
	for _, one := range m.Members {
		n += one.Size
	}
	return n
}

// ErrDamaged says that an archive is not what was written.
var ErrDamaged = errors.New("the archive is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDamaged, fmt.Errorf(format, args...))
}

func kind(postgres bool) string {
	if postgres {
		return "postgres"
	}
	return "sqlite"
}

const maxHead = 1 << 20 // bytes; it lists some migrations

// readHead reads the first member.
func readHead(t *tar.Reader) (*Head, error) {
	entry, err := t.Next()
	if err != nil {
		return nil, damaged("its beginning cannot be read: %w", err)
	}
	if entry.Name != headName || entry.Size > maxHead {
		return nil, errors.New("this is no backup of Pasokh")
	}
	h := new(Head)
	raw, err := io.ReadAll(t)
	if err == nil {
		err = json.Unmarshal(raw, h)
	}
	if err != nil {
		return nil, damaged("its beginning cannot be read: %w", err)
	}
	if h.Format != Format {
		return nil, fmt.Errorf("the archive has format %d, and this program reads format %d: use the program that wrote it, %s", h.Format, Format, h.Program)
	}
	return h, nil
}
