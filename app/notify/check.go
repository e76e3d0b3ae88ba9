package notify

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Bounds of what an organization writes.
const (
	MaxParts   = 4    // of a text message
	maxLetter  = 4000 // characters of a mail
	maxSubject = 120
)

var fieldName = regexp.MustCompile(`\{([^{}]*)\}`)

// says tells whether a channel has texts of its own to write.
func (e *Event) says(channel string) bool { return slices.Contains(e.Channels(), channel) }

// Check gives a text as it is kept. Field errors: text, subject (message.error.
// empty, long, field, brace, needs_code, needs_link, code_line).
func (e *Event) Check(channel string, in Letter) (Letter, error) {
	wrong := fault.Fields{}
	out := Letter{Subject: persian.CleanLine(in.Subject), Text: strings.TrimSpace(persian.Clean(in.Text))}
	if channel != carriers.Mail {
		out.Subject = ""
	} else if out.Subject == "" {
		wrong.Add("subject", "message.error.empty")
	}
	if utf8.RuneCountInString(out.Subject) > maxSubject {
		wrong.Add("subject", "message.error.long")
	}
	if key := e.fields(out.Subject); key != "" {
		wrong.Add("subject", key)
	}
	if key := e.wrongText(channel, out.Text); key != "" {
		wrong.Add("text", key)
	}
	return out, wrong.Err()
}

func (e *Event) wrongText(channel, text string) string {
	if text == "" {
		return "message.error.empty"
	}
	if key := e.fields(text); key != "" {
		return key
	}
	for _, field := range e.Needs() {
		if !strings.Contains(text, "{"+field+"}") {
			return "message.error.needs_" + field
		}
	}
	if e.codeApart() && strings.Contains(text, "{code}") && !slices.Contains(lines(text), "{code}") {
		return "message.error.code_line"
	}
	if channel == carriers.Mail && utf8.RuneCountInString(text) > maxLetter {
		return "message.error.long"
	}
	if channel != carriers.Mail && PartsOf(text).Parts > MaxParts {
		return "message.error.long"
	}
	return ""
}

// codeApart tells whether the code stands on a line of its own, where no word
// beside it can turn it around: in everything that citizens copy it from.
func (e *Event) codeApart() bool { return e.Audience == ToCitizen && e.ID != "code_visit" }

func lines(text string) []string {
	list := strings.Split(text, "\n")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// fields gives the key of what is wrong with the fields of a text.
func (e *Event) fields(text string) string {
	for _, found := range fieldName.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(e.Fields, found[1]) {
			return "message.error.field"
		}
	}
	if strings.ContainsAny(fieldName.ReplaceAllString(text, ""), "{}") {
		return "message.error.brace"
	}
	return ""
}

// Size is how long a text message is.
type Size struct {
	Characters int
	Room       int // characters that the parts hold
	Parts      int
	Plain      bool // in the alphabet of GSM 03.38
}

const (
	gsm      = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwice = "^{}\\[~]|€"
)

// PartsOf counts the parts of a text message: 70 characters in one and 67 in
// each of several, in UTF-16; 160 and 153 in the alphabet of GSM.
func PartsOf(text string) Size {
	s := Size{Plain: true}
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsm, r):
			s.Characters++
		case strings.ContainsRune(gsmTwice, r):
			s.Characters += 2
		default:
			s.Plain = false
		}
	}
	one, each := 160, 153
	if !s.Plain {
		s.Characters, one, each = len(utf16.Encode([]rune(text))), 70, 67
	}
	switch {
	case s.Characters == 0:
		s.Room = one
	case s.Characters <= one:
		s.Parts, s.Room = 1, one
	default:
		s.Parts = (s.Characters + each - 1) / each
		s.Room = s.Parts * each
	}
	return s
}
