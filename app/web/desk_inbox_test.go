package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
)

func TestInboxOpensWhereTheWorkBegins(t *testing.T) {
	d := newDesk(t)
	d.file()
	for user, tab := range map[string]string{"pr": "جدید", "expert": "واحد من", "feedback": "بازخورد", "followup": "پیگیری ویژه", "inspector": "واحد من"} {
		page := d.As(user).Get("/desk").Is(http.StatusOK)
		if got := page.Doc().Find(".tabs [aria-current]").Text(); !strings.Contains(got, tab) {
			t.Errorf("%s begins at %q, want %q", user, strings.TrimSpace(got), tab)
		}
	}
}

func TestInboxCountsAndTabs(t *testing.T) {
	d := newDesk(t)
	d.file()
	d.file()
	d.referred()
	d.answered()
	page := d.As("pr").Get("/desk?tab=new").Is(http.StatusOK)
	if n := page.Doc().Find("#cases tbody tr").Length(); n != 2 {
		t.Errorf("%d new cases, want 2", n)
	}
	counts := map[string]string{}
	page.Doc().Find(".tabs a").Each(func(_ int, a *selection) {
		href, _ := a.Attr("href")
		u, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		counts[u.Query().Get("tab")] = strings.TrimSpace(a.Find(".count").Text())
	})
	want := map[string]string{"new": "۲", "mine": "", "unit": "۲", "overdue": "", "feedback": "۱", "followup": "", "open": "۴", "closed": ""}
	for tab, n := range want {
		if counts[tab] != n {
			t.Errorf("tab %s counts %q, want %q", tab, counts[tab], n)
		}
	}
	if n := strings.TrimSpace(page.Doc().Find("#nav-inbox").Text()); n != "۲" {
		t.Errorf("the side bar says %q", n)
	}
	d.Advance(3 * time.Hour)
	if !d.As("pr").Get("/desk?tab=overdue").Has("#cases tr.tone-danger") {
		t.Error("an untouched case is not shown as overdue after three hours")
	}
}

func TestAUnitSeesItsOwnCasesOnly(t *testing.T) {
	d := newDesk(t)
	c := d.referred()
	d.file()
	page := d.As("expert").Get("/desk?tab=open").Is(http.StatusOK)
	if n := page.Doc().Find("#cases tbody tr").Length(); n != 1 {
		t.Errorf("%d cases, want 1", n)
	}
	if page.Has(`.tabs a[href*="tab=new"]`) || page.Has("#filter-unit") {
		t.Error("offers what a unit has no use for")
	}
	d.As("expert.service").Get(path(c, "")).Is(http.StatusNotFound)
}

func TestInboxSearchIgnoresLetterForms(t *testing.T) {
	d := newDesk(t)
	c := d.file(func(in *complaints.Registration) {
		in.Text = "نشت گاز از کنتور همسایه‌ی ما در شماره ۱۲"
	})
	d.file()
	for _, q := range []string{"كنتور همسايه", "همسایهی", "شماره 12"} {
		page := d.As("pr").Get("/desk?tab=open&q=" + url.QueryEscape(q)).Is(http.StatusOK)
		if n := page.Doc().Find("#cases tbody tr").Length(); n != 1 {
			t.Errorf("%q finds %d cases, want 1", q, n)
		}
		if !page.Has(".chips .chip") {
			t.Errorf("%q leaves no chip", q)
		}
	}
	d.As("pr").Get("/desk?q=" + url.QueryEscape(strings.ToLower(persian.ShowCode(c.Code)))).To(path(c, ""))
	if page := d.As("pr").Get("/desk?q=" + url.QueryEscape("هیچ‌کجا")); !page.Has(".empty") || !page.Has(`.empty a[href]`) {
		t.Error("a search without result does not say what to do")
	}
}

