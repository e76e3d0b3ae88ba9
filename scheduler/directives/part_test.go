package directives_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// helper is the unit that has the part: the one of expert.service.
func (o *office) helper() int64 { return *o.accounts["expert.service"].UnitID }

func (o *office) withPart(change ...func(*directives.Issuance)) (*directives.Directive, directives.ListedPart) {
	o.t.Helper()
	d := o.issue(append([]func(*directives.Issuance){func(in *directives.Issuance) {
		in.Parts = []directives.PartOrder{{UnitID: o.helper(), Text: "کنتور را عوض کند"}}
	}}, change...)...)
	return d, o.parts(d.ID)[0]
}

func (o *office) parts(id int64) (list []directives.ListedPart) {
	o.t.Helper()
	o.view(func(r tenants.Reader) (err error) {
		list, err = directives.Parts(o.t.Context(), r, id, 0)
		return err
	})
	return list
}

func startPart(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.StartPart(ctx, tx, id) }
}

func reportPart(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ReportPart(ctx, tx, id, "عوض شد")
	}
}

func acceptPart(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.AcceptPart(ctx, tx, id) }
}

func returnPart(id int64, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.ReturnPart(ctx, tx, id, reason) }
}

func reportWithout(id int64, why string) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ReportWithout(ctx, tx, id, "انجام شد", why)
	}
}

func TestPartsWaitForTheirOwnUnit(t *testing.T) {
	o := newOffice(t)
	_, p := o.withPart()
	o.refuse(fault.NotFound, "", o.as("expert"), startPart(p.ID)) // the lead unit has another share
	o.refuse(fault.NotFound, "", o.as("expert.service"), acceptPart(p.ID))
	o.do(o.as("expert.service"), startPart(p.ID))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("expert.service"), startPart(p.ID))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("expert"), acceptPart(p.ID))
	o.do(o.as("expert.service"), reportPart(p.ID))
	o.do(o.as("expert"), acceptPart(p.ID))
	if got := o.parts(p.DirectiveID)[0]; got.State != directives.PartAccepted || got.Report != "عوض شد" || got.AcceptedAt == nil {
		t.Fatalf("%+v", got)
	}
}

func TestTheLeadReportsWhenThePartsAreInOrSaysWhy(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart()
	o.wrong("without", "order.error.without", o.as("expert"), report(d.ID, "انجام شد"))
	o.do(o.as("expert.service"), reportPart(p.ID))
	o.do(o.as("expert"), returnPart(p.ID, "کامل نیست"))
	o.wrong("without", "order.error.without", o.as("expert"), reportWithout(d.ID, " "))
	o.do(o.as("expert"), reportWithout(d.ID, "قطعه تا ماه آینده نمی‌رسد"))
	if got := o.wantState(d.ID, directives.Reported); got.WithoutParts == "" {
		t.Fatal("the reason was lost")
	}
	o.do(o.as("ceo"), giveBack(d.ID, "منتظر بمانید"))
	o.do(o.as("expert.service"), reportPart(p.ID))
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	if got := o.wantState(d.ID, directives.Reported); got.WithoutParts != "" || o.parts(d.ID)[0].Returns != 1 {
		t.Fatalf("%+v", got)
	}
}

func TestPartsAreChecked(t *testing.T) {
	o := newOffice(t)
	wrong := func(field, key string, p ...directives.PartOrder) {
		t.Helper()
		o.wrong(field, key, o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := directives.Issue(ctx, tx, directives.Issuance{
				OriginKind: directives.OnMeeting, OriginID: meetingID, ExecutiveID: o.executive.ID, UnitID: o.unit.ID, Text: "متن", Parts: p,
			})
			return err
		})
	}
	good := directives.PartOrder{UnitID: o.helper(), Text: "سهم"}
	wrong("part_text_0", "order.error.part_text", directives.PartOrder{UnitID: o.helper()})
	wrong("part_unit_0", "directive.error.unit", directives.PartOrder{UnitID: 1, Text: "سهم"})
	wrong("part_unit_0", "order.error.part_twice", directives.PartOrder{UnitID: o.unit.ID, Text: "سهم"})
	wrong("part_unit_1", "order.error.part_twice", good, good)
	late := good
	late.DueAt = o.Clock.Now().AddDate(1, 0, 0)
	wrong("part_due_0", "order.error.part_due", late)
	wrong("parts", "order.error.parts", slices.Repeat([]directives.PartOrder{good}, directives.MaxParts+1)...)
}

