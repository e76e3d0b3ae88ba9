package inbound

import (
	"bufio"
	"bytes"
	"mime"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message/mail"

	"pasokh/app/carriers"
)

// machine tells why nobody wrote a mail (RFC 3834): our own that comes back, one
// that was returned, an absence note, a list.
func machine(h *mail.Header) string {
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	switch report := strings.ToLower(params["report-type"]); {
	case h.Has(carriers.OwnHeader):
		return "own"
	case kind == "multipart/report" && (report == "delivery-status" || report == ""):
		return "bounce"
	case kind == "multipart/report": // a receipt for having read it
		return "auto_reply"
	case auto != "" && auto != "no", h.Has("X-Autoreply"), h.Has("X-Autorespond"), precedence == "auto_reply":
		return "auto_reply"
	case h.Has("Return-Path") && strings.TrimSpace(h.Get("Return-Path")) == "<>":
		return "bounce"
	case slices.Contains([]string{"bulk", "list", "junk"}, precedence), h.Has("List-Id"):
		return "bulk"
	}
	return ""
}

// Bounce is what a returned mail tells (RFC 3464).
type Bounce struct {
	Names  []string // Message-IDs of what did not arrive
	Status string   // "5.1.1"; empty when it does not say
	Late   bool     // only delayed: it is tried again
}

// learn reads the parts that tell of the delivery; false for any other part.
func (b *Bounce) learn(contentType string, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "message/delivery-status":
		for line := range strings.Lines(string(body)) {
			name, value, _ := strings.Cut(line, ":")
			value = strings.ToLower(strings.TrimSpace(value))
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "action":
				b.Late = value != "failed"
			case "status":
				b.Status, _, _ = strings.Cut(value, " ")
			}
		}
	case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers":
		h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(body))).ReadMIMEHeader() // what was read counts
		b.Names = append(b.Names, namesIn(h.Get("Message-Id"))...)
	default:
		return false
	}
	return true
}

// reason is why the mail did not arrive, in the words of the carriers.
func (b *Bounce) reason() string {
	if strings.HasPrefix(b.Status, "5.1.") {
		return carriers.Number // no such address
	}
	return carriers.NotArrived
}

var messageName = regexp.MustCompile(`<([^<>\s]{3,250})>`)

// namesIn lists the Message-IDs of a header, newest first.
func namesIn(header string) []string {
	var names []string
	for _, found := range messageName.FindAllStringSubmatch(header, 60) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}
