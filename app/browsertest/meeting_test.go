package browsertest_test

import (
	"strings"
	"testing"
	"time"
)

// book takes the citizen through the wizard to a requested meeting.
func (b *browser) book() {
	b.t.Helper()
	b.visit("/meetings/new")
	b.choose("input[name=executive]")
	b.submit("/meetings/drafts")
	b.submit("/subject")
	b.says("موضوع ملاقات را بنویسید")
	b.fill("input[name=subject]", "گازرسانی روستا")
	b.fill("textarea[name=text]", "روستای ما سه سال است در نوبت گازرسانی است.")
	b.fill("input[name=companions]", "۲")
	b.submit("/subject")
	b.at("/slot")
	b.shot("slots")
	b.choose("input[name=slot]")
	b.submit("/slot")
	b.at("/contact")
	b.fill("input[name=mobile]", "09123456789")
	b.fill("input[name=name]", "زهرا محمدی")
	b.fill("input[name=national_id]", "0499370899")
	b.submit("/contact")
	b.at("/code")
	b.shot("code")
	b.prove("input[name=code]", "09123456789")
	b.at("/meeting/receipt")
}

// prove types the code that was sent; the page sends itself when the last
// digit is in.
func (b *browser) prove(field, mobile string) {
	b.t.Helper()
	slug, _, _ := strings.Cut(strings.TrimPrefix(b.origin, "http://"), ".")
	code := b.app.Code(slug, mobile)
	b.await(func() {
		b.js(`(() => { const e = document.querySelector(%s); e.value = %s; e.form.requestSubmit(); })()`, field, code)
	})
}

// A meeting from the citizen's phone through approval, the day, minutes and a
// directive with a scan to its acceptance and the citizen's page.
func TestMeetingToTheCitizensDirective(t *testing.T) {
	w := newWorld(t)
	w.A.Settings.Approval = true
	if err := w.Root.UnscopedSaveSettings(t.Context(), w.A); err != nil {
		t.Fatal(err)
	}
	phone := w.open(t, "alpha", 390)
	phone.book()
	phone.visit("/meeting")
	phone.says("گازرسانی روستا")
	phone.shot("requested")
	w.Drain()

	pr := w.staff(t, "pr")
	pr.visit("/desk/meetings")
	pr.says("زهرا محمدی")
	pr.shot("requests")
	id := pr.value(`document.querySelector("a.row-link").getAttribute("href").split("?")[0]`)
	pr.visit(id)
	pr.shot("file")
	pr.submit("/approval")
	w.Drain()
	phone.visit("/meeting")
	phone.says("نوبت شما قطعی شد")

	w.Advance(23 * time.Hour) // Sunday 08:00, the first slot
	office := w.staff(t, "office")
	office.visit("/desk/meetings/day")
	office.says("زهرا محمدی")
	office.submit("/check-in")
	office.submit("/next-call")
	office.shot("day")
	office.visit("/desk/meetings/day/sheet")
	office.visit(id)
	office.fill("textarea[name=minutes]", "گفت‌وگو شد؛ روستا در برنامه سال آینده قرار می‌گیرد.")
	office.fill("input[name=people_met]", "۳")
	office.submit("/minutes")
	office.visit(id + "/directives/new")
	office.fill("textarea[name=text]", "گازرسانی روستا در برنامه سه‌ماهه قرار گیرد.")
	office.js(`(() => { const s = document.querySelector("select[name=unit]"); s.selectedIndex = [...s.options].findIndex(o => o.text.includes(%s)); s.dispatchEvent(new Event("change", {bubbles: true})); })()`, "توسعه شبکه")
	office.js(`(() => { const s = document.querySelector("input[name=public]"); if (!s.checked) s.click(); })()`)
	office.attach("#directive-form input[type=file]", picture(t))
	office.shot("directive")
	office.submit("/directives")
	office.says("تصویر دستور برای شهروند")
	office.shot("redaction")
	office.await(func() { office.js(`document.querySelector("button[value=preview]").click()`) })
	office.await(func() { office.js(`document.querySelector("button[value=publish]").click()`) }) // nothing has to be covered
	w.Drain()

	phone = w.citizen(t, "09123456789")
	phone.visit("/my")
	phone.visit("/my/meetings/" + id[len("/desk/meetings/"):])
	phone.says("گازرسانی روستا در برنامه سه‌ماهه قرار گیرد.", "تصویر دستور")
	phone.shot("order")

	expert := w.staff(t, "expert")
	expert.visit("/desk/directives")
	order := expert.value(`document.querySelector("#directives a.row-link").getAttribute("href").split("?")[0]`)
	expert.visit(order)
	expert.submit("/start")
	expert.fill("form[action*='/report'] textarea[name=text]", "طرح تصویب و پیمانکار انتخاب شد.")
	expert.submit("/report")
	w.Drain()

	ceo := w.staff(t, "ceo")
	ceo.visit("/executive")
	ceo.says("طرح تصویب و پیمانکار انتخاب شد.")
	ceo.shot("executive")
	ceo.submit("/acceptance")
	w.Drain()

	phone.visit("/meeting")
	phone.says("دستور انجام شد")
	phone.shot("done")
}

// citizen opens a phone that is signed in by code.
func (w *world) citizen(t *testing.T, mobile string) *browser {
	t.Helper()
	b := w.open(t, "alpha", 390)
	b.visit("/my/sign-in")
	b.fill("input[name=mobile]", mobile)
	b.submit("/my/codes")
	b.prove("input[name=code]", mobile)
	return b
}
