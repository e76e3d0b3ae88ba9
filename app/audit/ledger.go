package audit

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"pasokh/app/fault"
)

// Ledger is the file outside the database that keeps the anchors: one line per
// organization and day, each with the hash of the line before it. Whoever can
// write in the database cannot write there, when it lies on another machine or
// on a medium that only grows.
type Ledger struct {
	path string
	mu   sync.Mutex
}

// NewLedger names the file; the first anchor makes it.
func NewLedger(path string) *Ledger { return &Ledger{path: path} }

// Path is where it lies.
func (l *Ledger) Path() string { return l.path }

// Read gives the anchors of every organization. A line that does not follow from
// the one before it is an error that names it.
func (l *Ledger) Read() (map[int64][]Anchor, error) {
	list, _, err := l.read()
	return list, err
}

func (l *Ledger) read() (list map[int64][]Anchor, last string, err error) {
	list = map[int64][]Anchor{}
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return list, "", nil
	}
	if err != nil {
		return nil, "", fault.Wrap(err, "audit.Ledger")
	}
	defer f.Close() //nolint:errcheck // only read
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		a, hash, ok := parseLine(scan.Text(), last)
		if !ok {
			return list, last, fmt.Errorf("audit: line %d of %s was changed or the one before it is missing", n, l.path)
		}
		list[a.TenantID], last = append(list[a.TenantID], a), hash
	}
	return list, last, fault.Wrap(scan.Err(), "audit.Ledger")
}

// Append writes the anchors that the file does not have yet, and waits until
// they are on the disk. slugs name the organizations for whoever reads the file.
func (l *Ledger) Append(anchors []Anchor, slugs map[int64]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, last, err := l.read()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, a := range anchors {
		if !has(known[a.TenantID], a.Day) {
			last = writeLine(&text, a, slugs[a.TenantID], last)
		}
	}
	if text.Len() == 0 {
		return nil
	}
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(err, "audit.Ledger")
	}
	_, err = f.WriteString(text.String())
	return fault.Wrap(errors.Join(err, f.Sync(), f.Close()), "audit.Ledger")
}

func has(list []Anchor, day string) bool {
	for _, a := range list {
		if a.Day == day {
			return true
		}
	}
	return false
}

// writeLine adds a line and gives its hash, the last field.
func writeLine(text *strings.Builder, a Anchor, slug, last string) string {
	body := fmt.Sprintf("%s\t%d\t%s\t%d\t%s\t%s", a.Day, a.TenantID, slug, a.Seq, a.Hash, a.At.UTC().Format(time.RFC3339Nano))
	hash := lineHash(body, last)
	text.WriteString(body + "\t" + hash + "\n")
	return hash
}

func lineHash(body, last string) string {
	sum := sha256.Sum256([]byte(last + "\n" + body))
	return hex.EncodeToString(sum[:])
}

func parseLine(line, last string) (a Anchor, hash string, ok bool) {
	at := strings.LastIndexByte(line, '\t')
	if at < 0 {
		return a, "", false
	}
	body, hash := line[:at], line[at+1:]
	fields := strings.Split(body, "\t")
	if len(fields) != 6 || lineHash(body, last) != hash {
		return a, "", false
	}
	tenant, errTenant := strconv.ParseInt(fields[1], 10, 64)
	seq, errSeq := strconv.ParseInt(fields[3], 10, 64)
	when, errWhen := time.Parse(time.RFC3339Nano, fields[5])
	a = Anchor{Day: fields[0], Seq: seq, Hash: fields[4], At: when}
	a.TenantID = tenant
	return a, hash, errors.Join(errTenant, errSeq, errWhen) == nil
}
