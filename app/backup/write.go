package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"

	"pasokh/app/files"
	"pasokh/tenants"
)

// chunk is the size in bytes in which rows stand in the archive, and all that is
// in memory of them.
const chunk = 4 << 20

// Source is what is backed up.
type Source struct {
	Root    *tenants.Root
	URL     string // of PostgreSQL, with the role that owns the tables
	Scratch string // a folder with room for a copy of the SQLite file
	Files   *files.Store
	Program string // version
	Clock   tenants.Clock
	Say     func(string) // progress; nil is silent
}

// Write backs everything up into w while others go on working. The rows are
// those of one moment; the files are those that they name.
func Write(ctx context.Context, s Source, w io.Writer) (*Manifest, error) {
	snapshot, err := tenants.UnscopedSnapshot(ctx, s.Root, s.URL, s.Scratch)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close() //nolint:errcheck // only read
	packed, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	a := &writer{Source: s, tar: tar.NewWriter(packed), talk: talk{clock: s.Clock, say: s.Say}}
	if err := a.all(ctx, snapshot); err != nil {
		return nil, errors.Join(err, packed.Close())
	}
	if err := errors.Join(a.tar.Close(), packed.Close()); err != nil {
		return nil, err
	}
	return &a.manifest, nil
}

type writer struct {
	Source
	tar      *tar.Writer
	manifest Manifest
	talk     talk
}

func (a *writer) all(ctx context.Context, snapshot *tenants.Snapshot) error {
	a.manifest.Head = Head{
		Format: Format, Database: kind(snapshot.Postgres), Program: a.Program,
		Migrations: snapshot.Migrations, Taken: a.Clock().UTC(),
	}
	a.manifest.Tables = map[string]tenants.Sum{}
	head, err := json.Marshal(a.manifest.Head)
	if err != nil {
		return err
	}
	if err := a.member(headName, head); err != nil {
		return err
	}
	err = snapshot.Blobs(ctx, func(tenant int64, key string) error { return a.file(tenant, key) })
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	for i, stream := range snapshot.Streams {
		if err := a.stream(ctx, snapshot, stream); err != nil {
			return fmt.Errorf("%s: %w", stream, err)
		}
		a.talk.sometimes("rows: part %d of %d, %d rows so far", i+1, len(snapshot.Streams), a.manifest.Rows())
	}
	a.manifest.Ended = a.Clock().UTC()
	raw, err := json.Marshal(&a.manifest)
	if err != nil {
		return err
	}
	return a.put(manifestName, int64(len(raw)), bytes.NewReader(raw))
}

// put writes one member of a known size.
func (a *writer) put(name string, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return err
	}
	n, err := io.Copy(a.tar, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s became shorter while it was read", name)
	}
	return err
}

// member is put, noted in the manifest.
func (a *writer) member(name string, content []byte) error {
	digest := sha256.Sum256(content)
	a.note(name, int64(len(content)), digest[:])
	return a.put(name, int64(len(content)), bytes.NewReader(content))
}

func (a *writer) note(name string, size int64, digest []byte) {
	a.manifest.Members = append(a.manifest.Members, Member{name, size, hex.EncodeToString(digest)})
}

// file copies one file. One that is gone (erased since the snapshot, or lost
// before) is counted: its row says by itself what became of it.
func (a *writer) file(tenant int64, key string) error {
	f, err := a.Files.OpenWhole(tenant, key)
	if errors.Is(err, fs.ErrNotExist) {
		a.manifest.Missing++
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	name, digest := fmt.Sprintf("%s%d/%s", filesFolder, tenant, key), sha256.New()
	if err := a.put(name, info.Size(), io.TeeReader(io.LimitReader(f, info.Size()), digest)); err != nil {
		return err
	}
	a.note(name, info.Size(), digest.Sum(nil))
	a.manifest.Files++
	a.talk.sometimes("files: %d so far", a.manifest.Files)
	return nil
}

func (a *writer) stream(ctx context.Context, snapshot *tenants.Snapshot, stream string) error {
	c := &chunks{a: a, stream: stream}
	sums, err := snapshot.Copy(ctx, stream, c)
	if err != nil {
		return err
	}
	maps.Copy(a.manifest.Tables, sums)
	return c.flush()
}

// chunks cuts a stream of unknown length into members.
type chunks struct {
	a      *writer
	stream string
	n      int
	buf    []byte
}

func (c *chunks) Write(p []byte) (int, error) {
	c.buf = append(c.buf, p...)
	if len(c.buf) >= chunk {
		if err := c.flush(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (c *chunks) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	c.n++
	err := c.a.member(fmt.Sprintf("%s%s/%06d", rowsFolder, c.stream, c.n), c.buf)
	c.buf = c.buf[:0]
	c.a.talk.sometimes("rows: %s, %d MB", c.stream, c.n*chunk>>20)
	return err
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

// ToFile writes the backup into a new file that appears under its name when it
// is whole and on the disk; nothing is overwritten.
func ToFile(ctx context.Context, s Source, name string) (*Manifest, error) {
	if _, err := os.Stat(name); err == nil {
		return nil, fmt.Errorf("%s is there already; nothing is overwritten", name)
	}
	half := name + ".part"
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	m, err := Write(ctx, s, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(half))
	}
	return m, os.Rename(half, name)
}
