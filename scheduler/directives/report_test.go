package directives_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

func TestOnlyTheOwnUnitStartsAndReports(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	for _, user := range []string{"expert.service", "pr", "manager", "ceo"} {
		o.refuse(fault.NotFound, "", o.as(user), start(d.ID))
		o.refuse(fault.NotFound, "", o.as(user), report(d.ID, "انجام شد"))
	}
	o.refuse(fault.NotFound, "", citizen(), report(d.ID, "انجام شد"))
	o.do(o.as("expert"), start(d.ID))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("expert"), start(d.ID))
	o.wrong("text", "directive.error.report", o.as("expert"), report(d.ID, "  "))
	o.do(o.as("head"), report(d.ID, "انجام شد"))
	if got := o.wantState(d.ID, directives.Reported); got.Report != "انجام شد" || got.NextClockAt != nil {
		t.Fatalf("report %q, clock %v", got.Report, got.NextClockAt)
	}
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("head"), report(d.ID, "دوباره"))
}

func TestTheCitizenSeesThatAReportCameButNotItsWords(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), report(d.ID, "محرمانه برای مدیر"))
	list, err := timeline.Of(t.Context(), o.DB(t), timeline.Subject{Kind: "directive", ID: d.ID}, true)
	if err != nil {
		t.Fatal(err)
	}
	last := list[len(list)-1]
	if last.Kind != "directive.progress" || last.Text != "" || last.ToState != string(directives.Reported) {
		t.Fatalf("the citizen sees %+v", last)
	}
	if kinds := o.events(d.ID, false); !slices.Contains(kinds, "directive.reported") {
		t.Fatalf("events %v", kinds)
	}
}

// story reads the directive's events.
func (o *office) story(id int64, publicOnly bool) (list []timeline.Event) {
	o.t.Helper()
	o.view(func(r tenants.Reader) (err error) {
		list, err = directives.EventsOf(o.t.Context(), r, directives.OnMeeting, meetingID, publicOnly)
		return err
	})
	return list
}

func TestTheReportIsThePublicResultOnceItIsAccepted(t *testing.T) {
	o := newOffice(t)
	for note, want := range map[string]string{"": "علمک جابه‌جا شد", "کار شما انجام شد": "کار شما انجام شد"} {
		d := o.issue()
		if got := d.Result(o.story(d.ID, true)); got != "" {
			t.Fatalf("result %q of an open directive", got)
		}
		o.do(o.as("expert"), report(d.ID, "علمک جابه‌جا شد"))
		o.do(o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error { return directives.Accept(ctx, tx, d.ID, note) })
		if got := o.read(d.ID).Result(o.story(d.ID, true)); got != want {
			t.Fatalf("the citizen reads %q, want %q", got, want)
		}
	}
}

func TestTheReasonOfAReturnStaysInside(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	o.do(o.as("ceo"), giveBack(d.ID, "کار شما ناقص است"))
	public := o.story(d.ID, true)
	if last := public[len(public)-1]; last.Kind != "directive.sent_back" || last.Text != "" || last.ToState != string(directives.Returned) {
		t.Fatalf("the citizen sees %+v", last)
	}
	all := o.story(d.ID, false)
	if last := all[len(all)-1]; last.Kind != "directive.returned" || last.Text == "" || last.Public {
		t.Fatalf("the unit sees %+v", last)
	}
}

func TestDocumentsComeToLightWithTheAcceptedReport(t *testing.T) {
	o := newOffice(t)
	for _, public := range []bool{true, false} {
		d := o.issue(func(in *directives.Issuance) { in.Public = public })
		var shown []bool
		for i := range 2 {
			o.do(o.as("expert"), func(ctx context.Context, tx *tenants.Tx) error {
				if err := directives.Report(ctx, tx, d.ID, "انجام شد"); err != nil {
					return err
				}
				all, err := timeline.Of(ctx, tx, timeline.Subject{Kind: "directive", ID: d.ID}, false)
				if err != nil {
					return err
				}
				return tx.Insert(ctx, &files.File{
					ID: tenants.NewID(), SubjectKind: "directive", SubjectID: d.ID, EventID: &all[len(all)-1].ID, Name: "after.png",
					MediaType: "image/png", Size: 1, SHA256: strings.Repeat("0", 64), Blob: strings.Repeat("0", 32), CreatedAt: tx.Now(),
				})
			})
			if i == 0 {
				o.do(o.as("ceo"), giveBack(d.ID, "کامل نیست"))
			}
		}
		o.do(o.as("ceo"), accept(d.ID))
		o.view(func(r tenants.Reader) error {
			list, err := files.Of(t.Context(), r, files.Subject{Kind: "directive", ID: d.ID}, false)
			for _, f := range list {
				shown = append(shown, f.Public)
			}
			return err
		})
		if !slices.Equal(shown, []bool{false, public}) {
			t.Fatalf("directive public %v: files public %v", public, shown)
		}
	}
}

