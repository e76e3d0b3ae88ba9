package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
)

func callsOf(c *complaints.Complaint, act string) string {
	return strings.Replace(path(c, act), "/desk/complaints/", "/desk/calls/", 1)
}

func visitsOf(c *complaints.Complaint, act string) string {
	return strings.Replace(path(c, act), "/desk/complaints/", "/desk/visits/", 1)
}

func TestCallTasksOneAfterAnother(t *testing.T) {
	d := newDesk(t)
	first, second := d.answered(), d.answered()
	agent := d.As("feedback")
	list := agent.Get("/desk/calls").Is(http.StatusOK)
	if n := list.Doc().Find("#calls tbody tr").Length(); n != 2 {
		t.Fatalf("%d calls: %s", n, list.Text())
	}
	agent.Post("/desk/calls/next-task", nil).To(callsOf(first, ""))
	task := agent.Get(callsOf(first, "")).Is(http.StatusOK)
	if href, _ := task.Doc().Find(".call-dial").Attr("href"); href != "tel:+989121112233" {
		t.Errorf("the number is %q", href)
	}
	script := task.Doc().Find(".call-script").Text()
	for _, word := range []string{"سارا محمدی", "توسعه", "راضی"} {
		if !strings.Contains(script, word) {
			t.Errorf("the script lacks %q: %s", word, script)
		}
	}
	if strings.Contains(task.Body, "‹") || strings.ContainsAny(script, "{}") {
		t.Errorf("a text is missing: %s", task.Text())
	}
	agent.Post(callsOf(first, "outcome"), apptest.Form{"outcome": "no_answer", "then": "next"}).To(callsOf(second, ""))
	agent.Post(callsOf(second, "outcome"), apptest.Form{"outcome": "satisfied", "conduct": "good", "then": "next"}).To("/desk/calls")
	if s := d.state(second); s != complaints.Closed {
		t.Errorf("state %s", s)
	}
	later := agent.Get("/desk/calls?list=later").Is(http.StatusOK)
	if n := later.Doc().Find("#calls tbody tr").Length(); n != 1 || !strings.Contains(later.Text(), "پاسخ نداد") {
		t.Errorf("%d for another time: %s", n, later.Text())
	}
	task = agent.Get(callsOf(first, "")).Is(http.StatusOK)
	if !strings.Contains(task.Text(), "تماس بعدی:") {
		t.Errorf("the plan is not shown: %s", task.Text())
	}
	if page := agent.Get(callsOf(second, "")).Is(http.StatusOK); page.Has("#outcome-form") {
		t.Error("a closed case can be called")
	}
}

func TestACallKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t)
	c := d.answered()
	agent := d.As("feedback")
	page := agent.Post(callsOf(c, "outcome"), apptest.Form{"outcome": "not_satisfied", "conduct": "poor"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#reason-error") || !page.Has(`input[name="outcome"][value="not_satisfied"][checked]`) || !page.Has(`input[name="conduct"][value="poor"][checked]`) {
		t.Errorf("not kept: %s", page.Text())
	}
	page = agent.Post(callsOf(c, "outcome"), apptest.Form{"outcome": "wrong_number", "mobile": "12"}).Is(http.StatusUnprocessableEntity)
	if v, _ := page.Doc().Find("#mobile").Attr("value"); persian.ToASCII(v) != "12" || !page.Has("#mobile-error") {
		t.Errorf("the number is not kept: %s", page.Text())
	}
	d.Tracker("complaint", c.ID).Post("/case/verdict", apptest.Form{"outcome": "satisfied"}).To("/case")
	late := agent.Post(callsOf(c, "outcome"), apptest.Form{"outcome": "not_satisfied", "reason": "نشد"}).Is(http.StatusConflict)
	if !strings.Contains(late.Doc().Find(".case-lost").Text(), "نشد") {
		t.Errorf("what was typed is lost: %s", late.Text())
	}
}

func TestCallsAndSignOffsAreForTheirRoles(t *testing.T) {
	d := newDesk(t)
	c := d.answered()
	for _, user := range []string{"expert", "operator", "pr", "ceo"} {
		d.As(user).Get("/desk/calls").Is(http.StatusForbidden)
		d.As(user).Get("/desk/visits").Is(http.StatusForbidden)
		d.As(user).Get("/desk/sign-offs").Is(http.StatusForbidden)
		d.As(user).Post(callsOf(c, "outcome"), apptest.Form{"outcome": "satisfied"}).Is(http.StatusForbidden)
	}
	d.As("feedback").Get("/desk/sign-offs").Is(http.StatusForbidden)
	d.As("feedback").Post("/desk/sign-offs/"+id(c.ID)+"/approval", apptest.Form{"note": "x"}).Is(http.StatusForbidden)
}

