package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
)

// The citizen sees in plain words that the unit reported and that the result
// went back; the report and its documents come with the executive's acceptance.
func TestCitizenReadsTheResultOnceItIsAccepted(t *testing.T) {
	for note, want := range map[string]string{"": "All of it is paved", "Your street is done": "Your street is done"} {
		o := newOffice(t)
		d := o.issued()
		path := fmt.Sprintf("/desk/directives/%d", d.ID)
		expert, ceo, citizen := o.As("expert"), o.As("ceo"), o.Tracker("meeting", o.Meeting)
		evidence := func(name string) apptest.File {
			return apptest.File{Field: "file", Name: name, Type: "image/png", Content: apptest.PNG()}
		}
		expert.PostFile(path+"/report", apptest.Form{"text": "Half of it is paved"}, evidence("half.png")).To(path)
		reported := citizen.Get("/meeting").Is(http.StatusOK)
		if strings.Contains(reported.Body, "Half of it") || !strings.Contains(reported.Text(), "واحد مسئول نتیجه را به مدیر گزارش داد") {
			t.Error(reported.Text())
		}
		ceo.Post(path+"/return", apptest.Form{"reason": "The other half, lazy people"}).To(path)
		back := citizen.Get("/meeting").Is(http.StatusOK)
		if strings.Contains(back.Body, "lazy people") || !strings.Contains(back.Text(), "نتیجه برای تکمیل به واحد بازگشت") {
			t.Error(back.Text())
		}
		if page := expert.Get(path).Is(http.StatusOK); !strings.Contains(page.Text(), "lazy people") {
			t.Error("the unit does not read why")
		}
		expert.PostFile(path+"/report", apptest.Form{"text": "All of it is paved"}, evidence("all.png")).To(path)
		ceo.Post(path+"/acceptance", apptest.Form{"note": note}).To(path)
		done := citizen.Get("/meeting").Is(http.StatusOK)
		result := done.Doc().Find(fmt.Sprintf("#result-%d", d.ID))
		if !strings.Contains(result.Text(), want) || note != "" && strings.Contains(done.Body, "All of it") {
			t.Errorf("result %q, want %q", result.Text(), want)
		}
		links := result.Find("a[href^='/meeting/files/']")
		if !strings.Contains(links.Text(), "all.png") || strings.Contains(done.Body, "half.png") {
			t.Errorf("documents: %q", links.Text())
		}
		citizen.Get(links.First().AttrOr("href", "")).Is(http.StatusOK)
		for _, f := range o.filesOf(d.ID, false) {
			if f.Name == "half.png" || d.ScanID != nil && f.ID == *d.ScanID {
				citizen.Get(fmt.Sprintf("/meeting/files/%d", f.ID)).Is(http.StatusNotFound)
			}
		}
		o.Drain()
		sent := o.Sent()
		if last := sent[len(sent)-1]; last.Template != "sms.directive.citizen_done" || strings.Contains(last.Text, "نتیجه:") {
			t.Errorf("told: %+v", last)
		}
	}
}

// The executive's acts carry the post, the unit's acts the unit.
func TestTheStoryNamesWhoActed(t *testing.T) {
	o := newOffice(t)
	d := o.issued()
	o.As("expert").Post(fmt.Sprintf("/desk/directives/%d/start", d.ID), nil)
	page := o.Tracker("meeting", o.Meeting).Get("/meeting").Is(http.StatusOK)
	for what, actor := range map[string]string{"دستور صادر شد": d.PostFA, "واحد اجرا را آغاز کرد": d.UnitFA} {
		line := page.Doc().Find("[id^='event-']").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Text(), what) })
		if line.Length() != 1 || !strings.Contains(line.Text(), actor) {
			t.Errorf("%q is not by %s", strings.Join(strings.Fields(line.Text()), " "), actor)
		}
	}
}

// Hidden data cannot be taken out of a document, so its scan stays inside.
func TestAScannedDocumentStaysWithTheStaff(t *testing.T) {
	o := newOffice(t)
	o.hold()
	pr := o.As("pr")
	pr.Get(o.path + "/directives/new").Is(http.StatusOK)
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	pr.PostFile(o.path+"/directives", apptest.Form{"text": "Pave", "unit": fmt.Sprint(o.Unit), "public": "1"},
		apptest.File{Field: "file", Name: "order.pdf", Type: "application/pdf", Content: pdf}).To(o.path)
	d := o.orders()[0]
	if d.ScanID == nil || len(o.filesOf(d.ID, true)) != 0 {
		t.Errorf("scan %v, the citizen sees %v", d.ScanID, o.filesOf(d.ID, true))
	}
}

func TestShortLinksOfMessagesLeadToTheThing(t *testing.T) {
	o := newOffice(t)
	o.As("expert").Get(fmt.Sprintf("/d/%d", o.Directive)).To(fmt.Sprintf("/desk/directives/%d", o.Directive))
	o.As("expert").Get(fmt.Sprintf("/c/%d", o.Complaint)).To(fmt.Sprintf("/desk/complaints/%d", o.Complaint))
}
