package directives_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

func acknowledge(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Acknowledge(ctx, tx, id) }
}

func note(id int64, public bool) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Note(ctx, tx, id, "بخشی از کار انجام شد", public)
	}
}

func show(id int64, public bool, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Show(ctx, tx, id, public, reason) }
}

func TestTheHeadConfirmsHavingSeenTheOrder(t *testing.T) {
	o := newOffice(t)
	d, p := o.withPart()
	o.refuse(fault.Forbidden, "order.forbidden.head", o.as("expert"), acknowledge(d.ID))
	o.refuse(fault.NotFound, "", o.as("ceo"), acknowledge(d.ID))
	o.do(o.as("head"), acknowledge(d.ID))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("head"), acknowledge(d.ID))
	if got := o.read(d.ID); got.SeenBy == nil || *got.SeenBy != o.accounts["head"].ID || got.SeenAt == nil {
		t.Fatalf("%+v", got)
	}
	o.do(o.head(), acknowledge(d.ID))
	if got := o.parts(d.ID)[0]; got.ID != p.ID || got.SeenAt == nil {
		t.Fatalf("%+v", got)
	}
}

// head is the head of the unit that helps.
func (o *office) head() tenants.Actor {
	a := o.as("expert.service")
	a.Roles, a.Leads = []string{"unit_head"}, true
	return a
}

func TestNotesReachTheCitizenWhenBothArePublic(t *testing.T) {
	o := newOffice(t)
	open, quiet := o.issue(), o.issue(func(in *directives.Issuance) { in.Public = false })
	for _, id := range []int64{open.ID, quiet.ID} {
		o.do(o.as("expert"), note(id, false))
		o.do(o.as("expert"), note(id, true))
	}
	for id, want := range map[int64]int{open.ID: 1, quiet.ID: 0} {
		list, err := timeline.Of(t.Context(), o.DB(t), timeline.Subject{Kind: "directive", ID: id}, true)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range list {
			if e.Kind == "directive.note" {
				n++
			}
		}
		if n != want {
			t.Errorf("%d notes for the citizen, want %d", n, want)
		}
	}
	o.refuse(fault.NotFound, "", o.as("expert.service"), note(open.ID, false))
	o.done(open.ID)
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("expert"), note(open.ID, false))
}

func TestTheIssuerShowsAndHidesWithAReason(t *testing.T) {
	o := newOffice(t)
	d := o.issue(func(in *directives.Issuance) { in.Public = false })
	o.refuse(fault.Forbidden, "directive.forbidden.issuer", o.as("expert"), show(d.ID, true, "دلیل"))
	o.wrong("reason", "directive.error.reason", o.as("ceo"), show(d.ID, true, ""))
	o.do(o.as("ceo"), show(d.ID, true, "شهروند پیگیر است"))
	o.refuse(fault.Conflict, "directive.conflict.state", o.as("ceo"), show(d.ID, true, "دوباره"))
	if !o.read(d.ID).Public {
		t.Fatal("not shown")
	}
}

