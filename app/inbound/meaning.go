package inbound

import (
	"regexp"
	"strings"

	"pasokh/app/persian"
)

// Meaning is what a text message says.
type Meaning struct {
	Verdict string // satisfied, not_satisfied, or empty
	Code    string // of a case, canonical; empty when it names none
	Rest    string // what else it says
}

var (
	yesWords = map[string]bool{"1": true, "راضی": true, "راضیم": true, "راضی هستم": true, "بله": true, "بلی": true}
	noWords  = map[string]bool{"2": true, "نه": true, "خیر": true, "ناراضی": true, "ناراضیم": true, "راضی نیستم": true}
	words    = regexp.MustCompile(`[\p{L}\p{N}-]+`)
	signs    = regexp.MustCompile(`^[\s.،,:;؛!؟?«»"'()_*-]+|[\s.،,:;؛!؟?«»"'()_*-]+$`)
)

// Read finds the meaning of a text message: a bare "1" or "2" in any digits or
// the word for it, with a tracking code or what was amiss behind it, or a
// tracking code alone.
func Read(text string) Meaning {
	var m Meaning
	text = persian.ToASCII(persian.Clean(text))
	for _, word := range words.FindAllString(text, 20) {
		if code, ok := persian.ParseCode(word); ok {
			m.Code, text = code, strings.Replace(text, word, " ", 1)
			break
		}
	}
	text = trim(text)
	line, rest, _ := strings.Cut(text, "\n")
	line, rest = trim(line), trim(rest)
	if m.Verdict = verdict(line); m.Verdict != "" {
		m.Rest = rest
		return m
	}
	first, more, found := strings.Cut(line, " ")
	if first = trim(first); found && (first == "1" || first == "2") {
		m.Verdict, m.Rest = verdict(first), trim(more+"\n"+rest)
		return m
	}
	m.Rest = text
	return m
}

func verdict(s string) string {
	s = strings.ReplaceAll(s, "\u200c", "")
	switch {
	case yesWords[s]:
		return "satisfied"
	case noWords[s]:
		return "not_satisfied"
	}
	return ""
}

func trim(s string) string { return signs.ReplaceAllString(s, "") }
