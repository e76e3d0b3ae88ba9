package directives_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

func TestIssueGivesTheUsualDueTime(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	working, err := tenants.WorkingTimeOf(t.Context(), o.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	want := working.AddDays(o.Clock.Now(), o.A.Settings.DirectiveDays)
	got := o.wantState(d.ID, directives.Issued)
	if !got.DueAt.Equal(want) || got.Priority != directives.Normal {
		t.Fatalf("due %s, want %s; priority %s", got.DueAt, want, got.Priority)
	}
	if got.NextClockAt == nil || !got.NextClockAt.Equal(directives.RemindAt(want, working)) {
		t.Fatalf("clock at %v", got.NextClockAt)
	}
	if facts := o.facts("directive.issued", d.ID); len(facts) != 1 || facts[0].EventID == 0 {
		t.Fatalf("facts %v", facts)
	}
	if kinds := o.events(d.ID, true); !slices.Equal(kinds, []string{"directive.issued"}) {
		t.Fatalf("the citizen sees %v", kinds)
	}
	lines, err := audit.Of(t.Context(), o.DB(t), "directive", d.ID, 9)
	if err != nil || len(lines) != 1 || lines[0].Act != "directive:issue" {
		t.Fatalf("audit %v: %v", lines, err)
	}
}

func TestHiddenDirectiveShowsNothingToTheCitizen(t *testing.T) {
	o := newOffice(t)
	d := o.issue(func(in *directives.Issuance) { in.Public = false })
	o.do(o.as("expert"), start(d.ID))
	o.done(d.ID)
	if kinds := o.events(d.ID, true); len(kinds) > 0 {
		t.Fatalf("the citizen sees %v", kinds)
	}
	list, err := directives.EventsOf(t.Context(), o.DB(t), directives.OnMeeting, meetingID, true)
	if err != nil || len(list) > 0 {
		t.Fatalf("the citizen sees %v: %v", list, err)
	}
}

func TestIssueRefusesWhatIsIncomplete(t *testing.T) {
	o := newOffice(t)
	good := directives.Issuance{
		OriginKind: directives.OnComplaint, OriginID: 1, ExecutiveID: o.executive.ID, UnitID: o.unit.ID, Text: "x",
	}
	for name, c := range map[string]struct {
		change     func(*directives.Issuance)
		field, key string
	}{
		"no text":      {func(in *directives.Issuance) { in.Text = " \u200c\n " }, "text", "directive.error.text"},
		"long text":    {func(in *directives.Issuance) { in.Text = long(directives.MaxText + 1) }, "text", "directive.error.too_long"},
		"no unit":      {func(in *directives.Issuance) { in.UnitID = 1 }, "unit", "directive.error.unit"},
		"past due":     {func(in *directives.Issuance) { in.DueAt = o.Clock.Now() }, "due", "directive.error.due"},
		"bad priority": {func(in *directives.Issuance) { in.Priority = "whenever" }, "priority", "directive.error.priority"},
	} {
		t.Run(name, func(t *testing.T) {
			in := good
			c.change(&in)
			o.wrong(c.field, c.key, o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
				_, err := directives.Issue(ctx, tx, in)
				return err
			})
		})
	}
	for name, change := range map[string]func(*directives.Issuance){
		"executive": func(in *directives.Issuance) { in.ExecutiveID = 1 },
		"origin":    func(in *directives.Issuance) { in.OriginKind = "letter" },
	} {
		t.Run(name, func(t *testing.T) {
			in := good
			change(&in)
			o.refuse(fault.NotFound, "", o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
				_, err := directives.Issue(ctx, tx, in)
				return err
			})
		})
	}
}

func long(n int) string {
	text := make([]rune, n)
	for i := range text {
		text[i] = 'ا'
	}
	return string(text)
}

func TestNotifyMayRunTwice(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	notify := func(ctx context.Context, tx *tenants.Tx) error { return directives.Notify(ctx, tx, d.ID) }
	o.do(tenants.SystemActor(), notify)
	o.do(tenants.SystemActor(), notify)
	o.wantState(d.ID, directives.Notified)
	o.do(o.as("expert"), start(d.ID))
	o.do(tenants.SystemActor(), notify)
	o.wantState(d.ID, directives.InProgress)
	if kinds := o.events(d.ID, false); !slices.Equal(kinds, []string{"directive.issued", "directive.notified", "directive.started"}) {
		t.Fatalf("events %v", kinds)
	}
}

func TestIssueKeepsTheOrganizationsApart(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	if _, err := directives.ByID(t.Context(), o.For(t, o.B), d.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("B reads a directive of A: %v", err)
	}
	db := o.For(t, o.B)
	err := db.Write(t.Context(), o.as("ceo"), func(tx *tenants.Tx) error { return directives.Accept(t.Context(), tx, d.ID, "") })
	if !fault.Is(err, fault.NotFound) {
		t.Fatalf("B accepts a directive of A: %v", err)
	}
}

func TestDaysAndOverdueAreDerived(t *testing.T) {
	due := time.Date(2026, 12, 1, 11, 0, 0, 0, time.UTC)
	d := directives.Directive{State: directives.InProgress, IssuedAt: due.AddDate(0, 0, -10), DueAt: due}
	if d.Overdue(due.Add(-time.Second)) || !d.Overdue(due) {
		t.Fatal("overdue begins with the due time")
	}
	if days := d.Days(due); days != 10 {
		t.Fatalf("%d days", days)
	}
	d.State = directives.Reported
	if d.Overdue(due) {
		t.Fatal("a report stops the clock")
	}
	ended := due.AddDate(0, 0, -3)
	d.State, d.DoneAt = directives.Done, &ended
	if d.Overdue(due) || d.Open() || d.Days(due.AddDate(1, 0, 0)) != 7 {
		t.Fatal("done is done")
	}
}

func TestExecutivesOfTheTemplate(t *testing.T) {
	o := newOffice(t)
	list, err := directives.Executives(t.Context(), o.DB(t))
	if err != nil || len(list) != 1 || list[0].PostFA != "مدیرعامل" {
		t.Fatalf("%v: %v", list, err)
	}
	e, err := directives.ExecutiveOfStaff(t.Context(), o.DB(t), o.as("ceo").ID)
	if err != nil || e.ID != o.executive.ID {
		t.Fatalf("%v: %v", e, err)
	}
	if _, err := directives.ExecutiveOfStaff(t.Context(), o.DB(t), o.as("pr").ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("PR is an executive: %v", err)
	}
	if persian.Clean(e.NameFA) != e.NameFA {
		t.Fatal("the template's name is not clean")
	}
}
