package tenants

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// knockEvery is how often a server that lets nobody in is asked again.
const knockEvery = 50 * time.Millisecond

// knocker makes the connections of a pool. A server that has just fallen lets
// nobody in while it recovers, and each refusal costs it a process of its own: a
// crowd that knocks takes the time from it that the recovery needs. So one asks,
// every so often, and the others get the answer that it got.
type knocker struct {
	driver.Connector
	every   time.Duration
	mu      sync.Mutex
	refused error         // the last answer; nil: the server lets in, as far as is known
	next    time.Duration // by uptime, when somebody may ask again
}

// Connect implements driver.Connector.
func (k *knocker) Connect(ctx context.Context) (driver.Conn, error) {
	if err := k.shut(); err != nil {
		return nil, err
	}
	c, err := k.Connector.Connect(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refused = nil; shutDoor(err) {
		k.refused, k.next = err, uptime()+k.every
	}
	return c, err
}

// shut is what the others were told, unless it is time to ask again; who asks
// then keeps the rest from it.
func (k *knocker) shut() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refused == nil {
		return nil
	}
	now := uptime()
	if now < k.next {
		return k.refused
	}
	k.next = now + k.every
	return nil
}

// shutDoor tells whether the server is there no more, or lets nobody in yet.
func shutDoor(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "57P03" || errors.Is(err, syscall.ECONNREFUSED)
}
