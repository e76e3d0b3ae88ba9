package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// byWorkingHours has all classes count working hours.
func (d *desk) byWorkingHours() {
	d.t.Helper()
	d.Do(d.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		classes, err := tenants.SLAClasses(ctx, tx)
		for _, c := range classes {
			if err == nil {
				c.Hours, c.FirstActionMinutes = "working", 0
				_, err = tenants.Revise(ctx, tx, c.ID, c)
			}
		}
		return err
	})
	db := d.DB(d.t)
	topics, err := tenants.Topics(d.t.Context(), db)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, topic := range topics {
		d.topic[topic.Code] = topic
	}
	db.Release()
}

func (d *desk) promised(c *complaints.Complaint) time.Time {
	d.t.Helper()
	db := d.Root.For(d.A)
	defer db.Release()
	fresh, err := complaints.Plain(d.t.Context(), db, c.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return fresh.PromisedAt
}

func TestAClosureIsPreviewedThenEntered(t *testing.T) {
	d := newDesk(t)
	d.byWorkingHours()
	c := d.file()
	was := d.promised(c)
	manager := d.As("manager")
	typed := apptest.Form{"day": "1405/09/01", "name_fa": "برف"} // Sunday, tomorrow
	if page := manager.Post("/desk/organization/closures", apptest.Form{"day": "1405/08/29", "from": "25:00"}).Is(http.StatusUnprocessableEntity); !page.Has("#from-error") {
		t.Error("no error beside a broken hour")
	}
	if page := manager.Post("/desk/organization/closures", apptest.Form{"day": "1405/08/29", "name_fa": "برف"}).Is(http.StatusUnprocessableEntity); !page.Has("#day-error") {
		t.Error("a closure of the past is taken")
	}
	page := manager.Post("/desk/organization/closures", typed).Is(http.StatusOK)
	if !page.Has("#preview") || !page.Has(`#preview a[href="`+path(c, "")+`"]`) || !d.promised(c).Equal(was) {
		t.Fatalf("no preview, or entered at once: %s", page.Text())
	}
	seal, _ := page.Doc().Find(`input[name="seal"]`).Attr("value")
	other := apptest.Form{"day": "1405/09/02", "name_fa": "برف", "seal": seal}
	if page := manager.Post("/desk/organization/closures", other).Is(http.StatusOK); !page.Has("#preview") {
		t.Error("what was not previewed is entered")
	}
	typed["seal"] = seal
	manager.Post("/desk/organization/closures", typed).To("/desk/organization/closures")
	d.Drain()
	if now := d.promised(c); !now.After(was) {
		t.Errorf("the promise stays at %s", now)
	}
	page = manager.Get("/desk/organization/closures").Is(http.StatusOK)
	remove, ok := page.Doc().Find(`#coming a[href$="/removal"]`).Attr("href")
	if !ok {
		t.Fatal("the closure cannot be removed")
	}
	if page := manager.Get(remove).Is(http.StatusOK); !page.Has("#preview li") {
		t.Error("removal does not say what moves")
	}
	manager.Post(remove, nil).To("/desk/organization/closures")
	d.Drain()
	if now := d.promised(c); !now.Equal(was) {
		t.Errorf("the promise is %s, was %s", now, was)
	}
	manager.Post(remove, nil).Is(http.StatusNotFound)
	d.As("head").Get("/desk/organization/closures").Is(http.StatusForbidden)
}

func TestAWorkingWeekIsPreviewedThenEntered(t *testing.T) {
	d := newDesk(t)
	d.byWorkingHours()
	c := d.file()
	was := d.promised(c)
	admin := d.As("admin")
	page := admin.Get("/desk/organization/calendar").Is(http.StatusOK)
	if v, _ := page.Doc().Find("#day_0").Attr("value"); v != "07:30-14:30" {
		t.Fatalf("Saturday is %q", v)
	}
	form := apptest.Form{"from_day": "1405/09/01", "day_0": "8-12, 13-15", "day_1": "8-10", "day_2": "8-10", "day_3": "8-10", "day_4": "8-10", "day_5": "۸ تا ۹"}
	broken := apptest.Form{"from_day": "1405/08/30", "day_0": "12-8"}
	if page := admin.Post("/desk/organization/calendar/weeks", broken).Is(http.StatusUnprocessableEntity); !page.Has("#day_0-error") {
		t.Error("no error beside a broken day")
	} else if v, _ := page.Doc().Find("#day_0").Attr("value"); v != "12-8" {
		t.Error("what was typed is lost")
	}
	page = admin.Post("/desk/organization/calendar/weeks", form).Is(http.StatusOK)
	seal, ok := page.Doc().Find(`input[name="seal"]`).Attr("value")
	if !ok {
		t.Fatalf("no preview: %s", page.Text())
	}
	form["seal"] = seal
	admin.Post("/desk/organization/calendar/weeks", form).To("/desk/organization/calendar")
	d.Drain()
	if now := d.promised(c); !now.After(was) {
		t.Errorf("the promise stays at %s", now)
	}
	if page := admin.Get("/desk/organization/calendar").Is(http.StatusOK); page.Doc().Find(".week-versions > li").Length() != 2 {
		t.Error("the versions are not shown")
	}
}

func TestUnitsThatWorkRoundTheClock(t *testing.T) {
	d := newDesk(t)
	admin := d.As("admin")
	admin.Post("/desk/organization/calendar/round-the-clock", apptest.Form{"units": id(d.units["safety"].ID)}).To("/desk/organization/calendar")
	page := admin.Get("/desk/organization/calendar").Is(http.StatusOK)
	if page.Doc().Find(`input[name="units"][checked]`).Length() != 1 {
		t.Error("the unit is not kept")
	}
}

const holidayFile = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261229\r\nSUMMARY:روز نمونه\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:b\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:بی‌تاریخ\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestHolidaysAreTriedThenEntered(t *testing.T) {
	d := newDesk(t)
	admin := d.As("admin")
	admin.Get("/desk/organization/holidays?year=1405").Is(http.StatusOK)
	trial := admin.PostFile("/desk/organization/holidays/trial", nil, apptest.File{Field: "file", Name: "x.ics", Type: "text/calendar", Content: []byte(holidayFile)}).Is(http.StatusOK)
	if trial.Doc().Find("#trial tbody tr").Length() != 2 {
		t.Fatalf("%s", trial.Text())
	}
	if page := admin.Get("/desk/organization/holidays?year=1405").Is(http.StatusOK); strings.Contains(page.Text(), "روز نمونه") {
		t.Fatal("a trial enters")
	}
	lines, _ := trial.Doc().Find(`input[name="lines"]`).Attr("value")
	admin.Post("/desk/organization/holidays", apptest.Form{"lines": lines}).To("/desk/organization/holidays?year=1405")
	if page := admin.Get("/desk/organization/holidays?year=1405").Is(http.StatusOK); !strings.Contains(page.Text(), "روز نمونه") {
		t.Error("not entered")
	}
	if page := admin.Post("/desk/organization/holidays", apptest.Form{"lines": lines}).Is(http.StatusUnprocessableEntity); !page.Has("#file-error") {
		t.Error("entered twice")
	}
	for name, content := range map[string][]byte{"empty": nil, "binary": {0xff, 0xfe, 0}, "cut": []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "large": make([]byte, tenants.MaxHolidayFile+1)} {
		page := admin.PostFile("/desk/organization/holidays/trial", nil, apptest.File{Field: "file", Name: "x.csv", Type: "text/csv", Content: content}).Is(http.StatusUnprocessableEntity)
		if !page.Has("#file-error") {
			t.Errorf("%s: no error beside the file", name)
		}
	}
	if page := d.AsAt("beta", "admin").Get("/desk/organization/holidays?year=1405").Is(http.StatusOK); strings.Contains(page.Text(), "روز نمونه") {
		t.Error("another organization has the holiday")
	}
}

func TestAClassIsRevised(t *testing.T) {
	d := newDesk(t)
	c := d.referred()
	admin := d.As("admin")
	page := admin.Get("/desk/organization/classes").Is(http.StatusOK)
	form, ok := page.Doc().Find(`a[href*="/desk/organization/classes/"]`).First().Attr("href")
	if !ok {
		t.Fatal("no class")
	}
	fields := apptest.Form{}
	admin.Get(form).Is(http.StatusOK).Doc().Find("form input, form select").Each(func(_ int, s *selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		if s.Is("select") {
			value, _ = s.Find("option[selected]").Attr("value")
		}
		if name != "_csrf" && (!s.Is(`[type="radio"]`) || s.Is("[checked]")) {
			fields[name] = value
		}
	})
	fields["respond"], fields["rung_0_role"] = "x", ""
	again := admin.Post(form+"/revision", fields).Is(http.StatusUnprocessableEntity)
	if v, _ := again.Doc().Find("#respond").Attr("value"); !again.Has("#respond-error") || v != "x" {
		t.Errorf("%s", again.Text())
	}
	fields["respond"], fields["respond_unit"] = "3", "day"
	fields["rung_1_role"], fields["rung_1_points"], fields["rung_1_channel"] = "executive", "7", "desk"
	admin.Post(form+"/revision", fields).To("/desk/organization/classes")
	admin.Post(form+"/revision", fields).Is(http.StatusConflict)
	db := d.Root.For(d.A)
	defer db.Release()
	fresh, err := complaints.Plain(t.Context(), db, c.ID)
	if err != nil || fresh.SLAClassID != c.SLAClassID {
		t.Error("the class of a case has changed")
	}
	classes, err := tenants.SLAClasses(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, k := range classes {
		found = found || k.Version == 2 && k.RespondMinutes == 3*1440 && len(k.Rungs) == 1 && k.Rungs[0].Role == "executive" && k.Rungs[0].Points == 7 && k.Rungs[0].Silent()
	}
	if !found {
		t.Errorf("%+v", classes)
	}
}
