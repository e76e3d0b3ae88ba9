package browsertest_test

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

//go:embed testdata/axe.min.js
var axe string

// browser is one person's browser at one organization.
type browser struct {
	t      *testing.T
	app    *apptest.App
	ctx    context.Context //nolint:containedctx // chromedp keeps its state there
	origin string
	width  int64

	mu     sync.Mutex
	errors []string
}

// stepTime bounds one step, so that a stuck page fails instead of hanging.
const stepTime = 30 * time.Second

// world is the program on a port, and a Chromium for the people of one test.
type world struct {
	*apptest.App
	port     int
	chromium context.Context //nolint:containedctx // chromedp keeps its state there
}

func newWorld(t *testing.T, change ...func(*web.Options)) *world {
	t.Helper()
	chromium := os.Getenv("PASOKH_TEST_CHROMIUM")
	if chromium == "" {
		t.Fatal("PASOKH_TEST_CHROMIUM does not name a browser; `make test` sets it")
	}
	app := apptest.New(t, change...)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP *"+apptest.BaseDomain+" 127.0.0.1"), chromedp.Flag("lang", "fa"),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	if err := chromedp.Run(ctx); err != nil { // Chromium lives as long as this first context
		t.Fatal(err)
	}
	return &world{App: app, port: app.Listen(), chromium: ctx}
}

// open gives a person a browser of their own, with no cookies.
func (w *world) open(t *testing.T, slug string, width int64) *browser {
	t.Helper()
	ctx, end := chromedp.NewContext(w.chromium, chromedp.WithTargetID(w.window(t)))
	t.Cleanup(end)
	b := &browser{t: t, app: w.App, ctx: ctx, width: width, origin: fmt.Sprintf("http://%s:%d", strings.TrimPrefix(slug+"."+apptest.BaseDomain, "."), w.port)}
	if err := chromedp.Run(ctx); err != nil { // a tab lives as long as its first context
		t.Fatal(err)
	}
	chromedp.ListenTarget(ctx, b.listen)
	b.run(chromedp.EmulateViewport(width, 900))
	return b
}

// window opens one with cookies of its own.
func (w *world) window(t *testing.T) (id target.ID) {
	t.Helper()
	err := chromedp.Run(w.chromium, chromedp.ActionFunc(func(ctx context.Context) error {
		ctx = cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		own, err := target.CreateBrowserContext().Do(ctx)
		if err != nil {
			return err
		}
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(own).WithNewWindow(true).Do(ctx)
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// staff opens a signed-in browser at the desk.
func (w *world) staff(t *testing.T, user string) *browser {
	t.Helper()
	b := w.open(t, "alpha", 1440)
	b.visit("/sign-in")
	b.fill("input[name=user]", user)
	b.fill("input[name=password]", apptest.Password(user))
	b.submit("/session")
	return b
}

// listen keeps script errors and what the console calls errors; a form that
// came back with 422 or a page that had moved on (409) is no error of the page.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			b.errors = append(b.errors, fmt.Sprint(e.Args))
		}
	}
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.shot("failed")
		b.t.Fatalf("%s: %v", b.path(), err)
	}
}

func (b *browser) visit(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.origin + path))
	b.check()
}