func TestThePartHasItsOwnClock(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart(func(in *directives.Issuance) { in.Parts[0].DueAt = o.Clock.Now().AddDate(0, 0, 4) })
	sweepPart := func() {
		o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return directives.SweepPart(ctx, tx, p.ID) })
	}
	levels := func() (list []directives.Level) {
		for _, kind := range []string{"directive.part_reminder", "directive.part_overdue"} {
			for _, f := range o.facts(kind, d.ID) {
				list = append(list, f.Level)
			}
		}
		return list
	}
	o.Clock.Set(*p.NextClockAt)
	sweepPart()
	sweepPart()
	o.Clock.Set(p.DueAt)
	due, err := o.Root.UnscopedDueParts(t.Context(), o.Clock.Now(), 10)
	if err != nil || len(due) != 1 || due[0].ID != p.ID {
		t.Fatalf("%v: %v", due, err)
	}
	sweepPart()
	if got := levels(); !slices.Equal(got, []directives.Level{directives.LevelReminder, directives.LevelOverdue}) {
		t.Fatalf("levels %v", got)
	}
	o.do(o.as("expert.service"), reportPart(p.ID))
	o.Clock.Advance(48 * time.Hour)
	sweepPart()
	if got := levels(); len(got) != 2 {
		t.Fatalf("a reported part is told of again: %v", got)
	}
}

func TestNoPartIsDueAfterTheWhole(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart()
	sooner := d.DueAt.AddDate(0, 0, -3)
	o.do(o.as("ceo"), changeDue(d.ID, sooner, "زودتر"))
	if got := o.parts(d.ID)[0]; !got.DueAt.Equal(sooner) || got.DueAt.Equal(p.DueAt) {
		t.Fatalf("due %s", got.DueAt)
	}
}

func askExtension(id int64, due time.Time) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.AskExtension(ctx, tx, id, due, "قطعه نرسیده است")
	}
}

func TestAnExtensionIsAskedOnceAndGranted(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	later := d.DueAt.AddDate(0, 0, 10)
	o.refuse(fault.NotFound, "", o.as("ceo"), askExtension(d.ID, later))
	o.wrong("due", "order.error.extension_due", o.as("expert"), askExtension(d.ID, d.DueAt))
	o.do(o.as("expert"), askExtension(d.ID, later))
	o.refuse(fault.Conflict, "order.conflict.extension", o.as("head"), askExtension(d.ID, later))
	if got := o.read(d.ID); !got.DueAt.Equal(d.DueAt) {
		t.Fatal("asking moved the due time")
	}
	o.Clock.Set(d.DueAt)
	o.wantLevels(d.ID, directives.LevelOverdue) // the old due time stands
	grant := func(ctx context.Context, tx *tenants.Tx) error {
		return directives.GrantExtension(ctx, tx, d.ID, "پذیرفته شد")
	}
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("expert"), grant)
	o.do(o.as("ceo"), grant)
	if got := o.read(d.ID); !got.DueAt.Equal(later) || got.Overdue(o.Clock.Now()) {
		t.Fatalf("due %s", got.DueAt)
	}
	o.view(func(r tenants.Reader) error {
		entries, err := audit.Of(t.Context(), r, "directive", d.ID, 50)
		if err != nil {
			return err
		}
		found := false
		for _, e := range entries {
			found = found || e.Act == "directive:grant_extension" && strings.Contains(e.Detail, "->") && strings.Contains(e.Detail, "پذیرفته شد")
		}
		if !found {
			t.Fatal("the audit does not tell the old and the new due time with the reason")
		}
		return nil
	})
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("ceo"), grant)
}

func TestARefusedExtensionChangesNothing(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), askExtension(d.ID, d.DueAt.AddDate(0, 0, 10)))
	refuse := func(ctx context.Context, tx *tenants.Tx) error {
		return directives.RefuseExtension(ctx, tx, d.ID, "فرصت کافی است")
	}
	o.view(func(r tenants.Reader) error {
		list, err := directives.AskingOf(t.Context(), r, o.as("ceo"), o.executive.ID, 10)
		if err != nil || len(list) != 1 || list[0].ID != d.ID || list[0].Reason == "" || !list[0].NewDueAt.After(d.DueAt) || list[0].UnitFA == "" {
			t.Fatalf("%+v: %v", list, err)
		}
		return nil
	})
	o.do(o.as("ceo"), refuse)
	if got := o.read(d.ID); !got.DueAt.Equal(d.DueAt) {
		t.Fatal("the due time moved")
	}
	o.do(o.as("expert"), askExtension(d.ID, d.DueAt.AddDate(0, 0, 5))) // a new request may follow
	o.done(d.ID)
	o.view(func(r tenants.Reader) error {
		list, err := directives.Extensions(t.Context(), r, d.ID)
		if err != nil || len(list) != 2 || list[0].State != directives.ExtensionRefused || list[1].State != directives.ExtensionLapsed {
			t.Fatalf("%+v: %v", list, err)
		}
		return nil
	})
}

