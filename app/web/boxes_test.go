package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
)

func (d *desk) boxForm() apptest.Form {
	return apptest.Form{"code": "b-1", "place_fa": "سرسرای ساختمان مرکزی", "unit": id(d.units["network"].ID), "rhythm": "weeks", "every": "۱", "weekdays": "0"}
}

// opened puts a box up and opens it; it gives the address of the minutes.
func (d *desk) opened(letters string) string {
	d.t.Helper()
	box := d.As("manager").Post("/desk/boxes", d.boxForm()).Is(http.StatusSeeOther).Location
	page := d.As("pr").Post(box+"/opening", apptest.Form{
		"opened": "۱۴۰۵/۰۸/۳۰", "opened_time": "۸:۴۵", "staff": id(d.Staff(d.A, "pr").ID), "witness": id(d.Staff(d.A, "manager").ID), "letters": letters,
	}).Is(http.StatusSeeOther)
	return strings.TrimSuffix(page.Location, "/letter")
}

func (d *desk) letterForm() apptest.Form {
	return apptest.Form{"person": "none", "kind": "complaint", "topic": id(d.topic["network"].ID), "text": "کسی به نشتی کوچه ما رسیدگی نمی‌کند.", "address": "خیابان صفا"}
}

func TestBoxesSayWhatToDo(t *testing.T) {
	d := newDesk(t)
	manager := d.As("manager")
	if page := manager.Get("/desk/boxes").Is(http.StatusOK); !page.Has(`.empty a[href="/desk/boxes/new"]`) {
		t.Error("an empty list does not say what to do")
	}
	manager.Get("/desk/boxes/new").Is(http.StatusOK)
	wrong := manager.Post("/desk/boxes", apptest.Form{"code": "ب", "rhythm": "weeks", "every": "۲۰", "place_fa": " "}).Is(http.StatusUnprocessableEntity)
	for _, field := range []string{"code", "place_fa", "unit", "weekdays"} {
		if !wrong.Has("#" + field + "-error") {
			t.Errorf("nothing beside %s: %s", field, wrong.Text())
		}
	}
	box := manager.Post("/desk/boxes", d.boxForm()).Is(http.StatusSeeOther).Location
	again := manager.Post("/desk/boxes", d.boxForm()).Is(http.StatusUnprocessableEntity)
	if !again.Has("#code-error") {
		t.Error("two boxes of one number")
	}
	if list := d.As("pr").Get("/desk/boxes").Is(http.StatusOK); !list.Has(`a[href="`+box+`/opening"]`) || !strings.Contains(list.Text(), "امروز بازگشایی شود") {
		t.Errorf("a box that is due: %s", list.Text())
	}
	d.Advance(48 * time.Hour)
	if list := d.As("pr").Get("/desk/boxes"); !strings.Contains(list.Text(), "بازگشایی عقب افتاده") {
		t.Errorf("an overdue box: %s", list.Text())
	}
	d.As("pr").Get(box + "/edit").Is(http.StatusForbidden)
	d.As("operator").Get("/desk/boxes").Is(http.StatusForbidden)
	edit := d.boxForm()
	edit["place_fa"], edit["active"] = "دفتر پیشخوان", ""
	manager = d.As("manager")
	manager.Post(box, edit).To(box)
	if !strings.Contains(manager.Get("/desk/boxes?retired=1").Text(), "دفتر پیشخوان") {
		t.Error("a retired box is lost")
	}
}

