package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// second books another visitor into the same session and checks them in.
func (o *office) second() int64 {
	o.t.Helper()
	id := o.booked("09351112233", "0499370899")
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error { return meetings.CheckIn(ctx, tx, id) })
	return id
}

// booked books the next free slot of the meeting's session at the counter.
func (o *office) booked(mobile, nationalID string) int64 {
	o.t.Helper()
	operator := o.As("operator")
	page := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": mobile}).Is(http.StatusOK)
	done := operator.Post("/desk/meetings/new", apptest.Form{
		"who": mobile, "executive": page.Doc().Find("#booking input[name=executive]").AttrOr("value", ""), "mobile": mobile, "name": "Second", "national_id": nationalID,
		"subject": "Gas", "text": "Please", "channel": "in_person", "slot": page.Doc().Find("#slot option:not([value=''])").First().AttrOr("value", ""),
	}).Is(http.StatusSeeOther)
	var id int64
	if _, err := fmt.Sscanf(done.Location, "/desk/meetings/%d/booking", &id); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func TestAFullRoomOffersBothWaysOut(t *testing.T) {
	o := newOffice(t)
	o.begin()
	other := o.second()
	pr := o.As("pr")
	next := fmt.Sprintf("/desk/meetings/sessions/%d/next-call", o.Session)
	pr.Post(next, nil).Is(http.StatusSeeOther)
	o.state(meetings.Called)
	for _, path := range []string{next, fmt.Sprintf("/desk/meetings/%d/call", other)} {
		page := pr.Post(path, nil).Is(http.StatusConflict)
		notice := ".notice[role=alert]"
		if !page.Has(fmt.Sprintf("%s a[href='#now-%d']", notice, o.Meeting)) || !page.Has(fmt.Sprintf("%s form[action='%s/parking']", notice, o.path)) {
			t.Errorf("%s: %s", path, page.Doc().Find(notice).Text())
		}
	}
	pr.Post(o.path+"/parking", apptest.Form{"from": "day"}).Is(http.StatusSeeOther)
	o.state(meetings.CheckedIn)
	pr.Post(next, nil).Is(http.StatusSeeOther)
	o.state(meetings.CheckedIn) // the other one came first
	wall := pr.Get("/desk/meetings/wall").Is(http.StatusOK)
	if n := wall.Doc().Find(".wall-call").Length(); n != 1 {
		t.Errorf("%d numbers are called", n)
	}
}

func TestWallAndDayRefreshThemselves(t *testing.T) {
	o := newOffice(t)
	o.begin()
	pr := o.As("pr")
	for _, k := range []struct{ page, region, when string }{
		{fmt.Sprintf("/desk/meetings/wall?session=%d", o.Session), "#wall-live", "always"}, {"/desk/meetings/day", "#day-queue", "idle"},
	} {
		page := pr.Get(k.page).Is(http.StatusOK)
		region := page.Doc().Find(k.region)
		href := region.AttrOr("hx-get", "")
		if href == "" || !strings.HasPrefix(region.AttrOr("hx-trigger", ""), "every ") || region.AttrOr("data-poll", "") != k.when || !page.Has(k.region+" [data-stale][hidden]") {
			t.Fatalf("%s: %q", k.page, href)
		}
		if same := pr.Fragment(href).Is(http.StatusNoContent); same.Body != "" {
			t.Error("an answer without news is not empty")
		}
		o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
			if o.meeting().State == meetings.Called {
				return meetings.Park(ctx, tx, o.Meeting)
			}
			return meetings.Call(ctx, tx, o.Meeting)
		})
		news := pr.Fragment(href).Is(http.StatusOK)
		if !news.Has(k.region) || news.Has("html > body main") || news.Doc().Find(k.region).AttrOr("hx-get", "") == href {
			t.Errorf("%s: %s", k.page, news.Body)
		}
	}
	busy := pr.Post(o.path+"/minutes", apptest.Form{"minutes": "", "people_met": "1", "from": "day"})
	if busy.Has("#day-queue[hx-get]") {
		t.Error("a form that came back may be refreshed away")
	}
}

