package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
)

// Of a confidential inspection its unit never hears, whatever follows from it: a
// violation, its decision, an action. Of an open one it does, and the inspector
// is reminded of what is due.
func TestWhoIsToldOfInspections(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	inspector, head := app.As("inspector"), app.As("head")
	unit, me := app.Staff(app.A, "head").UnitID, app.Staff(app.A, "inspector").ID
	told := map[string][]string{}
	seen := 0
	drain := func() {
		app.Drain()
		for _, m := range app.Sent()[seen:] {
			told[m.To] = append(told[m.To], m.Template)
			seen++
		}
	}
	has := func(list []string, words string) bool {
		return slices.ContainsFunc(list, func(text string) bool { return strings.Contains(text, words) })
	}
	const inspectors, heads = "+989120000113", "+989120000105"
	secret := func() {
		path := inspector.Post("/desk/inspections", apptest.Form{
			"unit": fmt.Sprint(unit), "day": "1405/08/30", "kind": "confidential", "inspector": fmt.Sprint(me), "checklist": "0",
		}).Is(http.StatusSeeOther).Header.Get("Location")
		drain()
		app.Advance(24 * time.Hour) // Sunday morning
		inspector = app.As("inspector")
		drain()
		page := inspector.Get(path).Is(http.StatusOK)
		inspector.PostValues(path+"/report", answers(page, "no")).To(path)
		form := apptest.Form{"unit": fmt.Sprint(unit), "kind": "conduct", "severity": "minor", "text": "تندی", "visit": strings.TrimPrefix(path, "/desk/inspections/")}
		file := inspector.Post("/desk/violations", form).Is(http.StatusSeeOther).Header.Get("Location")
		inspector.Post(file+"/hearing", apptest.Form{"hearing": "نپذیرفت"}).To(file)
		inspector.Post(file+"/decision", apptest.Form{"decision": "upheld", "measure": "تذکر"}).To(file)
		drain()
	}
	secret()
	if list := told[heads]; len(list) != 0 {
		t.Fatalf("the unit was told of a confidential inspection: %v", list)
	}
	if !has(told[inspectors], "inspection.overdue") {
		t.Errorf("the inspector was not reminded: %v", told)
	}
	open := func() {
		path := inspector.Post("/desk/inspections", apptest.Form{
			"unit": fmt.Sprint(unit), "day": "1405/09/03", "kind": "open", "inspector": fmt.Sprint(me), "checklist": "0",
		}).Is(http.StatusSeeOther).Header.Get("Location")
		app.Advance(48 * time.Hour)
		inspector, head = app.As("inspector"), app.As("head")
		drain()
		page := inspector.Get(path).Is(http.StatusOK)
		inspector.PostValues(path+"/report", answers(page, "no")).To(path)
		drain()
		head.Get(path).Is(http.StatusOK)
		head.Post(path+"/answer", apptest.Form{"answer": "درست می‌شود"}).To(path)
		drain()
	}
	open()
	if !has(told[heads], "inspection.reported") || !has(told[inspectors], "inspection.answered") || !has(told[inspectors], "inspection.due") {
		t.Errorf("heads %v, inspectors %v", told[heads], told[inspectors])
	}
}