func TestInboxFiltersNarrowAndCanBeRemoved(t *testing.T) {
	d := newDesk(t)
	d.file()
	d.fileAt(d.A, d.topic["pressure"].ID)
	address := "/desk?tab=new&topic=" + id(d.topic["pressure"].ID) + "&kind=complaint&channel=web&unit=" + id(d.units["pr"].ID)
	page := d.As("pr").Get(address).Is(http.StatusOK)
	if n := page.Doc().Find("#cases tbody tr").Length(); n != 1 {
		t.Fatalf("%d cases, want 1", n)
	}
	if n := page.Doc().Find(".chips a.chip:not(.chip-clear)").Length(); n != 4 {
		t.Errorf("%d chips, want 4", n)
	}
	without, _ := page.Doc().Find(".chips a.chip").First().Attr("href")
	if n := d.As("pr").Get(without).Doc().Find("#cases tbody tr").Length(); n != 2 {
		t.Errorf("%d cases without the topic, want 2", n)
	}
}

func TestInboxPagesByKeyset(t *testing.T) {
	d := newDesk(t)
	for range 53 {
		d.file()
		d.Advance(time.Second)
	}
	c := d.As("pr")
	first := c.Get("/desk?tab=new").Is(http.StatusOK)
	next, ok := first.Doc().Find(`a[rel="next"]`).Attr("href")
	if !ok || first.Doc().Find("#cases tbody tr").Length() != 50 {
		t.Fatal("the first page has no 50 rows and no way on")
	}
	second := c.Get(next).Is(http.StatusOK)
	if n := second.Doc().Find("#cases tbody tr").Length(); n != 3 {
		t.Errorf("%d rows on the second page, want 3", n)
	}
	if second.Has(`a[rel="next"]`) || !second.Has(`.inbox-foot a[href="/desk?tab=new"]`) {
		t.Error("the last page leads on, or not back to the first")
	}
}

func TestClosedCasesComeNewestFirst(t *testing.T) {
	d := newDesk(t)
	first, second := d.file(), d.file()
	settle := apptest.Form{"fact": "guidance_given", "text": "راهنمایی شد که چه کند."}
	d.As("pr").Post(path(second, "settlement"), settle).Is(http.StatusSeeOther)
	d.Advance(time.Minute)
	d.As("pr").Post(path(first, "settlement"), settle).Is(http.StatusSeeOther)
	page := d.As("pr").Get("/desk?tab=closed").Is(http.StatusOK)
	if got, _ := page.Doc().Find("#cases tbody tr").First().Attr("data-case"); got != id(first.ID) {
		t.Error("what was closed last is not first")
	}
}

func TestEmptyTabsSayWhatTheyAre(t *testing.T) {
	d := newDesk(t)
	for _, tab := range complaints.Tabs() {
		page := d.As("manager").Get("/desk?tab=" + string(tab)).Is(http.StatusOK)
		if page.Doc().Find(".empty-title").Text() == "" || page.Doc().Find(".empty-text").Text() == "" || strings.Contains(page.Body, "‹") {
			t.Errorf("tab %s: %s", tab, page.Text())
		}
	}
}

func TestACaseOpensBesideTheList(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	browser := d.As("pr")
	browser.Headers = map[string]string{"HX-Target": "case-pane"}
	fragment := browser.Fragment(path(c, "") + "?tab=new")
	if fragment.Has("nav") || !fragment.Has("#case") || fragment.Header.Get("HX-Push-Url") != "/desk?case="+id(c.ID)+"&tab=new" {
		t.Fatalf("not a pane: %s", fragment.Header.Get("HX-Push-Url"))
	}
	whole := browser.Get("/desk?case=" + id(c.ID) + "&tab=new").Is(http.StatusOK)
	if !whole.Has("#case-pane #case") || !whole.Has("#cases .row-current") {
		t.Error("the address of the pane does not bring it back")
	}
	list := browser.Fragment("/desk?tab=open")
	if list.Has("#case-pane") || !list.Has("section#list") {
		t.Error("tabs do not get the list alone")
	}
}