func TestAnOpeningNeedsTwoPersons(t *testing.T) {
	d := newDesk(t)
	box := d.As("manager").Post("/desk/boxes", d.boxForm()).Is(http.StatusSeeOther).Location
	pr, one := d.As("pr"), id(d.Staff(d.A, "pr").ID)
	page := pr.Post(box+"/opening", apptest.Form{"opened": "۱۴۰۵/۰۸/۳۰", "opened_time": "۸", "staff": one, "witness": one, "letters": "۳", "note": "پلمب سالم بود"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#witness-error") || !strings.Contains(page.Body, "پلمب سالم بود") {
		t.Errorf("one person signs twice, or what was typed is lost: %s", page.Text())
	}
	if strings.Contains(page.Body, "‹") {
		t.Error("a word is missing")
	}
}

func TestLettersOfABoxBecomeCases(t *testing.T) {
	d := newDesk(t)
	minutes := d.opened("۲")
	pr := d.As("pr")
	page := pr.Get(minutes + "/letter").Is(http.StatusOK)
	if !strings.Contains(page.Text(), "نامه ۱ از ۲") {
		t.Errorf("which letter is it: %s", page.Text())
	}
	scan := apptest.File{Field: "file", Name: "scan.png", Type: "image/png", Content: apptest.PNG()}
	short := d.letterForm()
	short["text"] = "کوتاه"
	back := pr.PostFile(minutes+"/letter", short, scan).Is(http.StatusUnprocessableEntity)
	shelf, kept := back.Doc().Find(`input[name="shelf"]`).Attr("value")
	if !kept || !strings.Contains(back.Text(), "scan.png") {
		t.Errorf("the scan is lost: %s", back.Text())
	}
	form := d.letterForm()
	form["shelf"] = shelf
	next := pr.Post(minutes+"/letter", form).Is(http.StatusSeeOther)
	page = pr.Get(next.Location).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "نامه ۲ از ۲") || page.Doc().Find(".notice .code-text").Length() != 2 {
		t.Errorf("code and PIN of the letter before: %s", page.Text())
	}
	sheet := pr.Get(minutes + "/receipts").Is(http.StatusOK)
	if sheet.Doc().Find("article.sheet").Length() != 1 || sheet.Doc().Find(".sheet-body .code-text").Length() != 1 {
		t.Errorf("the receipt: %s", sheet.Text())
	}
	d.checkLetter(pr, minutes)
	if page = pr.Post(minutes+"/completion", nil).Is(http.StatusUnprocessableEntity); !page.Has("#difference-error") {
		t.Error("finished with a letter missing")
	}
	pr.Post(minutes+"/completion", apptest.Form{"difference": "یک برگه سفید بود"}).To(minutes)
	if page = pr.Get(minutes + "/sheet").Is(http.StatusOK); !strings.Contains(page.Text(), "یک برگه سفید بود") {
		t.Errorf("the minutes on paper: %s", page.Text())
	}
	pr.Get(minutes + "/letter").To(minutes)
	pr.Post(minutes+"/letter", d.letterForm()).Is(http.StatusConflict)
	if page = d.As("admin").Get(minutes).Is(http.StatusOK); strings.Contains(page.Body, "نشتی کوچه") {
		t.Error("who sees no cases reads the letters")
	}
}

// checkLetter looks at the case of the only letter: its scan is the staff's.
func (d *desk) checkLetter(pr *apptest.Client, minutes string) {
	d.t.Helper()
	href, _ := pr.Get(minutes).Doc().Find("#main a[href^='/desk/complaints/']").Attr("href")
	page := pr.Get(href).Is(http.StatusOK)
	file, _ := page.Doc().Find(".attachment").Attr("href")
	pr.Get(file).Is(http.StatusOK)
	d.As("expert").Get(file).Is(http.StatusNotFound)
	if !page.Has(`a[href="` + minutes + `"]`) {
		d.t.Error("the case does not name its minutes")
	}
	var c complaints.Complaint
	if err := d.DB(d.t).Select(&c).Where("c.box_opening_id IS NOT NULL").Scan(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	if c.Channel != "box" || c.Kind != complaints.KindReport || !c.Anonymous() {
		d.t.Errorf("%+v", c)
	}
	if tracker := d.Tracker("complaint", c.ID).Get("/case"); tracker.Has(".attachment") {
		d.t.Error("the scan is shown to whoever has the code")
	}
}

func TestALetterEnteredTwiceIsTakenBack(t *testing.T) {
	d := newDesk(t)
	minutes := d.opened("۱")
	pr := d.As("pr")
	form := d.letterForm()
	form["then"] = "list"
	pr.Post(minutes+"/letter", form).To(minutes)
	href, _ := pr.Get(minutes).Doc().Find("#main a[href^='/desk/complaints/']").Attr("href")
	if page := pr.Get(href); !page.Has(`a[href="` + href + `/mistake"]`) {
		t.Error("no way to take the letter back")
	}
	if page := pr.Post(href+"/mistake", apptest.Form{"reason": " "}).Is(http.StatusUnprocessableEntity); !page.Has("#reason-error") {
		t.Error("taken back without a reason")
	}
	pr.Post(href+"/mistake", apptest.Form{"reason": "همین نامه پیش‌تر ثبت شده بود"}).To(minutes)
	if page := pr.Get(minutes); !strings.Contains(page.Text(), "به اشتباه وارد شده") {
		t.Errorf("the minutes: %s", page.Text())
	}
	pr.Post(href+"/mistake", apptest.Form{"reason": "باز هم"}).Is(http.StatusConflict)
}
