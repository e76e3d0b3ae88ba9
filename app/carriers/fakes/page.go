package fakes

import (
	"html/template"
	"mime"
	"net/http"
	"slices"
	"strconv"
)

func decoded(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return text
}

// Mailbox is shown on the page beside the messages, when there is one.
func (s *Server) Mailbox(m *MailServer) { s.mu.Lock(); defer s.mu.Unlock(); s.mail = m }

var names = []string{"kavenegar", "smsir", "ghasedak", "melipayamak", "bale"}

var outbox = template.Must(template.New("").Parse(`<!doctype html>
<html lang="fa" dir="rtl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>درگاه‌های آزمایشی</title>
<style>
body{font:16px/1.8 Vazirmatn,Tahoma,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;background:#f6f7f9;color:#1c2430}
h1{font-size:1.4rem} section{background:#fff;border:1px solid #d9dee6;border-radius:12px;padding:1rem 1.25rem;margin:1rem 0}
form{display:inline-flex;gap:.5rem;align-items:center;margin:.25rem 0 .25rem 1rem;flex-wrap:wrap}
select,input,button{font:inherit;padding:.15rem .6rem;border:1px solid #9aa5b4;border-radius:8px;background:#fff}
article{border-top:1px solid #e6e9ee;padding:.75rem 0} small{color:#566171} pre{white-space:pre-wrap;font:inherit;margin:.25rem 0} bdi{unicode-bidi:isolate}
</style></head><body>
<h1>درگاه‌های آزمایشی: آنچه «فرستاده» شده است</h1>
<section>
{{range .Providers}}<form method="post"><input type="hidden" name="provider" value="{{.Name}}"><label><bdi dir="ltr">{{.Name}}</bdi>
<select name="mode">{{$now := .Mode}}{{range $.Modes}}<option value="{{.}}"{{if eq . $now}} selected{{end}}>{{if .}}{{.}}{{else}}good{{end}}</option>{{end}}</select></label><button>اعمال</button></form>{{end}}
<hr>
<form method="post"><label>سرنوشت پیام‌ها <select name="fate"><option>pending</option><option>delivered</option><option>undelivered</option><option>blacklisted</option></select></label><button>اعمال</button></form>
<form method="post"><label>اعتبار <input name="credit" value="{{printf "%.0f" .Credit}}" inputmode="numeric" dir="ltr" size="10"></label><button>اعمال</button></form>
<hr>
<form method="post"><label>پیامک از <input name="from" inputmode="tel" dir="ltr" size="14"></label><label>به <select name="provider_to">{{range .Providers}}<option>{{.Name}}</option>{{end}}</select></label><label>متن <input name="say"></label><button>بفرست</button></form>
</section>
<section><h2>پیامک و پیام‌رسان ({{len .Sent}})</h2>
{{range .Sent}}<article><small><bdi dir="ltr">{{.Provider}}</bdi> · <bdi dir="ltr">{{.To}}</bdi> · <bdi dir="ltr">{{.At.Format "15:04:05"}}</bdi> · {{.Fate}}{{if .Template}} · الگو <bdi dir="ltr">{{.Template}}</bdi>{{end}}</small>
<pre dir="auto">{{.Text}}{{range $k, $v := .Params}}{{if $v}}{{$k}}={{$v}} {{end}}{{end}}</pre></article>{{else}}<p>هنوز چیزی نیامده است.</p>{{end}}</section>
<section><h2>رایانامه ({{len .Letters}})</h2>
{{range .Letters}}<article><small><bdi dir="ltr">{{.To}}</bdi> · <bdi dir="ltr">{{.At.Format "15:04:05"}}</bdi></small><pre>{{.Title}}</pre></article>{{else}}<p>هنوز چیزی نیامده است.</p>{{end}}</section>
<script>setInterval(() => { if (!document.activeElement.closest("form")) location.reload() }, 3000)</script>
</body></html>`))

type providerLine struct {
	Name string
	Mode Mode
}

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	sent := s.Sent()
	slices.Reverse(sent)
	s.mu.Lock()
	view := struct {
		Providers []providerLine
		Modes     []Mode
		Credit    float64
		Sent      []Sent
		Letters   []Letter
	}{Modes: Modes(), Credit: s.credit, Sent: sent}
	for _, name := range names {
		view.Providers = append(view.Providers, providerLine{name, s.modes[name]})
	}
	box := s.mail
	s.mu.Unlock()
	if box != nil {
		view.Letters = box.Got()
		slices.Reverse(view.Letters)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = outbox.Execute(w, view)
}

// control is what the forms of the page do.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	if name := r.Form.Get("provider"); name != "" {
		s.Set(name, Mode(r.Form.Get("mode")))
	}
	if fate := r.Form.Get("fate"); fate != "" {
		s.SetFate(fate)
	}
	if left, err := strconv.ParseFloat(r.Form.Get("credit"), 64); err == nil {
		s.SetCredit(left)
	}
	if text := r.Form.Get("say"); text != "" {
		s.Say(Reply{Provider: r.Form.Get("provider_to"), From: r.Form.Get("from"), To: "3000", Text: text})
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
