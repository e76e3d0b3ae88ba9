package carriers

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Mailbox is a folder on a mail server that is read by IMAP: a short connection,
// encrypted unless the server is on this machine.
type Mailbox struct {
	Host, Port     string
	User, Password string
	Folder         string // where mail arrives
	Done           string // where it is moved when it was taken; empty: it is marked as read
	// Reach decides about the address that the name led to, at the moment of the
	// connection.
	Reach func(netip.Addr) bool
	// Loopback lets a server on this machine do without encryption.
	Loopback bool
}

// Brought is one mail as the server hands it over.
type Brought struct {
	Name    string // the server's own name for it: validity and UID
	Raw     []byte // nil when it is larger than wanted
	From    string // of the envelope
	Subject string
}

// Bounds of one look.
const (
	lookMost  = 50       // mails
	lookBytes = 60 << 20 // of them together; the rest waits for the next look
	dialLimit = 10 * time.Second
	imapTLS   = 993 // the port where the connection is encrypted from its first byte
)

// errMore says that what is new is more than one look reads.
var errMore = errors.New("more is waiting")

// Problems of a mailbox beside Credentials and Unreached.
const (
	NoFolder = "folder"  // there is no such folder
	NoTLS    = "tls"     // the server does not encrypt, or not with a good certificate
	Inside   = "address" // the name leads to an address that may not be read
)

// Look hands over what is new since place, oldest first and at most fifty: take
// stores a mail; after it the mail is marked or moved. next is the place to look
// on from; the place of a folder that was made anew counts for nothing, then what
// is unread is new. Errors are a Down or a Later, or those of take.
func (b *Mailbox) Look(ctx context.Context, place string, largest int64, take func(Brought) error) (next string, err error) {
	c, folder, err := b.enter(ctx)
	if err != nil {
		return place, err
	}
	defer c.Close() //nolint:errcheck // what was said before counts
	uids, rest, err := search(c, folder, place)
	if err != nil {
		return place, lookError(err)
	}
	next, err = b.bring(c, uids, folder.UIDValidity, largest, take)
	switch {
	case errors.Is(err, errMore), err == nil && rest:
		return keepPlace(place, next, folder), nil
	case err != nil:
		return keepPlace(place, next, folder), err
	}
	_ = c.Logout().Wait()
	return placeOf(folder, end(uids, place, folder)), nil
}

// end is the UID that a folder was read to when nothing is left.
func end(uids []imap.UID, place string, folder *imap.SelectData) uint32 {
	last := follows(place, folder)
	if n := len(uids); n > 0 {
		last = max(last, uint32(uids[n-1]))
	}
	if !known(place, folder) && folder.UIDNext > 0 {
		last = max(last, uint32(folder.UIDNext)-1)
	}
	return last
}

// Check enters the mailbox and leaves it.
func (b *Mailbox) Check(ctx context.Context) error {
	c, _, err := b.enter(ctx)
	if err != nil {
		return err
	}
	_ = c.Logout().Wait()
	return c.Close()
}

// enter connects, proves who we are and opens the folder.
func (b *Mailbox) enter(ctx context.Context) (*imapclient.Client, *imap.SelectData, error) {
	c, err := b.dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := c.Login(b.User, b.Password).Wait(); err != nil {
		_ = c.Close()
		return nil, nil, answered(err, Credentials)
	}
	folder, err := c.Select(b.Folder, nil).Wait()
	if err != nil {
		_ = c.Close()
		return nil, nil, answered(err, NoFolder)
	}
	return c, folder, nil
}

func (b *Mailbox) dial(ctx context.Context) (*imapclient.Client, error) {
	port, err := strconv.Atoi(b.Port)
	if err != nil {
		return nil, &Down{Reason: Unreached}
	}
	dialer := &net.Dialer{Timeout: dialLimit, Control: b.control}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(b.Host, b.Port))
	switch {
	case errors.Is(err, errInside):
		return nil, &Down{Reason: Inside}
	case err != nil:
		return nil, &Later{Reason: Unreached}
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	setup := &tls.Config{ServerName: b.Host, MinVersion: tls.VersionTLS12}
	switch {
	case b.Loopback && isLoopback(b.Host):
		return greeted(imapclient.New(conn, nil))
	case port == imapTLS:
		secure := tls.Client(conn, setup)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, &Down{Reason: NoTLS}
		}
		return greeted(imapclient.New(secure, nil))
	}
	c, err := imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: setup})
	if err != nil {
		return nil, &Down{Reason: NoTLS} // never go on in the clear
	}
	return c, nil
}

