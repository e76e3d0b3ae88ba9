package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
)

func TestVisitsArePlannedAndMoved(t *testing.T) {
	d := newDesk(t)
	a, b := d.disputed(), d.disputed()
	agent := d.As("followup")
	page := agent.Get("/desk/visits?view=unplanned").Is(http.StatusOK)
	if n := page.Doc().Find(`input[name="ids"]`).Length(); n != 2 {
		t.Fatalf("%d to plan: %s", n, page.Text())
	}
	me, _ := page.Doc().Find("#agent option[selected]").Attr("value")
	page = agent.PostValues("/desk/visits/plan", map[string][]string{"agent": {me}, "day": {"1405/13/40"}, "ids": {id(a.ID)}}).Is(http.StatusUnprocessableEntity)
	if v, _ := page.Doc().Find("#day").Attr("value"); persian.ToASCII(v) != "1405/13/40" || !page.Has("#day-error") || !page.Has(`input[name="ids"][value="`+id(a.ID)+`"][checked]`) {
		t.Errorf("not kept: %s", page.Text())
	}
	if page := agent.Post("/desk/visits/plan", apptest.Form{"agent": me, "day": "1405/09/02"}).Is(http.StatusUnprocessableEntity); !page.Has("#cases-error") {
		t.Errorf("nothing is planned without an error: %s", page.Text())
	}
	agent.PostValues("/desk/visits/plan", map[string][]string{"agent": {me}, "day": {"۱۴۰۵/۹/۲"}, "ids": {id(a.ID), id(b.ID)}}).Is(http.StatusSeeOther)
	const day = "?view=mine&day=1405/09/02"
	stops := func() []string {
		var ids []string
		agent.Get("/desk/visits" + day).Is(http.StatusOK).Doc().Find(".visit-card").Each(func(_ int, s *selection) {
			one, _ := s.Attr("id")
			ids = append(ids, one)
		})
		return ids
	}
	if got := stops(); len(got) != 2 || got[0] != "visit-"+id(a.ID) {
		t.Fatalf("the day is %v", got)
	}
	agent.Post(visitsOf(b, "move")+day, apptest.Form{"to": "earlier"}).Is(http.StatusSeeOther)
	if got := stops(); got[0] != "visit-"+id(b.ID) {
		t.Errorf("not moved: %v", got)
	}
	agent.Post(visitsOf(b, "unplanning")+day, nil).Is(http.StatusSeeOther)
	if got := stops(); len(got) != 1 {
		t.Errorf("not taken off: %v", got)
	}
	d.Drain()
	sent := d.Sent()
	if last := sent[len(sent)-1]; !strings.Contains(last.Text, "بازدید می‌کنیم") {
		t.Errorf("the citizen is not told: %s", last.Text)
	}
	if page := d.Tracker("complaint", a.ID).Get("/case").Is(http.StatusOK); !strings.Contains(page.Text(), "روز بازدید:") {
		t.Errorf("not on the citizen's page: %s", page.Text())
	}
}

func TestAVisitIsRecordedWithPhotosAndConfirmedByCode(t *testing.T) {
	d := newDesk(t)
	c := d.disputed()
	agent := d.As("followup")
	page := agent.Get(visitsOf(c, "")).Is(http.StatusOK)
	key, _ := page.Doc().Find("form[data-draft]").Attr("data-draft")
	if !strings.HasPrefix(key, "visit-"+id(c.ID)+"-1-") || !strings.Contains(page.Text(), "آسفالت ناقص است") {
		t.Fatalf("key %q: %s", key, page.Text())
	}
	before, after := photo(t), photo(t)
	before.Field, after.Field = "before", "after"
	page = agent.PostFile(visitsOf(c, "finding"), apptest.Form{"finding": "آسفالت کامل است."}, before).Is(http.StatusUnprocessableEntity)
	shelf, _ := page.Doc().Find(`input[name="shelf"]`).Attr("value")
	if shelf == "" || !page.Has("#resolved-error") || page.Doc().Find("#finding").Text() != "آسفالت کامل است." {
		t.Fatalf("not kept: %s", page.Text())
	}
	send := func() *apptest.Page {
		return agent.PostFile(visitsOf(c, "finding"), apptest.Form{"finding": "آسفالت کامل است.", "resolved": "yes", "shelf": shelf}, after)
	}
	send().To(visitsOf(c, ""))
	shelf = ""
	send().To(visitsOf(c, "")) // the phone did not hear the answer and sends again
	page = agent.Get(visitsOf(c, "")).Is(http.StatusOK)
	if done, _ := page.Doc().Find("[data-draft-done]").Attr("data-draft-done"); done != key {
		t.Errorf("the draft stays on the phone: %q", done)
	}
	names := page.Doc().Find(".attachments, .attachment").Text()
	if d.publicFiles(c) != 2 || !strings.Contains(names, "پیش از کار") || !strings.Contains(names, "پس از کار") {
		t.Errorf("%d photos: %s", d.publicFiles(c), names)
	}
	agent.Post(visitsOf(c, "code"), nil).To(visitsOf(c, ""))
	if page := agent.Post(visitsOf(c, "code"), nil).Is(http.StatusTooManyRequests); !page.Has("#confirm") {
		t.Error("the page is gone")
	}
	d.Drain()
	sent := d.Sent()
	if last := sent[len(sent)-1]; !strings.Contains(last.Text, "مأمور بازدید") || last.To != "+989121112233" {
		t.Errorf("the code's text: %s to %s", last.Text, last.To)
	}
	digits := d.Code("alpha", "09121112233")
	wrong := "111111"
	if digits == wrong {
		wrong = "222222"
	}
	if page := agent.Post(visitsOf(c, "confirmation"), apptest.Form{"code": wrong}).Is(http.StatusUnprocessableEntity); !page.Has("#code-error") {
		t.Errorf("no error: %s", page.Text())
	}
	agent.Post(visitsOf(c, "confirmation"), apptest.Form{"code": digits}).To(visitsOf(c, ""))
	if s := d.state(c); s != complaints.Closed {
		t.Errorf("state %s", s)
	}
}

func TestADenialRefersAgain(t *testing.T) {
	d := newDesk(t)
	c := d.visited()
	agent := d.As("followup")
	if page := agent.Post(visitsOf(c, "denial"), apptest.Form{}).Is(http.StatusUnprocessableEntity); !page.Has("#reason-error") {
		t.Errorf("no error: %s", page.Text())
	}
	agent.Post(visitsOf(c, "denial"), apptest.Form{"reason": "هنوز نشست دارد"}).To(visitsOf(c, ""))
	if s := d.state(c); s != complaints.Referred {
		t.Errorf("state %s", s)
	}
}

func TestVisitAndCallStatements(t *testing.T) {
	d := newDesk(t)
	feedback, agent := d.As("feedback"), d.As("followup")
	ask := func(c *apptest.Client, address string) int {
		return d.statements(func() { c.Get(address).Is(http.StatusOK) })
	}
	ask(feedback, "/desk/calls")
	ask(agent, "/desk/visits?view=unplanned")
	emptyCalls, emptyVisits := ask(feedback, "/desk/calls"), ask(agent, "/desk/visits?view=unplanned")
	d.answered()
	d.disputed()
	d.answered()
	if full := ask(feedback, "/desk/calls"); full != emptyCalls || full > 8 {
		t.Errorf("the calls take %d statements empty and %d full", emptyCalls, full)
	}
	if full := ask(agent, "/desk/visits?view=unplanned"); full != emptyVisits || full > 8 {
		t.Errorf("the visits take %d statements empty and %d full", emptyVisits, full)
	}
}