func TestADayToComeSaysThatItsActsOpenThen(t *testing.T) {
	o := newOffice(t)
	at := o.meeting().StartsAt
	if !at.After(o.Clock.Now().Add(12 * time.Hour)) {
		t.Fatal("the meeting is today; the test needs one to come")
	}
	page := o.As("pr").Get(o.As("pr").Get(o.path).Doc().Find("a[href^='/desk/meetings/day?']").AttrOr("href", "")).Is(http.StatusOK)
	if !page.Has(fmt.Sprintf("#meeting-%d", o.Meeting)) || page.Has("#day-queue[hx-get]") || page.Has("form[action$='/check-in']") || !strings.Contains(page.Text(), "این روز هنوز نرسیده است") {
		t.Error(page.Text())
	}
}

func TestARequestIsRefusedAndNotCancelled(t *testing.T) {
	o := newRequest(t)
	pr := o.As("pr")
	page := pr.Get(o.path).Is(http.StatusOK)
	if page.Has("form[action$='/cancellation']") || !page.Has("form[action$='/refusal']") {
		t.Error("a request that nobody approved can be cancelled")
	}
	pr.Post(o.path+"/cancellation", apptest.Form{"reason": "Away"}).Is(http.StatusConflict)
	o.state(meetings.Requested)
}

func TestAnEndWithoutOrderTellsTheCitizenWhy(t *testing.T) {
	o := newOffice(t)
	o.hold()
	o.Drain()
	before := len(o.Sent())
	pr := o.As("pr")
	page := pr.Post(o.path+"/closure", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#closure-reason-error") {
		t.Error(page.Text())
	}
	pr.Post(o.path+"/closure", apptest.Form{"reason": "We explained the way to go"}).To(o.path)
	o.Drain()
	sent := o.Sent()
	if len(sent) != before+1 || sent[before].Template != "sms.meeting.closed" {
		t.Errorf("told: %v", sent[before:])
	}
	if page := o.Tracker("meeting", o.Meeting).Get("/meeting").Is(http.StatusOK); !strings.Contains(page.Doc().Find(".state").Text(), "We explained the way to go") {
		t.Error(page.Text())
	}
}

func TestMinutesTellTheCitizenNothing(t *testing.T) {
	o := newOffice(t)
	o.begin()
	o.Drain()
	before := len(o.Sent())
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		if err := meetings.Call(ctx, tx, o.Meeting); err != nil {
			return err
		}
		return meetings.Finish(ctx, tx, o.Meeting, meetings.Minutes{Text: "heard", PeopleMet: 1})
	})
	o.Drain()
	if sent := o.Sent(); len(sent) != before {
		t.Errorf("told: %v", sent[before:])
	}
}

// The hint at other meetings looks at the national ID, too: people have several
// numbers.
func TestOtherMeetingsOfThePersonUnderAnotherNumber(t *testing.T) {
	o := newOffice(t)
	id := o.booked("09351112244", "0499370899")
	o.Advance(40 * 24 * time.Hour)
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Generate(ctx, tx)
		return err
	})
	again := o.booked("09361112255", "0499370899")
	page := o.As("pr").Get(fmt.Sprintf("/desk/meetings/%d", again)).Is(http.StatusOK)
	if !page.Has(fmt.Sprintf(".case-side a[href='/desk/meetings/%d']", id)) {
		t.Error(page.Doc().Find(".case-side").Text())
	}
}

func TestTheOfficerChoosesTheCitizenAndReadsOfficersWords(t *testing.T) {
	o := newOffice(t)
	operator := o.As("operator")
	found := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "0012345679"}).Is(http.StatusOK)
	form := found.Doc().Find(".booking-found form").First()
	if form.Find("button").Length() == 0 || form.Find("input[name=citizen]").AttrOr("value", "") != fmt.Sprint(o.Twin.Citizen) {
		t.Fatal(found.Text())
	}
	chosen := operator.Post("/desk/meetings/new/caller", apptest.Form{"who": "0012345679", "citizen": fmt.Sprint(o.Twin.Citizen)}).Is(http.StatusOK)
	if chosen.Doc().Find("#name").AttrOr("value", "") != o.Canary || chosen.Doc().Find("#mobile").AttrOr("value", "") == "" || !chosen.Has("#mobile[readonly]") {
		t.Error(chosen.Text())
	}
	bad := operator.Post("/desk/meetings/new", apptest.Form{"who": "09351112233", "executive": fmt.Sprint(o.Executive)}).Is(http.StatusUnprocessableEntity)
	for _, id := range []string{"mobile", "name", "national_id"} {
		if text := bad.Doc().Find("#" + id + "-error").Text(); !strings.Contains(text, "شهروند") || strings.Contains(text, "خود") {
			t.Errorf("%s: %q", id, text)
		}
	}
}
