package inbound

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	_ "github.com/emersion/go-message/charset" // mail is written in many character sets

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
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
	Machine string // why nobody wrote it: own, auto_reply, bounce, bulk; empty: somebody did
	Files   []Attachment
	Bounce  *Bounce // what a returned mail tells
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
	if err != nil && !message.IsUnknownCharset(err) {
		return nil, unread
	}
	defer r.Close() //nolint:errcheck // in memory
	l := &Letter{Machine: machine(&r.Header)}
	if l.Machine == "bounce" {
		l.Bounce = new(Bounce)
	}
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

// parts reads the text, plain before HTML, and the files.
func (l *Letter) parts(r *mail.Reader) error {
	const most = 40
	html := ""
	for range most {
		p, err := r.NextPart()
		if err != nil && !message.IsUnknownCharset(err) {
			break // what was read counts
		}
		body, err := io.ReadAll(io.LimitReader(p.Body, files.MaxBytes+1))
		if err != nil {
			continue
		}
		if l.Bounce != nil && l.Bounce.learn(p.Header.Get("Content-Type"), body) {
			continue
		}
		switch h := p.Header.(type) {
		case *mail.InlineHeader:
			html += l.inline(h, body, html == "")
		case *mail.AttachmentHeader:
			name, _ := h.Filename()
			l.attach(name, body)
		}
	}
	if strings.TrimSpace(l.Text) == "" {
		l.Text = plain(html)
	}
	l.Text = unquoted(l.Text)
	return nil
}

// inline takes a part that is shown in the mail: its text, or a picture between
// the lines. It gives the first HTML.
func (l *Letter) inline(h *mail.InlineHeader, body []byte, first bool) (html string) {
	kind, params, _ := h.ContentType()
	switch {
	case kind == "text/calendar":
		if strings.EqualFold(params["method"], "REPLY") && l.Machine == "" {
			l.Machine = "auto_reply" // a calendar says that an invitation of ours was accepted, or not
		}
	case kind == "text/html" && first:
		return string(body)
	case (kind == "text/plain" || kind == "") && l.Text == "":
		l.Text = string(body)
	case !strings.HasPrefix(kind, "text/"):
		_, place, _ := h.ContentDisposition()
		name := place["filename"]
		if name == "" {
			name = params["name"]
		}
		l.attach(name, body)
	}
	return ""
}

func (l *Letter) attach(name string, body []byte) {
	if name != "" && len(l.Files) < files.CitizenFiles {
		l.Files = append(l.Files, Attachment{name, body})
	}
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
