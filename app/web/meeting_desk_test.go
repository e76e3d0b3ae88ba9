package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// office is the program with one meeting that was requested.
type office struct {
	*apptest.App
	*apptest.Twin
	t    *testing.T
	path string
}

func newOffice(t *testing.T, change ...func(*web.Options)) *office {
	t.Helper()
	app := apptest.New(t, change...)
	o := &office{App: app, Twin: app.Twin(app.A), t: t}
	o.path = fmt.Sprintf("/desk/meetings/%d", o.Meeting)
	return o
}

// newRequest is an office whose meeting waits for approval, as it does where
// the organization asks for that.
func newRequest(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "state = ?, queue_number = NULL", []any{meetings.Requested}, "id = ?", o.Meeting)
		return err
	})
	return o
}

func (o *office) meeting() *meetings.Listed {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	m, err := meetings.ByID(o.t.Context(), db, o.Meeting)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// state fails the test unless the meeting is in the state.
func (o *office) state(want meetings.State) {
	o.t.Helper()
	if got := o.meeting().State; got != want {
		o.t.Fatalf("the meeting is %s, want %s", got, want)
	}
}

// begin lets the day of the meeting come, with the visitor checked in.
func (o *office) begin() {
	o.t.Helper()
	as := o.Staff(o.A, "pr")
	o.App.Advance(o.meeting().StartsAt.Sub(o.Clock.Now()) + time.Minute)
	o.Do(o.A, as, func(ctx context.Context, tx *tenants.Tx) error { return meetings.CheckIn(ctx, tx, o.Meeting) })
}

// hold lets the meeting take place.
func (o *office) hold() {
	o.t.Helper()
	o.begin()
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		if err := meetings.Call(ctx, tx, o.Meeting); err != nil {
			return err
		}
		return meetings.Finish(ctx, tx, o.Meeting, meetings.Minutes{Text: "heard", PeopleMet: 1})
	})
}

func TestRequestsAreListedAndApproved(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	list := pr.Get("/desk/meetings").Is(http.StatusOK)
	if !list.Has(fmt.Sprintf("#meeting-%d a[href='%s']", o.Meeting, o.path)) {
		t.Fatal(list.Text())
	}
	page := pr.Get(o.path).Is(http.StatusOK)
	for _, act := range []string{"approval", "refusal", "rescheduling"} {
		if !page.Has(fmt.Sprintf("form[action='%s/%s']", o.path, act)) {
			t.Errorf("no form for %s", act)
		}
	}
	pr.Post(o.path+"/approval", nil).To(o.path)
	o.state(meetings.Approved)
	again := pr.Post(o.path+"/approval", nil).Is(http.StatusConflict)
	if !again.Has(".notice[role=alert]") || again.Has(fmt.Sprintf("form[action='%s/approval']", o.path)) {
		t.Error("the page is not as the meeting is now")
	}
	if empty := pr.Get("/desk/meetings").Is(http.StatusOK); !empty.Has(".empty") {
		t.Error("an empty list says nothing")
	}
	if coming := pr.Get("/desk/meetings?tab=coming").Is(http.StatusOK); !coming.Has("#meetings a.row-link") {
		t.Error("the approved meeting is not coming up")
	}
}

func TestRefusalNeedsAReason(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	page := pr.Post(o.path+"/refusal", apptest.Form{"reason": " "}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#refusal-reason-error") || !page.Has("details#act-refusal[open]") || !page.Has(".error-summary a[href='#refusal-reason']") {
		t.Error(page.Text())
	}
	o.state(meetings.Requested)
	pr.Post(o.path+"/refusal", apptest.Form{"reason": "The unit has answered"}).To(o.path)
	o.state(meetings.Refused)
	lost := pr.Post(o.path+"/cancellation", apptest.Form{"reason": "My long reason"}).Is(http.StatusConflict)
	if !strings.Contains(lost.Text(), "My long reason") {
		t.Error("what was typed is lost")
	}
}

func TestOfficeMovesAMeeting(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	before := o.meeting()
	slot := pr.Get(o.path).Doc().Find("#rescheduling-slot option[value]:not([value=''])").Eq(2).AttrOr("value", "")
	pr.Post(o.path+"/rescheduling", apptest.Form{"slot": "x"}).Is(http.StatusUnprocessableEntity)
	pr.Post(o.path+"/rescheduling", apptest.Form{"slot": slot}).To(o.path)
	if after := o.meeting(); after.StartsAt.Equal(before.StartsAt) || after.Code != before.Code {
		t.Errorf("%s → %s", before.StartsAt, after.StartsAt)
	}
}

