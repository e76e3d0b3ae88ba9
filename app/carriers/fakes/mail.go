package fakes

import (
	"errors"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// MailServer is a mail server that keeps what it gets. Addresses that begin
// with "nobody" do not exist, "full" is full for now.
type MailServer struct {
	Addr     string // host:port once it listens
	User     string // with Password, when it asks for them
	Password string

	server *smtp.Server
	mu     sync.Mutex
	got    []Letter
}

// Letter is one mail.
type Letter struct {
	From, To, Title string
	Raw             string
	At              time.Time
}

// Listen opens the server at an address of this machine.
func (m *MailServer) Listen(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	m.Addr = listener.Addr().String()
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{of: m}, nil }))
	m.server.Domain, m.server.AllowInsecureAuth = "localhost", true
	m.server.ReadTimeout, m.server.WriteTimeout, m.server.MaxMessageBytes = time.Minute, time.Minute, 20<<20
	go m.server.Serve(listener) //nolint:errcheck // ends with Close
	return nil
}

// Close ends it.
func (m *MailServer) Close() error { return m.server.Close() }

// Got lists the mails, oldest first.
func (m *MailServer) Got() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Letter(nil), m.got...)
}

type session struct {
	of       *MailServer
	from, to string
	known    bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.of.User || password != s.of.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.of.User != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "nobody"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	case strings.HasPrefix(to, "full"):
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(s.to, "cut") {
		return errors.New("cut")
	}
	l := Letter{From: s.from, To: s.to, Raw: string(raw), At: time.Now()}
	if parsed, err := mail.ReadMessage(strings.NewReader(l.Raw)); err == nil {
		l.Title = decoded(parsed.Header.Get("Subject"))
	}
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.got = append(s.of.got, l)
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }
