package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/inbound"
)

// What arrives at the socket, byte by byte (security.md §6.1): whatever it is,
// the answer comes at once, tells nothing of the inside, shows nothing of
// another organization, and leaves the process as it was.

// edgeTime is how long an answer may take.
const edgeTime = time.Second

// shot is one request as it goes over the wire.
type edgeShot struct {
	bytes string
	want  []int // statuses; none: any of 400 to 499
}

// insides is what no visitor is to read.
var innerWords = regexp.MustCompile(`goroutine \d|\.go:\d+|panic|runtime error|fasthttp|pq:|SQLSTATE|sqlite|SELECT |/root/|bun:|strconv\.|net/http`)

// edge is the real server on a real port, and what it must not show.
type edge struct {
	t       *testing.T
	app     *apptest.App
	address string
	foreign string // words of the other organization
	form    string // headers of a form that starts on a page of ours
	sms     string // path of an open hook
	mail    string
}

const alphaHost = "Host: alpha.pasokh.test\r\n"

func newEdge(t *testing.T) *edge {
	t.Helper()
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	c := app.Visit("alpha")
	c.Get("/sign-in").Is(http.StatusOK)
	return &edge{
		t: t, app: app, address: fmt.Sprintf("127.0.0.1:%d", app.Listen()), foreign: b.Canary,
		form: alphaHost + "Connection: close\r\nOrigin: http://alpha.pasokh.test\r\nSec-Fetch-Site: same-origin\r\n" +
			"Cookie: pasokh-visitor=" + c.Cookie("pasokh-visitor") + "\r\nX-CSRF-Token: " + c.Token() + "\r\n",
		sms:  "/hooks/sms/" + word(t, app, inbound.SMS, a.Gateway),
		mail: "/hooks/mail/" + word(t, app, inbound.Mail, 0),
	}
}

// get asks for an address with headers and closes.
func (e *edge) get(target string, more ...string) edgeShot {
	return edgeShot{bytes: "GET " + target + " HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n" + strings.Join(more, "") + "\r\n"}
}

