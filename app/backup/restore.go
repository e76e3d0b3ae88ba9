package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"pasokh/app/files"
	"pasokh/tenants"
)

// Target is where a backup is restored to: an empty database and an empty store
// of files.
type Target struct {
	URL     string // of PostgreSQL, with the role that owns the tables; empty = SQLite
	Dir     string // folder of the SQLite file
	Files   *files.Store
	Schema  []string                    // the migrations that this program knows
	Migrate func(context.Context) error // makes the schema on PostgreSQL
	Clock   tenants.Clock
	Say     func(string)
}

// Restore reads the archive twice: once to see that it is whole, before
// anything is touched, and once to restore: the files first, then the rows that
// name them, in one transaction that ends only when every table has the rows
// and the hash that it had.
func Restore(ctx context.Context, t Target, name string) (*Manifest, error) {
	m, err := t.verify(name)
	if err != nil {
		return nil, err
	}
	if err := t.fits(ctx, m); err != nil {
		return nil, err
	}
	if t.URL != "" {
		if err := t.Migrate(ctx); err != nil {
			return nil, err
		}
	}
	f, err := os.Open(name) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	a, err := newReader(f, talk{clock: t.Clock, say: t.Say})
	if err != nil {
		return nil, err
	}
	defer a.close()
	ended, err := t.files(a)
	if err != nil {
		return nil, err
	}
	fill := tenants.Refill{
		Next:  (&streams{a: a, ended: ended}).next,
		Check: func(sums map[string]tenants.Sum) error { return same(m.Tables, sums) },
	}
	if t.URL != "" {
		return m, tenants.RestorePostgres(ctx, t.URL, fill)
	}
	return m, tenants.RestoreSQLite(ctx, t.Dir, fill)
}

func (t *Target) verify(name string) (*Manifest, error) {
	f, err := os.Open(name) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return Verify(f, t.Clock, t.Say)
}

// fits tells why the archive cannot be restored here.
func (t *Target) fits(ctx context.Context, m *Manifest) error {
	if want := kind(t.URL != ""); m.Database != want {
		return fmt.Errorf("the archive is of %s, and this installation uses %s", m.Database, want)
	}
	if !slices.Equal(m.Migrations, t.Schema) {
		mine := Head{Migrations: t.Schema}
		return fmt.Errorf("the archive has schema %s (%d migrations) and this program has %s (%d): restore with the program that wrote it, %s, then upgrade",
			m.Schema(), len(m.Migrations), mine.Schema(), len(t.Schema), m.Program)
	}
	empty, err := t.Files.Empty()
	if err != nil {
		return err
	}
	if !empty {
		return errors.New("the store of files is not empty; restore into a new folder (PASOKH_DATA)")
	}
	if t.URL != "" {
		return tenants.EmptyPostgres(ctx, t.URL)
	}
	return tenants.SQLiteAbsent(t.Dir)
}

// files restores the files and stops at the first member of rows; ended says
// that there is none, as of a database without a row.
func (t *Target) files(a *reader) (ended bool, err error) {
	for n := 0; ; n++ {
		err := a.next()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		rest, ok := strings.CutPrefix(a.entry.Name, filesFolder)
		if !ok {
			return false, nil
		}
		folder, key, _ := strings.Cut(rest, "/")
		tenant, err := strconv.ParseInt(folder, 10, 64)
		if err != nil {
			return false, damaged("a file of nobody: %s", a.entry.Name)
		}
		if err := t.Files.RestoreWhole(tenant, key, a); err != nil {
			return false, err
		}
		a.talk.sometimes("files: %d restored", n+1)
	}
}

// streams puts the members of one stream together again. The reader stands at
// a member that was not read yet.
type streams struct {
	a     *reader
	name  string // the stream being read
	ended bool   // the manifest was reached
}

func (s *streams) next() (string, io.Reader, error) {
	if s.ended {
		return "", nil, io.EOF
	}
	stream, ok := streamOf(s.a.entry.Name)
	if !ok || stream == s.name {
		return "", nil, damaged("%s stands where rows are expected", s.a.entry.Name)
	}
	s.name = stream
	s.a.talk.sometimes("rows: %s", stream)
	return stream, s, nil
}

// Read implements io.Reader over all members of the stream.
func (s *streams) Read(p []byte) (int, error) {
	for !s.ended {
		if stream, _ := streamOf(s.a.entry.Name); stream != s.name {
			return 0, io.EOF
		}
		n, err := s.a.Read(p)
		if n > 0 || (err != nil && !errors.Is(err, io.EOF)) {
			return n, errorsOf(err)
		}
		if err := s.a.next(); errors.Is(err, io.EOF) {
			s.ended = true
		} else if err != nil {
			return 0, err
		}
	}
	return 0, io.EOF
}

// errorsOf leaves the end of a member out: another may follow.
func errorsOf(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
