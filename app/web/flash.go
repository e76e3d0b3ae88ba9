package web

import (
	"strings"

	"pasokh/views/messages"
	"pasokh/views/parts"
)

const flashCookie = "flash"

// flash keeps one line, a message key, for the next page this browser opens:
// what the act has done.
func (r *req) flash(tone parts.Tone, key string) {
	r.w.setCookie(r.c, flashCookie, string(tone)+"|"+key, 60)
}

// takeFlash reads the line and forgets it. It is kept while fragments are
// fetched, because only a page shows it.
func (r *req) takeFlash() *parts.Flash {
	tone, key, ok := strings.Cut(r.cookie(flashCookie), "|")
	if !ok || r.fragment() || r.c.Method() != "GET" {
		return nil
	}
	r.w.setCookie(r.c, flashCookie, "", -1)
	switch parts.Tone(tone) {
	case parts.Success, parts.Info, parts.Warning, parts.Danger:
	default:
		return nil
	}
	if !messages.Has(r.lang, key) {
		return nil
	}
	return &parts.Flash{Kind: parts.Tone(tone), Text: r.t(key)}
}
