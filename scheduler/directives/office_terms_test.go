package directives_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// holder gives the post to an account of the template.
func (o *office) holder(user string, from time.Time) command {
	id := o.accounts[user].ID
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ChangeHolder(ctx, tx, o.executive.ID, directives.Holder{StaffID: &id, FromAt: from})
	}
}

func (o *office) deputy(user string, from, until time.Time) command {
	id := o.accounts[user].ID
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.AppointDeputy(ctx, tx, o.executive.ID, directives.Deputy{StaffID: id, FromAt: from, UntilAt: until})
	}
}

// commissioned is the actor as the program makes one at the door.
func (o *office) commissioned(user string) tenants.Actor {
	a := o.as(user)
	o.view(func(r tenants.Reader) error { return directives.Commission(o.t.Context(), r, &a) })
	return a
}

func (o *office) posts(user string) int {
	n := 0
	o.view(func(r tenants.Reader) error {
		list, err := directives.PostsOfStaff(o.t.Context(), r, o.accounts[user].ID)
		n = len(list)
		return err
	})
	return n
}

func TestThePostChangesHandsAtAnInstant(t *testing.T) {
	o := newOffice(t)
	first, second := o.issue(), o.issue()
	change := o.Clock.Now().Add(48 * time.Hour)
	o.do(o.as("admin"), o.holder("manager", change))
	o.do(o.as("expert"), report(first.ID, "انجام شد"))
	o.do(o.as("expert"), report(second.ID, "انجام شد"))

	o.Clock.Advance(48*time.Hour - time.Second)
	if o.posts("ceo") != 1 || o.posts("manager") != 0 {
		t.Fatal("the new holder is in office too early")
	}
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("manager"), accept(first.ID))
	o.do(o.as("ceo"), accept(first.ID))

	o.Clock.Advance(time.Second)
	if o.posts("ceo") != 0 || o.posts("manager") != 1 {
		t.Fatal("the old holder is still in office")
	}
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("ceo"), accept(second.ID))
	o.do(o.commissioned("manager"), accept(second.ID))

	o.view(func(r tenants.Reader) error {
		now, err := directives.ExecutiveByID(t.Context(), r, o.executive.ID)
		if err != nil {
			return err
		}
		then, err := directives.InOfficeAt(t.Context(), r, o.executive.ID, first.IssuedAt)
		if err == nil && (then.NameFA != o.executive.NameFA || now.NameFA != o.accounts["manager"].NameFA) {
			t.Errorf("then %s, now %s", then.NameFA, now.NameFA)
		}
		return err
	})
	lines, err := audit.Of(t.Context(), o.DB(t), "executive", o.executive.ID, 9)
	if err != nil || len(lines) < 1 || lines[0].Act != "executive:holder" {
		t.Fatalf("audit %v: %v", lines, err)
	}
}

func TestAPlannedChangeIsTakenBack(t *testing.T) {
	o := newOffice(t)
	later := o.Clock.Now().Add(time.Hour)
	o.refuse(fault.Invalid, "", o.as("admin"), o.holder("manager", o.Clock.Now().Add(-time.Second)))
	o.do(o.as("admin"), o.holder("pr", time.Time{}))
	o.Clock.Advance(time.Minute)
	o.do(o.as("admin"), o.holder("manager", later))
	o.refuse(fault.Conflict, "posts.conflict.planned", o.as("admin"), o.holder("expert", later.Add(time.Hour)))
	var terms []directives.Term
	o.view(func(r tenants.Reader) (err error) {
		terms, err = directives.Terms(t.Context(), r, o.executive.ID)
		return err
	})
	o.do(o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error { return directives.EndTerm(ctx, tx, terms[0].ID) })
	o.refuse(fault.Conflict, "posts.conflict.term", o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.EndTerm(ctx, tx, terms[1].ID)
	})
	o.Clock.Advance(2 * time.Hour)
	if o.posts("pr") != 1 || o.posts("manager") != 0 || o.posts("ceo") != 0 {
		t.Fatal("the holder before does not go on")
	}
}