// post sends a body in a form that is ours.
func (e *edge) post(path, kind, body string, want ...int) edgeShot {
	return edgeShot{bytes: fmt.Sprintf("POST %s HTTP/1.1\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, e.form, kind, len(body), body), want: want}
}

// fire sends the bytes and reads everything until the server hangs up. A busy
// machine may delay one request, so a late answer is asked for again; one that
// is slow by itself is slow each time.
func (e *edge) fire(request string) (all []byte, err error) {
	for range 3 {
		if all, err = e.once(request); err == nil {
			return all, nil
		}
	}
	return all, err
}

func (e *edge) once(request string) ([]byte, error) {
	conn, err := net.DialTimeout("tcp", e.address, edgeTime)
	if err != nil {
		return nil, err
	}
	defer conn.Close()                                   //nolint:errcheck // a test
	_ = conn.SetDeadline(time.Now().Add(edgeTime))       //nolint:forbidigo // a deadline of a real connection
	go func() { _, _ = io.WriteString(conn, request) }() // the answer may come before all is sent
	all, err := io.ReadAll(conn)
	if len(all) > 0 && err != nil && strings.Contains(err.Error(), "reset") {
		err = nil // the server hung up on the rest of a body that it did not want
	}
	return all, err
}

// check sends a request and judges what came back.
func (e *edge) check(name string, s edgeShot) {
	e.t.Helper()
	all, err := e.fire(s.bytes)
	if err != nil {
		e.t.Errorf("%s: %v after %d bytes", name, err, len(all))
		return
	}
	rest := bytes.NewReader(all)
	reader := bufio.NewReader(rest)
	res, err := http.ReadResponse(reader, nil)
	if err != nil {
		e.t.Errorf("%s: no answer in %.80q: %v", name, all, err)
		return
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		e.t.Errorf("%s: the answer is cut off: %v", name, err)
	}
	if next, _ := io.ReadAll(reader); len(next) > 0 {
		e.t.Errorf("%s: a second answer: %.80q", name, next)
	}
	if ok := res.StatusCode >= 400 && res.StatusCode < 500; len(s.want) == 0 && !ok || len(s.want) > 0 && !slices.Contains(s.want, res.StatusCode) {
		e.t.Errorf("%s: %d, want %v", name, res.StatusCode, s.want)
	}
	if found := innerWords.Find(body); found != nil {
		e.t.Errorf("%s: shows its inside: %q", name, found)
	}
	if bytes.Contains(body, []byte(e.foreign)) {
		e.t.Errorf("%s: shows another organization", name)
	}
	if string(body) == "Invalid http method" {
		return // the framework's own answer, before anything of ours
	}
	if res.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src") {
		e.t.Errorf("%s: an answer without its headers: %v", name, res.Header)
	}
}

// cases are all of them; it is the point that they are many.
func (e *edge) cases() map[string]edgeShot {
	all := map[string]edgeShot{}
	for _, group := range []map[string]edgeShot{e.framing(), e.targets(), e.sizes(), e.letters()} {
		for name, s := range group {
			all[name] = s
		}
	}
	return all
}

// framing: where a request ends must not be a matter of opinion.
func (e *edge) framing() map[string]edgeShot {
	post := "POST /session HTTP/1.1\r\n" + alphaHost
	smuggled := "GET /robots.txt HTTP/1.1\r\n" + alphaHost + "\r\n"
	chunked := "Transfer-Encoding: chunked\r\n"
	return map[string]edgeShot{
		"length and chunks":           {bytes: post + "Content-Length: 3\r\n" + chunked + "\r\n0\r\n\r\n" + smuggled},
		"chunks and length":           {bytes: post + chunked + "Content-Length: 3\r\n\r\n0\r\n\r\n" + smuggled},
		"two lengths":                 {bytes: post + "Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b" + smuggled},
		"two equal lengths":           {bytes: post + "Connection: close\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\na=b"},
		"lengths in a list":           {bytes: post + "Content-Length: 3, 3\r\n\r\na=b" + smuggled},
		"negative length":             {bytes: post + "Content-Length: -1\r\n\r\n" + smuggled},
		"signed length":               {bytes: post + "Content-Length: +3\r\n\r\na=b" + smuggled},
		"hexadecimal length":          {bytes: post + "Content-Length: 0x3\r\n\r\na=b" + smuggled},
		"length beyond 64 bits":       {bytes: post + "Content-Length: 99999999999999999999\r\n\r\n"},
		"length of nothing":           {bytes: post + "Content-Length: \r\n\r\n" + smuggled},
		"unknown coding":              {bytes: post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled},
		"two codings":                 {bytes: post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + smuggled},
		"coding twice":                {bytes: post + chunked + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + smuggled},
		"coding with a tab":           {bytes: post + "Transfer-Encoding:\tchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled},
		"coding after a vertical tab": {bytes: post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" + smuggled},
		"line feed in an extension":   {bytes: post + chunked + "\r\n3;x\na=b\r\n0\r\n\r\n" + smuggled},
		"chunk of no number":          {bytes: post + chunked + "\r\nzz\r\na=b\r\n0\r\n\r\n" + smuggled},
		"negative chunk":              {bytes: post + chunked + "\r\n-3\r\na=b\r\n0\r\n\r\n" + smuggled},
		"chunk beyond 64 bits":        {bytes: post + chunked + "\r\nfffffffffffffffff\r\na=b\r\n0\r\n\r\n"},
		"chunk without its end":       {bytes: post + chunked + "\r\n3\r\na=bXX0\r\n\r\n" + smuggled},
		"space before the colon":      {bytes: post + "Content-Length : 3\r\n\r\na=b" + smuggled},
		"space in a name":             {bytes: "GET / HTTP/1.1\r\n" + alphaHost + "X Y: z\r\n\r\n"},
		"header without a colon":      {bytes: "GET / HTTP/1.1\r\n" + alphaHost + "nothing\r\n\r\n"},
		"header of no name":           {bytes: "GET / HTTP/1.1\r\n" + alphaHost + ": x\r\n\r\n"},
		"folded header":               {bytes: "GET / HTTP/1.1\r\n" + alphaHost + "X: a\r\n Host: beta.pasokh.test\r\n\r\n"},
		"NUL in a header":             {bytes: "GET / HTTP/1.1\r\n" + alphaHost + "X: a\x00b\r\n\r\n"},
		"bare return in a header":     {bytes: "GET / HTTP/1.1\r\n" + alphaHost + "X: a\rHost: beta.pasokh.test\r\n\r\n"},
		"body with a GET":             {bytes: "GET /robots.txt HTTP/1.1\r\n" + alphaHost + "Connection: close\r\nContent-Length: 3\r\n\r\na=b", want: []int{200, 400}},
	}
}

// targets: whose page it is, and which.
func (e *edge) targets() map[string]edgeShot {
	beta := "Host: beta.pasokh.test\r\n"
	all := map[string]edgeShot{
		"no host":             {bytes: "GET / HTTP/1.1\r\n\r\n"},
		"two hosts":           {bytes: "GET / HTTP/1.1\r\n" + alphaHost + beta + "\r\n"},
		"empty host":          {bytes: "GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n"},
		"hosts in a list":     {bytes: "GET / HTTP/1.1\r\nHost: alpha.pasokh.test, beta.pasokh.test\r\nConnection: close\r\n\r\n"},
		"host with a path":    {bytes: "GET / HTTP/1.1\r\nHost: alpha.pasokh.test/beta\r\nConnection: close\r\n\r\n"},
		"host with a user":    {bytes: "GET / HTTP/1.1\r\nHost: x@alpha.pasokh.test\r\nConnection: close\r\n\r\n"},
		"host with a NUL":     {bytes: "GET / HTTP/1.1\r\nHost: alpha\x00.pasokh.test\r\nConnection: close\r\n\r\n"},
		"host behind a dot":   {bytes: "GET / HTTP/1.1\r\nHost: alpha.pasokh.test.\r\nConnection: close\r\n\r\n"},
		"absolute form":       {bytes: "GET http://beta.pasokh.test/ HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n\r\n"},
		"authority form":      {bytes: "CONNECT beta.pasokh.test:80 HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n\r\n"},
		"asterisk form":       {bytes: "OPTIONS * HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n\r\n"},
		"no such method":      {bytes: "BREW / HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n\r\n"},
		"TRACE":               {bytes: "TRACE / HTTP/1.1\r\n" + alphaHost + "Connection: close\r\n\r\n"},
		"TLS on a plain port": {bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"},
		"HTTP/2 preface":      {bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
		"not HTTP at all":     {bytes: "EHLO mail.example\r\n\r\n"},
		"path without slash":  e.get("robots.txt"),
	}
	for _, path := range []string{
		"/desk%2f", "/%64esk", "/%73ign-in", "//sign-in", "/sign-in//", "/sign-in/", "/./sign-in", "/x/../sign-in", "/x/%2e%2e/sign-in", "/sign-in;x=1", "/sign-in;", "/SIGN-IN", "/Sign-In",
		"/sign-in%20", "/sign-in%00", "/sign-in%0a", "/sign-in%09", "/%2fsign-in", "/\\sign-in", "/sign-in%5c", "/sign-in.", "/sign-in%3fx", "/sign-in%23", "/sign-in/.", "/track%c0%af", "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
		"/..%c0%af..%c0%afetc/passwd", "/%ff%fe", "/%u002e%u002e/", "/%", "/%zz", "/static/../go.mod", "/static/%2e%2e%2fgo.mod", "/static/..%5cgo.mod", "/desk/complaints/9223372036854775808", "/my/complaints/-1",
		"/complaints/drafts/1%00/topic", "/p/%00", "/calendar/%ff.ics", "/c/٣", "/desk/../../etc/passwd", "/" + strings.Repeat("a/", 2500), "/" + strings.Repeat("%2f", 2000),
	} {
		s := e.get(path)
		if strings.HasPrefix(path, "/my/") || strings.HasPrefix(path, "/desk/complaints/") || strings.HasPrefix(path, "/c/") {
			s.want = []int{303, 400, 404} // nobody is signed in
		}
		all["path "+path[:min(len(path), 40)]] = s
	}
	return all
}

// sizes: more of everything than anybody sends.
func (e *edge) sizes() map[string]edgeShot {
	const form = "application/x-www-form-urlencoded"
	var parts, keys strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&parts, "--b\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\nx\r\n", i)
	}
	parts.WriteString("--b--\r\n")
	for i := range 10_000 {
		fmt.Fprintf(&keys, "k%d=v&", i)
	}
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	return map[string]edgeShot{
		"header of 9 kB":         {bytes: e.get("/", "X: "+strings.Repeat("a", 9<<10)+"\r\n").bytes, want: []int{431}},
		"500 headers":            {bytes: e.get("/", strings.Repeat("X-Y: aaaaaaaaaaaa\r\n", 500)).bytes, want: []int{431}},
		"cookie of 9 kB":         {bytes: e.get("/", "Cookie: lang="+strings.Repeat("a", 9<<10)+"\r\n").bytes, want: []int{431}},
		"target of 9 kB":         {bytes: e.get("/?q=" + strings.Repeat("a", 9<<10)).bytes, want: []int{414, 431}},
		"5,000 segments":         {bytes: e.get("/" + strings.Repeat("a/", 5000)).bytes, want: []int{414, 431}},
		"10,000 query keys":      {bytes: e.get("/?" + keys.String()).bytes, want: []int{414, 431}},
		"700 query keys":         e.get("/no-such-page?" + keys.String()[:5<<10]),
		"10,000 form keys":       e.post("/session", form, keys.String()),
		"9,000 parts":            e.post("/session", "multipart/form-data; boundary=b", parts.String()),
		"body over the limit":    e.post("/session", form, "user="+strings.Repeat("x", 2<<20), 413),
		"body that is announced": {bytes: "POST /session HTTP/1.1\r\n" + e.form + "Content-Type: " + form + "\r\nContent-Length: 60000000\r\n\r\nuser=", want: []int{413}},
		"boundary of 200":        e.post("/session", "multipart/form-data; boundary="+strings.Repeat("b", 200), "--b--\r\n"),
		"no boundary":            e.post("/session", "multipart/form-data", "--b--\r\n"),
		"part without an end":    e.post("/session", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nx"),
		"part header of 64 kB":   e.post("/session", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\""+strings.Repeat("n", 64<<10)+"\"\r\n\r\nx\r\n--b--\r\n"),
		"deep JSON to a hook":    e.post(e.sms, "application/json", deep),
		"deep array to a hook":   e.post(e.sms, "application/json", strings.Repeat("[", 100_000)),
		"deep JSON to a page":    e.post("/session", "application/json", deep),
		"a[999999999]=1":         e.post("/session", form, "a[999999999]=1&user[999999999]=x&user[]=y"),
		"query a[999999999]=1":   e.get("/no-such-page?a[999999999]=1&a[b][c][d]=2"),
		"hook a[999999999]=1":    e.post(e.sms+"?a[999999999]=1", form, "", 422),
		"nested mail":            e.post(e.mail, "message/rfc822", nestedMail(200), 204, 422),
		"mail of 5,000 parts":    e.post(e.mail, "message/rfc822", wideMail(5000), 204, 422),
		"compressed form":        {bytes: strings.Replace(e.post("/session", form, "user=x").bytes, "Origin:", "Content-Encoding: gzip\r\nOrigin:", 1)},
		"expects too much":       {bytes: strings.Replace(e.post("/session", form, "user="+strings.Repeat("x", 2<<20)).bytes, "Origin:", "Expect: 200-ok\r\nOrigin:", 1)},
	}
}

const mailHead = "From: a@example.ir\r\nMessage-ID: <edge@x>\r\nMIME-Version: 1.0\r\n"

func nestedMail(deep int) string {
	var b strings.Builder
	b.WriteString(mailHead)
	for i := range deep {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	return b.String() + "Content-Type: text/plain\r\n\r\nx"
}

func wideMail(parts int) string {
	return mailHead + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", parts) + "--b--\r\n"
}

func TestTheEdgeHolds(t *testing.T) {
	e := newEdge(t)
	alive := edgeShot{bytes: e.get("/sign-in").bytes, want: []int{200}}
	e.check("before", alive)
	before := heapBytes()
	cases := e.cases()
	for name, s := range cases {
		e.check(name, s)
		e.app.Redis.FlushAll(t.Context()) // limits of one address are not what is tried here
	}
	e.check("after", alive)
	if grown := int64(heapBytes()) - int64(before); grown > 32<<20 {
		t.Errorf("%d MB more are held", grown>>20)
	}
	t.Logf("%d requests", len(cases))
}

func heapBytes() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
