package browsertest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pick takes the option of a select that holds the words.
func (b *browser) pick(selector, words string) {
	b.t.Helper()
	b.js(`(() => { const s = document.querySelector(%s); const at = [...s.options].findIndex(o => o.text.includes(%s));
		if (at < 0) throw new Error("no such option"); s.selectedIndex = at; })()`, selector, words)
}

// box puts a complaint box up and gives its address.
func (b *browser) box() string {
	b.t.Helper()
	b.visit("/desk/boxes/new")
	b.submit("/desk/boxes")
	b.says("محل صندوق را بنویسید")
	b.fill("input[name=place_fa]", "سرسرای ساختمان مرکزی")
	b.fill("input[name=code]", "b-1")
	b.pick("select[name=unit]", "روابط عمومی")
	b.choose("input[name=weekdays]")
	b.submit("/desk/boxes")
	return b.path()
}

// A complaint box from its minutes by two persons over its letters, one with a
// name and one without, to the locked minutes on paper.
func TestBoxFromMinutesToItsLock(t *testing.T) {
	w := newWorld(t)
	box := w.staff(t, "manager").box()

	pr := w.staff(t, "pr")
	pr.visit(box + "/opening")
	pr.fill("input[name=letters]", "۲")
	pr.pick("select[name=staff]", "سمیه کریمی")
	pr.pick("select[name=witness]", "سمیه کریمی")
	pr.submit("/opening")
	pr.pick("select[name=witness]", "علی‌اکبر رضایی")
	pr.submit("/opening")
	pr.at("/letter")
	minutes := strings.TrimSuffix(pr.path(), "/letter")

	pr.choose("input[name=person][value=none]")
	pr.pick("select[name=topic]", "فشار گاز")
	pr.fill("textarea[name=text]", "کوتاه")
	pr.attach("input[type=file]", picture(t))
	pr.submit("/letter")
	pr.says("نامه ۱ از ۲", "photo.png")
	pr.fill("textarea[name=text]", "فشار گاز مجتمع ما شب‌ها کم می‌شود.")
	pr.fill("input[name=address]", "خیابان صفا، کوچه لاله")
	pr.submit("/letter")
	pr.says("نامه ۲ از ۲", "رمز پیگیری")
	pr.fill("input[name=name]", "زهرا محمدی")
	pr.fill("input[name=mobile]", "۰۹۱۲۳۴۵۶۷۸۹")
	pr.fill("input[name=national_id]", "۰۴۹۹۳۷۰۸۹۹")
	pr.pick("select[name=topic]", "فشار گاز")
	pr.fill("textarea[name=text]", "علمک کوچه ما کج شده و خطر دارد.")
	pr.fill("input[name=address]", "خیابان صفا، کوچه یاس")
	pr.shot("letter")
	pr.submit("/letter")

	pr.visit(minutes + "/receipts")
	pr.visit(minutes)
	pr.says("زهرا محمدی", "۲ از ۲")
	pr.submit("/completion")
	pr.says("قفل‌شده")
	pr.shot("locked")
	pr.visit(minutes + "/sheet")
	pr.says("سمیه کریمی", "علی‌اکبر رضایی")
}

// table writes a table of cases for uploads.
func table(t *testing.T, name string, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte("\ufeff"+strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// upload gives a file to the page of imports and leads to its mapping.
func (b *browser) upload(file string) string {
	b.t.Helper()
	b.visit("/desk/imports")
	b.attach("input[type=file]", file)
	b.submit("/desk/imports")
	return b.path()
}

// A table with a wrong line, the mended one, its import and its undoing.
func TestImportFromTrialToItsUndoing(t *testing.T) {
	w := newWorld(t)
	manager := w.staff(t, "manager")
	head := "نوع;شرح;شماره همراه;نام;شماره در مرجع;مرجع"
	first := "درخواست;آسفالت کوچه پس از حفاری ترمیم نشده است;۰۹۱۲۱۲۳۴۵۶۷;سارا محمدی;X-1;137"

	wrong := manager.upload(table(t, "bad.csv", head, first, "درخواست;آسفالت خیابان کنده شده است;12;رضا;X-2;137"))
	manager.pick("[name=fixed-channel]", "نامه")
	manager.submit("/trial")
	manager.says("موضوع را از یک ستون یا از این فهرست برگزینید")
	manager.pick("[name=fixed-topic]", "سایر")
	manager.submit("/trial")
	w.Drain()
	manager.visit(wrong)
	manager.says("۱ سطر از ۲ سطر نادرست است", "شماره همراه شهروند درست نیست")
	manager.shot("wrong")

	path := manager.upload(table(t, "good.csv", head, first, "درخواست;آسفالت خیابان کنده شده است;09121234568;رضا;X-2;137"))
	manager.pick("[name=fixed-channel]", "نامه")
	manager.pick("[name=fixed-topic]", "سایر")
	manager.submit("/trial")
	w.Drain()
	manager.visit(path)
	manager.says("همه ۲ سطر درست است")
	manager.submit("/application")
	w.Drain()
	manager.visit(path)
	manager.says("پرونده‌های این بار")
	manager.submit("/undoing")
	manager.fill("form[action$='/undoing'] textarea", "فایل دیگری بود.")
	manager.submit("/undoing")
	w.Drain()
	manager.visit(path)
	manager.says("۲ پرونده برگردانده شد")
	manager.shot("undone")
}
