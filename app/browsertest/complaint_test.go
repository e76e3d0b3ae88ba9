package browsertest_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// picture writes a small photo for uploads.
func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for x := range 320 {
		for y := range 240 {
			img.Set(x, y, color.RGBA{R: uint8(x / 2), G: uint8(y), B: 120, A: 255}) //nolint:gosec // within range
		}
	}
	file := filepath.Join(t.TempDir(), "photo.png")
	f, err := os.Create(file) //nolint:gosec // the test's own folder
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// file fills the citizen's form in from its first step to the receipt.
func (b *browser) file(photo string) {
	b.t.Helper()
	b.visit("/")
	b.visit("/complaints/new")
	b.submit("/complaints/drafts")
	b.says("موضوع را انتخاب کنید")
	b.choose("input[name=topic]")
	b.submit("/complaints/drafts")
	b.submit("/details")
	b.says("لطفاً این موارد را اصلاح کنید")
	b.choose("input[name=kind][value=complaint]")
	b.fill("textarea[name=text]", "از سه روز پیش فشار گاز کوچه ما کم شده است.")
	b.fill("textarea[name=address]", "زنجان، خیابان امام، کوچه دوم، پلاک ۱۲")
	b.attach("input[type=file]", photo)
	b.submit("/details")
	b.at("/contact")
	b.fill("input[name=mobile]", "۰۹۱۲۳۴۵۶۷۸۹")
	b.fill("input[name=name]", "زهرا محمدی")
	b.fill("input[name=national_id]", "۱۲۳")
	b.submit("/contact")
	b.says("کد ملی")
	b.fill("input[name=national_id]", "۰۴۹۹۳۷۰۸۹۹")
	b.submit("/contact")
	b.at("/check")
	b.says("زهرا محمدی", "photo.png")
	b.submit("/registration")
	b.at("/case/receipt")
	b.shot("receipt")
}

// A complaint from the citizen's phone through referral, answer,
// dissatisfaction, a field visit and the citizen's word to its closure.
func TestComplaintToItsClosure(t *testing.T) {
	w := newWorld(t)
	phone := w.open(t, "alpha", 390)
	phone.file(picture(t))
	phone.visit("/case/receipt/sheet")
	phone.visit("/case")
	phone.says("پیام شما ثبت شد", "photo.png")
	w.Drain()

	pr := w.staff(t, "pr")
	pr.visit("/desk?tab=new")
	pr.says("زهرا محمدی")
	pr.shot("inbox")
	id := pr.value(`(document.querySelector('a[href^="/desk/complaints/"]') || {getAttribute(){return ""}}).getAttribute("href")`)
	pr.visit(id)
	pr.shot("case")
	pr.submit("/referral")
	w.Drain()

	expert := w.staff(t, "expert")
	expert.visit(id)
	expert.submit("/acknowledgement")
	expert.fill("form[action*='/answer'] textarea[name=text]", "شیر تقلیل فشار تعویض شد و فشار عادی است.")
	expert.submit("/answer")
	w.Drain()

	phone.visit("/case")
	phone.says("آیا از نتیجه راضی هستید؟", "شیر تقلیل فشار تعویض شد")
	phone.shot("verdict")
	phone.choose("input[name=outcome][value=not_satisfied]")
	phone.submit("/case/verdict")
	phone.says("بنویسید چرا راضی نیستید")
	phone.fill("textarea[name=reason]", "هنوز شب‌ها فشار کم است.")
	phone.submit("/case/verdict")
	phone.says("پیگیری ویژه")

	followup := w.staff(t, "followup")
	followup.visit(id)
	followup.fill("form[action*='/visit'] textarea[name=finding]", "فشار در محل سنجیده شد و عادی است.")
	followup.choose("form[action*='/visit'] input[name=resolved][value=yes]")
	followup.attach("form[action*='/visit'] input[type=file]", picture(t))
	followup.submit("/visit")
	followup.shot("visited")

	phone.visit("/case")
	phone.says("آیا نتیجه بازدید را تأیید می‌کنید؟")
	phone.choose("input[name=confirmed][value=yes]")
	phone.submit("/case/confirmation")
	phone.says("رسیدگی به پیام شما پایان یافت", "فشار در محل سنجیده شد")
	phone.shot("closed")
	w.Drain()
	if sent := w.Sent(); len(sent) < 4 {
		t.Errorf("only %d messages were sent", len(sent))
	}
}
