package carriers_test

import (
	"net"
	"strings"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
)

func mailbox(t *testing.T) (*fakes.MailServer, carriers.Setup) {
	t.Helper()
	box := &fakes.MailServer{User: "pasokh", Password: "word"}
	if err := box.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	host, port, _ := net.SplitHostPort(box.Addr)
	return box, carriers.Setup{
		Provider: "smtp", Line: "desk@gas.example", Settings: map[string]string{"host": host, "port": port, "username": "pasokh"}, Secrets: map[string]string{"password": "word"},
	}
}

func mailer(t *testing.T, s carriers.Setup, loopback bool) carriers.Sender {
	t.Helper()
	m, ok := carriers.Open(s, carriers.Options{Loopback: loopback})
	if !ok {
		t.Fatal("no mailer")
	}
	return m
}

func letter() carriers.Outgoing {
	return carriers.Outgoing{TenantID: 1, Key: "7@0:citizen:mail", Channel: carriers.Mail, To: "a@example.com", Title: "پاسخ شما", Text: "متن نامه"}
}

func TestMailWithCalendarAndFile(t *testing.T) {
	box, setup := mailbox(t)
	m := letter()
	m.Calendar = &carriers.Calendar{Method: "REQUEST", Body: []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")}
	m.Files = []carriers.File{{Name: "letter.pdf", Type: "application/pdf", Body: []byte("%PDF-")}}
	id, err := mailer(t, setup, true).Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	got := box.Got()
	if len(got) != 1 || got[0].Title != "پاسخ شما" || got[0].To != "a@example.com" {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"Message-ID: <" + id + ">", "Auto-Submitted: auto-generated", "text/calendar; method=REQUEST", "letter.pdf", "multipart/alternative"} {
		if !strings.Contains(got[0].Raw, want) {
			t.Errorf("no %q in\n%s", want, got[0].Raw)
		}
	}
	if strings.Contains(got[0].Raw, "List-Unsubscribe") {
		t.Error("official mail offers to unsubscribe")
	}
	if again, err := mailer(t, setup, true).Send(t.Context(), m); err != nil || again != id {
		t.Errorf("the same key has another Message-ID: %s, %v", again, err)
	}
}

func TestMailThatIsNotTaken(t *testing.T) {
	box, setup := mailbox(t)
	for name, c := range map[string]struct {
		change func(*carriers.Outgoing, *carriers.Setup)
		want   string
	}{
		"unknown address":    {func(m *carriers.Outgoing, _ *carriers.Setup) { m.To = "nobody@example.com" }, "refused number"},
		"full for now":       {func(m *carriers.Outgoing, _ *carriers.Setup) { m.To = "full@example.com" }, "later busy"},
		"no address":         {func(m *carriers.Outgoing, _ *carriers.Setup) { m.To = "no address" }, "refused number"},
		"two headers":        {func(m *carriers.Outgoing, _ *carriers.Setup) { m.Title = "a\r\nBcc: all@example.com" }, "refused text"},
		"two headers in to":  {func(m *carriers.Outgoing, _ *carriers.Setup) { m.To = "a@example.com\r\nBcc: b@example.com" }, "refused text"},
		"a method with more": {func(m *carriers.Outgoing, _ *carriers.Setup) { m.Calendar = &carriers.Calendar{Method: "X; a=b"} }, "refused text"},
		"wrong password":     {func(_ *carriers.Outgoing, s *carriers.Setup) { s.Secrets = map[string]string{"password": "x"} }, "down credentials"},
		"wrong sender":       {func(_ *carriers.Outgoing, s *carriers.Setup) { s.Line = "no address" }, "down line"},
	} {
		m, s := letter(), setup
		c.change(&m, &s)
		if _, err := mailer(t, s, true).Send(t.Context(), m); verdict(err) != c.want {
			t.Errorf("%s: %v, not %s", name, err, c.want)
		}
	}
	if n := len(box.Got()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

// Whoever runs an organization cannot make the program knock at this machine.
func TestMailGoesToNoLoopbackUnlessAllowed(t *testing.T) {
	box, setup := mailbox(t)
	if _, err := mailer(t, setup, false).Send(t.Context(), letter()); verdict(err) != "down other" || len(box.Got()) != 0 {
		t.Fatal(err)
	}
}

// A server that does not encrypt gets neither password nor mail, unless it is on
// this machine by its name.
func TestMailIsRefusedWithoutEncryption(t *testing.T) {
	box, setup := mailbox(t)
	setup.Settings["host"] = "LOCALHOST" // leads here, and does not say so
	_, err := mailer(t, setup, true).Send(t.Context(), letter())
	if reason, code := carriers.Why(err); verdict(err) != "down other" || reason != carriers.Other || code != "STARTTLS" || len(box.Got()) != 0 {
		t.Fatalf("%v: %s %s", err, reason, code)
	}
}
