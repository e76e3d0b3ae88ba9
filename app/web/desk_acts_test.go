package web_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
)

// Every act: who may do it, in which state it is possible, what it asks for.
func TestDeskActs(t *testing.T) {
	type act struct {
		name  string
		reach func(*desk) *complaints.Complaint
		user  string
		form  apptest.Form
		to    complaints.State
		empty []string // ids of the fields that an empty form marks
		other string   // a user whose role does not allow it
	}
	waiting := func(d *desk) *complaints.Complaint {
		c := d.working()
		d.As("expert").Post(path(c, "question"), apptest.Form{"text": "عکس کنتور را بفرستید."}).Is(http.StatusSeeOther)
		return c
	}
	unreached := func(d *desk) *complaints.Complaint {
		c := d.answered()
		for range 3 {
			d.As("feedback").Post(path(c, "feedback"), apptest.Form{"outcome": "no_answer"}).Is(http.StatusSeeOther)
			d.Advance(24 * time.Hour)
		}
		return c
	}
	acts := []act{
		{"triage", func(d *desk) *complaints.Complaint { return d.file() }, "pr", nil, complaints.Triage, nil, "expert"},
		{"referral", func(d *desk) *complaints.Complaint { return d.file() }, "pr", apptest.Form{"unit": "network", "due": "۱۴۰۵/۹/۵", "due_time": "۱۰:۳۰"}, complaints.Referred, []string{"refer-unit"}, "feedback"},
		{"settlement", func(d *desk) *complaints.Complaint { return d.file() }, "pr", apptest.Form{"fact": "outside_remit", "text": "به شرکت برق مراجعه کنید."}, complaints.Closed, []string{"settle-fact"}, "operator"},
		{"acknowledgement", (*desk).referred, "expert", nil, complaints.InProgress, nil, "pr"},
		{"return", (*desk).referred, "expert", apptest.Form{"reason": "در محدوده ما نیست."}, complaints.Triage, []string{"return-reason"}, "pr"},
		{"question", (*desk).working, "expert", apptest.Form{"text": "عکس کنتور را بفرستید."}, complaints.WaitingCitizen, []string{"ask-text"}, "followup"},
		{"interim", (*desk).working, "expert", apptest.Form{"text": "حفاری شد.", "promised": "1405-9-10"}, complaints.InProgress, []string{"report-text", "report-promised"}, "pr"},
		{"answer", (*desk).working, "expert", apptest.Form{"text": "ترمیم شد."}, complaints.Feedback, []string{"answer-text"}, "feedback"},
		{"addition", waiting, "operator", apptest.Form{"text": "عکس را آورد."}, complaints.InProgress, []string{"complete-text"}, "ceo"},
		{"feedback", (*desk).answered, "feedback", apptest.Form{"outcome": "satisfied", "conduct": "good"}, complaints.Closed, []string{"feedback-outcome"}, "expert"},
		{"sign-off", unreached, "manager", apptest.Form{"note": "سه روز تماس گرفته شد."}, complaints.Closed, []string{"sign_off-note"}, "feedback"},
		{"visit", (*desk).disputed, "followup", apptest.Form{"finding": "آسفالت ناقص است.", "resolved": "no"}, complaints.Referred, []string{"visit-resolved"}, "feedback"},
		{"confirmation", (*desk).visited, "followup", apptest.Form{"confirmed": "no", "reason": "هنوز نشست دارد."}, complaints.Referred, []string{"confirm-confirmed"}, "feedback"},
		{"closure", (*desk).disputed, "manager", apptest.Form{"text": "مالک اجازه حفاری نمی‌دهد."}, complaints.Closed, []string{"close-text"}, "pr"},
		{"note", (*desk).working, "expert", apptest.Form{"text": "با پیمانکار هماهنگ شد."}, complaints.InProgress, []string{"note-text"}, "ceo"},
	}
	for _, a := range acts {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			c := a.reach(d)
			if a.form["unit"] != "" {
				a.form["unit"] = id(d.units[a.form["unit"]].ID)
			}
			before := d.state(c)
			d.As(a.other).Post(path(c, a.name), a.form).Is(http.StatusForbidden)
			d.AsAt("beta", a.user).Post(path(c, a.name), a.form).Is(http.StatusNotFound)
			if len(a.empty) > 0 {
				page := d.As(a.user).Post(path(c, a.name), apptest.Form{}).Is(http.StatusUnprocessableEntity)
				for _, field := range a.empty {
					if !page.Has("#"+field+"-error") || !page.Has(`.error-summary a[href="#`+field+`"]`) {
						t.Errorf("nothing beside %s: %s", field, page.Text())
					}
				}
			}
			if s := d.state(c); s != before {
				t.Fatalf("refused, but now %s", s)
			}
			d.As(a.user).Post(path(c, a.name), a.form).To(path(c, ""))
			if s := d.state(c); s != a.to {
				t.Errorf("state %s, want %s", s, a.to)
			}
			page := d.As(a.user).Get(path(c, "")).Is(http.StatusOK)
			if strings.Contains(page.Body, "‹") {
				t.Errorf("a text is missing: %s", page.Text())
			}
		})
	}
}

func TestActsOfAnotherUnitAreNotFound(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	d.As("expert.service").Post(path(c, "answer"), apptest.Form{"text": "از ما نیست"}).Is(http.StatusNotFound)
	d.As("expert.service").Post(path(c, "answer"), apptest.Form{}).Is(http.StatusNotFound)
}

