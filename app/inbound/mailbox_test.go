package inbound_test

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/tenants"
)

// box is a mail server in memory, without encryption.
type box struct {
	user *imapmemserver.User
	port string
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{user: imapmemserver.NewUser("office", "secret")}
	for _, name := range []string{"INBOX", "Done"} {
		if err := b.user.Create(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	mem := imapmemserver.New()
	mem.AddUser(b.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true,
	})
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(at) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = server.Close() })
	_, b.port, _ = net.SplitHostPort(at.Addr().String())
	return b
}

func (b *box) put(t *testing.T, id, head, body string, flags ...imap.Flag) {
	t.Helper()
	raw := "From: Ali <ali@example.ir>\r\nMessage-ID: <" + id + ">\r\nMIME-Version: 1.0\r\n" + strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	if _, err := b.user.Append("INBOX", bytes.NewReader([]byte(raw)), &imap.AppendOptions{Flags: flags}); err != nil {
		t.Fatal(err)
	}
}

// left counts the unread and all mails of a folder.
func (b *box) left(t *testing.T, folder string) string {
	t.Helper()
	s, err := b.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d of %d", *s.NumUnseen, *s.NumMessages)
}

func (w *replies) save(in inbound.Mailbox) {
	w.t.Helper()
	w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return w.fetcher().SaveMailbox(w.t.Context(), tx, in) })
}

func (w *replies) fetcher() *inbound.Fetcher {
	if w.store == nil {
		store, err := files.OpenStore(w.t.TempDir())
		if err != nil {
			w.t.Fatal(err)
		}
		w.store = store
	}
	return &inbound.Fetcher{Gateways: w.post.Gateways, Files: w.store}
}

// look reads the mailbox and gives the door afterwards.
func (w *replies) look() *inbound.Door {
	w.t.Helper()
	db := w.DB(w.t)
	if err := w.fetcher().LookForMail(w.t.Context(), db); err != nil {
		w.t.Fatal(err)
	}
	d, err := inbound.MailDoor(w.t.Context(), db)
	if err != nil {
		w.t.Fatal(err)
	}
	db.Release()
	return d
}

func TestAMailboxIsReadOnce(t *testing.T) {
	w, b := newReplies(t), newBox(t)
	in := inbound.Mailbox{Host: "127.0.0.1", Port: b.port, User: "office", Password: "secret", Folder: "INBOX", On: true}
	w.save(in)
	b.put(t, "old@x", "Subject: old", "read by somebody", imap.FlagSeen)
	b.put(t, "1@x", "Subject: =?utf-8?B?2LPZhNin2YU=?=\nContent-Type: text/plain; charset=utf-8", "یک")
	d := w.look()
	if list := w.all(); len(list) != 1 || list[0].Title != "سلام" || list[0].Text != "یک" || d.Problem != "" || d.LookedAt == nil || b.left(t, "INBOX") != "0 of 2" {
		t.Fatalf("%+v %+v %s", list, d, b.left(t, "INBOX"))
	}
	for i := range 60 { // more than one look takes; one comes a second time, one was opened by somebody
		b.put(t, fmt.Sprintf("n%d@x", i%59), "Subject: n", "x", map[bool][]imap.Flag{true: {imap.FlagSeen}}[i == 5]...)
	}
	b.put(t, "big@x", "Subject: big", strings.Repeat("x", inbound.MaxMail))
	b.put(t, "odd@x", "Subject: odd\nFrom: \x00", "no sender")
	if w.look(); len(w.all()) != 51 {
		t.Fatalf("%d after one look", len(w.all()))
	}
	d = w.look()
	outcomes := map[string]int{}
	for _, m := range w.all() {
		outcomes[m.Outcome]++
	}
	if len(w.all()) != 62 || outcomes["large"] != 1 || b.left(t, "INBOX") != "0 of 64" {
		t.Fatalf("%d, %v, %s", len(w.all()), outcomes, b.left(t, "INBOX"))
	}
	w.save(in) // the same: it is read on from there
	if again := w.look(); again.Place != d.Place || len(w.all()) != 62 || again.Secrets == "" || strings.Contains(again.Secrets, "secret") {
		t.Fatalf("%+v", again)
	}
	if err := b.user.Delete("INBOX"); err != nil { // made anew, with another validity
		t.Fatal(err)
	}
	if err := b.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	in.Done, in.Password = "Done", ""
	w.save(in)
	b.put(t, "1@x", "Subject: again", "x")
	b.put(t, "2@x", "Subject: new", "x")
	if w.look(); len(w.all()) != 63 || b.left(t, "INBOX") != "0 of 0" || b.left(t, "Done") != "2 of 2" {
		t.Fatalf("%d, %s, %s", len(w.all()), b.left(t, "INBOX"), b.left(t, "Done"))
	}
}

// What is wrong with a mailbox is said, and it is left alone for a while.
func TestAMailboxThatCannotBeRead(t *testing.T) {
	w, b := newReplies(t), newBox(t)
	good := inbound.Mailbox{Host: "127.0.0.1", Port: b.port, User: "office", Password: "secret", Folder: "INBOX", On: true}
	for want, change := range map[string]func(*inbound.Mailbox, *carriers.Options){
		"credentials": func(m *inbound.Mailbox, _ *carriers.Options) { m.Password = "other" },
		"folder":      func(m *inbound.Mailbox, _ *carriers.Options) { m.Folder = "Nowhere" },
		"unreached":   func(m *inbound.Mailbox, _ *carriers.Options) { m.Port = "1" },
		"address":     func(_ *inbound.Mailbox, o *carriers.Options) { o.Loopback = false },
	} {
		in, o := good, carriers.Options{Loopback: true}
		change(&in, &o)
		w.post.Gateways.Options = o
		w.save(in)
		if d := w.look(); d.Problem != want || d.LookedAt == nil {
			t.Errorf("%s: %q", want, d.Problem)
		}
	}
	w.post.Gateways.Options = carriers.Options{Loopback: true}
	bad := good
	bad.Password = "other"
	w.save(bad)
	first := w.look().LookedAt
	w.Clock.Advance(5 * time.Minute)
	if again := w.look().LookedAt; !again.Equal(*first) {
		t.Error("tried again at once")
	}
	w.Clock.Advance(5 * time.Minute)
	if again := w.look().LookedAt; again.Equal(*first) {
		t.Error("not tried again")
	}
}

// A server that does not encrypt is not told the password, unless it is on this
// machine.
func TestAMailboxInTheClearIsRefused(t *testing.T) {
	b := newBox(t)
	far := &carriers.Mailbox{Host: "localhost", Port: b.port, User: "office", Password: "secret", Folder: "INBOX", Reach: func(netip.Addr) bool { return true }}
	reason, _ := carriers.Why(far.Check(t.Context()))
	if reason != carriers.NoTLS {
		t.Fatal(reason)
	}
	far.Loopback = true
	if err := far.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The password that is sealed was given for one host, and goes to no other one.
func TestMailboxAtAnotherHostWantsItsPassword(t *testing.T) {
	w := newReplies(t)
	in := inbound.Mailbox{Host: "mail.gas.example", Port: "993", User: "office", Password: "secret", Folder: "INBOX", On: true}
	w.save(in)
	in.Password, in.Port = "", "143"
	w.save(in)
	in.Host = "mail.thief.example"
	err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return w.fetcher().SaveMailbox(t.Context(), tx, in) })
	if fault.As(err).Fields["password"] != "gateway.error.again" {
		t.Fatal(err)
	}
}