// fill types into a field as if by hand.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	b.js(`(() => { const e = document.querySelector(%s); e.closest("details") && (e.closest("details").open = true);
		e.value = %s; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); })()`, selector, text)
}

// choose ticks a radio button or a checkbox.
func (b *browser) choose(selector string) {
	b.t.Helper()
	b.js(`(() => { const e = document.querySelector(%s); if (!e.checked) e.click(); })()`, selector)
}

// attach puts a file of the test's into a file field.
func (b *browser) attach(selector, file string) {
	b.t.Helper()
	b.run(chromedp.SetUploadFiles(selector, []string{file}, chromedp.ByQuery))
}

// formOf finds the form that posts to an address.
const formOf = `const f = [...document.forms].find(f => new URL(f.action).pathname.endsWith(%s));
	if (!f) throw new Error("no form posts to " + %s);
	const button = f.querySelector("button[type=submit], button:not([type])");`

// submit sends the form with that action and waits for what comes: the next
// page, or the cards that htmx swaps in.
func (b *browser) submit(action string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	var swaps bool
	b.run(chromedp.Evaluate(b.script(`(() => {`+formOf+` return f.hasAttribute("hx-post"); })()`, action, action), &swaps))
	var err error
	if swaps {
		err = chromedp.Run(ctx, chromedp.Evaluate(b.script(`new Promise(done => {`+formOf+`
			const look = setInterval(() => { if (!f.isConnected && !document.querySelector(".htmx-settling, .htmx-swapping")) { clearInterval(look); done(true); } }, 20);
			f.requestSubmit(button || undefined); })`, action, action),
			nil, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	} else {
		_, err = chromedp.RunResponse(ctx, chromedp.Evaluate(b.script(`(() => {`+formOf+` f.requestSubmit(button || undefined); })()`, action, action), nil))
	}
	if err != nil {
		b.shot("failed")
		b.t.Fatalf("%s: submit to %s: %v; the page says:\n%s", b.path(), action, err, b.text())
	}
	b.check()
}

// await does something that opens another page, and waits for that page.
func (b *browser) await(act func()) {
	b.t.Helper()
	loaded := make(chan struct{}, 1)
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*page.EventLoadEventFired); ok {
			select {
			case loaded <- struct{}{}:
			default:
			}
		}
	})
	act()
	select {
	case <-loaded:
	case <-ctx.Done():
		b.shot("stuck")
		b.t.Fatalf("%s: no other page came", b.path())
	}
	b.check()
}

// js runs a script whose %s are JSON strings.
func (b *browser) js(script string, values ...string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(b.script(script, values...), nil))
}

func (b *browser) script(script string, values ...string) string {
	b.t.Helper()
	quoted := make([]any, len(values))
	for i, v := range values {
		raw, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		quoted[i] = string(raw)
	}
	return fmt.Sprintf(script, quoted...)
}

func (b *browser) path() string {
	var at string
	if err := chromedp.Run(b.ctx, chromedp.Location(&at)); err != nil {
		return err.Error()
	}
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	return u.Path
}

func (b *browser) text() string {
	b.t.Helper()
	var text string
	b.run(chromedp.Text("body", &text, chromedp.ByQuery))
	return text
}

// says wants the page to hold the words.
func (b *browser) says(words ...string) {
	b.t.Helper()
	shown := b.text()
	for _, w := range words {
		if !strings.Contains(shown, w) {
			b.shot("missing")
			b.t.Fatalf("%s does not say %q; it says:\n%s", b.path(), w, shown)
		}
	}
}

// at wants the browser to be on a page.
func (b *browser) at(path string) {
	b.t.Helper()
	if got := b.path(); !strings.HasSuffix(got, path) {
		b.shot("elsewhere")
		b.t.Fatalf("at %s, want %s; it says:\n%s", got, path, b.text())
	}
}

// value reads something from the page.
func (b *browser) value(script string) string {
	b.t.Helper()
	var v string
	b.run(chromedp.Evaluate(script, &v))
	return v
}

type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// check judges the page that is open: script errors, sideways scroll on a
// phone, missing words, accessibility.
func (b *browser) check() {
	b.t.Helper()
	b.mu.Lock()
	if len(b.errors) > 0 {
		b.t.Errorf("%s: script errors %v", b.path(), b.errors)
		b.errors = nil
	}
	b.mu.Unlock()
	var sideways int64
	b.run(emulation.SetDeviceMetricsOverride(390, 900, 1, false),
		chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &sideways),
		emulation.SetDeviceMetricsOverride(b.width, 900, 1, false))
	if sideways > 0 {
		b.t.Errorf("%s scrolls sideways by %d px at 390 px", b.path(), sideways)
		b.shot("sideways")
	}
	if _, after, missing := strings.Cut(b.text(), "‹"); missing {
		key, _, _ := strings.Cut(after, "›")
		b.t.Errorf("%s shows the missing message %s", b.path(), key)
	}
	if !b.isNew() {
		return
	}
	var found []violation
	b.run(chromedp.Evaluate(axe, nil), chromedp.Evaluate(settled, nil), chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))})))`,
		&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, v := range found {
		b.t.Errorf("%s: %s (%s): %s %s", b.path(), v.ID, v.Help, v.Nodes[0].HTML, v.Nodes[0].Summary)
	}
}

// settled ends what moves, so that nothing is judged while it fades.
const settled = `document.getAnimations().forEach(a => { try { a.finish() } catch { a.cancel() } }); true`

// judged holds the outlines of pages that axe has seen.
var judged sync.Map

// outline is a page without its words: elements, their attributes that style
// or name them, and whether they hold text. Axe would say the same of another
// page with the same outline.
const outline = `[...document.querySelectorAll("*")].map(e => e.tagName + [...e.attributes]
	.map(a => /^(class|role|type|lang|dir|hidden|open|disabled|checked|tabindex)$|^aria-/.test(a.name) && !/\d/.test(a.value) ? a.name + "=" + a.value : a.name)
	+ [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).join("\n")`

// isNew tells whether axe has not seen such a page yet.
func (b *browser) isNew() bool {
	b.t.Helper()
	_, seen := judged.LoadOrStore(sha256.Sum256([]byte(b.value(outline))), true)
	return !seen
}

// shot keeps a picture of the page where PASOKH_TEST_SHOTS says.
func (b *browser) shot(name string) {
	dir := os.Getenv("PASOKH_TEST_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	var height int64
	err := chromedp.Run(b.ctx, chromedp.Evaluate(`document.documentElement.scrollHeight`, &height))
	if err == nil {
		err = chromedp.Run(b.ctx, emulation.SetDeviceMetricsOverride(b.width, min(max(height, 900), 6000), 1, false), chromedp.CaptureScreenshot(&png),
			emulation.SetDeviceMetricsOverride(b.width, 900, 1, false))
	}
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	file := filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", b.t.Name(), name, b.width))
	if err := os.WriteFile(file, png, 0o600); err != nil {
		b.t.Log(err)
	}
}
