package browsertest_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What needs an answer at once is refused on a broken line, and what was typed
// stays.
func TestArrivalsAreRefusedOnABrokenLine(t *testing.T) {
	w := newWorld(t)
	phone := w.open(t, "alpha", 390)
	phone.book()
	w.Advance(23 * time.Hour)
	office := w.staff(t, "office")
	office.visit("/desk/meetings/arrivals")
	office.cut(true)
	office.js(`document.querySelector("input[name=code]").value = "ABC123"; document.querySelector("form[data-arrivals]").requestSubmit()`)
	office.run(chromedp.WaitVisible("[data-no-line]"))
	if typed := office.value(`document.querySelector("input[name=code]").value`); typed != "ABC123" {
		t.Errorf("what was typed is now %q", typed)
	}
}
