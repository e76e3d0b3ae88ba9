package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
)

// Visitors check themselves in by the poster of a session, with code and the
// last digits of their number; whatever is wrong is answered alike, and counted.
func TestVisitorsCheckThemselvesIn(t *testing.T) {
	o := newOffice(t)
	poster := o.As("pr").Get(fmt.Sprintf("/desk/meetings/sessions/%d/poster", o.Session)).Is(http.StatusOK)
	path := fmt.Sprintf("/arrivals/%d", o.Session)
	if !poster.Has("svg.qr") || !strings.Contains(poster.Text(), path) {
		t.Fatal(poster.Text())
	}
	visitor := o.Visit("alpha")
	form := apptest.Form{"code": o.MeetingCode, "digits": "۰۰۰۰"}
	visitor.Post(path, form).Is(http.StatusUnprocessableEntity) // the day has not come
	o.App.Advance(o.meeting().StartsAt.Sub(o.Clock.Now()) - 10*time.Minute)
	wrong := visitor.Post(path, apptest.Form{"code": o.MeetingCode, "digits": "1234"}).Is(http.StatusUnprocessableEntity)
	unknown := visitor.Post(path, apptest.Form{"code": "PX4K7M2Q9TB", "digits": "0000"}).Is(http.StatusUnprocessableEntity)
	if said := "با نوبتی در این جلسه نمی‌خواند"; !strings.Contains(wrong.Text(), said) || !strings.Contains(unknown.Text(), said) {
		t.Error("the answers tell what was wrong")
	}
	for range 2 { // again, the number is shown again
		if done := visitor.Post(path, form).Is(http.StatusOK); !done.Has(".arrived-number") || strings.Contains(done.Text(), o.Canary) && strings.Contains(done.Text(), o.meeting().Subject) {
			t.Fatal(done.Text())
		}
	}
	o.state(meetings.CheckedIn)
	for range 5 {
		visitor.Post(path, apptest.Form{"code": o.MeetingCode, "digits": "1234"})
	}
	visitor.Post(path, form).Is(http.StatusTooManyRequests)
}

// The letter that somebody brings is kept when the form comes back, and stands
// with the booking; the people met are told of each session.
func TestALetterComesWithABookingAtTheDesk(t *testing.T) {
	o := newOffice(t)
	operator := o.As("operator")
	page := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "09351112233"}).Is(http.StatusOK)
	form := apptest.Form{
		"who": "09351112233", "executive": page.Doc().Find("#booking input[name=executive]").AttrOr("value", ""), "mobile": "09351112233",
		"name": "Caller", "national_id": "0499370899", "subject": "Gas for the village", "text": "", "channel": "in_person",
		"slot": page.Doc().Find("#slot option:not([value=''])").First().AttrOr("value", ""),
	}
	letter := apptest.File{Field: "file", Name: "معرفی‌نامه.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4\n%%EOF\n")}
	bad := operator.PostFile("/desk/meetings/new", form, letter).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Text(), letter.Name) {
		t.Fatal("the letter is lost")
	}
	form["text"], form["shelf"] = "Please connect us", bad.Doc().Find("#booking input[name=shelf]").AttrOr("value", "")
	done := operator.Post("/desk/meetings/new", form).Is(http.StatusSeeOther)
	file := strings.TrimSuffix(done.Header.Get("Location"), "/booking")
	if booked := o.As("pr").Get(file).Is(http.StatusOK); !strings.Contains(booked.Text(), letter.Name) {
		t.Error("the letter is not with the booking")
	}
	o.hold()
	at := o.meeting().StartsAt
	if day := o.As("pr").Get("/desk/meetings/day").Is(http.StatusOK); !strings.Contains(day.Text(), "۱ ملاقات، ۱ نفر") {
		t.Error(at, day.Text())
	}
	if quarter := o.As("pr").Get("/desk/meetings/quarter").Is(http.StatusOK); !strings.Contains(quarter.Text(), "۱ ملاقات، ۱ نفر") {
		t.Error(quarter.Text())
	}
}