func TestADeputyActsWithinTheWindowOnly(t *testing.T) {
	o := newOffice(t)
	d := o.issue(func(in *directives.Issuance) { in.Public, in.Confidential = false, true })
	o.do(o.as("head"), report(d.ID, "انجام شد"))
	from := o.Clock.Now().Add(time.Hour)
	o.do(o.as("admin"), o.deputy("pr", from, from.Add(time.Hour)))
	sees := func() bool {
		var err error
		o.view(func(r tenants.Reader) error { err = o.read(d.ID).MaySee(t.Context(), r, o.as("pr")); return nil })
		return err == nil
	}
	if sees() || o.commissioned("pr").Has("executive") {
		t.Fatal("a deputy before the time")
	}
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("pr"), accept(d.ID))
	o.Clock.Advance(time.Hour)
	if !sees() || !o.commissioned("pr").Has("executive") || o.posts("pr") != 1 || o.posts("ceo") != 1 {
		t.Fatal("no deputy in the time")
	}
	o.do(o.commissioned("pr"), giveBack(d.ID, "ناقص است"))
	o.do(o.as("head"), report(d.ID, "کامل شد"))
	o.Clock.Advance(time.Hour)
	if sees() || o.commissioned("pr").Has("executive") || o.posts("pr") != 0 {
		t.Fatal("a deputy after the time")
	}
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("pr"), accept(d.ID))
}

func TestNobodyJudgesTheOwnUnitsWorkAsADeputy(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("admin"), o.deputy("expert", time.Time{}, o.Clock.Now().Add(time.Hour)))
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.commissioned("expert"), accept(d.ID))
	o.do(o.as("ceo"), accept(d.ID))
}

func TestDeputiesAreChecked(t *testing.T) {
	o := newOffice(t)
	now := o.Clock.Now()
	o.wrong("staff", "posts.error.self", o.as("admin"), o.deputy("ceo", now, now.Add(time.Hour)))
	o.wrong("until", "posts.error.until", o.as("admin"), o.deputy("pr", now, now))
	o.wrong("from", "posts.error.from", o.as("admin"), o.deputy("pr", now.Add(-time.Hour), now.Add(time.Hour)))
	o.do(o.as("admin"), o.deputy("pr", now, now.Add(2*time.Hour)))
	o.wrong("staff", "posts.error.twice", o.as("admin"), o.deputy("pr", now.Add(time.Hour), now.Add(3*time.Hour)))
	o.Clock.Advance(time.Minute)
	o.do(o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error {
		list, err := directives.Terms(ctx, tx, o.executive.ID)
		if err != nil {
			return err
		}
		return directives.EndTerm(ctx, tx, list[0].ID)
	})
	if o.posts("pr") != 0 {
		t.Fatal("the deputy's time was ended")
	}
}

func TestAPostIsAddedMovedAndRetired(t *testing.T) {
	o := newOffice(t)
	post := &directives.Executive{Code: "vp", PostFA: "معاون", PostEN: "Deputy director", NameFA: "سارا کریمی", NameEN: "Sara Karimi"}
	o.do(o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error { return directives.AddPost(ctx, tx, post) })
	o.wrong("code", "posts.error.code_known", o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.AddPost(ctx, tx, &directives.Executive{Code: "vp", PostFA: "x", PostEN: "x", NameFA: "x", NameEN: "x"})
	})
	o.do(o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error { return directives.MovePost(ctx, tx, post.ID, false) })
	o.view(func(r tenants.Reader) error {
		list, err := directives.Executives(t.Context(), r)
		if err == nil && (len(list) != 2 || list[0].ID != post.ID) {
			t.Errorf("posts %v", list)
		}
		return err
	})
	d := o.issue()
	retire := func(ctx context.Context, tx *tenants.Tx) error { return directives.Retire(ctx, tx, o.executive.ID) }
	o.refuse(fault.Conflict, "posts.conflict.directives", o.as("admin"), retire)
	o.done(d.ID)
	o.do(o.as("admin"), retire)
	if o.posts("ceo") != 0 {
		t.Fatal("a retired post has no holder in office")
	}
	o.refuse(fault.Conflict, "posts.conflict.state", o.as("admin"), o.holder("pr", time.Time{}))
	o.do(o.as("admin"), func(ctx context.Context, tx *tenants.Tx) error { return directives.Restore(ctx, tx, o.executive.ID) })
}
