package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

func TestTheRankingOfAPeriod(t *testing.T) {
	d := newDesk(t)
	c := d.late() // network lost a point
	manager := d.As("manager")
	page := manager.Get("/desk/ranking").Is(http.StatusOK)
	if n := page.Doc().Find("#ranking tbody tr").Length(); n != 4 {
		t.Fatalf("%d units", n)
	}
	if !page.Has(`#worst a[href="`+path(c, "")+`"]`) || page.Has("#ranking [data-own]") {
		t.Errorf("%s", page.Text())
	}
	for _, period := range []string{"1405-08", "1405-s3", "1405", "1404"} {
		if page := manager.Get("/desk/ranking?period=" + period).Is(http.StatusOK); strings.Contains(page.Body, "‹") {
			t.Errorf("%s: a text is missing", period)
		}
		manager.Get("/desk/ranking/sheet?period=" + period).Is(http.StatusOK)
	}
	for _, period := range []string{"x", "1405-13", "1405-s5", "1499", "1405-s", "-"} {
		manager.Get("/desk/ranking?period=" + period).Is(http.StatusNotFound)
	}
	d.As("expert").Get("/desk/ranking").Is(http.StatusForbidden)
}

func TestAUnitHeadSeesTheOwnUnitInTheRanking(t *testing.T) {
	d := newDesk(t)
	c := d.late()
	page := d.As("head").Get("/desk/ranking").Is(http.StatusOK)
	if page.Doc().Find("#ranking [data-own]").Length() != 1 || page.Doc().Find("#ranking tbody tr").Length() != 4 || !page.Has(`#worst a[href="`+path(c, "")+`"]`) {
		t.Errorf("%s", page.Text())
	}
	d.Advance(11 * 60 * 60 * 1e9) // of the limit of sign-ins, too
	other := d.As("expert.service").Get("/desk/ranking?unit=" + id(d.units["network"].ID)).Is(http.StatusOK)
	if strings.Contains(other.Body, c.Code) || other.Has(`a[href="`+path(c, "")+`"]`) {
		t.Error("another unit's cases are shown")
	}
}

func TestTheRankingTakesTheSameStatementsHoweverMuchThereIs(t *testing.T) {
	d := newDesk(t)
	d.late()
	ask := func() int {
		manager := d.As("manager") // sessions end as time goes on
		manager.Get("/desk/ranking").Is(http.StatusOK)
		return d.statements(func() { manager.Get("/desk/ranking").Is(http.StatusOK) })
	}
	few := ask()
	for range 6 {
		d.late()
	}
	if many := ask(); many != few || many > 26 {
		t.Errorf("%d statements with one case, %d with seven", few, many)
	}
}

func TestAnObjectionAndItsDecision(t *testing.T) {
	d := newDesk(t)
	d.late()
	head, manager := d.As("head"), d.As("manager")
	page := head.Get("/desk/scores").Is(http.StatusOK)
	action, ok := page.Doc().Find(`#ledger form[action$="/objection"]`).First().Attr("action")
	if !ok {
		t.Fatalf("nothing to object to: %s", page.Text())
	}
	if again := head.Post(action, apptest.Form{"text": " "}).Is(http.StatusUnprocessableEntity); !again.Has("#ledger details[open] .error") {
		t.Error("no error beside the text")
	}
	manager.Post(action, apptest.Form{"text": "از ما نیست"}).Is(http.StatusForbidden)
	d.AsAt("beta", "head").Post(action, apptest.Form{"text": "از ما نیست"}).Is(http.StatusNotFound)
	head.Post(action, apptest.Form{"text": "جاده بسته بود."}).To("/desk/scores")
	head.Post(action, apptest.Form{"text": "باز هم"}).Is(http.StatusConflict)
	if page := head.Get("/desk/scores").Is(http.StatusOK); !strings.Contains(page.Text(), "جاده بسته بود.") || page.Has("#objections form") {
		t.Errorf("%s", page.Text())
	}
	d.Drain()
	told := false
	for _, m := range d.Sent() {
		told = told || m.Template == "sms.score.objected"
	}
	if !told {
		t.Error("the manager was not told")
	}
	page = manager.Get("/desk/scores").Is(http.StatusOK)
	decide, ok := page.Doc().Find(`#objections form`).Attr("action")
	if !ok {
		t.Fatalf("nothing to decide: %s", page.Text())
	}
	if again := manager.Post(decide, apptest.Form{"decision": "upheld", "reason": ""}).Is(http.StatusUnprocessableEntity); !again.Has("#objections .error") {
		t.Error("no error beside the reason")
	}
	manager.Post(decide, apptest.Form{"decision": "reversed", "reason": "درست است."}).To("/desk/scores")
	after := manager.Get("/desk/scores").Is(http.StatusOK)
	if after.Has("#objections") || !strings.Contains(after.Text(), "درست است.") {
		t.Errorf("%s", after.Text())
	}
	manager.Post(decide, apptest.Form{"decision": "upheld", "reason": "نه"}).Is(http.StatusConflict)
}

func TestCasesWithoutAClockAreTheManagersList(t *testing.T) {
	d := newDesk(t)
	d.late()
	manager := d.As("manager")
	if page := manager.Get("/desk?tab=stuck").Is(http.StatusOK); !page.Has(".empty") {
		t.Errorf("%s", page.Text())
	}
	if page := d.As("pr").Get("/desk").Is(http.StatusOK); page.Has(`a[href="/desk?tab=stuck"]`) {
		t.Error("the officer has the manager's list")
	}
}

// Beside the deadlines stand inspection, conduct and the whole, on the page, on
// paper and in the table.
func TestTheRankingHasQuality(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	app.Twin(app.A)
	manager := app.As("manager")
	page := manager.Get("/desk/ranking").Is(http.StatusOK)
	if !page.Has("#ranking-quality") || !strings.Contains(page.Doc().Find("#ranking-quality").Text(), "۵۰٪") {
		t.Error("the result of the inspection is missing")
	}
	manager.Get("/desk/ranking/sheet").Is(http.StatusOK)
	table := manager.Get("/desk/ranking/table").Is(http.StatusOK)
	if lines := strings.Split(strings.TrimSpace(table.Body), "\n"); len(lines) < 3 || strings.Count(lines[0], ",") != 11 {
		t.Errorf("%.300s", table.Body)
	}
}
