package killtest_test

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// proxy stands between two sides of TCP and spoils what goes through.
type proxy struct {
	listener net.Listener
	mu       sync.Mutex
	target   string
	spoil    spoil
	changed  chan struct{} // closed when the spoiling changes
	open     map[net.Conn]bool
	cuts     int // replies that were cut off
}

// spoil is what a proxy does to what the server says; the zero value is nothing.
type spoil struct {
	late     time.Duration // before each piece
	rate     int           // bytes in a second; 0: all
	hole     bool          // nothing passes, either way
	cutReply bool          // the connection ends with the first byte of the answer
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, changed: make(chan struct{}), open: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = l.Close(); p.set(spoil{}); p.reset() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.carry(c)
		}
	}()
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) set(s spoil) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spoil = s
	close(p.changed)
	p.changed = make(chan struct{})
}

// reset ends every connection without a word.
func (p *proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

func (p *proxy) now() (spoil, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spoil, p.changed
}

// cut counts the answers that were kept back.
func (p *proxy) cut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}

func (p *proxy) note(c net.Conn, is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if delete(p.open, c); is {
		p.open[c] = true
	}
}

func (p *proxy) carry(client net.Conn) {
	defer client.Close() //nolint:errcheck // its end is what is wanted
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // its end is what is wanted
	for _, c := range []net.Conn{client, server} {
		p.note(c, true)
		defer p.note(c, false)
	}
	var both sync.WaitGroup
	both.Go(func() { p.pump(server, client, false) })
	both.Go(func() { p.pump(client, server, true) })
	both.Wait()
}

// pump carries one way until either side ends.
func (p *proxy) pump(to, from net.Conn, answers bool) {
	defer to.Close()   //nolint:errcheck // both ends end together
	defer from.Close() //nolint:errcheck // both ends end together
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			if s, _ := p.now(); answers && s.cutReply {
				p.mu.Lock()
				p.cuts++
				p.mu.Unlock()
				return
			}
			if p.pass(to, piece[:n], answers) != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass writes a piece as slowly as it is spoiled.
func (p *proxy) pass(to io.Writer, piece []byte, answers bool) error {
	for first := true; len(piece) > 0; first = false {
		s, changed := p.now()
		n := len(piece)
		switch {
		case s.hole:
			<-changed
			continue
		case answers && s.rate > 0:
			n = min(n, max(1, s.rate/20))
			time.Sleep(time.Second * time.Duration(n) / time.Duration(s.rate))
		case answers && first:
			time.Sleep(s.late)
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return err
		}
		piece = piece[n:]
	}
	return nil
}
