package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// One session is run from a telephone; every act leads back to it.
func TestStationRunsASession(t *testing.T) {
	o := newOffice(t)
	o.come()
	pr := o.As("pr")
	const path = "/desk/meetings/station"
	if page := pr.Get(path).Is(http.StatusOK); !page.Has("form[action='" + o.path + "/check-in']") {
		t.Error(page.Text())
	}
	pr.Post("/desk/meetings/arrivals", apptest.Form{"code": o.MeetingCode, "from": "station"}).To(path)
	o.state(meetings.CheckedIn)
	if page := pr.Get(path); !page.Has("form[action$='/next-call']") {
		t.Error(page.Text())
	}
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error { return meetings.Call(ctx, tx, o.Meeting) })
	if page := pr.Get(path); !page.Has(".station-now form[action='" + o.path + "/end']") {
		t.Error(page.Text())
	}
	pr.Post(o.path+"/end", apptest.Form{"from": "station"}).To(path)
	o.state(meetings.Held)
	o.As("expert").Get(path).Is(http.StatusForbidden)
}

// The executive calls the next one into their own room, and nobody below does.
func TestExecutiveCallsTheNextOne(t *testing.T) {
	o := newOffice(t)
	o.begin()
	path := fmt.Sprintf("/executive/sessions/%d/next-call", o.meeting().SessionID)
	ceo := o.As("ceo")
	if page := ceo.Get("/executive/today").Is(http.StatusOK); !page.Has("form[action='"+path+"']") || !page.Has("#today-live[hx-get]") {
		t.Error(page.Text())
	}
	o.As("expert").Post(path, nil).Is(http.StatusForbidden)
	ceo.Post(path, nil).Is(http.StatusSeeOther)
	o.state(meetings.Called)
	if page := ceo.Get("/executive/today"); page.Has("form[action='" + path + "']") {
		t.Error("a second one may be called into a full room")
	}
	ceo.Post(path, nil).Is(http.StatusSeeOther)
}