func TestOnlyTheExecutiveOrTheOfficeJudges(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("ceo"), accept(d.ID))
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	for _, user := range []string{"manager", "pr", "head", "inspector", "admin"} {
		o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as(user), accept(d.ID))
		o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as(user), giveBack(d.ID, "کامل نیست"))
	}
	o.refuse(fault.Forbidden, "", citizen(), accept(d.ID))
	inUnit := o.as("office")
	inUnit.UnitID = d.UnitID
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", inUnit, accept(d.ID))
	o.do(o.as("office"), giveBack(d.ID, "کامل نیست"))
	o.do(o.as("expert"), report(d.ID, "کامل شد"))
	o.do(o.as("ceo"), accept(d.ID))
	got := o.wantState(d.ID, directives.Done)
	if got.DoneAt == nil || got.NextClockAt != nil || got.Returns != 1 {
		t.Fatalf("%+v", got)
	}
	for _, kind := range []string{"directive.returned", "directive.accepted"} {
		if n := len(o.facts(kind, d.ID)); n != 1 {
			t.Fatalf("%d facts %s", n, kind)
		}
	}
	if n := len(o.facts("directive.reported", d.ID)); n != 2 {
		t.Fatalf("%d reports told", n)
	}
}

func TestReturnNeedsAReasonAndWindsTheClockOn(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	o.wrong("reason", "directive.error.reason", o.as("ceo"), giveBack(d.ID, " "))
	o.do(o.as("ceo"), giveBack(d.ID, "کامل نیست"))
	got := o.wantState(d.ID, directives.Returned)
	if got.NextClockAt == nil || !got.DueAt.Equal(d.DueAt) {
		t.Fatalf("%+v", got)
	}
	o.do(o.as("expert"), start(d.ID))
	o.wantState(d.ID, directives.InProgress)
}

func TestCitizenObjectsOncePerPeriod(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.refuse(fault.Conflict, "directive.conflict.state", citizen(), object(d.ID, "انجام نشده"))
	o.done(d.ID)
	may := func() (ok bool) {
		now := o.read(d.ID)
		o.view(func(r tenants.Reader) (err error) {
			ok, err = directives.MayObject(t.Context(), r, now)
			return err
		})
		return ok
	}
	if !may() {
		t.Fatal("the citizen may object")
	}
	o.refuse(fault.NotFound, "", o.as("pr"), object(d.ID, "انجام نشده"))
	o.wrong("text", "directive.error.objection", citizen(), object(d.ID, ""))
	o.do(citizen(), object(d.ID, "انجام نشده"))
	got := o.wantState(d.ID, directives.Returned)
	if got.DoneAt != nil || got.NextClockAt == nil || !got.DueAt.After(o.Clock.Now()) || got.Returns != 1 {
		t.Fatalf("%+v", got)
	}
	if n := len(o.facts("directive.returned", d.ID)); n != 1 {
		t.Fatalf("%d facts", n)
	}
	o.done(d.ID)
	o.Clock.Advance(29 * 24 * time.Hour)
	if may() {
		t.Fatal("the citizen objected 29 days ago")
	}
	o.refuse(fault.TooMany, "directive.objection_limit", citizen(), object(d.ID, "هنوز نه"))
	o.Clock.Advance(25 * time.Hour)
	if !may() {
		t.Fatal("thirty days have passed")
	}
	o.do(citizen(), object(d.ID, "هنوز نه"))
}

func TestNobodyObjectsToAHiddenDirective(t *testing.T) {
	o := newOffice(t)
	d := o.issue(func(in *directives.Issuance) { in.Public = false })
	o.done(d.ID)
	o.refuse(fault.NotFound, "", citizen(), object(d.ID, "انجام نشده"))
}

func TestChangeOfDueIsAuditedWithTheOldValue(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	later := d.DueAt.AddDate(0, 0, 7)
	o.refuse(fault.Forbidden, "directive.forbidden.due", o.as("expert"), changeDue(d.ID, later, "زمان می‌خواهیم"))
	o.refuse(fault.Forbidden, "directive.forbidden.due", citizen(), changeDue(d.ID, later, "x"))
	o.wrong("reason", "directive.error.reason", o.as("ceo"), changeDue(d.ID, later, ""))
	o.wrong("due", "directive.error.due", o.as("ceo"), changeDue(d.ID, o.Clock.Now(), "زودتر"))
	o.do(o.as("ceo"), changeDue(d.ID, later, "قطعه نرسیده است"))
	if got := o.read(d.ID); !got.DueAt.Equal(later) {
		t.Fatalf("due %s", got.DueAt)
	}
	lines, err := audit.Of(t.Context(), o.DB(t), "directive", d.ID, 1)
	want := d.DueAt.UTC().Format(time.RFC3339) + " -> " + later.UTC().Format(time.RFC3339)
	if err != nil || lines[0].Act != "directive:change_due" || lines[0].Detail != want {
		t.Fatalf("audit %+v, want %s: %v", lines[0], want, err)
	}
	o.done(d.ID)
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("ceo"), changeDue(d.ID, later, "x"))
}

func TestAcceptNoteHasALimit(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	o.wrong("note", "directive.error.too_long", o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Accept(ctx, tx, d.ID, long(directives.MaxReason+1))
	})
}
