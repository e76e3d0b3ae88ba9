package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/jobs"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// office is a world with staff and executives, and a citizen with a mobile.
type office struct {
	*world
	t       testing.TB
	Citizen *citizens.Citizen
}

const (
	citizenMobile = "+989351112233"
	headMobile    = "+989120000105" // of the unit network, from the template
	safetyMobile  = "+989120000108"
	managerMobile = "+989120000103"
	ceoMobile     = "+989120000111"
)

func newOffice(t testing.TB) *office {
	o := &office{world: newWorld(t), t: t}
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if err := staff.Seed(ctx, tx, staff.Cheap(), spec.Staff, func(string) string { return "a password" }); err != nil {
			return err
		}
		ceo, err := staff.ByUserName(ctx, tx, "ceo")
		if err != nil {
			return err
		}
		if _, err := directives.Seed(ctx, tx, spec.Executives, map[string]int64{"ceo": ceo.ID}); err != nil {
			return err
		}
		if err := meetings.Seed(ctx, tx, spec.Executives); err != nil {
			return err
		}
		o.Citizen, err = citizens.Ensure(ctx, tx, citizens.Identity{Mobile: citizenMobile, NationalID: "0499370899", Name: "سارا محمدی", Verified: true})
		return err
	})
	return o
}

func (o *office) write(a tenants.Actor, fn func(context.Context, *tenants.Tx) error) {
	o.t.Helper()
	o.Write(o.t, a, func(tx *tenants.Tx) error { return fn(o.t.Context(), tx) })
}

// as is the actor of a user name of the template.
func (o *office) as(user string) tenants.Actor {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	s, err := staff.ByUserName(o.t.Context(), db, user)
	if err != nil {
		o.t.Fatal(err)
	}
	roles, err := staff.Roles(o.t.Context(), db, s.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, UnitID: *s.UnitID, Roles: roles, SeesAll: user != "expert" && user != "head"}
}

func (o *office) citizen() tenants.Actor {
	return tenants.Actor{Kind: tenants.Citizen, ID: o.Citizen.ID, Name: o.Citizen.Name}
}

// told drains and gives what was carried since the last time.
func (o *office) told() []notify.Outgoing {
	o.t.Helper()
	before := len(o.Sender.Sent())
	if err := jobs.Drain(o.t.Context(), o.Deps); err != nil {
		o.t.Fatal(err)
	}
	return o.Sender.Sent()[before:]
}

// mustTell drains and expects one message of the template to the number.
func (o *office) mustTell(template, to string) notify.Outgoing {
	o.t.Helper()
	sent := o.told()
	if len(sent) != 1 || sent[0].Template != template || sent[0].To != to {
		o.t.Fatalf("want %s to %s, told %+v", template, to, sent)
	}
	return sent[0]
}

func (o *office) mustTellNobody() {
	o.t.Helper()
	if sent := o.told(); len(sent) != 0 {
		o.t.Fatalf("told %+v", sent)
	}
}

// register files a complaint of the citizen about the network.
func (o *office) register() *complaints.Complaint {
	o.t.Helper()
	var c *complaints.Complaint
	o.write(o.citizen(), func(ctx context.Context, tx *tenants.Tx) error {
		topics, err := tenants.Topics(ctx, tx)
		if err != nil {
			return err
		}
		r, err := complaints.Register(ctx, tx, complaints.Registration{
			Kind: complaints.KindComplaint, Channel: "web", CitizenID: &o.Citizen.ID, TopicID: topics[0].ID,
			Text: "علمک گاز جابه‌جا نشده است", Place: complaints.Place{Address: "زنجان، خیابان سعدی"},
		})
		if err == nil {
			c = r.Complaint
		}
		return err
	})
	return c
}

func (o *office) refer(c *complaints.Complaint) {
	o.t.Helper()
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.unitIn(ctx, tx, "network"), Note: "لطفاً بررسی شود"})
		return err
	})
}

func (o *office) step(a tenants.Actor, fn func(context.Context, *tenants.Tx) (*timeline.Event, error)) {
	o.t.Helper()
	o.write(a, func(ctx context.Context, tx *tenants.Tx) error { _, err := fn(ctx, tx); return err })
}

