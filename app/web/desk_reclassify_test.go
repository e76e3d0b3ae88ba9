package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
)

func TestTheOfficeCorrectsATopicOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.file()
	pr, to := d.As("pr"), d.topic["service"]
	page := pr.Get(path(c, ""))
	if !page.Has("#act-reclassify") || !page.Has("#reclassify-topic option[value='"+id(c.TopicID)+"'][selected]") {
		t.Fatal("no form, or the topic is not chosen")
	}
	bad := pr.Post(path(c, "reclassification"), apptest.Form{"topic": id(to.ID), "kind": "request", "reason": " "}).Is(http.StatusUnprocessableEntity)
	if !bad.Has("#reclassify-reason-error") || !bad.Has("#reclassify-topic option[value='"+id(to.ID)+"'][selected]") || !bad.Has("#reclassify-kind option[value=request][selected]") {
		t.Errorf("not kept: %s", bad.Text())
	}
	if same := pr.Post(path(c, "reclassification"), apptest.Form{"topic": id(c.TopicID), "kind": string(c.Kind), "reason": "هیچ"}).Is(http.StatusUnprocessableEntity); !same.Has("#reclassify-topic-error") {
		t.Error("no error beside the topic")
	}
	pr.Post(path(c, "reclassification"), apptest.Form{"topic": id(to.ID), "kind": "request", "reason": "درباره انشعاب است"}).Is(http.StatusSeeOther)
	text := pr.Get(path(c, "")).Is(http.StatusOK).Text()
	for _, want := range []string{d.topic["network"].NameFA, to.NameFA, "درباره انشعاب است"} {
		if !strings.Contains(text, want) {
			t.Errorf("the story lacks %q", want)
		}
	}
	told := d.Tracker("complaint", c.ID).Get("/case").Is(http.StatusOK).Text()
	if !strings.Contains(told, to.NameFA) || strings.Contains(told, "درباره انشعاب است") {
		t.Errorf("the citizen reads %s", told)
	}
}

func TestOnlyTheirRolesCorrectATopic(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.referred()
	f := apptest.Form{"topic": id(d.topic["service"].ID), "kind": string(c.Kind), "reason": "نادرست"}
	d.As("expert").Post(path(c, "reclassification"), f).Is(http.StatusForbidden)
	d.As("pr").Post(path(c, "reclassification"), f).Is(http.StatusConflict)
	if d.As("pr").Get(path(c, "")).Has("#act-reclassify") || !d.As("manager").Get(path(c, "")).Has("#act-reclassify") {
		t.Error("the wrong people are offered it")
	}
	d.As("manager").Post(path(c, "reclassification"), f).Is(http.StatusSeeOther)
	if s := d.state(c); s != complaints.Referred {
		t.Errorf("state %s", s)
	}
}