func TestAConfidentialDirectiveIsKeptFromOthers(t *testing.T) {
	o := newOffice(t)
	o.wrong("confidential", "order.error.confidential_public", o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: directives.OnMeeting, OriginID: meetingID, ExecutiveID: o.executive.ID, UnitID: o.unit.ID, Text: "متن", Public: true, Confidential: true,
		})
		return err
	})
	d, _ := o.withPart(func(in *directives.Issuance) { in.Public, in.Confidential = false, true })
	inspector := o.as("pr")
	inspector.Roles, inspector.Inspects = []string{"inspector"}, true
	office := o.as("pr")
	office.Roles, office.Office = []string{"executive_office"}, true
	for name, c := range map[string]struct {
		actor tenants.Actor
		sees  bool
	}{
		"ceo": {o.as("ceo"), true}, "office": {office, true}, "head": {o.as("head"), true}, "head of the part": {o.head(), true}, "inspector": {inspector, true},
		"pr": {o.as("pr"), false}, "manager": {o.as("manager"), false}, "expert": {o.as("expert"), false}, "citizen": {citizen(), false},
	} {
		o.view(func(r tenants.Reader) error {
			list, _, err := directives.OfExecutive(t.Context(), r, 0, directives.Filter{Actor: c.actor})
			if err != nil || (len(list) == 1) != c.sees {
				t.Errorf("%s: list %d: %v", name, len(list), err)
			}
			tally, err := directives.Counts(t.Context(), r, c.actor, 0)
			if err != nil || (tally.Open == 1) != c.sees {
				t.Errorf("%s: count %d: %v", name, tally.Open, err)
			}
			of, err := directives.Of(t.Context(), r, c.actor, directives.OnMeeting, meetingID)
			if err != nil || (len(of) == 1) != c.sees {
				t.Errorf("%s: of %d: %v", name, len(of), err)
			}
			if err := d.MaySee(t.Context(), r, c.actor); (err == nil) != c.sees {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
	}
	if n := len(o.story(d.ID, false)); n != 0 {
		t.Fatalf("%d events beside the meeting", n)
	}
	o.refuse(fault.NotFound, "", o.as("expert"), report(d.ID, "انجام شد"))
	o.refuse(fault.Conflict, "", o.as("ceo"), show(d.ID, true, "دلیل"))
}

func TestTheResultIsRatedOnce(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	rate := func(score int) command {
		return func(ctx context.Context, tx *tenants.Tx) error {
			return directives.Rate(ctx, tx, d.ID, score, "خوب بود")
		}
	}
	o.refuse(fault.Conflict, "directive.conflict.state", citizen(), rate(4))
	o.done(d.ID)
	o.refuse(fault.NotFound, "", o.as("pr"), rate(4))
	o.wrong("score", "order.error.score", citizen(), rate(6))
	o.do(citizen(), rate(4))
	o.refuse(fault.Conflict, "order.conflict.rated", citizen(), rate(5))
	o.view(func(r tenants.Reader) error {
		got, err := directives.RatingOf(t.Context(), r, o.executive.ID)
		if err != nil || got != (directives.Rating{N: 1, Average: 4}) {
			t.Fatalf("%+v: %v", got, err)
		}
		return nil
	})
}

func TestWeeksAndTheirDigests(t *testing.T) {
	o := newOffice(t)
	saturday := at(t, "1405-09-07 00:00")
	if got := directives.WeekStart(saturday.Add(time.Minute)); !got.Equal(saturday) {
		t.Fatalf("week from %s", got)
	}
	if got := directives.WeekStart(saturday.Add(-time.Minute)); !got.Equal(at(t, "1405-08-30 00:00")) {
		t.Fatalf("week from %s", got)
	}
	issued := o.Clock.Now()
	o.done(o.issue().ID)
	order := func() int {
		o.do(tenants.SystemActor(), directives.OrderDigests)
		return len(o.facts(directives.KindDigest, 0))
	}
	o.Clock.Set(directives.WeekStart(issued).AddDate(0, 0, 7)) // midnight: nobody works
	if order() != 0 {
		t.Fatal("a digest at night")
	}
	o.Clock.Advance(9 * time.Hour)
	first := order()
	if first == 0 || order() != first {
		t.Fatalf("%d digests, then %d", first, order())
	}
	o.view(func(r tenants.Reader) error {
		w, err := directives.WeekOf(t.Context(), r, tenants.SystemActor(), o.executive.ID, directives.WeekStart(issued))
		if err != nil || w.Issued != 1 || w.Done != 1 || w.Until.Sub(w.From) != 7*24*time.Hour {
			t.Fatalf("%+v: %v", w, err)
		}
		byUnit, err := directives.CountsByUnit(t.Context(), r, tenants.SystemActor(), o.executive.ID)
		if err != nil || len(byUnit) != 1 || byUnit[0].Done != 1 || byUnit[0].Kept != 1 || byUnit[0].UnitFA == "" {
			t.Fatalf("%+v: %v", byUnit, err)
		}
		return nil
	})
}
