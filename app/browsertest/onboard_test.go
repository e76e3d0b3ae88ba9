package browsertest_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"
)

var invitation = regexp.MustCompile(`/invitations/[\w-]+`)

// invited opens the link that came by message last, at an organization, and
// chooses a password there.
func (w *world) invited(t *testing.T, slug string) *browser {
	t.Helper()
	w.Drain()
	sent, link := w.Sent(), ""
	for i := len(sent) - 1; i >= 0 && link == ""; i-- {
		link = invitation.FindString(sent[i].Text)
	}
	if link == "" {
		t.Fatalf("no invitation among %d messages", len(sent))
	}
	b := w.open(t, slug, 1440)
	b.visit(link)
	if b.value(`String(document.querySelector("input[name=password]") != null)`) != "true" {
		t.Fatal(link, b.text())
	}
	b.fill("input[name=password]", "vk7 nmq2 pzhe")
	b.submit(link)
	return b
}

// hire invites somebody as the administrator, and opens the browser in which they
// have come in. The unit is the first whose name holds the words.
func (b *browser) hire(w *world, t *testing.T, user, mobile, unit string, roles ...string) *browser {
	t.Helper()
	b.visit("/desk/organization/staff/new")
	b.fill("input[name=user_name]", user)
	b.fill("input[name=name_fa]", "همکار "+user)
	b.fill("input[name=name_en]", user)
	b.fill("input[name=mobile]", mobile)
	b.js(`(() => { const s = document.querySelector("select[name=unit]"); s.value = [...s.options].find(o => o.text.includes(%s)).value; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, unit)
	for _, role := range roles {
		b.choose("input[name=roles][value=" + role + "]")
	}
	b.submit("/desk/organization/staff")
	if b.path() == "/desk/organization/staff" {
		t.Fatal(b.text())
	}
	return w.invited(t, "nur")
}

// A new body from nothing to its first closed case and the first meeting that was
// held: the platform's wizard, the first administrator with a second factor, two
// colleagues, and a citizen.
func TestANewBodyToItsFirstClosedCaseAndMeeting(t *testing.T) {
	w := newWorld(t)
	platform := w.open(t, "", 1440)
	platform.visit("/sign-in")
	platform.fill("input[name=user]", "platform")
	platform.fill("input[name=password]", "secret of platform")
	platform.submit("/session")
	platform.visit("/platform/organizations/new?kind=gas")
	for field, value := range map[string]string{
		"name_fa": "گاز نور", "name_en": "Nur Gas", "slug": "nur", "contact": "۰۱۱۴۴۵۲۱۰۰۰", "user": "nkarimi", "admin_fa": "نرگس کریمی", "admin_en": "Narges Karimi", "mobile": "۰۹۱۲۰۰۰۰۷۷۷",
	} {
		platform.fill("input[name="+field+"]", value)
	}
	platform.shot("wizard")
	platform.submit("/platform/organizations")
	platform.says("گاز نور", "پیش‌نویس")
	console := platform.path()

	admin := w.invited(t, "nur")
	admin.visit("/desk/account/security") // where somebody without the factor is led
	admin.submit("/app/drawing")
	secret := strings.ReplaceAll(admin.value(`document.querySelector("#secret").textContent`), " ", "")
	w.Advance(30 * time.Second)
	code, err := hotp.GenerateCode(strings.TrimSpace(secret), uint64(w.Clock.Now().Unix()/30)) //nolint:gosec // of our days
	if err != nil {
		t.Fatal(err)
	}
	admin.await(func() { admin.fill("input[name=code]", code) }) // the last digit sends it
	admin.visit("/desk/organization/setup")
	admin.shot("setup")

	pr := admin.hire(w, t, "rahimi", "09120000771", "روابط عمومی", "pr_manager")
	expert := admin.hire(w, t, "moradi", "09120000772", "توسعه شبکه", "unit_expert")

	platform.visit(console)
	platform.choose("input[name=to][value=live]")
	platform.fill("form[action$='/moves'] [name=reason]", "آماده پذیرش پرونده است")
	platform.submit("/moves")
	platform.says("فعال")

	phone := w.open(t, "nur", 390)
	phone.file(picture(t))
	w.Drain()
	pr.visit("/desk?tab=new")
	pr.says("زهرا محمدی")
	id := pr.value(`document.querySelector('a[href^="/desk/complaints/"]').getAttribute("href")`)
	pr.visit(id)
	pr.submit("/referral")
	w.Drain()
	expert.visit(id)
	expert.submit("/acknowledgement")
	expert.fill("form[action*='/answer'] textarea[name=text]", "شیر تقلیل فشار تعویض شد و فشار عادی است.")
	expert.submit("/answer")
	w.Drain()
	phone.visit("/case")
	phone.choose("input[name=outcome][value=satisfied]")
	phone.submit("/case/verdict")
	phone.says("رسیدگی به پیام شما پایان یافت")
	pr.visit(id)
	pr.says("خاتمه یافت")
	platform.visit(console)
	platform.shot("console")
	w.firstMeeting(t, admin, pr, phone)
}

// plan makes a place, a post and a window in which its holder receives people,
// each looked at before it is kept.
func (b *browser) plan() {
	b.t.Helper()
	b.visit("/desk/organization/sites/new")
	b.fill("input[name=name_fa]", "ساختمان مرکزی")
	b.fill("input[name=name_en]", "Headquarters")
	b.submit("/desk/organization/sites")
	b.visit("/desk/organization/executives/new")
	for field, value := range map[string]string{"post_fa": "مدیرعامل", "post_en": "Chief executive", "code": "ceo", "name_fa": "رضا موسوی", "name_en": "Reza Mousavi"} {
		b.fill("input[name="+field+"]", value)
	}
	b.submit("/desk/organization/executives")
	b.visit("/desk/organization/meetings/new")
	b.js(`(() => { const s = document.querySelector("select[name=site]"); s.selectedIndex = 1; s.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	b.js(`(() => { const s = document.querySelector("select[name=approval]"); s.value = "yes"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	b.submit("/desk/organization/meetings") // shows what would become of the coming weeks
	b.shot("window")
	b.submit("/desk/organization/meetings")
	b.at("/desk/organization/meetings")
}

// firstMeeting goes from the first window to the first meeting that was held, and
// the order that came of it.
func (w *world) firstMeeting(t *testing.T, admin, pr, phone *browser) {
	t.Helper()
	admin.plan()
	phone.book()
	phone.visit("/meeting")
	phone.says("گازرسانی روستا")
	w.Drain()
	pr.visit("/desk/meetings")
	id := pr.value(`document.querySelector("a.row-link").getAttribute("href").split("?")[0]`)
	pr.visit(id)
	pr.submit("/approval")
	w.Drain()
	phone.visit("/meeting")
	phone.says("نوبت شما قطعی شد")
	w.Advance(23 * time.Hour) // the first day of the window
	pr.visit("/sign-in")
	pr.fill("input[name=user]", "rahimi")
	pr.fill("input[name=password]", "vk7 nmq2 pzhe")
	pr.submit("/session")
	pr.visit("/desk/meetings/day")
	pr.says("زهرا محمدی")
	pr.submit("/check-in")
	pr.submit("/next-call")
	pr.visit(id)
	pr.fill("textarea[name=minutes]", "گفت‌وگو شد؛ روستا در برنامه سال آینده قرار می‌گیرد.")
	pr.fill("input[name=people_met]", "۲")
	pr.submit("/minutes")
	pr.visit(id + "/directives/new")
	pr.fill("textarea[name=text]", "گازرسانی روستا در برنامه سه‌ماهه قرار گیرد.")
	pr.js(`(() => { const s = document.querySelector("select[name=executive]"); if (s && !s.value) { s.selectedIndex = 1; s.dispatchEvent(new Event("change", {bubbles: true})); } })()`)
	pr.js(`(() => { const s = document.querySelector("select[name=unit]"); s.selectedIndex = [...s.options].findIndex(o => o.text.includes(%s)); s.dispatchEvent(new Event("change", {bubbles: true})); })()`, "توسعه شبکه")
	pr.js(`(() => { const s = document.querySelector("input[name=public]"); if (!s.checked) s.click(); })()`)
	pr.submit("/directives")
	w.Drain()
	phone.visit("/my/sign-in")
	phone.fill("input[name=mobile]", "09123456789")
	phone.submit("/my/codes")
	phone.prove("input[name=code]", "09123456789")
	phone.visit("/my/meetings/" + id[len("/desk/meetings/"):])
	phone.says("گازرسانی روستا در برنامه سه‌ماهه قرار گیرد.")
	phone.shot("first-order")
}