func TestDayFromCheckInToMinutes(t *testing.T) {
	o := newOffice(t)
	o.App.Advance(o.meeting().StartsAt.Sub(o.Clock.Now()) + time.Minute)
	pr := o.As("pr")
	day := pr.Get("/desk/meetings/day").Is(http.StatusOK)
	if !day.Has(fmt.Sprintf("#meeting-%d form[action$='/check-in']", o.Meeting)) {
		t.Fatal(day.Text())
	}
	pr.Post(o.path+"/check-in", apptest.Form{"from": "day"}).Is(http.StatusSeeOther)
	next := fmt.Sprintf("/desk/meetings/sessions/%d/next-call", o.meeting().SessionID)
	pr.Post(next, nil).Is(http.StatusSeeOther)
	o.state(meetings.Called)
	if pr.Post(next, nil).Status != http.StatusConflict {
		t.Error("somebody was called out of an empty queue")
	}
	wall := pr.Get("/desk/meetings/wall").Is(http.StatusOK)
	if !wall.Has(".wall-number") || strings.Contains(wall.Body, o.Canary) {
		t.Error("the wall shows no number, or a name")
	}
	bad := pr.Post(o.path+"/minutes", apptest.Form{"minutes": "Heard and noted", "people_met": "99", "from": "day"}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Doc().Find(fmt.Sprintf("#now-%d textarea", o.Meeting)).Text(), "Heard and noted") {
		t.Error("what was typed is lost")
	}
	pr.Post(o.path+"/minutes", apptest.Form{"minutes": "Heard and noted", "people_met": "۳", "from": "day"}).Is(http.StatusSeeOther)
	if m := o.meeting(); m.State != meetings.Held || m.PeopleMet != 3 {
		t.Errorf("%s, %d people", m.State, m.PeopleMet)
	}
	if sheet := pr.Get("/desk/meetings/day/sheet").Is(http.StatusOK); !strings.Contains(sheet.Text(), o.Canary) {
		t.Error("the list of the day does not name the visitor")
	}
	pr.Post(o.path+"/closure", apptest.Form{"reason": "We explained what can be done"}).To(o.path)
	o.state(meetings.Closed)
}

func TestAbsenceAndExcuse(t *testing.T) {
	o := newOffice(t)
	o.begin()
	pr := o.As("pr")
	pr.Post(o.path+"/absence", nil).To(o.path)
	o.state(meetings.Absent)
	pr.Post(o.path+"/excuse", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	pr.Post(o.path+"/excuse", apptest.Form{"reason": "In hospital"}).To(o.path)
	if o.meeting().Reason != "In hospital" {
		t.Error("the excuse is not kept")
	}
}

func TestBookingForACaller(t *testing.T) {
	o := newOffice(t)
	operator := o.As("operator")
	if page := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "123"}).Is(http.StatusOK); !page.Has("#who-error") {
		t.Error("a wrong number is not said to be wrong")
	}
	page := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "09351112233"}).Is(http.StatusOK)
	slot := page.Doc().Find("#slot option:not([value=''])").First().AttrOr("value", "")
	form := apptest.Form{
		"who": "09351112233", "executive": page.Doc().Find("#booking input[name=executive]").AttrOr("value", ""), "mobile": "09351112233",
		"name": "Caller", "national_id": "0499370899", "subject": "Gas for the village", "text": "", "channel": "phone", "slot": slot,
	}
	bad := operator.Post("/desk/meetings/new", form).Is(http.StatusUnprocessableEntity)
	if !bad.Has("#text-error") || bad.Doc().Find("#subject").AttrOr("value", "") != "Gas for the village" || bad.Doc().Find("#slot option[selected]").AttrOr("value", "") != slot {
		t.Error("what was typed is lost")
	}
	form["text"] = "Please connect us"
	form["once"], _ = page.Doc().Find(`#booking input[name="once"]`).Attr("value")
	done := operator.Post("/desk/meetings/new", form).Is(http.StatusSeeOther)
	if again := operator.Post("/desk/meetings/new", form).Is(http.StatusSeeOther); form["once"] == "" || again.Location != done.Location {
		t.Errorf("a form whose answer was lost is answered with %s", again.Location)
	}
	form["once"] = ""
	if booked := operator.Get(done.Header.Get("Location")).Is(http.StatusOK); !booked.Has(".code-text, code") || !strings.Contains(booked.Text(), "Caller") {
		t.Error(booked.Text())
	}
	if taken := operator.Post("/desk/meetings/new", form); taken.Status != http.StatusConflict && taken.Status != http.StatusTooManyRequests {
		t.Errorf("the same slot again: %d", taken.Status)
	}
	if found := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "09351112233"}); !found.Has(".booking-found form button") {
		t.Error("the caller is not found again")
	}
	operator.Post(o.path+"/approval", nil).Is(http.StatusForbidden)
}