func TestCitizenIsToldOfEveryStepOfTheCase(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	first := o.mustTell("sms.complaint.registered", citizenMobile)
	if lines := strings.Split(first.Text, "\n"); lines[len(lines)-2] != persian.ShowCode(c.Code) ||
		!strings.HasPrefix(lines[len(lines)-1], "https://alpha.pasokh.example/p/") {
		t.Fatalf("text: %s", first.Text)
	}
	o.refer(c)
	if m := o.mustTell("sms.complaint.referred", headMobile); !strings.HasSuffix(m.Text, fmt.Sprintf("https://alpha.pasokh.example/c/%d", c.ID)) {
		t.Fatalf("text: %s", m.Text)
	}
	expert := o.as("expert")
	o.step(expert, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.mustTellNobody()
	o.step(expert, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, c.ID, "شمارهٔ اشتراک را بفرستید")
	})
	o.mustTell("sms.complaint.asked", citizenMobile)
	o.step(o.citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, c.ID, "شمارهٔ اشتراک ۱۲۳۴۵۶ است")
	})
	if sent := o.told(); len(sent) != 1 || sent[0].Template != "sms.complaint.completed" || sent[0].To == citizenMobile {
		t.Fatalf("the unit that waited: %+v", sent)
	}
	o.step(expert, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, c.ID, "علمک جابه‌جا شد و آسفالت ترمیم شد")
	})
	if m := o.mustTell("sms.complaint.answered", citizenMobile); !strings.Contains(m.Text, "/track?code="+c.Code) {
		t.Fatalf("text: %s", m.Text)
	}
	o.step(o.citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, c.ID, complaints.Verdict{Outcome: "satisfied"})
	})
	o.mustTell("sms.complaint.closed", citizenMobile)
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := notify.Of(t.Context(), db, c.Subject())
	if err != nil || len(list) != 6 {
		t.Fatalf("%d messages on record, %v", len(list), err)
	}
}

func TestWhatIsNoLongerTrueIsNotSaid(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.refer(c)
	expert := o.as("expert")
	o.step(expert, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.step(expert, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Ask(ctx, tx, c.ID, "شمارهٔ اشتراک را بفرستید")
	})
	o.step(o.citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, c.ID, "شمارهٔ اشتراک ۱۲۳۴۵۶ است")
	})
	sent := o.told()
	if len(sent) != 2 || sent[0].Template != "sms.complaint.registered" || sent[1].Template != "sms.complaint.completed" || sent[1].To == citizenMobile {
		t.Fatalf("told %+v", sent)
	}
	for _, row := range o.tasks(t) {
		if row.DoneAt == nil {
			t.Fatalf("left over: %+v", row)
		}
	}
}

func TestEveryUnitOfAJointReferralIsTold(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.told()
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.unitIn(ctx, tx, "network"), Others: []int64{o.unitIn(ctx, tx, "safety")}})
		return err
	})
	sent := o.told()
	if len(sent) != 2 || sent[0].To != headMobile || sent[1].To != safetyMobile {
		t.Fatalf("told %+v", sent)
	}
}

func TestSweepTellsTheRungs(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.refer(c)
	o.told()
	sweep := func() {
		t.Helper()
		if err := jobs.RunClock(t.Context(), o.Deps, "complaints.sweep"); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	o.mustTellNobody()
	o.Clock.Advance(48*time.Hour + time.Minute)
	sweep()
	sweep()
	o.mustTell("sms.complaint.escalated", headMobile)
	o.Clock.Advance(24 * time.Hour)
	sweep()
	o.mustTell("sms.complaint.escalated", managerMobile)
}

func TestCodeReachesTheMobileAndIsNotKept(t *testing.T) {
	o := newOffice(t)
	in := citizens.CodeFor{Purpose: "sign_in", Mobile: citizenMobile, Holder: tenants.HashToken(tenants.NewToken())}
	o.write(tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := citizens.RequestCode(ctx, tx, in)
		return err
	})
	m := o.mustTell("sms.code", citizenMobile)
	digits := strings.Split(m.Text, "\n")[1]
	var ok bool
	o.write(tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) (err error) {
		ok, err = citizens.VerifyCode(ctx, tx, in, digits)
		return err
	})
	if !ok {
		t.Fatalf("the code does not open: %s", m.Text)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	var rows []notify.Message
	if err := db.Select(&rows).Where("message.template = ?", "sms.code").Scan(t.Context()); err != nil || len(rows) != 1 || rows[0].Text != "" {
		t.Fatalf("%+v, %v", rows, err)
	}
}

func TestCodeThatIsOverIsDropped(t *testing.T) {
	o := newOffice(t)
	o.write(tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := citizens.RequestCode(ctx, tx, citizens.CodeFor{Purpose: "sign_in", Mobile: citizenMobile, Holder: tenants.HashToken(tenants.NewToken())})
		return err
	})
	o.Clock.Advance(citizens.CodeLife)
	o.mustTellNobody()
	if row := o.tasks(t)[0]; row.Result != "code over" {
		t.Fatalf("%+v", row)
	}
}
