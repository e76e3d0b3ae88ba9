package browsertest_test

import (
	"strings"
	"testing"
)

// call registers a caller's complaint and gives the address of the case.
func (b *browser) call() string {
	b.t.Helper()
	b.visit("/desk/intake")
	b.fill("input[name=lookup]", "۰۹۱۲۳۴۵۶۷۸۹")
	b.submit("/caller")
	if field := b.value(`document.activeElement.name`); field != "national_id" {
		b.t.Errorf("a new caller: the next thing is typed into %q", field)
	}
	b.fill("input[name=national_id]", "۰۴۹۹۳۷۰۸۹۹")
	b.fill("input[name=name]", "زهرا محمدی")
	b.pick("select[name=topic]", "سایر")
	b.fill("textarea[name=text]", "کارشناس پیشخوان برای تسریع کار پول خواست.")
	b.fill("input[name=address]", "زنجان، خیابان امام، پیشخوان مرکزی")
	b.submit("/desk/intake")
	b.shot("read-out")
	return b.value(`document.querySelector("main a[href^='/desk/complaints/']").getAttribute("href").split("?")[0]`)
}

// A call that inspection takes over: it leaves everybody else's desk, and who
// stands behind it is shown for a reason only.
func TestConfidentialCaseWithTheInspector(t *testing.T) {
	w := newWorld(t)
	id := w.staff(t, "operator").call()
	inspector := w.staff(t, "inspector")
	inspector.visit(id)
	inspector.submit("/seal")
	inspector.fill("form[action$='/seal'] textarea", "گزارش درباره همکار است.")
	inspector.submit("/seal")
	if strings.Contains(inspector.text(), "زهرا محمدی") {
		t.Error("the identity is shown without a reason")
	}
	inspector.submit("/identity")
	inspector.fill("form[action$='/identity'] textarea", "برای تماس با گزارشگر")
	inspector.submit("/identity")
	inspector.says("زهرا محمدی")
	inspector.shot("revealed")
	inspector.submit("/acknowledgement")
	inspector.fill("form[action$='/answer'] textarea[name=text]", "بررسی شد و همکار به هیئت معرفی شد.")
	inspector.submit("/answer")
	w.Drain()
	inspector.visit("/desk/calls")

	pr := w.staff(t, "pr")
	if strings.Contains(pr.text(), "پول خواست") {
		t.Error("the PR office reads a confidential case")
	}
	pr.visit(id)
	if strings.Contains(pr.text(), "پول خواست") {
		t.Error("the PR office opens a confidential case")
	}
}
