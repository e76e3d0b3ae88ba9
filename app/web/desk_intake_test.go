package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
)

// callerForm is a complete form of the intake.
func (d *desk) callerForm() apptest.Form {
	return apptest.Form{
		"person": "new", "mobile": "۰۹۱۲۱۱۱۲۲۳۳", "national_id": "۰۴۹۹۳۷۰۸۹۹", "name": "سارا محمدی", "kind": "complaint", "channel": "phone",
		"topic": id(d.topic["network"].ID), "text": "لوله گاز کوچه ما ترمیم نشده است.", "address": "خیابان سعدی",
	}
}

func TestIntakeReadsTheCodeOut(t *testing.T) {
	d := newDesk(t)
	operator := d.As("operator")
	operator.Get("/desk/intake").Is(http.StatusOK)
	answer := operator.Post("/desk/intake", d.callerForm()).Is(http.StatusSeeOther)
	page := operator.Get(answer.Location).Is(http.StatusOK)
	if code := page.Doc().Find(".confirm-code .code-text").Text(); len(code) != len("PX4K-7M2Q-9TB") || page.Has(".notice .code-large") {
		t.Errorf("code %q: %s", code, page.Text())
	}
	if !page.Has(`a.btn-primary[href="/desk/intake"]`) {
		t.Error("no way to the next call")
	}
	d.As("expert").Get("/desk/intake").Is(http.StatusForbidden)
	d.AsAt("beta", "operator").Get(answer.Location).Is(http.StatusNotFound)
}

func TestIntakeKnowsTheCaller(t *testing.T) {
	d := newDesk(t)
	open := d.file()
	operator := d.As("operator")
	page := operator.Post("/desk/intake/caller", apptest.Form{"lookup": "0912 111 22 33"}).Is(http.StatusOK)
	if !strings.Contains(page.Doc().Find(".caller-person").Text(), "سارا محمدی") || !strings.Contains(page.Doc().Find(".case-side").Text(), "لوله گاز") {
		t.Fatalf("the caller is not known: %s", page.Text())
	}
	if strings.Contains(page.Body, "0499370899") {
		t.Error("the whole national ID is shown")
	}
	person, _ := page.Doc().Find(`input[name="person"][checked]`).Attr("value")
	operator.Headers = map[string]string{"HX-Request": "true"}
	hint := operator.Post("/desk/intake/topic", apptest.Form{"caller": "09121112233", "person": person, "topic": id(d.topic["network"].ID)}).Is(http.StatusOK)
	if !hint.Has(`#intake-place a[href="`+path(open, "")+`"]`) || hint.Has("#subscription") || !hint.Has("#postal_code") {
		t.Errorf("no hint at the open case, or not the topic's fields: %s", hint.Body)
	}
	operator.Headers = nil
	form := d.callerForm()
	form["person"], form["mobile"], form["national_id"], form["name"] = person, "", "", ""
	operator.Post("/desk/intake", form).Is(http.StatusSeeOther)
	byID := operator.Post("/desk/intake/caller", apptest.Form{"lookup": "۰۴۹۹۳۷۰۸۹۹"}).Is(http.StatusOK)
	if n := byID.Doc().Find(".case-side .side-case").Length(); n != 2 {
		t.Errorf("%d earlier cases by national ID, want 2", n)
	}
	if wrong := operator.Post("/desk/intake/caller", apptest.Form{"lookup": "12345"}); !wrong.Has("#lookup-error") {
		t.Error("a number that is none is looked up")
	}
}

func TestIntakeTellsAllThatIsWrongAtOnce(t *testing.T) {
	d := newDesk(t)
	page := d.As("operator").Post("/desk/intake", apptest.Form{
		"person": "new", "mobile": "123", "kind": "complaint", "channel": "phone", "text": "کوتاه", "external_number": "۴۵",
	}).Is(http.StatusUnprocessableEntity)
	for _, field := range []string{"mobile", "national_id", "name", "topic", "text"} {
		if !page.Has("#" + field + "-error") {
			t.Errorf("nothing beside %s", field)
		}
	}
	doc := page.Doc()
	if v, _ := doc.Find("#mobile").Attr("value"); v != "۱۲۳" || doc.Find("#text").Text() != "کوتاه" {
		t.Error("what was typed is lost")
	}
	if strings.Contains(page.Body, "‹") {
		t.Errorf("a text is missing: %s", page.Text())
	}
}

func TestIntakeOfANamelessReport(t *testing.T) {
	d := newDesk(t)
	operator := d.As("operator")
	form := d.callerForm()
	form["person"] = "none"
	if page := operator.Post("/desk/intake", form).Is(http.StatusUnprocessableEntity); !page.Has("#person-error") {
		t.Error("a complaint may not stay nameless")
	}
	form["kind"] = string(complaints.KindReport)
	answer := operator.Post("/desk/intake", form).Is(http.StatusSeeOther)
	pin := operator.Get(answer.Location).Is(http.StatusOK).Doc().Find(".notice .code-large .code-text").Text()
	if len(pin) != len("7M2Q-9TBX-0PX4-K7M2") {
		t.Fatalf("PIN %q", pin)
	}
	if again := operator.Get(answer.Location); strings.Contains(again.Body, pin) || again.Has(".notice .code-large") {
		t.Error("the PIN is shown twice")
	}
}

func TestIntakeRefusesTheSameNumberOfASource(t *testing.T) {
	d := newDesk(t)
	form := d.callerForm()
	form["source"], form["external_number"] = "samad", "۱۴۰۵-۷۷"
	d.As("operator").Post("/desk/intake", form).Is(http.StatusSeeOther)
	if page := d.As("operator").Post("/desk/intake", form).Is(http.StatusUnprocessableEntity); !page.Has("#external_number-error") {
		t.Errorf("the number is taken twice: %s", page.Text())
	}
}

// F7: a form that is sent again, because its answer was lost, makes one case and
// is answered alike, the word that is said once included; what is changed in it is
// something else.
func TestIntakeIsTakenOnce(t *testing.T) {
	d := newDesk(t)
	operator := d.As("operator")
	once, _ := operator.Get("/desk/intake").Is(http.StatusOK).Doc().Find(`#intake-form input[name="once"]`).Attr("value")
	form := d.callerForm()
	form["once"], form["person"], form["kind"] = once, "none", string(complaints.KindReport)
	first := operator.Post("/desk/intake", form).Is(http.StatusSeeOther)
	again := operator.Post("/desk/intake", form).Is(http.StatusSeeOther)
	if once == "" || again.Location != first.Location {
		t.Errorf("%q led to %s, then %s", once, first.Location, again.Location)
	}
	if pin := operator.Get(again.Location).Is(http.StatusOK).Doc().Find(".notice .code-large .code-text").Text(); len(pin) != len("7M2Q-9TBX-0PX4-K7M2") {
		t.Errorf("PIN %q", pin)
	}
	form["text"] = "بوی گاز در راه‌پله مجتمع ما می‌آید."
	if other := operator.Post("/desk/intake", form).Is(http.StatusSeeOther); other.Location == first.Location {
		t.Error("another text is the same case")
	}
	form["once"] = "x"
	if other := operator.Post("/desk/intake", form).Is(http.StatusSeeOther); other.Location == first.Location {
		t.Error("a form without a number is taken every time")
	}
}
