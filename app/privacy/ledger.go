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
// that say nothing by themselves: a line per organization, person and time, with the
// other row when two of one person were joined. A line of the person 0 is of the
// whole organization, which was deleted. A restored backup that is older forgets
// them again by it.
type Ledger struct {
	path string
	mu   sync.Mutex
}

// NewLedger names the file; the first erasure makes it.
func NewLedger(path string) *Ledger { return &Ledger{path: path} }

// Read gives the erasures of every organization; there are none where there is no
// file. A line that cannot be read is an error that names it.
func (l *Ledger) Read() (map[int64][]citizens.Erasure, error) {
	all, at := map[int64][]citizens.Erasure{}, map[[2]int64]int{}
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
		// A later line of the same person says what was meant.
		who := [2]int64{e.TenantID, e.CitizenID}
		if i, known := at[who]; known {
			all[e.TenantID][i] = e
			continue
		}
		at[who] = len(all[e.TenantID])
		all[e.TenantID] = append(all[e.TenantID], e)
	}
	return all, fault.Wrap(scan.Err(), "privacy.Ledger")
}

func parse(line string) (e citizens.Erasure, err error) {
	cells := strings.Split(line, "\t")
	if len(cells) != 3 && len(cells) != 4 {
		return e, errors.New("not a line of erasures")
	}
	tenant, err1 := strconv.ParseInt(cells[0], 10, 64)
	citizen, err2 := strconv.ParseInt(cells[1], 10, 64)
	at, err3 := time.Parse(time.RFC3339, cells[2])
	e.TenantID, e.CitizenID, e.At, e.Reason = tenant, citizen, at, "replay"
	var err4 error
	if len(cells) == 4 {
		to, err := strconv.ParseInt(cells[3], 10, 64)
		e.Reason, err4 = citizens.JoinedReason(to), err
	}
	return e, errors.Join(err1, err2, err3, err4)
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
	there := map[[3]int64]bool{}
	for tenant, of := range known {
		for i := range of {
			there[[3]int64{tenant, of[i].CitizenID, of[i].Joined()}] = true
		}
	}
	var text strings.Builder
	for i := range list {
		e := &list[i]
		if there[[3]int64{e.TenantID, e.CitizenID, e.Joined()}] {
			continue
		}
		fmt.Fprintf(&text, "%d\t%d\t%s", e.TenantID, e.CitizenID, e.At.UTC().Format(time.RFC3339))
		if to := e.Joined(); to != 0 {
			fmt.Fprintf(&text, "\t%d", to)
		}
		text.WriteByte('\n')
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
