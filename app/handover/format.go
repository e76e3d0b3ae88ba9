// Package handover gives one organization out whole, in open files that anybody
// can read, takes such a package into an empty organization, and ends an
// organization (docs/decisions/0023).
package handover

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Format is the version of the package's form.
const Format = 1

// The members of a package: what it is, the tables in the order in which they
// can be written, the files, and at the end what there must have been.
const (
	readmeName   = "README.fa.txt"
	tablesFolder = "tables/" // tables/<table>.jsonl
	filesFolder  = "files/"  // files/<key>.<SHA-256>
	manifestName = "manifest.json"
	lineFile     = ".jsonl"
)

// Manifest says what a package holds.
type Manifest struct {
	Format       int               `json:"format"`
	Program      string            `json:"program"`
	Schema       string            `json:"schema"` // the newest migration that both databases run
	Taken        time.Time         `json:"taken"`  // the moment that the rows show
	Organization Organization      `json:"organization"`
	Tables       []Table           `json:"tables"`
	Files        int64             `json:"files"`
	FileBytes    int64             `json:"file_bytes"`
	FilesHash    string            `json:"files_hash"`    // over the names of the files, in any order
	MissingFiles int64             `json:"missing_files"` // named by a row, and not there
	Unreadable   int64             `json:"unreadable"`    // values that no key opened
	Audit        AuditEnd          `json:"audit"`
	LeftOut      map[string]string `json:"left_out"`         // tables, with the reason
	Blanked      []string          `json:"left_out_columns"` // secrets
}

// Organization is what the platform knows of it.
type Organization struct {
	Slug          string           `json:"slug"`
	Kind          tenants.Kind     `json:"kind"`
	Status        tenants.Status   `json:"status"`
	NameFA        string           `json:"name_fa"`
	NameEN        string           `json:"name_en"`
	Accent        string           `json:"accent"`
	Host          string           `json:"host,omitempty"`
	StaffOnly     bool             `json:"staff_only"`
	Settings      tenants.Settings `json:"settings"`
	Quotas        tenants.Quotas   `json:"quotas"`
	PolicyVersion int64            `json:"policy_version"`
	CreatedAt     time.Time        `json:"created_at"`
}

// Table is one table of the package.
type Table struct {
	Name    string                `json:"name"`
	Rows    int64                 `json:"rows"`
	Hash    string                `json:"hash"`   // over the lines, in any order
	SHA256  string                `json:"sha256"` // of the file
	Columns []tenants.WholeColumn `json:"columns"`
}

// AuditEnd is where the organization's record ended.
type AuditEnd struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Rows counts those of all tables.
func (m *Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// ErrDamaged says that a package is not what was written.
var ErrDamaged = errors.New("the package is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDamaged, fmt.Errorf(format, args...))
}

const maxManifest = 8 << 20 // bytes

func readManifest(raw []byte) (*Manifest, error) {
	m := new(Manifest)
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, damaged("its manifest cannot be read: %w", err)
	}
	if m.Format != Format {
		return nil, fault.New(fault.Invalid, "handover.error.format", "format", fmt.Sprint(m.Format))
	}
	return m, nil
}

// schemaNow is the newest migration of both databases.
func schemaNow() (string, error) {
	list, err := tenants.Schema(true)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[len(list)-1], nil
}

// talk says how far it is, not more than once a second.
type talk struct {
	clock tenants.Clock
	say   func(string)
	last  time.Time
}

func (t *talk) sometimes(format string, args ...any) {
	if t.say == nil || t.clock().Sub(t.last) < time.Second {
		return
	}
	t.last = t.clock()
	t.say(fmt.Sprintf(format, args...))
}