func greeted(c *imapclient.Client) (*imapclient.Client, error) {
	if err := c.WaitGreeting(); err != nil {
		_ = c.Close()
		return nil, &Later{Reason: Unreached}
	}
	return c, nil
}

func (b *Mailbox) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || b.Reach == nil || !b.Reach(at.Addr().Unmap()) {
		return errInside
	}
	return nil
}

// search lists what is new, and tells whether there is more than one look takes.
func search(c *imapclient.Client, folder *imap.SelectData, place string) (uids []imap.UID, rest bool, err error) {
	if folder.NumMessages == 0 {
		return nil, false, nil
	}
	criteria := &imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}
	after := follows(place, folder)
	if known(place, folder) {
		criteria = &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(after + 1)}}}}
	}
	found, err := c.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, false, err
	}
	uids = slices.DeleteFunc(found.AllUIDs(), func(u imap.UID) bool { return uint32(u) <= after }) // "n:*" always gives the last
	slices.Sort(uids)
	if len(uids) > lookMost {
		return uids[:lookMost], true, nil
	}
	return uids, false, nil
}

// bring reads, hands over and marks one mail after the other.
func (b *Mailbox) bring(c *imapclient.Client, uids []imap.UID, validity uint32, largest int64, take func(Brought) error) (next string, err error) {
	if len(uids) == 0 {
		return "", nil
	}
	list, err := c.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, Envelope: true}).Collect()
	if err != nil {
		return "", lookError(err)
	}
	slices.SortFunc(list, func(a, o *imapclient.FetchMessageBuffer) int { return int(a.UID) - int(o.UID) })
	total := int64(0)
	for _, m := range list {
		one := Brought{Name: fmt.Sprintf("imap:%d:%d", validity, m.UID)}
		if e := m.Envelope; e != nil {
			one.Subject = e.Subject
			if len(e.From) > 0 {
				one.From = e.From[0].Addr()
			}
		}
		if m.RFC822Size <= largest {
			if total += m.RFC822Size; total > lookBytes {
				return next, errMore
			}
			if one.Raw, err = body(c, m.UID, largest); err != nil {
				return next, lookError(err)
			}
		}
		if err := take(one); err != nil {
			return next, err
		}
		if err := b.mark(c, m.UID); err != nil {
			return next, lookError(err)
		}
		next = strconv.FormatUint(uint64(m.UID), 10)
	}
	return next, nil
}

// body reads one mail, without the server counting it as read.
func body(c *imapclient.Client, uid imap.UID, largest int64) (raw []byte, err error) {
	cmd := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if section, ok := item.(imapclient.FetchItemDataBodySection); ok && section.Literal != nil {
				if raw, err = io.ReadAll(io.LimitReader(section.Literal, largest+1)); err != nil {
					return nil, err
				}
			}
		}
	}
	return raw, cmd.Close()
}

func (b *Mailbox) mark(c *imapclient.Client, uid imap.UID) error {
	if b.Done != "" {
		_, err := c.Move(imap.UIDSetNum(uid), b.Done).Wait()
		return answered(err, NoFolder)
	}
	return c.Store(imap.UIDSetNum(uid), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
}

// answered is Down for a reason when the server said no, and Later when the
// connection broke.
func answered(err error, reason string) error {
	var said *imap.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said) && said.Code != imap.ResponseCodeUnavailable:
		return &Down{Reason: reason}
	}
	return lookError(err)
}

func lookError(err error) error {
	var down *Down
	if err == nil || errors.As(err, &down) {
		return err
	}
	return &Later{Reason: Unreached}
}
