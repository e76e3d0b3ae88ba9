package privacy

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
)

// Ledger is the file outside the database that keeps who was erased, by numbers
// that say nothing by themselves: a line per person, organization and time. A
// restored backup that is older forgets them again by it.
type Ledger struct {
	path string
	mu   sync.Mutex
}

// NewLedger names the file; the first erasure makes it.
func NewLedger(path string) *Ledger { return &Ledger{path: path} }

// Path is where it lies.
func (l *Ledger) Path() string { return l.path }

// Read gives the erasures of every organization; there are none where there is no
// file. A line that cannot be read is an error that names it.
func (l *Ledger) Read() (map[int64][]citizens.Erasure, error) {
	all := map[int64][]citizens.Erasure{}
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, fault.Wrap(err, "privacy.Ledger")
	}
	defer f.Close() //nolint:errcheck // only read
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		e, err := parse(scan.Text())
		if err != nil {
			return nil, fmt.Errorf("line %d of %s: %w", n, l.path, err)
		}
		all[e.TenantID] = append(all[e.TenantID], e)
	}
	return all, fault.Wrap(scan.Err(), "privacy.Ledger")
}

func parse(line string) (e citizens.Erasure, err error) {
	cells := strings.Split(line, "\t")
	if len(cells) != 3 {
		return e, errors.New("not a line of erasures")
	}
	tenant, err1 := strconv.ParseInt(cells[0], 10, 64)
	citizen, err2 := strconv.ParseInt(cells[1], 10, 64)
	at, err3 := time.Parse(time.RFC3339, cells[2])
	e.TenantID, e.CitizenID, e.At, e.Reason = tenant, citizen, at, "replay"
	return e, errors.Join(err1, err2, err3)
}

// Append writes those that the file does not have yet, and waits until they are
// on the disk.
func (l *Ledger) Append(list []citizens.Erasure) error {
	if len(list) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	known, err := l.Read()
	if err != nil {
		return err
	}
	there := map[[2]int64]bool{}
	for tenant, of := range known {
		for i := range of {
			there[[2]int64{tenant, of[i].CitizenID}] = true
		}
	}
	var text strings.Builder
	for i := range list {
		if e := &list[i]; !there[[2]int64{e.TenantID, e.CitizenID}] {
			fmt.Fprintf(&text, "%d\t%d\t%s\n", e.TenantID, e.CitizenID, e.At.UTC().Format(time.RFC3339))
		}
	}
	if text.Len() == 0 {
		return nil
	}
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(err, "privacy.Ledger")
	}
	_, err = f.WriteString(text.String())
	return fault.Wrap(errors.Join(err, f.Sync(), f.Close()), "privacy.Ledger")
}
