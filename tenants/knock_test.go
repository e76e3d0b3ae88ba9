package tenants

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// door answers whoever knocks, and counts.
type door struct {
	answer error
	knocks atomic.Int64
}

func (d *door) Connect(context.Context) (driver.Conn, error) { d.knocks.Add(1); return nil, d.answer }
func (d *door) Driver() driver.Driver                        { return nil }

// While the server lets nobody in, a crowd is told so by one who asked; as soon as
// it does, everybody asks it again.
func TestACrowdKnocksOnce(t *testing.T) {
	starting := fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: "57P03"})
	for _, answer := range []error{starting, fmt.Errorf("wrapped: %w", syscall.ECONNREFUSED)} {
		d := &door{answer: answer}
		k := &knocker{Connector: d, every: time.Hour} // the first answer holds
		_, _ = k.Connect(t.Context())
		for range 100 {
			if _, err := k.Connect(t.Context()); !errors.Is(err, answer) {
				t.Fatal(err)
			}
		}
		if n := d.knocks.Load(); n != 1 {
			t.Fatalf("%d knocks", n)
		}
		k.next = 0 // it is time
		var crowd sync.WaitGroup
		for range 100 {
			crowd.Go(func() { _, _ = k.Connect(t.Context()) })
		}
		crowd.Wait()
		if n := d.knocks.Load(); n != 2 {
			t.Fatalf("%d knocks", n)
		}
		d.answer, k.next = nil, 0
		before := d.knocks.Load()
		for range 5 {
			if _, err := k.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := d.knocks.Load() - before; n != 5 {
			t.Fatalf("%d of 5 came to the door that is open again", n)
		}
	}
}

// Any other refusal is the knocker's alone.
func TestOtherErrorsShutNoDoor(t *testing.T) {
	d := &door{answer: &pgconn.PgError{Code: "53300"}}
	k := &knocker{Connector: d, every: time.Hour}
	for range 5 {
		_, _ = k.Connect(t.Context())
	}
	if n := d.knocks.Load(); n != 5 {
		t.Fatalf("%d knocks", n)
	}
}
