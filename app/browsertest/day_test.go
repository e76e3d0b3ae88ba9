package browsertest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"pasokh/app/apptest"
)

// cut breaks the connection of the browser, or mends it.
func (b *browser) cut(broken bool) {
	b.t.Helper()
	b.run(network.Enable(), network.EmulateNetworkConditions(broken, 0, -1, -1))
}

// press presses a button of the day for the visitor of that name.
func (b *browser) press(who, act string) {
	b.t.Helper()
	b.js(`(() => { const row = [...document.querySelectorAll("tr")].find(r => r.innerText.includes(%s)); row.querySelector("form[action$='/" + %s + "']").requestSubmit(); })()`, who, act)
}

// queued wants so many presses to wait in the browser.
func (b *browser) queued(n int) {
	b.t.Helper()
	const size = `String(Object.keys(localStorage).filter(k => k.startsWith("pasokh-day:")).reduce((n, k) => n + JSON.parse(localStorage[k]).length, 0))`
	if got := b.value(size); got != fmt.Sprint(n) {
		b.t.Fatalf("%s presses wait, want %d", got, n)
	}
}

// walkIn gives a visitor without a booking a number, at another desk.
func (w *world) walkIn(form, mobile, nationalID, name string) {
	w.As("pr").Post(form, apptest.Form{"mobile": mobile, "national_id": nationalID, "name": name, "subject": "علمک"}).Is(http.StatusSeeOther)
}

// Presses on a broken line wait in the browser, whatever page of the day is
// opened meanwhile, and are carried out once and in their order when the line is
// back. What somebody else did meanwhile is not undone: the refusal is shown, and
// what comes behind it is done all the same.
func TestDayWorksThroughABrokenLine(t *testing.T) {
	w := newWorld(t)
	phone := w.open(t, "alpha", 390)
	phone.book()
	w.Advance(23 * time.Hour) // Sunday 08:00, the first slot
	office := w.staff(t, "office")
	office.visit("/desk/meetings/day")
	door := office.value(`document.querySelector("a[href$='/walk-in']").getAttribute("href")`)
	w.walkIn(door, "09121110001", "0012345679", "رضا کاظمی")
	w.walkIn(door, "09121110002", "0084575948", "ناهید صالحی")
	office.visit("/desk/meetings/day")
	office.says("زهرا محمدی", "رضا کاظمی", "ناهید صالحی")

	office.cut(true)
	office.press("رضا کاظمی", "absence") // somebody else does so meanwhile
	office.press("زهرا محمدی", "check-in")
	office.press("زهرا محمدی", "check-in") // twice: once in the queue
	office.js(`document.querySelector("form[action$='/next-call']").requestSubmit()`)
	office.run(chromedp.WaitVisible("[data-waits]"))
	office.says("۳ کار در این مرورگر منتظر است")
	office.queued(3)

	gone := office.value(`[...document.querySelectorAll("tr")].find(r => r.innerText.includes("رضا کاظمی")).querySelector("form[action$='/absence']").getAttribute("action")`)
	w.As("pr").Post(gone, nil).Is(http.StatusSeeOther)

	office.await(func() { office.cut(false) })
	office.queued(0)
	office.says("برای رضا کاظمی انجام نشد") // the conflict, by name
	now := office.value(`document.querySelector(".day-now")?.innerText || ""`)
	office.shot("back")
	// Checked in first, called then: the order was kept.
	if want := "زهرا محمدی"; !strings.Contains(now, want) {
		t.Errorf("in the room is %q, want %s", now, want)
	}
	office.visit("/desk/meetings/day")
	office.queued(0)
	if text := office.text(); strings.Contains(text, "انجام نشد") || strings.Contains(text, "منتظر است") {
		t.Error("what is settled is told again")
	}
}
