package tenants

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A request that waits for PostgreSQL has so much patience and no more: for a
// connection and for what comes over it, together. It runs out only while it is
// waited for the database, so that a long download costs none, and not while the
// database answers others at once: then it is busy, and waiting helps.

type patienceKey struct{}

// patience is what is left of it.
type patience struct {
	mu   sync.Mutex
	left time.Duration
}

// WithPatience bounds how long everything that is done under ctx may wait for
// PostgreSQL, together; zero takes the bound away. SQLite has none: it is in
// this process.
func WithPatience(ctx context.Context, d time.Duration) context.Context {
	if d == 0 {
		return context.WithValue(ctx, patienceKey{}, (*patience)(nil))
	}
	return context.WithValue(ctx, patienceKey{}, &patience{left: d})
}

func patienceOf(ctx context.Context) *patience {
	p, _ := ctx.Value(patienceKey{}).(*patience)
	return p
}

// errSilent is what becomes of a statement or a connection when the patience is over.
var errSilent = errors.New("the database keeps us waiting too long")

const (
	// answersAtOnce is within which time a database that is well begins a
	// transaction, which waits for nobody's lock.
	answersAtOnce = 20 * time.Millisecond
	// wellFor is how long its last word counts.
	wellFor = time.Second
	// illFor is how long it counts as ill after a connection was lost.
	illFor = 5 * time.Second
	// lastWord is what a request gets that has no patience left.
	lastWord = 20 * time.Millisecond
)

// pulse remembers when the database last answered at once, and when a connection
// to it was last lost.
type pulse struct{ at, lost atomic.Int64 }

// felt notes how long the beginning of a transaction took.
func (b *pulse) felt(took time.Duration) {
	if took < answersAtOnce {
		b.at.Store(int64(uptime()) + 1)
	}
}

func (b *pulse) well() bool {
	at, lost, now := b.at.Load(), b.lost.Load(), uptime()
	return at != 0 && now-time.Duration(at) < wellFor && (lost == 0 || now-time.Duration(lost) > illFor)
}

// over tells whether nothing is left of it.
func (p *patience) over() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left <= 0
}

// wait has strike called when the patience ends before the function that it
// gives is called.
func (p *patience) wait(b *pulse, strike func()) (ended func()) {
	began := uptime()
	p.mu.Lock()
	left := max(p.left, lastWord)
	p.mu.Unlock()
	var mu sync.Mutex
	var done bool
	var timer *time.Timer
	mu.Lock()
	timer = time.AfterFunc(left, func() {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case done:
		case b.well():
			timer.Reset(wellFor / 4)
		default:
			strike()
		}
	})
	mu.Unlock()
	return func() {
		mu.Lock()
		done = true
		timer.Stop()
		mu.Unlock()
		p.mu.Lock()
		p.left -= uptime() - began
		p.mu.Unlock()
	}
}

// grab takes a connection out of the pool.
func (p *patience) grab(ctx context.Context, pool *sql.DB, b *pulse) (*sql.Conn, error) {
	if p == nil {
		return pool.Conn(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := p.wait(b, func() { cancel(errSilent) })
	sc, err := pool.Conn(ctx)
	ended()
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return nil, errSilent
	}
	return sc, err
}

// line is a connection to the server; who waits on it loses patience.
type line struct {
	net.Conn
	pulse  *pulse
	who    atomic.Pointer[patience]
	silent atomic.Bool
}

const (
	// dialTime bounds making a connection, whoever asks for it.
	dialTime = 3 * time.Second
	// connectTime bounds it with all that is said until it can be used.
	connectTime = 5 * time.Second
)

// dial makes lines.
func (b *pulse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime, Control: giveUpUnheard}
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &line{Conn: c, pulse: b}, nil
}

// Read implements net.Conn.
func (l *line) Read(b []byte) (int, error) { return l.patiently(l.Conn.Read, b) }

// Write implements net.Conn.
func (l *line) Write(b []byte) (int, error) { return l.patiently(l.Conn.Write, b) }

func (l *line) patiently(act func([]byte) (int, error), b []byte) (int, error) {
	p := l.who.Load()
	if p == nil {
		return act(b)
	}
	ended := p.wait(l.pulse, func() { l.silent.Store(true); _ = l.Conn.Close() }) // what comes now is of no use
	n, err := act(b)
	ended()
	var network net.Error
	switch {
	case err == nil:
	case l.silent.Load():
		err = errSilent
	case !errors.As(err, &network) || !network.Timeout():
		l.pulse.lost.Store(int64(uptime()) + 1)
	}
	return n, err
}

// lineOf is the line below a pool's connection; nil on SQLite.
func lineOf(sc *sql.Conn) (l *line) {
	_ = sc.Raw(func(driven any) error {
		c, ok := driven.(*stdlib.Conn)
		if !ok {
			return nil
		}
		below := c.Conn().PgConn().Conn()
		if sealed, ok := below.(interface{ NetConn() net.Conn }); ok { // TLS
			below = sealed.NetConn()
		}
		l, _ = below.(*line)
		return nil
	})
	return l
}

// soon bounds what is said right after connecting, which nobody's request waits for.
func soon(fn func(context.Context, *pgx.Conn) error) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		ctx, cancel := context.WithTimeout(ctx, connectTime)
		defer cancel()
		return fn(ctx, c)
	}
}
