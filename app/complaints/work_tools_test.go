package complaints_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func assign(id, to int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Assign(ctx, tx, id, to)
	}
}

func note(id int64, text string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Note(ctx, tx, id, text)
	}
}

func TestAssignWithinTheUnit(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	head := o.as("network", "unit_head")
	head.ID = o.account("pr") // anybody but the one who gets it
	expert := o.account("network")
	o.refuse(fault.Invalid, head, assign(c.ID, o.account("safety")))
	o.refuse(fault.Invalid, head, assign(c.ID, tenants.NewID()))
	o.refuse(fault.NotFound, o.as("safety", "unit_head"), assign(c.ID, o.account("safety")))
	o.refuse(fault.Forbidden, o.as("pr", "pr_manager"), assign(c.ID, expert))
	o.do(head, assign(c.ID, expert))
	got := o.want(c.ID, complaints.Referred)
	if got.HolderID == nil || *got.HolderID != expert {
		t.Fatal("the expert does not have it")
	}
	o.refuse(fault.Invalid, head, assign(c.ID, expert))
	actor := o.as("network", "unit_expert")
	list, _, err := complaints.Mentions(t.Context(), o.DB(t), actor, true, 0)
	if err != nil || len(list) != 1 || list[0].Kind != "complaint.assigned" {
		t.Errorf("told %+v, %v", list, err)
	}
	o.do(actor, take(c.ID))
	o.want(c.ID, complaints.InProgress)
}

