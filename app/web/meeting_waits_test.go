package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// From the wizard into the line, an offer, and one tap to the meeting.
func TestACitizenJoinsTheLineAndTakesTheOffer(t *testing.T) {
	o := newOffice(t)
	z := o.wizard()
	z.subject("").To(z.draft + "/slot")
	page := z.Get(z.draft + "/slot").Is(http.StatusOK)
	if !page.Has("#wait input[name=for]") {
		t.Fatal("no way into the line")
	}
	z.Post(z.draft+"/wait", apptest.Form{"for": "0"}).To(z.draft + "/contact")
	z.book(o.App, "09351112233").To("/meeting")
	if p := z.Get("/meeting").Is(http.StatusOK); p.Has("form[action='/meeting/offer']") {
		t.Error("offered too early")
	}
	as := tenants.SystemActor()
	o.Do(o.A, as, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Offer(ctx, tx, o.Executive)
		return err
	})
	if p := z.Get("/meeting").Is(http.StatusOK); !p.Has("form[action='/meeting/offer'] button") {
		t.Fatal(p.Text())
	}
	z.Post("/meeting/offer", nil).To("/meeting/receipt")
	z.Get("/meeting/receipt").Is(http.StatusOK)
}

func TestARequestBecomesACaseOfAUnit(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	back := pr.Post(o.path+"/routing", apptest.Form{"topic": "", "note": "فوری"}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(back.Doc().Find("textarea[name=note]").Text(), "فوری") {
		t.Error("the note is lost")
	}
	pr.Post(o.path+"/routing", apptest.Form{"topic": fmt.Sprint(o.Topic), "unit": fmt.Sprint(o.Unit), "address": "خیابان بهار"}).To(o.path)
	o.state(meetings.Refused)
	file := pr.Get(o.path).Is(http.StatusOK)
	if m := o.meeting(); m.Outcome != meetings.Routed || !file.Has(".notice a[href^='/desk/']") {
		t.Fatalf("%s %s", m.Outcome, file.Text())
	}
}

// What the office keeps itself has the note and the citizen's files on the case.
func TestARequestTakesItsNoteAndFilesAlong(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := files.Move(ctx, tx, files.Subject{Kind: "complaint", ID: o.Complaint}, files.Subject{Kind: "meeting", ID: o.Meeting}, nil)
		return err
	})
	pr.Post(o.path+"/routing", apptest.Form{"topic": fmt.Sprint(o.Topic), "unit": "", "note": "با مدیر هماهنگ شد", "address": "خیابان بهار"}).To(o.path)
	at, _ := pr.Get(o.path).Is(http.StatusOK).Doc().Find(".notice a[href^='/desk/']").First().Attr("href")
	page := pr.Get(at).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "با مدیر هماهنگ شد") || !page.Has("a[href*='/files/']") {
		t.Errorf("%s: %s", at, page.Text())
	}
}

func TestDocumentsAreAskedForAndAnswersGiven(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	pr.Post(o.path+"/asking", apptest.Form{"text": ""}).Is(http.StatusUnprocessableEntity)
	pr.Post(o.path+"/asking", apptest.Form{"text": "سند"}).To(o.path)
	if !o.meeting().Waiting() {
		t.Fatal("nothing is asked")
	}
	pr.Post(o.path+"/answer", apptest.Form{"text": "انجام شد"}).To(o.path)
	if m := o.meeting(); m.Outcome != meetings.Answered || m.Reason != "انجام شد" {
		t.Fatalf("%+v", m)
	}
	pr.Get("/desk/meetings/waits").Is(http.StatusOK)
	pr.Get("/desk/meetings/appeals").Is(http.StatusOK)
}

func TestTheRulesOfBookingAreSaved(t *testing.T) {
	o := newOffice(t)
	admin := o.As("manager")
	form := apptest.Form{}
	for _, field := range meetings.RuleFields {
		form[field] = "15"
	}
	form["hold_minutes"] = "x"
	form["reschedules"], form["document_days"] = "3", "4"
	admin.Post("/desk/organization/booking", form).Is(http.StatusUnprocessableEntity)
	form["hold_minutes"] = "12"
	admin.Post("/desk/organization/booking", form).To("/desk/organization/booking")
	if got := admin.Get("/desk/organization/booking").Is(http.StatusOK).Doc().Find("input[name=hold_minutes]").AttrOr("value", ""); got != "۱۲" && got != "12" {
		t.Error(got)
	}
}
