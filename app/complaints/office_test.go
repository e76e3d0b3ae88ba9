package complaints_test

import (
	"context"
	"slices"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// office is a world with its units and topics by code, and steps to walk a
// case through it.
type office struct {
	*dbtest.World
	t     *testing.T
	units map[string]tenants.Unit
	topic map[string]tenants.Topic
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: dbtest.New(t), t: t, units: map[string]tenants.Unit{}, topic: map[string]tenants.Topic{}}
	db := o.Root.For(o.A)
	defer db.Release()
	units, err := tenants.Units(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		o.units[u.Code] = u
	}
	topics, err := tenants.Topics(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		o.topic[topic.Code] = topic
	}
	return o
}

// as is an actor of the unit with the given roles; only executing units are
// kept to their own cases.
func (o *office) as(unit string, roles ...string) tenants.Actor {
	o.t.Helper()
	u := o.units[unit]
	return tenants.Actor{Kind: tenants.Staff, ID: o.account(unit), Name: unit, UnitID: u.ID, Roles: roles, SeesAll: u.Kind != tenants.UnitExecutive, Arbitrates: slices.Contains(roles, "pr_manager")}
}

// account makes, once per unit, the account whose ID the actors carry.
func (o *office) account(unit string) int64 {
	o.t.Helper()
	u := o.units[unit]
	row := &staff.Staff{ID: tenants.NewID(), UserName: "test." + unit, PasswordHash: "-", NameFA: unit, NameEN: unit, UnitID: &u.ID, CreatedAt: o.Clock.Now()}
	o.Write(o.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		found := new(staff.Staff)
		if err := tx.Select(found).Column("id").Where("staff.user_name = ?", row.UserName).Scan(o.t.Context()); err == nil {
			row = found
			return nil
		}
		return tx.Insert(o.t.Context(), row)
	})
	return row.ID
}

func citizen() tenants.Actor { return tenants.Actor{Kind: tenants.Citizen} }

type step = func(context.Context, *tenants.Tx) (*timeline.Event, error)

// do runs one command and fails the test on an error.
func (o *office) do(a tenants.Actor, fn step) *timeline.Event {
	o.t.Helper()
	e, err := o.try(a, fn)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) try(a tenants.Actor, fn step) (e *timeline.Event, err error) {
	o.t.Helper()
	err = o.Try(o.t, a, func(tx *tenants.Tx) error {
		e, err = fn(o.t.Context(), tx)
		return err
	})
	return e, err
}

// refuse wants the command to fail with the kind.
func (o *office) refuse(kind fault.Kind, a tenants.Actor, fn step) {
	o.t.Helper()
	if _, err := o.try(a, fn); !fault.Is(err, kind) {
		o.t.Fatalf("error %v, want kind %s", err, kind)
	}
}

// register files a complaint on the network topic by a known citizen.
func (o *office) register(change ...func(*complaints.Registration)) *complaints.Complaint {
	o.t.Helper()
	in := complaints.Registration{
		Kind: complaints.KindComplaint, Channel: "web", CitizenID: o.citizen(), TopicID: o.topic["network"].ID,
		Text: "فشار گاز کوچه ما کم شده است", Place: complaints.Place{Address: "زنجان، خیابان امام، کوچه دوم"},
	}
	for _, f := range change {
		f(&in)
	}
	var c *complaints.Complaint
	o.Write(o.t, citizen(), func(tx *tenants.Tx) error {
		receipt, err := complaints.Register(o.t.Context(), tx, in)
		if err == nil {
			c = receipt.Complaint
		}
		return err
	})
	return c
}

func (o *office) citizen() *int64 {
	o.t.Helper()
	var id int64
	o.Write(o.t, citizen(), func(tx *tenants.Tx) error {
		c, err := citizens.Ensure(o.t.Context(), tx, citizens.Identity{Mobile: "09121234567", NationalID: "0499370899", Name: "زهرا محمدی"})
		if err == nil {
			id = c.ID
		}
		return err
	})
	return &id
}

func (o *office) read(id int64) *complaints.Complaint {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) want(id int64, state complaints.State) *complaints.Complaint {
	o.t.Helper()
	c := o.read(id)
	if c.State != state {
		o.t.Fatalf("state %s, want %s", c.State, state)
	}
	return c
}

func take(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, id)
	}
}

func (o *office) refer(id int64, lead string, others ...string) step {
	order := complaints.Order{UnitID: o.units[lead].ID, Note: "لطفاً بررسی شود"}
	for _, other := range others {
		order.Others = append(order.Others, o.units[other].ID)
	}
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, id, order)
	}
}

func answer(id int64, text string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, id, text)
	}
}

func hear(id int64, outcome, reason string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, id, complaints.Verdict{Outcome: outcome, Reason: reason})
	}
}

func inspect(id int64, resolved bool) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Inspect(ctx, tx, id, "بازدید شد", resolved)
	}
}

func confirm(id int64, yes bool, reason string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Confirm(ctx, tx, id, yes, reason)
	}
}

// toFeedback walks a fresh case to the feedback call.
func (o *office) toFeedback() *complaints.Complaint {
	o.t.Helper()
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "شبکه ترمیم شد"))
	return o.want(c.ID, complaints.Feedback)
}
