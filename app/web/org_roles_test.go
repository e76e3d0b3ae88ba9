package web_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/policies"
)

// An admin previews a change, sees whom it touches, and makes it with a reason;
// the page says who changed what, and takes it back.
func TestARoleIsChangedWithAPreview(t *testing.T) {
	app := apptest.New(t)
	admin := app.As("admin")
	page := admin.Get("/desk/organization/roles").Is(http.StatusOK)
	if !page.Has("table.matrix td.matrix-yes") || strings.Contains(page.Text(), "‹") {
		t.Error("no matrix, or a text is missing: " + page.Text())
	}
	path := "/desk/organization/roles/unit_expert"
	page = admin.Get(path).Is(http.StatusOK)
	form := map[string][]string{"scope": {"subtree"}, "reason": {""}}
	form["seen"] = []string{page.Doc().Find("input[name=seen]").First().AttrOr("value", "")}
	form["allow"] = []string{"complaint:read", "score:read"}
	review := admin.PostValues(path+"/changes", form).Is(http.StatusOK)
	if text := review.Text(); !strings.Contains(text, "حسین مرادی") || !strings.Contains(text, "واحد خود و زیرمجموعه") || strings.Contains(text, "‹") {
		t.Errorf("the preview does not tell whom it touches: %s", text)
	}
	if !admin.PostValues(path, form).Is(http.StatusUnprocessableEntity).Has("#reason-error") {
		t.Error("a change without a reason")
	}
	form["reason"] = []string{"به درخواست مدیرعامل"}
	admin.PostValues(path, form).Is(http.StatusSeeOther).To(path)
	if text := admin.Get(path).Text(); !strings.Contains(text, "تغییر پریسا نیک‌نام") {
		t.Error("the page does not say who changed it")
	}
	admin.PostValues(path, form).Is(http.StatusConflict) // what was seen has moved on
	form["allow"] = append(form["allow"], "complaint:close", "complaint:answer")
	delete(form, "seen")
	if !admin.PostValues(path+"/changes", form).Is(http.StatusUnprocessableEntity).Has(`[id="complaint:close-error"]`) {
		t.Error("duties that must be apart are not named beside the field")
	}
	admin.Get(path + "/preview").Is(http.StatusOK)
	app.As("manager").Get(path).Is(http.StatusForbidden)
}

func TestAnOwnRoleIsMadeAndRetired(t *testing.T) {
	app := apptest.New(t)
	admin := app.As("admin")
	admin.Post("/desk/organization/roles", apptest.Form{"name_fa": "", "name_en": "x"}).Is(http.StatusUnprocessableEntity)
	made := admin.Post("/desk/organization/roles", apptest.Form{"name_fa": "مدیر شیفت", "name_en": "Shift lead", "based_on": "operator"}).Is(http.StatusSeeOther)
	path := made.Header.Get("Location")
	if text := admin.Get(path).Is(http.StatusOK).Text(); !strings.Contains(text, "مدیر شیفت") {
		t.Error("the role has no page")
	}
	app.AsAt("beta", "admin").Get(path).Is(http.StatusNotFound)
	admin.Post(path+"/name", apptest.Form{"name_fa": "سرشیفت", "name_en": "Shift lead"}).Is(http.StatusSeeOther)
	admin.Post(path+"/retirement", apptest.Form{}).Is(http.StatusSeeOther)
	admin.Get(path).Is(http.StatusNotFound)
}

// Which role is shown which field of a citizen whole: a table that reviewers
// read.
func TestFieldsByRole(t *testing.T) {
	b, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	word := map[bool]string{true: "WHOLE", false: "masked"}
	var out strings.Builder
	fmt.Fprintf(&out, "%-20s %-7s %-11s %s\n", "role", "mobile", "national ID", "may ask")
	for _, role := range b.Roles() {
		can := func(p string) bool { return b.Can(1, []string{role}, p) }
		f := new(complaints.Folder)
		w := f.ShownTo(can)
		fmt.Fprintf(&out, "%-20s %-7s %-11s %v\n", role, word[w.Mobile], word[w.NationalID], can(complaints.MayUnmask))
	}
	const file = "testdata/fields.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil { //nolint:gosec // a file of the tree
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || out.String() != string(want) {
		t.Errorf("not the table of %s (%v); when the change is meant, run with -update", file, err)
	}
}

// A unit's expert sees a masked number, asks for it with a reason, and sees it.
func TestUnmaskingOnThePageOfACase(t *testing.T) {
	app := apptest.New(t)
	a := app.Twin(app.A)
	who := app.As("secretary") // sees all cases, calls nobody
	path := fmt.Sprintf("/desk/complaints/%d", a.Complaint)
	const whole, masked = "tel:+989121110000", "0012345679"
	if body := who.Get(path).Is(http.StatusOK).Body; strings.Contains(body, whole) || strings.Contains(body, masked) {
		t.Error("the number is shown to who does not call")
	}
	who.Post(path+"/unmasking", apptest.Form{"reason": "کوتاه"}).Is(http.StatusUnprocessableEntity)
	who.Post(path+"/unmasking", apptest.Form{"reason": "برای تطبیق با صورت‌جلسه کمیته"}).Is(http.StatusSeeOther)
	if body := who.Get(path).Is(http.StatusOK).Body; !strings.Contains(body, whole) {
		t.Error("the number is not shown after the act")
	}
	if body := app.As("operator").Get(path).Body; !strings.Contains(body, whole) {
		t.Error("who works by phone keeps the number")
	}
}
