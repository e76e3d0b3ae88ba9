package browsertest_test

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// cut breaks the connection of the browser, or mends it.
func (b *browser) cut(broken bool) {
	b.t.Helper()
	b.run(network.Enable(), network.EmulateNetworkConditions(broken, 0, -1, -1))
}

// A press on a broken line waits in the browser and is carried out once when
// the line is back.
func TestDayWorksThroughABrokenLine(t *testing.T) {
	w := newWorld(t)
	phone := w.open(t, "alpha", 390)
	phone.book()
	w.Advance(23 * time.Hour) // Sunday 08:00, the first slot
	office := w.staff(t, "office")
	office.visit("/desk/meetings/day")
	office.says("زهرا محمدی")
	office.cut(true)
	office.js(`document.querySelector("form[action$='/check-in']").requestSubmit()`)
	office.run(chromedp.WaitVisible("[data-waits]"))
	office.says("در این مرورگر منتظر است")
	office.await(func() { office.cut(false) })
	office.says("حاضر")
	if n := office.value(`String(Object.keys(localStorage).filter(k => k.startsWith("pasokh-day:") && localStorage[k] !== "[]").length)`); n != "0" {
		t.Errorf("%s queues are left", n)
	}
}
