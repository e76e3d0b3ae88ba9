package web_test

import (
	"fmt"
	"net/http"
	"pasokh/tenants"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
)

// orders are the directives of the meeting.
func (o *office) orders() []directives.Listed {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := directives.Of(o.t.Context(), db, tenants.SystemActor(), directives.OnMeeting, o.Meeting)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) filesOf(id int64, public bool) []files.File {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := files.Of(o.t.Context(), db, files.Subject{Kind: "directive", ID: id}, public)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

// issued issues a directive of the held meeting to the unit of the case, with
// its scan.
func (o *office) issued() *directives.Listed {
	o.t.Helper()
	o.hold()
	pr := o.As("pr")
	pr.Get(o.path + "/directives/new").Is(http.StatusOK)
	redaction := pr.PostFile(o.path+"/directives", apptest.Form{"text": "Pave the street", "unit": fmt.Sprint(o.Unit), "priority": "urgent", "public": "1"},
		apptest.File{Field: "file", Name: "order.png", Type: "image/png", Content: apptest.PNG()}).Is(http.StatusSeeOther).Location
	list := o.orders()
	if len(list) != 1 {
		o.t.Fatalf("%d directives", len(list))
	}
	if n := len(o.filesOf(list[0].ID, true)); n != 0 {
		o.t.Fatalf("%d files are public before anybody published them", n)
	}
	pr.Post(redaction, apptest.Form{"do": "publish"}).To(fmt.Sprintf("/desk/directives/%d", list[0].ID))
	return &list[0]
}

func TestDirectiveIsIssuedWithItsScan(t *testing.T) {
	o := newOffice(t)
	d := o.issued()
	o.state(meetings.FollowUp)
	staffs, public := o.filesOf(d.ID, false), o.filesOf(d.ID, true)
	if d.ScanID == nil || len(staffs) != 1 || staffs[0].ID != *d.ScanID || staffs[0].Public {
		t.Fatalf("scan %v of %+v", d.ScanID, staffs)
	}
	if len(public) != 1 || public[0].ID == *d.ScanID {
		t.Errorf("the citizen sees %+v", public)
	}
	page := o.As("expert").Get(fmt.Sprintf("/desk/directives/%d", d.ID)).Is(http.StatusOK)
	if !page.Has(fmt.Sprintf("a[href='/desk/files/%d']", *d.ScanID)) {
		t.Error("the unit does not see the scan")
	}
	o.As("expert").Get(fmt.Sprintf("/desk/files/%d", *d.ScanID)).Is(http.StatusOK)
	o.As("expert.service").Get(fmt.Sprintf("/desk/files/%d", *d.ScanID)).Is(http.StatusNotFound)
}

func TestDirectiveFormKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t)
	pr := o.As("pr")
	pr.Get(o.path + "/directives/new").Is(http.StatusConflict) // not held yet
	path := fmt.Sprintf("/desk/complaints/%d/directives", o.Complaint)
	page := pr.PostFile(path, apptest.Form{"executive": fmt.Sprint(o.Executive), "text": "Pave the street", "unit": "", "due": "1405/13/01"},
		apptest.File{Field: "file", Name: "order.png", Type: "image/png", Content: apptest.PNG()}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#directive-due-error") || page.Doc().Find("#directive-text").Text() != "Pave the street" || page.Doc().Find("#directive-due").AttrOr("value", "") != "۱۴۰۵/۱۳/۰۱" {
		t.Error(page.Text())
	}
	shelf := page.Doc().Find("#directive-form input[name=shelf]").AttrOr("value", "")
	if shelf == "" {
		t.Fatal("the scan has to be sent again")
	}
	pr.Post(path, apptest.Form{"executive": "", "text": "Pave", "unit": fmt.Sprint(o.Unit)}).Is(http.StatusUnprocessableEntity)
	pr.Post(path, apptest.Form{"executive": fmt.Sprint(o.Executive), "text": "Pave the street", "unit": fmt.Sprint(o.Unit), "shelf": shelf}).
		To(fmt.Sprintf("/desk/complaints/%d", o.Complaint))
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := directives.Of(t.Context(), db, tenants.SystemActor(), directives.OnComplaint, o.Complaint)
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	if d := list[1]; d.ScanID == nil || d.Public || len(o.filesOf(d.ID, true)) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestUnitReportsAndExecutiveJudges(t *testing.T) {
	o := newOffice(t)
	d := o.issued()
	path := fmt.Sprintf("/desk/directives/%d", d.ID)
	expert, stranger, ceo := o.As("expert"), o.As("expert.service"), o.As("ceo")
	stranger.Get(path).Is(http.StatusNotFound)
	stranger.Post(path+"/report", apptest.Form{"text": "mine"}).Is(http.StatusNotFound)
	if list := stranger.Get("/desk/directives").Is(http.StatusOK); strings.Contains(list.Text(), "Pave the street") {
		t.Error("another unit's directive is listed")
	}
	if list := expert.Get("/desk/directives").Is(http.StatusOK); !list.Has(fmt.Sprintf("#directive-%d", d.ID)) {
		t.Error(list.Text())
	}
	expert.Post(path+"/start", nil).To(path)
	expert.Post(path+"/start", nil).Is(http.StatusConflict)
	expert.Post(path+"/report", apptest.Form{"text": ""}).Is(http.StatusUnprocessableEntity)
	expert.PostFile(path+"/report", apptest.Form{"text": "Paved"}, apptest.File{Field: "file", Name: "after.png", Type: "image/png", Content: apptest.PNG()}).To(path)
	if n := len(o.filesOf(d.ID, true)); n != 1 {
		t.Errorf("the citizen sees %d files: evidence is for the staff", n)
	}
	o.As("pr").Post(path+"/acceptance", nil).Is(http.StatusForbidden)
	ceo.Post(path+"/return", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	ceo.Post(path+"/return", apptest.Form{"reason": "Only half of it"}).To(path)
	expert.Post(path+"/report", apptest.Form{"text": "All of it"}).To(path)
	o.As("office").Post(path+"/acceptance", apptest.Form{"note": ""}).To(path)
	o.state(meetings.Closed)
}

func TestDueDateIsMovedWithAReason(t *testing.T) {
	o := newOffice(t)
	path := fmt.Sprintf("/desk/directives/%d", o.Directive)
	pr := o.As("pr")
	page := pr.Post(path+"/due-date", apptest.Form{"due": "1410/01/20", "reason": ""}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#due_date-reason-error") || page.Doc().Find("#due_date-due").AttrOr("value", "") != "۱۴۱۰/۰۱/۲۰" {
		t.Error(page.Text())
	}
	pr.Post(path+"/due-date", apptest.Form{"due": "۱۴۱۰/۰۱/۲۰", "reason": "Waits for the budget"}).To(path)
	o.As("expert").Post(path+"/due-date", apptest.Form{"due": "1411/01/20", "reason": "x"}).Is(http.StatusForbidden)
}
