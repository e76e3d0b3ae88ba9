package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// come lets the day of the meeting begin; nobody is checked in.
func (o *office) come() {
	o.t.Helper()
	o.App.Advance(o.meeting().StartsAt.Sub(o.Clock.Now()))
}

func TestArrivalByCodeOrByTheAddressOfTheQR(t *testing.T) {
	const path = "/desk/meetings/arrivals"
	for name, typed := range map[string]func(code string) string{
		"code":    strings.ToLower,
		"address": func(code string) string { return "http://alpha.localhost/track?code=" + code },
	} {
		o := newOffice(t)
		pr := o.As("pr")
		if page := pr.Post(path, apptest.Form{"code": typed(o.MeetingCode)}).Is(http.StatusUnprocessableEntity); !page.Has("[role=alert]") {
			t.Errorf("%s: before the day: %s", name, page.Text())
		}
		o.come()
		pr = o.As("pr")
		if page := o.Tracker("meeting", o.Meeting).Get("/meeting").Is(http.StatusOK); !page.Has(".door-code svg.qr") {
			t.Error("the citizen has no code to show")
		}
		done := pr.Post(path, apptest.Form{"code": typed(o.MeetingCode)}).To(fmt.Sprintf("%s?done=%d", path, o.Meeting))
		o.state(meetings.CheckedIn)
		if page := pr.Get(done.Location).Is(http.StatusOK); !page.Has(".arrived-number") {
			t.Error(page.Text())
		}
		if page := o.Tracker("meeting", o.Meeting).Get("/meeting").Is(http.StatusOK); page.Has(".door-code") || !strings.Contains(page.Text(), "نوبت شماست") {
			t.Error(page.Text())
		}
		pr.Post(path, apptest.Form{"code": typed(o.MeetingCode)}).Is(http.StatusUnprocessableEntity)
		pr.Post(path, apptest.Form{"code": "nonsense"}).Is(http.StatusUnprocessableEntity)
		o.As("expert").Get(path).Is(http.StatusForbidden)
	}
}

func TestWalkInGetsASlip(t *testing.T) {
	o := newOffice(t)
	o.come()
	path := fmt.Sprintf("/desk/meetings/sessions/%d/walk-in", o.meeting().SessionID)
	pr := o.As("pr")
	if page := pr.Post(path, apptest.Form{"mobile": "09121234567"}).Is(http.StatusUnprocessableEntity); !page.Has("#national_id-error") || !page.Has("#subject-error") {
		t.Error(page.Text())
	}
	slip := pr.Post(path, apptest.Form{"mobile": "09123456789", "national_id": "0499370899", "name": "زهرا محمدی", "subject": "قطع گاز", "companions": "۱"}).Is(http.StatusSeeOther).Location
	if page := pr.Get(slip).Is(http.StatusOK); !page.Has("svg.qr") || !page.Has(".slip-number") {
		t.Error(page.Body)
	}
	found := pr.Post(path+"/caller", apptest.Form{"who": "09123456789"}).Is(http.StatusOK)
	chosen := found.Doc().Find("input[name=citizen][checked]").AttrOr("value", "")
	if !strings.Contains(found.Text(), "زهرا محمدی") || chosen == "" || strings.Contains(found.Body, "0499370899") || strings.Contains(found.Body, "۰۴۹۹۳۷۰۸۹۹") {
		t.Error("a known person is not found, or the whole national ID is shown")
	}
	if page := pr.Get(path + "?who=09123456789").Is(http.StatusOK); strings.Contains(page.Text(), "زهرا محمدی") {
		t.Error("a number in the address is looked up")
	}
	known := apptest.Form{"who": "09123456789", "citizen": chosen, "subject": "دوباره"}
	pr.Post(path, known).Is(http.StatusConflict) // the same person, by their number alone
	known["who"] = "09121110000"
	if page := pr.Post(path, known).Is(http.StatusUnprocessableEntity); !page.Has("#citizen-error") {
		t.Error("somebody is chosen who was not found")
	}
	pr.Post(path, apptest.Form{"mobile": "09123456789", "national_id": "0499370899", "subject": "دوباره"}).Is(http.StatusConflict)
}

