package carriers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	mail "github.com/wneessen/go-mail"
)

// mailer brings mail to the organization's own server.
type mailer struct {
	setup    Setup
	loopback bool
}

func (s *mailer) Name() string { return "smtp" }

// OwnHeader marks every mail of ours: one that comes back is nobody's answer.
const OwnHeader = "X-Pasokh"

// errInside says that a name led to an address that mail may not be brought to.
var errInside = errors.New("not an address for mail")

// Send implements Sender. The identifier is the Message-ID, made from the key:
// a mail that comes twice is seen to be the same.
func (s *mailer) Send(ctx context.Context, m Outgoing) (string, error) {
	id := s.messageID(m)
	msg, err := s.compose(m, id)
	if err != nil {
		return "", err
	}
	c, err := s.client()
	if err != nil {
		return "", &Down{Reason: Other}
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", dialError(err)
	}
	defer c.CloseWithSMTPClient(conn) //nolint:errcheck // what was said before counts
	if err := c.SendWithSMTPClient(conn, msg); err != nil {
		return id, mailError(err) // it may be out: answers to it find their way by this name
	}
	return id, nil
}

func (s *mailer) messageID(m Outgoing) string {
	sum := sha256.Sum256([]byte(strconv.FormatInt(m.TenantID, 10) + " " + m.Key))
	_, domain, _ := strings.Cut(s.setup.Line, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

func (s *mailer) compose(m Outgoing, id string) (*mail.Msg, error) {
	if strings.ContainsAny(m.To+m.Title+s.setup.Line, "\r\n") {
		return nil, &Refused{Reason: Text} // a header that would become two
	}
	msg := mail.NewMsg()
	if err := msg.From(s.setup.Line); err != nil {
		return nil, &Down{Reason: Line}
	}
	if err := msg.To(m.To); err != nil {
		return nil, &Refused{Reason: Number}
	}
	msg.Subject(m.Title)
	msg.SetMessageIDWithValue(id)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // nobody's absence note answers it
	msg.SetGenHeader(OwnHeader, "1")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if c := m.Calendar; c != nil {
		if !word8(c.Method) {
			return nil, &Refused{Reason: Text}
		}
		// Both as base64: what quotes lines has broken calendars in Outlook. The file
		// is for programs that read no calendar in the mail itself.
		msg.AddAlternativeString(mail.ContentType("text/calendar; method="+c.Method), string(c.Body), mail.WithPartEncoding(mail.EncodingB64))
		if err := msg.AttachReader("invite.ics", bytes.NewReader(c.Body), mail.WithFileContentType("application/ics")); err != nil {
			return nil, &Refused{Reason: Text}
		}
	}
	for _, f := range m.Files {
		if strings.ContainsAny(f.Name+f.Type, "\r\n") {
			return nil, &Refused{Reason: Text}
		}
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Body), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return nil, &Refused{Reason: Text}
		}
	}
	return msg, nil
}

// word8 tells whether the text is a short word in capitals, as methods are.
func word8(text string) bool {
	return text != "" && len(text) <= 14 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// implicitTLS is the port where the connection is encrypted from its first byte.
const implicitTLS = 465

// client insists on encryption, unless the server is on this machine.
func (s *mailer) client() (*mail.Client, error) {
	host := s.setup.Settings["host"]
	port, err := strconv.Atoi(s.setup.Settings["port"])
	if err != nil {
		return nil, err
	}
	near := s.loopback && isLoopback(host)
	options := []mail.Option{mail.WithPort(port), mail.WithTimeout(callLimit), mail.WithoutNoop(), mail.WithoutRset(), mail.WithTLSPolicy(mail.TLSMandatory)}
	dial := (&net.Dialer{Timeout: callLimit / 2, Control: s.control}).DialContext
	switch {
	case near:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case port == implicitTLS:
		options = append(options, mail.WithSSL())
		dial = (&tls.Dialer{NetDialer: &net.Dialer{Timeout: callLimit / 2, Control: s.control}, Config: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}).DialContext
	}
	options = append(options, mail.WithDialContextFunc(dial))
	if user := s.setup.Settings["username"]; user != "" {
		kind := mail.SMTPAuthAutoDiscover
		if near {
			kind = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(kind), mail.WithUsername(user), mail.WithPassword(s.setup.Secrets["password"]))
	}
	return mail.NewClient(host, options...)
}

// control judges the address that the name led to, at the moment of the
// connection.
func (s *mailer) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !reachable(at.Addr(), s.loopback) {
		return errInside
	}
	return nil
}

func isLoopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && at.IsLoopback())
}

// dialError judges what went wrong before there was a mail.
func dialError(err error) error {
	text := err.Error()
	var network net.Error
	var opErr *net.OpError
	switch {
	case errors.Is(err, errInside):
		return &Down{Reason: Other, Code: "address"}
	case strings.Contains(text, "SMTP AUTH"), strings.Contains(text, "535"), strings.Contains(text, "534"):
		return &Down{Reason: Credentials}
	case strings.Contains(text, "STARTTLS"):
		return &Down{Reason: Other, Code: "STARTTLS"}
	case errors.As(err, &opErr), errors.As(err, &network):
		return &Later{Reason: Unreached}
	}
	return &Later{Reason: Busy}
}

// mailError judges what the server said to a mail: about the sender, the
// addressee, the content.
func mailError(err error) error {
	var e *mail.SendError
	if !errors.As(err, &e) {
		return &Uncertain{Err: errors.New("the connection broke")}
	}
	code, number := "", e.ErrorCode()
	if number > 0 {
		code = strconv.Itoa(number)
	}
	switch {
	case number >= 400 && number < 500:
		return &Later{Reason: Busy, Code: code}
	case e.Reason == mail.ErrSMTPMailFrom && number >= 500:
		return &Down{Reason: Line, Code: code}
	case e.Reason == mail.ErrSMTPRcptTo && number >= 500:
		return &Refused{Reason: Number, Code: code}
	case number >= 500:
		return &Refused{Reason: Text, Code: code}
	case e.Reason == mail.ErrSMTPMailFrom, e.Reason == mail.ErrSMTPRcptTo, e.Reason == mail.ErrSMTPData:
		return &Later{Reason: Unreached} // it broke before the mail was handed over
	}
	return &Uncertain{Err: errors.New("the connection broke")}
}
