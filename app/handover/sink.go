package handover

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// sink is where a package goes: a folder, or one file in the form of tar. What it
// holds is readable by nobody but who runs the program.
type sink interface {
	// member writes one, as much as fill gives, and tells its SHA-256.
	member(name string, fill func(io.Writer) error) (sum string, err error)
	// finish ends the package under its name and tells its size and SHA-256: of
	// the file, or of a folder's manifest.
	finish() (bytes int64, sum string, err error)
	// drop takes everything back.
	drop() error
}

// openSink chooses by the name: *.tar is a file, all else a folder. Nothing is
// overwritten.
func openSink(to string) (sink, error) {
	if _, err := os.Stat(to); err == nil {
		return nil, fmt.Errorf("%s is there already; nothing is overwritten", to)
	}
	if !strings.HasSuffix(to, ".tar") {
		return &folder{dir: to}, os.MkdirAll(to, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(to+".part", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // named by the operator
	if err != nil {
		return nil, err
	}
	p := &tarFile{name: to, file: f, digest: sha256.New()}
	p.tar = tar.NewWriter(io.MultiWriter(f, p.digest))
	return p, nil
}

type folder struct {
	dir  string
	size int64
	last string // SHA-256 of what was written last: the manifest
}

func (p *folder) member(name string, fill func(io.Writer) error) (string, error) {
	at := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // below the operator's folder
	if err != nil {
		return "", err
	}
	n := &counted{to: f, digest: sha256.New()}
	err = fill(n)
	if err == nil {
		err = f.Sync()
	}
	p.size, p.last = p.size+n.size, n.sum()
	return p.last, errors.Join(err, f.Close())
}

func (p *folder) finish() (int64, string, error) { return p.size, p.last, nil }
func (p *folder) drop() error                    { return os.RemoveAll(p.dir) }

type tarFile struct {
	name   string
	file   *os.File
	tar    *tar.Writer
	digest hash.Hash
}

// member goes through a file of its own: its size stands before it.
func (p *tarFile) member(name string, fill func(io.Writer) error) (sum string, err error) {
	half, err := os.CreateTemp(filepath.Dir(p.name), ".member-*")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, half.Close(), os.Remove(half.Name())) }()
	n := &counted{to: half, digest: sha256.New()}
	if err := fill(n); err != nil {
		return "", err
	}
	if _, err := half.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if err := p.tar.WriteHeader(&tar.Header{Name: name, Size: n.size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return "", err
	}
	_, err = io.Copy(p.tar, half)
	return n.sum(), err
}

func (p *tarFile) finish() (int64, string, error) {
	if err := errors.Join(p.tar.Close(), p.file.Sync()); err != nil {
		return 0, "", err
	}
	info, err := p.file.Stat()
	if err = errors.Join(err, p.file.Close()); err != nil {
		return 0, "", err
	}
	return info.Size(), hex.EncodeToString(p.digest.Sum(nil)), os.Rename(p.name+".part", p.name)
}

func (p *tarFile) drop() error {
	_ = p.file.Close() // it may be closed already
	return os.Remove(p.name + ".part")
}

// counted counts and hashes what goes through.
type counted struct {
	to     io.Writer
	digest hash.Hash
	size   int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.size += int64(n)
	c.digest.Write(b[:n])
	return n, err
}

func (c *counted) sum() string { return hex.EncodeToString(c.digest.Sum(nil)) }