// A press that is sent again, because its answer was lost, is done once.
func TestSamePressIsDoneOnce(t *testing.T) {
	o := newOffice(t)
	o.come()
	pr := o.As("pr")
	press := apptest.Form{"from": "day", "act_key": "11111111-2222"}
	for range 2 {
		pr.Post(o.path+"/check-in", press).Is(http.StatusSeeOther)
	}
	o.state(meetings.CheckedIn)
	pr.Post(o.path+"/check-in", apptest.Form{"from": "day", "act_key": "11111111-3333"}).Is(http.StatusConflict)
	pr.Post(o.path+"/turn", apptest.Form{"from": "day", "move": ""}).Is(http.StatusUnprocessableEntity)
	pr.Post(o.path+"/turn", apptest.Form{"from": "day", "move": "first", "reason": "بیمار"}).Is(http.StatusConflict) // nobody before
}

func TestMinutesAreKeptLockedAndAddedTo(t *testing.T) {
	o := newOffice(t)
	o.As("admin").Post("/desk/organization/minutes", apptest.Form{"template": "خواسته {visitor}:", "walk_in_room": "۳"}).To("/desk/organization/minutes")
	o.begin()
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error { return meetings.Call(ctx, tx, o.Meeting) })
	pr, path := o.As("office"), o.path+"/minutes"
	if page := pr.Get(path).Is(http.StatusOK); !strings.HasPrefix(page.Doc().Find("textarea[name=minutes]").Text(), "خواسته ") {
		t.Error("the template is not there: " + page.Text())
	}
	pr.Post(path+"/draft", apptest.Form{"minutes": "نیمه", "people_met": "2"}).To(path)
	if page := pr.Get(path).Is(http.StatusOK); page.Doc().Find("textarea[name=minutes]").Text() != "نیمه" {
		t.Error("the draft is gone")
	}
	pr.Post(o.path+"/end", nil).To(o.path)
	o.state(meetings.Held)
	pr.Get(path + "/sheet").Is(http.StatusNotFound)
	pr.Post(path, apptest.Form{"minutes": "", "people_met": "2"}).Is(http.StatusUnprocessableEntity)
	pr.Post(path, apptest.Form{"minutes": "تمام", "people_met": "2"}).To(o.path)
	pr.Post(path, apptest.Form{"minutes": "دیگر", "people_met": "2"}).Is(http.StatusConflict)
	pr.Post(path+"/draft", apptest.Form{"minutes": "دیگر"}).Is(http.StatusConflict)
	pr.Post(path+"/notes", apptest.Form{"text": ""}).Is(http.StatusUnprocessableEntity)
	pr.Post(path+"/notes", apptest.Form{"text": "نام درست: بهار"}).To(path)
	page := pr.Get(path).Is(http.StatusOK)
	if page.Has("textarea[name=minutes]") || !strings.Contains(page.Text(), "نام درست: بهار") {
		t.Error(page.Text())
	}
	if sheet := pr.Get(path + "/sheet").Is(http.StatusOK); !strings.Contains(sheet.Text(), "تمام") || !strings.Contains(sheet.Text(), "نام درست") {
		t.Error(sheet.Text())
	}
}

func TestExecutiveSeesTheFileOfWhoIsInTheRoom(t *testing.T) {
	o := newOffice(t)
	o.come()
	ceo := o.As("ceo")
	ceo.Get("/executive/today").Is(http.StatusOK)
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		if err := meetings.CheckIn(ctx, tx, o.Meeting); err != nil {
			return err
		}
		return meetings.Call(ctx, tx, o.Meeting)
	})
	page := ceo.Get("/executive/today").Is(http.StatusOK)
	if !page.Has(".today-card") || !page.Has(fmt.Sprintf("form[action='%s/end']", o.path)) {
		t.Error(page.Text())
	}
	ceo.Post(o.path+"/end", apptest.Form{"from": "today"}).To("/executive/today")
	o.state(meetings.Held)
	o.As("expert").Get("/executive/today").Is(http.StatusForbidden)
}