func TestASupervisorSignsOffOrSendsBack(t *testing.T) {
	d := newDesk(t)
	c, other := d.answered(), d.answered()
	agent, manager := d.As("feedback"), d.As("manager")
	agent.Post(callsOf(c, "outcome"), apptest.Form{"outcome": "refuses", "reason": "نخواست"}).To("/desk/calls")
	agent.Post(callsOf(other, "outcome"), apptest.Form{"outcome": "wrong_number"}).To("/desk/calls")
	list := manager.Get("/desk/sign-offs").Is(http.StatusOK)
	if n := list.Doc().Find("#sign-offs > section").Length(); n != 2 {
		t.Fatalf("%d wait: %s", n, list.Text())
	}
	page := manager.Post("/desk/sign-offs/"+id(c.ID)+"/approval", apptest.Form{"note": " "}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#note-" + id(c.ID) + "-error") {
		t.Errorf("no error beside the note: %s", page.Text())
	}
	manager.Post("/desk/sign-offs/"+id(c.ID)+"/approval", apptest.Form{"note": "دو بار گفت نمی‌خواهد"}).To("/desk/sign-offs")
	if s := d.state(c); s != complaints.Closed {
		t.Errorf("state %s", s)
	}
	page = manager.Post("/desk/sign-offs/"+id(other.ID)+"/recall", apptest.Form{"mobile": "5"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#mobile-" + id(other.ID) + "-error") {
		t.Errorf("no error beside the number: %s", page.Text())
	}
	manager.Post("/desk/sign-offs/"+id(other.ID)+"/recall", apptest.Form{"mobile": "09131112233"}).To("/desk/sign-offs")
	task := agent.Get(callsOf(other, "")).Is(http.StatusOK)
	if href, _ := task.Doc().Find(".call-dial").Attr("href"); href != "tel:+989131112233" {
		t.Errorf("the number is %q", href)
	}
}

func TestACallThatAnotherAgentTookIsSaid(t *testing.T) {
	d := newDesk(t)
	c := d.answered()
	d.As("feedback").Post(callsOf(c, "turn"), nil).To(callsOf(c, ""))
	if page := d.As("feedback").Get("/desk/calls?list=later").Is(http.StatusOK); !strings.Contains(page.Text(), "در دست شما") {
		t.Errorf("not mine: %s", page.Text())
	}
	d.Advance(complaints.CallLease)
	d.As("feedback").Post("/desk/calls/next-task", nil).To(callsOf(c, ""))
}

func TestTheCitizenSeesWhatIsAsked(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	d.As("expert").Post(path(c, "question"), apptest.Form{"text": "عکس کنتور را بفرستید."}).Is(http.StatusSeeOther)
	citizen := d.Tracker("complaint", c.ID)
	page := citizen.Get("/case").Is(http.StatusOK)
	if asked := page.Doc().Find(".asked").Text(); !strings.Contains(asked, "عکس کنتور") || !strings.Contains(asked, "لطفاً تا") {
		t.Errorf("what is asked: %q", asked)
	}
	d.Drain()
	d.Advance(25 * time.Hour)
	d.Drain()
	sent := d.Sent()
	if last := sent[len(sent)-1]; !strings.Contains(last.Text, "هنوز توضیح شما نرسیده") {
		t.Errorf("no reminder: %s", last.Text)
	}
	citizen = d.Tracker("complaint", c.ID) // the first session is a day old
	citizen.Get("/case").Is(http.StatusOK)
	citizen.Post("/case/additions", apptest.Form{"addition": "شماره کنتور ۵۵"}).To("/case")
	if page := citizen.Get("/case").Is(http.StatusOK); page.Has(".asked") {
		t.Error("still asked")
	}
	d.Drain()
	if sent := d.Sent(); !strings.Contains(sent[len(sent)-1].Text, "تکمیل کرد") {
		t.Errorf("the unit is not told: %s", sent[len(sent)-1].Text)
	}
	before := len(d.Sent())
	d.Advance(72 * time.Hour)
	d.Drain()
	if s := d.state(c); s != complaints.InProgress {
		t.Errorf("state %s", s)
	}
	for _, m := range d.Sent()[before:] {
		if strings.Contains(m.Text, "هنوز توضیح") || strings.Contains(m.Text, "مهلت تکمیل") {
			t.Errorf("told of what is over: %s", m.Text)
		}
	}
}

func TestAfterTheCapTheUnitIsToldToGoOn(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	d.As("expert").Post(path(c, "question"), apptest.Form{"text": "عکس کنتور را بفرستید."}).Is(http.StatusSeeOther)
	d.Advance(49 * time.Hour)
	d.Drain()
	d.Drain()
	if s := d.state(c); s != complaints.InProgress {
		t.Fatalf("state %s", s)
	}
	told := 0
	for _, m := range d.Sent() {
		if strings.Contains(m.Text, "مهلت تکمیل") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if page := d.Tracker("complaint", c.ID).Get("/case").Is(http.StatusOK); !strings.Contains(page.Text(), "فرصت تکمیل گذشت") {
		t.Error("the citizen does not see it")
	}
}

func TestConductIsAskedOnTheCitizensPage(t *testing.T) {
	d := newDesk(t)
	c := d.answered()
	d.As("feedback").Post(callsOf(c, "outcome"), apptest.Form{"outcome": "satisfied"}).To("/desk/calls")
	citizen := d.Tracker("complaint", c.ID)
	if page := citizen.Get("/case").Is(http.StatusOK); !page.Has(`form[action="/case/conduct"]`) {
		t.Fatalf("not asked: %s", page.Text())
	}
	if page := citizen.Post("/case/conduct", apptest.Form{}).Is(http.StatusUnprocessableEntity); !page.Has("#conduct-error") {
		t.Errorf("no error: %s", page.Text())
	}
	citizen.Post("/case/conduct", apptest.Form{"conduct": "good"}).To("/case")
	if page := citizen.Get("/case").Is(http.StatusOK); page.Has(`form[action="/case/conduct"]`) {
		t.Error("asked twice")
	}
}
