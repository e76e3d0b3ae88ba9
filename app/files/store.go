package files

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path"
	"regexp"
	"strconv"

	"pasokh/app/fault"
)

// Store keeps the bytes of files on disk: folder/<organization>/<two
// characters>/<random key>. Names and paths never come from a person, and
// os.Root lets nothing outside the folder be reached even so.
type Store struct {
	root     *os.Root
	Scanner  *Clamd        // looks through what comes in; nil: nobody does
	pictures chan struct{} // bounds the pictures in memory: one may take some 250 MB
}

// picturesAtOnce is how many pictures one process decodes at a time.
const picturesAtOnce = 2

// OpenStore makes the folder when it is missing and opens the store in it.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.Wrap(err, "files.OpenStore")
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fault.Wrap(err, "files.OpenStore")
	}
	return &Store{root: root, pictures: make(chan struct{}, picturesAtOnce)}, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// Open reads the bytes of a file; the caller closes. A row without bytes is
// Internal: something outside the program has removed them.
func (s *Store) Open(f *File) (*os.File, error) {
	if !isKey.MatchString(f.Blob) {
		return nil, fault.Wrap(errors.New("not a key: "+strconv.Quote(f.Blob)), "files.Open")
	}
	file, err := s.root.Open(place(f.TenantID, f.Blob))
	return file, fault.Wrap(err, "files.Open")
}

var isKey = regexp.MustCompile(`^[0-9a-f]{32}$`)

// unfinished marks a blob that is being written.
const unfinished = ".part"

func home(tenant int64) string { return strconv.FormatInt(tenant, 10) }

func place(tenant int64, key string) string { return path.Join(home(tenant), key[:2], key) }

// put stores content under a new key. When it returns, the bytes survive a
// power cut; before, nothing is seen under the key.
func (s *Store) put(tenant int64, content []byte) (key string, err error) {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
	key = hex.EncodeToString(raw[:])
	final := place(tenant, key)
	if err := s.root.MkdirAll(path.Dir(final), 0o700); err != nil {
		return "", fault.Wrap(err, "files.put")
	}
	if err := s.write(final+unfinished, content); err != nil {
		_ = s.root.Remove(final + unfinished) // what stays goes with the next Sweep
		return "", fault.Wrap(err, "files.put")
	}
	if err := s.root.Rename(final+unfinished, final); err != nil {
		return "", fault.Wrap(err, "files.put")
	}
	for _, dir := range []string{path.Dir(final), home(tenant), "."} {
		if err := s.sync(dir); err != nil {
			return "", fault.Wrap(err, "files.put")
		}
	}
	return key, nil
}

func (s *Store) write(name string, content []byte) error {
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (s *Store) sync(dir string) error {
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