func TestWhatWasTypedIsKept(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	page := d.As("pr").Post(path(c, "referral"), apptest.Form{
		"unit": id(d.units["safety"].ID), "due": "۱۴۰۵/۱۳/۵", "due_time": "25", "note": "فوری است",
	}).Is(http.StatusUnprocessableEntity)
	doc := page.Doc()
	if v, _ := doc.Find("#refer-due").Attr("value"); v != "۱۴۰۵/۱۳/۵" || !page.Has("#refer-due-error") || !page.Has("#act-refer[open]") {
		t.Errorf("the date is not kept beside its error: %q", v)
	}
	if v, _ := doc.Find("#refer-unit option[selected]").Attr("value"); v != id(d.units["safety"].ID) || doc.Find("#refer-note").Text() != "فوری است" {
		t.Error("the unit or the note is lost")
	}
	if page := d.As("pr").Post(path(c, "referral"), apptest.Form{"unit": id(d.units["safety"].ID), "due": "1404/01/01"}); !page.Has("#refer-due-error") {
		t.Error("a date of last year is taken")
	}
}

func TestACaseThatMovedOnComesBackAsItIs(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	d.As("expert").Post(path(c, "answer"), apptest.Form{"text": "نخستین پاسخ"}).Is(http.StatusSeeOther)
	browser := d.As("head")
	page := browser.Post(path(c, "answer"), apptest.Form{"text": "پاسخ دیرتر من"}).Is(http.StatusConflict)
	if !page.Has(".notice[role=alert]") || !strings.Contains(page.Doc().Find(".case-lost").Text(), "پاسخ دیرتر من") || !strings.Contains(page.Text(), "نخستین پاسخ") {
		t.Errorf("no notice, or the text is lost: %s", page.Text())
	}
	browser.Headers = map[string]string{"HX-Request": "true", "HX-Target": "case"}
	fragment := browser.Post(path(c, "answer"), apptest.Form{"text": "پاسخ دیرتر من"}).Is(http.StatusConflict)
	if fragment.Has("nav.side-nav") || !fragment.Has("#case .case-lost") {
		t.Error("htmx does not get the case alone")
	}
}

func TestAnActByHtmxAnswersWithTheFreshCase(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	browser := d.As("pr")
	browser.Headers = map[string]string{"HX-Request": "true", "HX-Target": "case"}
	page := browser.Post(path(c, "triage"), apptest.Form{}).Is(http.StatusOK)
	trigger := page.Header.Get("HX-Trigger")
	if !page.Has("#case") || page.Has("html.desk, nav.side-nav") || !strings.Contains(trigger, `"toast"`) || !strings.Contains(trigger, `"case-changed"`) {
		t.Errorf("trigger %s", trigger)
	}
}

func photo(t *testing.T) apptest.File {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return apptest.File{Field: "file", Name: "محل.png", Type: "image/png", Content: b.Bytes()}
}

func TestPhotosOfAVisit(t *testing.T) {
	d := newDesk(t)
	c := d.disputed()
	agent := d.As("followup")
	page := agent.PostFile(path(c, "visit"), apptest.Form{"finding": "آسفالت کامل است."}, photo(t)).Is(http.StatusUnprocessableEntity)
	shelf, _ := page.Doc().Find(`#act-visit input[name="shelf"]`).Attr("value")
	if shelf == "" || !strings.Contains(page.Doc().Find("#act-visit .file-list").Text(), "محل.png") {
		t.Fatal("the photo has to be chosen again")
	}
	agent.PostFile(path(c, "visit"), apptest.Form{"finding": "آسفالت کامل است.", "resolved": "yes", "shelf": shelf}, photo(t)).To(path(c, ""))
	shown := agent.Get(path(c, "")).Is(http.StatusOK)
	links := shown.Doc().Find("#timeline .attachment")
	if links.Length() != 2 {
		t.Fatalf("%d photos at the visit, want 2", links.Length())
	}
	href, _ := links.First().Attr("href")
	if got := agent.Get(href).Is(http.StatusOK); got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("type %s", got.Header.Get("Content-Type"))
	}
	d.As("expert.service").Get(href).Is(http.StatusNotFound)
	d.As("overseer").Get(href).Is(http.StatusForbidden)
}

func TestAnInternalPartKeepsItsFilesFromTheCitizen(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	values := map[string][]string{"unit": {id(d.units["network"].ID)}, "others": {id(d.units["safety"].ID)}}
	d.As("pr").PostValues(path(c, "referral"), values).To(path(c, ""))
	d.As("expert").Post(path(c, "acknowledgement"), nil).To(path(c, ""))
	d.As("expert.safety").Post(path(c, "acknowledgement"), nil).To(path(c, ""))
	part := d.As("expert.safety")
	page := part.PostFile(path(c, "answer"), apptest.Form{}, photo(t)).Is(http.StatusUnprocessableEntity)
	shelf, _ := page.Doc().Find(`#act-answer input[name="shelf"]`).Attr("value")
	part.PostFile(path(c, "answer"), apptest.Form{"text": "نشت دیده نشد.", "shelf": shelf}).To(path(c, ""))
	if n := d.publicFiles(c); n != 0 {
		t.Errorf("%d files of an internal answer are public", n)
	}
	d.As("expert").PostFile(path(c, "answer"), apptest.Form{"text": "ترمیم شد."}, photo(t)).To(path(c, ""))
	if n := d.publicFiles(c); n != 1 {
		t.Errorf("%d public files, want the lead's one", n)
	}
}
