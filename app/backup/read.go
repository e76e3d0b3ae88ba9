package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"

	"pasokh/tenants"
)

// reader walks an archive and knows what it has read.
type reader struct {
	tar    *tar.Reader
	zstd   *zstd.Decoder
	head   *Head
	talk   talk
	seen   []Member
	digest hash.Hash
	entry  *tar.Header // the member that is being read
	left   int64
}

// maxWindow bounds the memory that a hostile archive may ask for.
const maxWindow = 64 << 20

func newReader(r io.Reader, t talk) (*reader, error) {
	packed, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, damaged("%w", err)
	}
	a := &reader{tar: tar.NewReader(packed), zstd: packed, talk: t}
	if a.head, err = readHead(a.tar); err != nil {
		packed.Close()
		return nil, err
	}
	return a, nil
}

func (a *reader) close() { a.zstd.Close() }

// next goes to the next member; io.EOF at the manifest, which is left to be read.
func (a *reader) next() error {
	entry, err := a.tar.Next()
	if errors.Is(err, io.EOF) {
		return damaged("it ends early: %w", io.ErrUnexpectedEOF)
	}
	if err != nil {
		return damaged("after %d parts: %w", len(a.seen), err)
	}
	a.entry, a.digest, a.left = entry, sha256.New(), entry.Size
	if entry.Name == manifestName {
		return io.EOF
	}
	return nil
}

// Read implements io.Reader for the member.
func (a *reader) Read(p []byte) (int, error) {
	n, err := a.tar.Read(p)
	a.digest.Write(p[:n])
	a.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("%s: %w", a.entry.Name, err)
	}
	return n, err
}

// done notes a member that was read to its end.
func (a *reader) done() {
	a.seen = append(a.seen, Member{a.entry.Name, a.entry.Size, hex.EncodeToString(a.digest.Sum(nil))})
	a.talk.sometimes("read %d parts", len(a.seen))
}

// manifest reads the last member and holds what was seen against it.
func (a *reader) manifest() (*Manifest, error) {
	raw, err := io.ReadAll(a)
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, damaged("its manifest cannot be read: %w", err)
	}
	head, err := json.Marshal(a.head)
	if err != nil {
		return nil, err
	}
	again, err := json.Marshal(m.Head)
	if err != nil || !bytes.Equal(head, again) || len(m.Members) == 0 || m.Members[0].Name != headName {
		return nil, damaged("its beginning and its manifest differ")
	}
	listed := m.Members[1:]
	if len(listed) != len(a.seen) {
		return nil, damaged("%d parts are listed and %d are there", len(listed), len(a.seen))
	}
	for i, one := range listed {
		if one != a.seen[i] {
			return nil, damaged("the part %s is not what was written", one.Name)
		}
	}
	return m, nil
}

// Verify reads an archive from end to end: every part against its hash, the
// list against what is there, the rows against their counts where they stand as
// text. It writes nothing.
func Verify(r io.Reader, clock tenants.Clock, say func(string)) (*Manifest, error) {
	a, err := newReader(r, talk{clock: clock, say: say})
	if err != nil {
		return nil, err
	}
	defer a.close()
	sums := map[string]*tenants.Summer{}
	for {
		err := a.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(sumOf(sums, a), a); err != nil {
			return nil, err
		}
		a.done()
	}
	m, err := a.manifest()
	if err != nil {
		return nil, err
	}
	if m.Database == kind(true) {
		read := map[string]tenants.Sum{}
		for name := range m.Tables {
			read[name] = sums[name].Sum()
		}
		return m, same(m.Tables, read)
	}
	return m, nil
}

// sumOf is where the rows of the member are summed up, if they are rows as text.
func sumOf(sums map[string]*tenants.Summer, a *reader) io.Writer {
	stream, ok := streamOf(a.entry.Name)
	if !ok || a.head.Database != kind(true) {
		return io.Discard
	}
	if sums[stream] == nil {
		sums[stream] = new(tenants.Summer)
	}
	return sums[stream]
}

// streamOf is the stream that a member belongs to.
func streamOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, rowsFolder)
	stream, _, cut := strings.Cut(rest, "/")
	return stream, ok && cut
}

// same compares the sums of all tables.
func same(want, got map[string]tenants.Sum) error {
	for name, sum := range want {
		if found := got[name]; found != sum {
			return damaged("the table %s has %d rows (%.8s), and should have %d (%.8s)", name, found.Rows, found.Hash, sum.Rows, sum.Hash)
		}
	}
	for name, sum := range got {
		if _, ok := want[name]; !ok && sum.Rows > 0 {
			return damaged("the table %s has %d rows, and is not listed", name, sum.Rows)
		}
	}
	return nil
}
