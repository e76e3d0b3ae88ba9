package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// letter is a letter that another body has sent.
func (d *desk) paperForm() apptest.Form {
	f := d.callerForm()
	f["channel"], f["source"], f["external_number"], f["external_due"] = "letter", "samad", "۱۴۰۵۱۱", "۱۴۰۵/۰۹/۰۱"
	f["secretariat_number"], f["letter_on"] = "۱۴۰۵/۲۲۱", "۱۴۰۵/۰۸/۲۵"
	return f
}

func TestALetterIsReceivedWithItsPapers(t *testing.T) {
	d := newDesk(t)
	operator := d.As("operator")
	scan := apptest.File{Field: "file", Name: "letter.png", Type: "image/png", Content: apptest.PNG()}
	answer := operator.PostFile("/desk/intake", d.paperForm(), scan).Is(http.StatusSeeOther)
	done := operator.Get(answer.Location).Is(http.StatusOK)
	receipt, _ := done.Doc().Find(`a[href$="/receipt"]`).Attr("href")
	sheet := operator.Get(receipt).Is(http.StatusOK)
	for _, want := range []string{"۱۴۰۵/۲۲۱", "سارا محمدی", "دریافت‌کننده", "۱۴۰۵/۰۸/۲۵"} {
		if !strings.Contains(sheet.Text(), want) {
			t.Errorf("the receipt does not say %s: %s", want, sheet.Text())
		}
	}
	list := d.As("pr").Get("/desk?q=1405%2F221").Is(http.StatusOK)
	if list.Doc().Find("tr[data-case]").Length() != 1 || !strings.Contains(list.Text(), "مهلت مرجع: ۱۴۰۵/۰۹/۰۱") {
		t.Errorf("search by the secretariat's number: %s", list.Text())
	}
	path := strings.TrimSuffix(receipt, "/receipt")
	page := d.As("pr").Get(path).Is(http.StatusOK)
	if !page.Has(".attachment") || !strings.Contains(page.Text(), "مهلت مرجع") || strings.Contains(page.Body, "‹") {
		t.Errorf("the case: %s", page.Text())
	}
	again := operator.Post("/desk/intake", d.paperForm()).Is(http.StatusUnprocessableEntity)
	if !again.Has("#external_number-error") || !again.Has(`.notice a[href="`+path+`"]`) {
		t.Errorf("the same number again: %s", again.Text())
	}
}

func TestPapersAreMendedByTheOffice(t *testing.T) {
	d := newDesk(t)
	c, pr := d.file(), d.As("pr")
	pr.Get(path(c, "papers")).Is(http.StatusOK)
	d.As("operator").Get(path(c, "papers")).Is(http.StatusForbidden)
	wrong := pr.Post(path(c, "papers"), apptest.Form{"secretariat_number": "۱۲/۳۴", "letter_on": "دیروز", "external_number": "۵"}).Is(http.StatusUnprocessableEntity)
	if v, _ := wrong.Doc().Find("#letter_on").Attr("value"); !wrong.Has("#letter_on-error") || v != "دیروز" {
		t.Errorf("what was typed: %s", wrong.Text())
	}
	if page := pr.Post(path(c, "papers"), apptest.Form{"external_number": "۵"}).Is(http.StatusUnprocessableEntity); !page.Has("#source-error") {
		t.Error("a number of nobody")
	}
	pr.Post(path(c, "papers"), apptest.Form{"secretariat_number": "۱۲/۳۴", "source": "samad", "external_number": "۷۷", "external_due": "۱۴۰۵/۰۹/۰۱"}).To(path(c, ""))
	page := pr.Get(path(c, ""))
	for _, want := range []string{"سامد ۱۱۱", "۱۲/۳۴", "شماره‌های نامه یا مرجع اصلاح شد", "پاسخ به مرجع تا"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("the case does not say %s", want)
		}
	}
	other := d.file()
	if taken := pr.Post(path(other, "papers"), apptest.Form{"source": "samad", "external_number": "77"}).Is(http.StatusUnprocessableEntity); !taken.Has(`.notice a[href="` + path(c, "") + `"]`) {
		t.Errorf("no way to the case that has the number: %s", taken.Text())
	}
}
