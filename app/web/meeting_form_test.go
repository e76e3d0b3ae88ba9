package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// wizard is a citizen's browser on the way to a meeting.
type wizard struct {
	*apptest.Client
	draft string // address of the draft
}

// wizard begins and chooses the executive.
func (o *office) wizard() *wizard {
	o.t.Helper()
	c := o.Visit("alpha")
	c.Get("/meetings/new").Is(http.StatusOK)
	sent := c.Post("/meetings/drafts", apptest.Form{"executive": fmt.Sprint(o.Executive)}).Is(http.StatusSeeOther)
	return &wizard{c, strings.TrimSuffix(sent.Location, "/subject")}
}

func (z *wizard) subject(code string, list ...apptest.File) *apptest.Page {
	return z.PostFile(z.draft+"/subject", apptest.Form{"subject": "گازرسانی", "text": "روستای ما گاز ندارد", "code": code}, list...)
}

// hold takes the n-th slot that is offered, counted from 0.
func (z *wizard) hold(n int) *apptest.Page {
	z.T.Helper()
	page := z.Get(z.draft + "/slot").Is(http.StatusOK)
	slot := page.Doc().Find("input[name=slot]").Eq(n).AttrOr("value", "")
	z.Post(z.draft+"/slot", apptest.Form{"slot": slot}).To(z.draft + "/contact")
	return page
}

// book proves the number and books.
func (z *wizard) book(app *apptest.App, mobile string) *apptest.Page {
	z.T.Helper()
	z.Post(z.draft+"/contact", apptest.Form{"mobile": mobile, "name": "زهرا محمدی", "national_id": "0499370899"}).To(z.draft + "/code")
	return z.Post(z.draft+"/booking", apptest.Form{"code": app.Code("alpha", mobile)})
}

func TestTheWizardShowsWhatWasChosenAndOneNumber(t *testing.T) {
	o := newOffice(t)
	z := o.wizard()
	z.subject("").To(z.draft + "/slot")
	slots := z.hold(4)
	if !strings.Contains(slots.Doc().Find(".meeting-choice").Text(), "مدیرعامل") {
		t.Error("the step of the slot does not say with whom")
	}
	offered := slots.Doc().Find("input[name=slot]").Eq(4).Closest("label, .choice").Text()
	number := strings.TrimSpace(slots.Doc().Find("input[name=slot]").Eq(4).AttrOr("value", ""))
	number = number[strings.Index(number, "-")+1:]
	chosen := z.Get(z.draft + "/contact").Is(http.StatusOK).Doc().Find(".meeting-choice").Text()
	fa := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")
	if !strings.Contains(chosen, "مدیرعامل") || !strings.Contains(chosen, fa.Replace(number)) || !strings.Contains(offered, fa.Replace(number)) {
		t.Errorf("offered %q, chosen %q, number %s", offered, chosen, number)
	}
	z.book(o.App, "09351112233").To("/meeting/receipt")
	receipt := z.Get("/meeting/receipt").Is(http.StatusOK)
	if !receipt.Has("a[href='/meeting/receipt/sheet']") {
		t.Error("the receipt cannot be printed")
	}
	sheet := z.Get("/meeting/receipt/sheet").Is(http.StatusOK)
	for _, want := range []string{"زهرا محمدی", "مدیرعامل", "کارت ملی"} {
		if !strings.Contains(sheet.Text(), want) {
			t.Errorf("the paper does not say %s: %s", want, sheet.Text())
		}
	}
	if codeShape.FindString(sheet.Text()) == "" || !sheet.Has(".sheet-qr svg") {
		t.Error("the paper has no code")
	}
}

// Whose case it is shows only with the proven number; then neither the seat nor
// the one-time code is lost over a wrong one.
func TestACodeOfSomebodyElseIsLeftOutWithAWord(t *testing.T) {
	o := newOffice(t)
	for mobile, owner := range map[string]bool{"09351112233": false, strings.Replace(o.Mobile, "+98", "0", 1): true} {
		z := o.wizard()
		z.subject("XXXX").Is(http.StatusUnprocessableEntity)
		z.subject(o.Twin.Code).To(z.draft + "/slot")
		z.hold(3)
		o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { // the quota is another rule
			_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "state = ?", []any{meetings.Refused}, "state <> ?", meetings.Refused)
			return err
		})
		z.book(o.App, mobile).To("/meeting/receipt")
		page := z.Get("/meeting/receipt").Is(http.StatusOK)
		if told := page.Has(".flash"); told == owner {
			t.Errorf("owner %v, told %v: %s", owner, told, page.Text())
		}
	}
	db := o.Root.For(o.A)
	defer db.Release()
	list, _, err := meetings.List(t.Context(), db, meetings.Filter{Newest: true})
	if err != nil || len(list) != 3 {
		t.Fatal(len(list), err)
	}
	with := 0
	for _, m := range list {
		if m.ComplaintID != nil && *m.ComplaintID == o.Complaint {
			with++
		}
	}
	if with != 1 {
		t.Errorf("%d meetings are about the case", with)
	}
}

// What waits in a form is shown to the browser that fills it in, and to nobody
// else.
func TestFilesOfADraftAreItsHoldersOnly(t *testing.T) {
	o := newOffice(t)
	picture := apptest.File{Field: "file", Name: "meter.png", Type: "image/png", Content: apptest.PNG()}
	z := o.wizard()
	z.subject("", picture).To(z.draft + "/slot")
	f := begin(t, o.App)
	f.details(apptest.Form{"text": ""}, picture).Is(http.StatusUnprocessableEntity)
	for page, c := range map[string]*apptest.Client{z.draft + "/subject": z.Client, f.draft + "/details": f.Client} {
		base := page[:strings.LastIndex(page, "/")+1]
		name := c.Get(page).Is(http.StatusOK).Doc().Find(".file-list a").AttrOr("href", "")
		got := c.Get(base + name).Is(http.StatusOK)
		if got.Header.Get("Content-Type") != "image/png" || got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", got.Header)
		}
		o.Visit("alpha").Get(base + name).Is(http.StatusNotFound)
		o.As("pr").Get(base + name).Is(http.StatusNotFound)
		c.Get(base + fmt.Sprint(o.File)).Is(http.StatusNotFound)
		other := strings.NewReplacer("/meetings/", "/complaints/", "/complaints/", "/meetings/").Replace(base)
		c.Get(other + name).Is(http.StatusNotFound)
	}
}