// A deputy judges neither a whole nor a request about it when the own unit has a
// part in it.
func TestNobodyJudgesAWholeInWhichTheOwnUnitHasAPart(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart()
	deputy := o.as("ceo") // acts for the post, now from the unit that helps
	deputy.UnitID = p.UnitID
	office := tenants.Actor{Kind: tenants.Staff, ID: 4711, UnitID: p.UnitID, Roles: []string{"executive_office"}, Office: true}
	o.do(o.as("expert"), askExtension(d.ID, d.DueAt.AddDate(0, 0, 5)))
	grant := func(ctx context.Context, tx *tenants.Tx) error {
		return directives.GrantExtension(ctx, tx, d.ID, "پذیرفته شد")
	}
	o.do(o.as("expert.service"), reportPart(p.ID))
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	for _, a := range []tenants.Actor{deputy, office} {
		for _, judge := range []command{accept(d.ID), giveBack(d.ID, "کامل نیست"), grant} {
			o.refuse(fault.Forbidden, "directive.forbidden.issuer", a, judge)
		}
		o.refuse(fault.NotFound, "", a, acceptPart(p.ID))
		o.refuse(fault.NotFound, "", a, returnPart(p.ID, "کامل نیست"))
	}
	o.do(o.as("ceo"), accept(d.ID))
}

func TestAPartsExtensionIsDecidedByTheLead(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart(func(in *directives.Issuance) { in.DueAt = o.Clock.Now().AddDate(0, 0, 20) })
	o.do(o.as("ceo"), changeDue(d.ID, d.DueAt.AddDate(0, 0, 10), "فرصت بیشتر")) // the part keeps its own
	later := p.DueAt.AddDate(0, 0, 6)
	ask := func(due time.Time) command {
		return func(ctx context.Context, tx *tenants.Tx) error {
			return directives.AskPartExtension(ctx, tx, p.ID, due, "قطعه نرسیده است")
		}
	}
	grant := func(ctx context.Context, tx *tenants.Tx) error {
		return directives.GrantPartExtension(ctx, tx, p.ID, "پذیرفته شد")
	}
	refuse := func(ctx context.Context, tx *tenants.Tx) error {
		return directives.RefusePartExtension(ctx, tx, p.ID, "فرصت کافی است")
	}
	o.refuse(fault.NotFound, "", o.as("expert"), ask(later))
	o.wrong("due", "order.error.extension_due", o.as("expert.service"), ask(p.DueAt))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("expert"), grant)
	o.do(o.as("expert.service"), ask(d.DueAt.AddDate(0, 0, 30)))
	o.refuse(fault.Conflict, "order.conflict.extension", o.as("expert.service"), ask(later))
	o.refuse(fault.Conflict, "order.conflict.part_extension_late", o.as("expert"), grant) // longer than the whole
	o.do(o.as("expert"), refuse)
	o.do(o.as("expert.service"), ask(later))
	o.refuse(fault.NotFound, "", o.as("expert.service"), grant)
	o.do(o.as("expert"), grant)
	if got := o.parts(d.ID)[0]; !got.DueAt.Equal(later) || got.NextClockAt == nil {
		t.Fatalf("%+v", got)
	}
	o.do(o.as("expert.service"), ask(later.AddDate(0, 0, 1)))
	o.do(o.as("expert"), reportWithout(d.ID, "قطعه در راه است"))
	o.do(o.as("ceo"), accept(d.ID))
	o.view(func(r tenants.Reader) error {
		list, err := directives.PartExtensions(t.Context(), r, []int64{p.ID})
		if err != nil || len(list) != 3 || list[0].State != directives.ExtensionRefused || list[1].State != directives.ExtensionGranted || list[2].State != directives.ExtensionLapsed {
			t.Fatalf("%+v: %v", list, err)
		}
		return nil
	})
}
