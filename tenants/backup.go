package tenants

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
)

// Sum is what a table holds: how many rows, and a hash over them that does not
// depend on their order, because a restored database keeps none.
type Sum struct {
	Rows int64  `json:"rows"`
	Hash string `json:"hash"` // of the rows as text, hexadecimal
}

// Snapshot is one moment of the whole database, all organizations, for a
// backup. Others go on reading and writing meanwhile. Close ends it.
type Snapshot struct {
	Postgres   bool
	Migrations []string // that were applied, oldest first
	Streams    []string // what Copy takes: tables, or the file of SQLite
	tables     []dumped
	source     source
}

// source is how either database is read.
type source interface {
	copy(ctx context.Context, s *Snapshot, stream string, w io.Writer) (map[string]Sum, error)
	blobs(ctx context.Context, tables []dumped, fn func(tenant int64, key string) error) error
	close() error
}

// dumped is a table with its columns in the order of their names, so that two
// databases that grew differently are told the same.
type dumped struct {
	name    string
	columns []string
	blobs   bool // its rows name files of the store
}

// notDumped are made anew by the migrations of the restored database.
var notDumped = []string{"bun_migrations", "bun_migration_locks"}

// UnscopedSnapshot takes a snapshot. rawURL is the address of PostgreSQL with
// the role that owns the tables; scratch is a folder with room for a copy of
// the SQLite file. One of the two is used.
func UnscopedSnapshot(ctx context.Context, r *Root, rawURL, scratch string) (*Snapshot, error) {
	if r.postgres {
		return postgresSnapshot(ctx, rawURL)
	}
	return sqliteSnapshot(ctx, r, scratch)
}

// Copy writes a stream to w as it comes, and gives the sums of its tables.
func (s *Snapshot) Copy(ctx context.Context, stream string, w io.Writer) (map[string]Sum, error) {
	return s.source.copy(ctx, s, stream, w)
}

// Blobs calls fn once for every file of the store that a row names.
func (s *Snapshot) Blobs(ctx context.Context, fn func(tenant int64, key string) error) error {
	return s.source.blobs(ctx, s.tables, fn)
}

// Close ends the snapshot.
func (s *Snapshot) Close() error { return s.source.close() }

// ErrNotEmpty says that a restore would overwrite something.
var ErrNotEmpty = errors.New("the database is not empty; restore into a new one")

// Schema lists the migrations that this program knows, oldest first.
func Schema(postgres bool) ([]string, error) {
	all, err := discover(postgres)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, one := range all.Sorted() {
		list = append(list, one.Name)
	}
	return list, nil
}

// Summer sums rows up; its Write takes them as lines.
type Summer struct {
	rows  int64
	lanes [4]uint64
	rest  []byte // of a line that has not ended
}

func (s *Summer) add(row []byte) {
	digest := sha256.Sum256(row)
	for i := range s.lanes {
		s.lanes[i] += binary.BigEndian.Uint64(digest[8*i:])
	}
	s.rows++
}

// Sum is what was summed up; of nobody, nothing.
func (s *Summer) Sum() Sum {
	if s == nil {
		s = new(Summer)
	}
	var raw []byte
	for _, lane := range s.lanes {
		raw = binary.BigEndian.AppendUint64(raw, lane)
	}
	return Sum{Rows: s.rows, Hash: hex.EncodeToString(raw)}
}

// Write takes rows as lines; a line may come in pieces.
func (s *Summer) Write(p []byte) (int, error) {
	n := len(p)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			s.rest = append(s.rest, p...)
			return n, nil
		}
		if len(s.rest) == 0 {
			s.add(p[:i])
		} else {
			s.add(append(s.rest, p[:i]...))
			s.rest = s.rest[:0]
		}
		p = p[i+1:]
	}
}