func TestANoteCallsColleagues(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	pr, network := o.as("pr", "pr_officer"), o.as("network", "unit_expert")
	o.refuse(fault.Invalid, pr, note(c.ID, "سلام @nobody.here"))
	o.do(pr, note(c.ID, "نشانی mail@test.network کسی را صدا نمی‌زند"))
	o.do(pr, note(c.ID, "@test.network و (@TEST.network)، لطفاً ببینید. @test.pr"))
	unread := func(a tenants.Actor) int {
		n, err := complaints.Unread(t.Context(), o.Root.For(o.A), a)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	// The case is not the unit's: its people learn nothing of it.
	if unread(network) != 0 || unread(pr) != 0 {
		t.Errorf("told %d and themselves %d", unread(network), unread(pr))
	}
	list, _, err := complaints.Mentions(t.Context(), o.Root.For(o.A), network, true, 0)
	if err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	o.do(pr, o.refer(c.ID, "network"))
	if unread(network) != 1 {
		t.Errorf("told %d", unread(network))
	}
	list, _, err = complaints.Mentions(t.Context(), o.Root.For(o.A), network, true, 0)
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Text, "لطفاً ببینید") {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := o.Try(t, pr, func(tx *tenants.Tx) error { return complaints.Read(t.Context(), tx, list[0].ID) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	o.Write(t, network, func(tx *tenants.Tx) error { return complaints.Read(t.Context(), tx, list[0].ID) })
	if unread(network) != 0 {
		t.Error("still unread")
	}
	public, err := timeline.Of(t.Context(), o.Root.For(o.A), c.Subject(), true)
	if err != nil || slices.ContainsFunc(public, func(e timeline.Event) bool { return e.Kind == "complaint.noted" }) {
		t.Errorf("the citizen reads notes: %v", err)
	}
}

func TestHandles(t *testing.T) {
	for text, want := range map[string]string{
		"@a": "a", "سلام @pr و @head.network.": "pr head.network", "x@y.ir": "", "@@a": "", "(@a)": "a", "@a @a": "a", "@": "", "@expert-1، بعد": "expert-1",
	} {
		if got := strings.Join(complaints.Handles(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTemplatesKnowTheirFields(t *testing.T) {
	for body, ok := range map[string]bool{
		"{name} عزیز، پرونده {code} درباره {topic} تا {promised} نزد {unit} است.": true, "بدون خانه": true,
		"{nmae} عزیز": false, "{ name }": false, "{name": false, "name}": false, "{}": false, "{{name}}": false,
	} {
		tpl := complaints.Template{Kind: complaints.TemplateAnswer, Title: "t", Body: body}
		if err := tpl.Check(); (err == nil) != ok {
			t.Errorf("%q: %v", body, err)
		}
	}
	o := newOffice(t)
	c := o.register()
	folder, err := complaints.FolderByID(t.Context(), o.DB(t), o.as("pr"), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	tpl := complaints.Template{Body: "{name}|{code}|{topic}|{unit}|{promised}"}
	got := strings.Split(tpl.Fill(folder.Values("شهروند گرامی")), "|")
	if got[0] != "زهرا محمدی" || !strings.Contains(got[1], "-") || got[2] != folder.TopicFA || got[3] != folder.UnitFA || !strings.Contains(got[4], "۱۴۰۵") {
		t.Errorf("%q", got)
	}
	folder.Name = ""
	if v := folder.Values("شهروند گرامی")["name"]; v == "" {
		t.Error("a nameless person is called nothing")
	}
}

func TestTemplatesSuitTheirTopic(t *testing.T) {
	o := newOffice(t)
	ctx, who := t.Context(), o.as("pr", "pr_manager")
	network, safety := o.topic["network"].ID, o.topic["safety"].ID
	save := func(title string, kind complaints.TemplateKind, topic *int64) int64 {
		var got *complaints.Template
		o.Write(t, who, func(tx *tenants.Tx) (err error) {
			got, err = complaints.SaveTemplate(ctx, tx, complaints.Template{Kind: kind, TopicID: topic, Title: title, Body: "متن {code}"})
			return err
		})
		return got.ID
	}
	save("همه", complaints.TemplateAnswer, nil)
	own := save("شبکه", complaints.TemplateAnswer, &network)
	save("ایمنی", complaints.TemplateAnswer, &safety)
	save("تماس", complaints.ScriptCall, nil)
	titles := func() (s string) {
		list, err := complaints.Templates(ctx, o.Root.For(o.A), network, complaints.TemplateAnswer)
		if err != nil {
			t.Fatal(err)
		}
		for _, tpl := range list {
			s += tpl.Title + " "
		}
		return s
	}
	if titles() != "شبکه همه " {
		t.Errorf("%q", titles())
	}
	o.Write(t, who, func(tx *tenants.Tx) error { return complaints.SwitchTemplate(ctx, tx, own, false) })
	if titles() != "همه " {
		t.Errorf("%q", titles())
	}
	c := o.register()
	folder, err := complaints.FolderByID(ctx, o.DB(t), o.as("pr"), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := complaints.Scripts(ctx, o.DB(t), folder, "شهروند گرامی", complaints.ScriptCall)
	if err != nil || len(scripts) != 1 || scripts[0].Title != "تماس" || strings.Contains(scripts[0].Text, "{") {
		t.Errorf("%+v, %v", scripts, err)
	}
	err = o.Try(t, who, func(tx *tenants.Tx) error {
		_, err := complaints.SaveTemplate(ctx, tx, complaints.Template{ID: tenants.NewID(), Kind: complaints.TemplateAnswer, Title: "x", Body: "y"})
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a template that is not: %v", err)
	}
}

func TestSavedFiltersAreOnesOwn(t *testing.T) {
	o := newOffice(t)
	ctx, pr, other := t.Context(), o.as("pr"), o.as("network")
	save := func(who tenants.Actor, name, query string) error {
		return o.Try(t, who, func(tx *tenants.Tx) error { _, err := complaints.SaveFilter(ctx, tx, name, query); return err })
	}
	for _, err := range []error{save(pr, "دیرکردها", "tab=overdue"), save(pr, " دیرکردها ", "tab=open"), save(other, "دیرکردها", "tab=mine")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	list, err := complaints.SavedFilters(ctx, o.Root.For(o.A), pr.ID)
	if err != nil || len(list) != 1 || list[0].Query != "tab=open" {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := save(pr, "", "tab=open"); !fault.Is(err, fault.Invalid) {
		t.Errorf("no name: %v", err)
	}
	drop := func(who tenants.Actor) error {
		return o.Try(t, who, func(tx *tenants.Tx) error { return complaints.DropFilter(ctx, tx, list[0].ID) })
	}
	if err := drop(other); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := drop(pr); err != nil {
		t.Error(err)
	}
}

func TestWhoeverReadAnOlderCaseIsTold(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	read := o.read(c.ID).Version
	unchanged := func() error {
		return o.Try(t, o.as("pr"), func(tx *tenants.Tx) error { return complaints.Unchanged(t.Context(), tx, c.ID, read) })
	}
	if err := unchanged(); err != nil {
		t.Fatal(err)
	}
	o.do(o.as("pr", "pr_officer"), take(c.ID))
	if err := unchanged(); !fault.Is(err, fault.Conflict) {
		t.Errorf("%v", err)
	}
}
