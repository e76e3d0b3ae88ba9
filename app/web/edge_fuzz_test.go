package web

import (
	"mime"
	"net/url"
	"strings"
	"testing"
)

// A name comes out of the header as it went in, and nothing else comes with it.
func FuzzSaved(f *testing.F) {
	for _, seed := range []string{"a.pdf", "قبض.pdf", `"; filename=x.html`, "a\r\nSet-Cookie: x", "100%.pdf", "a*b'c.pdf", " a ", "%41.pdf"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		header := saved(name)
		if strings.ContainsFunc(header, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q", header)
		}
		kind, args, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || args["filename"] != name || len(args) != 1 {
			t.Fatalf("%q: %q %v %v", name, header, args, err)
		}
	})
}

// The address of a list is read back as it was written, and leads nowhere else.
func FuzzDeskQuery(f *testing.F) {
	for _, seed := range []string{"tab=mine&q=x", "tab=none&after=%00", "q=%2f%2fevil&unit=1&unit=2", "a[999999999]=1", "q=%ff;x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw)
		read := func(v url.Values) deskQuery { return readQuery(func(key string) string { return clean(v.Get(key)) }) }
		q := read(values)
		to, err := url.Parse(q.to("/desk"))
		if err != nil || to.Path != "/desk" || to.Host != "" {
			t.Fatalf("%q leads to %v, %v", raw, to, err)
		}
		if again := read(to.Query()); again.to("/desk") != q.to("/desk") {
			t.Fatalf("%v became %v", q, again)
		}
	})
}
