package inbound

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/emersion/go-message/mail"

	_ "github.com/emersion/go-message/charset" // mail is written in many character sets

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// MaxMail is how large a mail may be, in bytes.
const MaxMail = 20 << 20

// Letter is one mail that came in.
type Letter struct {
	ID      string // Message-ID, or a digest where it has none
	From    string
	Title   string
	Text    string // without what it quotes
	Refs    string // the Message-IDs that it answers
	Machine string // why nobody wrote it: auto_reply, bounce, bulk; empty: somebody did
	Files   []Attachment
}

// Attachment is a file of a mail, unchecked.
type Attachment struct {
	Name string
	Body []byte
}

// ReadLetter takes a mail apart. Invalid when it is none.
func ReadLetter(raw []byte) (*Letter, error) {
	unread := fault.Field("mail", "inbound.outcome.unread")
	if len(raw) > MaxMail {
		return nil, fault.Field("mail", "file.large")
	}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return nil, unread
	}
	defer r.Close() //nolint:errcheck // in memory
	l := &Letter{Machine: machine(&r.Header)}
	from, err := r.Header.AddressList("From")
	if err != nil || len(from) == 0 {
		return nil, unread
	}
	l.From = strings.ToLower(from[0].Address)
	l.Title, _ = r.Header.Subject()
	if l.ID, err = r.Header.MessageID(); err != nil || l.ID == "" {
		digest := sha256.Sum256(raw)
		l.ID = "digest:" + hex.EncodeToString(digest[:])
	}
	l.Refs = cut(r.Header.Get("In-Reply-To")+" "+r.Header.Get("References"), 2000)
	return l, l.parts(r)
}

// machine tells why nobody wrote a mail.
func machine(h *mail.Header) string {
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	switch precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence"))); {
	case h.Has("Return-Path") && strings.TrimSpace(h.Get("Return-Path")) == "<>", strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "multipart/report"):
		return "bounce"
	case auto != "" && auto != "no", h.Has("X-Autoreply"), precedence == "auto_reply":
		return "auto_reply"
	case slices.Contains([]string{"bulk", "list", "junk"}, precedence), h.Has("List-Id"):
		return "bulk"
	}
	return ""
}

// parts reads the text, plain before HTML, and the files.
func (l *Letter) parts(r *mail.Reader) error {
	const most = 40
	html := ""
	for range most {
		p, err := r.NextPart()
		if err != nil {
			break // what was read counts
		}
		body, err := io.ReadAll(io.LimitReader(p.Body, files.MaxBytes+1))
		if err != nil {
			continue
		}
		switch h := p.Header.(type) {
		case *mail.InlineHeader:
			kind, _, _ := h.ContentType()
			if kind == "text/html" && html == "" {
				html = string(body)
			} else if strings.HasPrefix(kind, "text/plain") && l.Text == "" {
				l.Text = string(body)
			}
		case *mail.AttachmentHeader:
			if name, err := h.Filename(); err == nil && name != "" && len(l.Files) < files.CitizenFiles {
				l.Files = append(l.Files, Attachment{name, body})
			}
		}
	}
	if strings.TrimSpace(l.Text) == "" {
		l.Text = plain(html)
	}
	l.Text = unquoted(l.Text)
	return nil
}

// plain is the text of HTML: nothing of it is ever shown as HTML.
func plain(html string) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		return ""
	}
	doc.Find("script,style,head,title,template,blockquote").Remove()
	doc.Find("br,p,div,tr,li").AfterHtml("\n")
	return doc.Text()
}

// quoteBegins is the line above what a mail quotes.
var quoteBegins = regexp.MustCompile(`(?i)^\s*(on .{5,200} wrote:|-{2,}\s*(original message|forwarded message|پیام اصلی).*|در .{3,200} نوشت:?|_{10,})\s*$`)

// unquoted leaves out what a mail quotes of those before it.
func unquoted(text string) string {
	var kept []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		line = strings.TrimRight(line, "\n")
		if quoteBegins.MatchString(line) {
			break
		}
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// TakeLetter keeps a mail, once; what no person wrote is kept with the reason and
// nothing is done about it.
func TakeLetter(ctx context.Context, tx *tenants.Tx, d *Door, l *Letter, got []*files.Received) error {
	m := &Message{Kind: Mail, Key: l.ID, Sender: cut(persian.CleanLine(l.From), longestSender), Title: l.Title, Text: l.Text, Refs: l.Refs}
	if l.Machine != "" {
		m.State, m.Outcome = Ignored, l.Machine
	}
	fresh, err := keep(ctx, tx, d, m)
	if err != nil || !fresh {
		return err
	}
	for _, one := range got {
		if _, err := files.Save(ctx, tx, one, files.Place{Subject: m.Files(), Held: true}); err != nil {
			return err
		}
	}
	return nil
}

// code finds the tracking code that a mail names: in its title, in what it
// answers, or in its text.
func (m *Message) code() string {
	for _, text := range []string{m.Title, m.Refs, cut(m.Text, 2000)} {
		for _, word := range words.FindAllString(text, 200) {
			if code, ok := persian.ParseCode(word); ok {
				return code
			}
		}
	}
	return ""
}

// settleMail puts a mail to the case that it names, when the person of the case
// wrote it; else it waits for the office.
func (m *Message) settleMail(ctx context.Context, tx *tenants.Tx, people []citizens.Citizen) error {
	m.State, m.Outcome = Waiting, "mail"
	code := m.code()
	if code == "" {
		return nil
	}
	c, err := complaints.ByCode(ctx, tx, code)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	own := slices.ContainsFunc(people, func(p citizens.Citizen) bool { return c.CitizenID != nil && p.ID == *c.CitizenID })
	if !own {
		m.Outcome = "other_sender"
		return nil
	}
	text := m.Text
	if text == "" {
		text = m.Title
	}
	e, err := complaints.Complete(ctx, tx, c.ID, text)
	if err != nil {
		return err
	}
	m.State, m.Outcome, m.ComplaintID = Attached, "added", &c.ID
	_, err = files.Move(ctx, tx, m.Files(), files.Subject{Kind: "complaint", ID: c.ID}, &e.ID)
	return err
}
