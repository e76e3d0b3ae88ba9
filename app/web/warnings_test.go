package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// A warning is listed with its method in words, leads to its cases, is seen to,
// and its thresholds keep what was typed when they are out of bounds.
func TestWarningsPages(t *testing.T) {
	app := apptest.New(t)
	a := app.Twin(app.A)
	var id int64
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		c, err := complaints.Plain(ctx, tx, a.Complaint)
		if err != nil {
			return err
		}
		now := tx.Now()
		w := &quality.Warning{
			ID: tenants.NewID(), Kind: quality.Spike, Dimension: quality.Topic, SubjectID: c.TopicID, Observed: 12, Expected: 15, Strong: true, FromAt: now.AddDate(0, 0, -1), UntilAt: now.AddDate(0, 0, 1),
			Series: quality.Series{Days: []string{"2026-11-20", "2026-11-21"}, Observed: []int{1, 12}, Usual: []int{1, 2}}, State: quality.Open, RaisedAt: now, SeenAt: now, Version: 1,
		}
		id = w.ID
		if err := tx.Insert(ctx, w); err != nil {
			return err
		}
		return tx.Enqueue(ctx, quality.KindRaised, quality.Raised{WarningIDs: []int64{id}})
	})
	desk := app.As("manager")
	path := fmt.Sprintf("/desk/warnings/%d", id)
	list := desk.Get("/desk/warnings")
	if !list.Has(`a[href="`+path+`"]`) || !list.Has("#nav-warnings") {
		t.Error(list.Text())
	}
	page := desk.Get(path)
	if !page.Has("svg") || !strings.Contains(page.Text(), a.Canary) {
		t.Errorf("no chart, or not its cases: %s", page.Text())
	}
	desk.Post(path+"/closure", apptest.Form{"note": ""}).Is(422)
	desk.Post(path+"/assignment", apptest.Form{"staff": fmt.Sprint(app.Staff(app.A, "inspector").ID), "note": "ببینید"}).To(path)
	desk.Post(path+"/closure", apptest.Form{"note": "رسیدگی شد"}).To(path)
	desk.Post(path+"/closure", apptest.Form{"note": "دوباره"}).Is(409)
	again := desk.Post("/desk/warnings/rules", apptest.Form{"spike_least": "99999", "roles": "inspector"}).Is(422)
	if typed, _ := again.Doc().Find("#spike_least").Attr("value"); persian.ToASCII(typed) != "99999" {
		t.Errorf("what was typed is gone: %q", typed)
	}
	form := apptest.Form{"roles": "inspector"}
	for field, b := range quality.Bounds() {
		form[field] = fmt.Sprint(b.Most)
	}
	desk.Post("/desk/warnings/rules", form).To("/desk/warnings/rules")
	app.As("expert").Get("/desk/warnings").Is(403)
}
