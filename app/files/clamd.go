package files

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"pasokh/app/fault"
)

// Clamd asks a ClamAV daemon about every file before it is stored.
type Clamd struct {
	network, address string
	// Limit is how long one answer may take; five seconds when zero.
	Limit time.Duration
	// Lenient takes files unseen while the daemon is away; else they are refused
	// for the time being.
	Lenient bool
	Log     *slog.Logger
}

// The refusals of Receive when files are looked through.
const (
	keyInfected  = "file.infected"
	keyUnscanned = "file.unscanned"
)

// scanLimit is how long people wait for the daemon.
const scanLimit = 5 * time.Second

// scanChunk is what one part of the stream carries, in bytes.
const scanChunk = 64 << 10

// ParseClamd reads where the daemon listens: the path of a unix socket, or
// host:port. A host is asked only while it leads to a private address, since the
// files of people go there unsealed.
func ParseClamd(text string) (*Clamd, error) {
	if strings.HasPrefix(text, "/") {
		return &Clamd{network: "unix", address: text}, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil || host == "" || port == "" {
		return nil, errors.New("neither the path of a unix socket nor host:port")
	}
	if at, err := netip.ParseAddr(host); err == nil && !private(at) {
		return nil, errors.New("not a private address")
	}
	return &Clamd{network: "tcp", address: text}, nil
}

func private(at netip.Addr) bool {
	at = at.Unmap()
	return at.IsLoopback() || at.IsPrivate()
}

// Ping tells whether the daemon answers, and which it is.
func (d *Clamd) Ping(ctx context.Context) (version string, err error) {
	return d.ask(ctx, "VERSION", nil)
}

// scan gives the name of what is in the content; empty when nothing was found.
func (d *Clamd) scan(ctx context.Context, content []byte) (found string, err error) {
	reply, err := d.ask(ctx, "INSTREAM", content)
	if err != nil {
		return "", err
	}
	reply = strings.TrimPrefix(reply, "stream: ")
	if name, ok := strings.CutSuffix(reply, " FOUND"); ok && name != "" {
		return name, nil
	}
	if reply != "OK" {
		return "", fmt.Errorf("clamd: %.200s", reply)
	}
	return "", nil
}

// ask sends one command, with content as its stream, and reads the reply.
func (d *Clamd) ask(ctx context.Context, command string, content []byte) (string, error) {
	limit := d.Limit
	if limit == 0 {
		limit = scanLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dialer := net.Dialer{Control: d.control}
	conn, err := dialer.DialContext(ctx, d.network, d.address)
	if err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	defer conn.Close() //nolint:errcheck // everything was read
	if _, err := io.WriteString(conn, "z"+command+"\x00"); err != nil {
		return "", err
	}
	// A daemon that has seen enough answers and hangs up before the end: what it
	// says counts, not that the rest could not be sent.
	sendErr := stream(conn, content)
	reply, err := io.ReadAll(io.LimitReader(conn, 4<<10))
	if err == nil {
		err = sendErr
	}
	if text := strings.TrimRight(string(reply), "\x00\n"); text != "" {
		return text, nil
	}
	return "", errors.Join(errors.New("clamd: no answer"), err)
}

// stream writes content in parts, each after its length, and the end.
func stream(out io.Writer, content []byte) error {
	if content == nil {
		return nil
	}
	for len(content) > 0 {
		part := content[:min(len(content), scanChunk)]
		if err := binary.Write(out, binary.BigEndian, uint32(len(part))); err != nil {
			return err
		}
		if _, err := out.Write(part); err != nil {
			return err
		}
		content = content[len(part):]
	}
	return binary.Write(out, binary.BigEndian, uint32(0))
}

// control refuses what a name led to, when it is not private.
func (d *Clamd) control(network, address string, _ syscall.RawConn) error {
	if network == "unix" {
		return nil
	}
	if at, err := netip.ParseAddrPort(address); err != nil || !private(at.Addr()) {
		return fmt.Errorf("clamd: %s is not a private address", address)
	}
	return nil
}

// Inspect looks through bytes that came from somebody. Invalid at Field:
// file.infected, with the name of what was found as the cause; file.unscanned
// while the daemon is away.
func (s *Store) Inspect(ctx context.Context, content []byte) error {
	if s.Scanner == nil {
		return nil
	}
	found, err := s.Scanner.scan(ctx, content)
	switch {
	case err != nil && s.Scanner.Lenient:
		s.Scanner.note("a file was taken unseen", err)
		return nil
	case err != nil:
		s.Scanner.note("a file was refused unseen", err)
		return fault.Field(Field, keyUnscanned)
	case found != "":
		e := fault.Field(Field, keyInfected)
		e.Err = errors.New(found)
		return e
	}
	return nil
}

func (d *Clamd) note(text string, err error) {
	if d.Log != nil {
		d.Log.Error(text, "error", err)
	}
}

// Infected tells whether err refuses a file for what was found in it, and what
// that was.
func Infected(err error) (found string, ok bool) {
	e := fault.As(err)
	if err == nil || e.Fields[Field] != keyInfected || e.Err == nil {
		return "", false
	}
	return e.Err.Error(), true
}

// Unscanned tells whether err refuses a file because nobody could look into it.
func Unscanned(err error) bool { return err != nil && fault.As(err).Fields[Field] == keyUnscanned }
