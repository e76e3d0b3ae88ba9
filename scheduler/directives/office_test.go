package directives_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// office is a world with the staff of the gas template and its executive.
type office struct {
	*dbtest.World
	t         *testing.T
	executive directives.Executive
	unit      *tenants.Unit
	accounts  map[string]*staff.Staff
	roles     map[string][]string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: dbtest.New(t), t: t, accounts: map[string]*staff.Staff{}, roles: map[string][]string{}}
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := staff.Seed(t.Context(), tx, staff.Cheap(), spec.Staff, func(user string) string { return "secret of " + user }); err != nil {
			return err
		}
		ids := map[string]int64{}
		for _, s := range spec.Staff {
			account, err := staff.ByUserName(t.Context(), tx, s.User)
			if err != nil {
				return err
			}
			o.accounts[s.User], o.roles[s.User], ids[s.User] = account, s.Roles, account.ID
		}
		list, err := directives.Seed(t.Context(), tx, spec.Executives, ids)
		if err != nil {
			return err
		}
		o.executive = list[0]
		o.unit, err = tenants.UnitByID(t.Context(), tx, *o.accounts["expert"].UnitID)
		return err
	})
	return o
}

// as is the actor of one account of the template.
func (o *office) as(user string) tenants.Actor {
	a := o.accounts[user]
	if a == nil {
		o.t.Fatalf("no account %s", user)
	}
	return tenants.Actor{Kind: tenants.Staff, ID: a.ID, Name: a.NameFA, UnitID: *a.UnitID, Roles: o.roles[user], Leads: slices.Contains(o.roles[user], "unit_head"), Office: slices.Contains(o.roles[user], "executive_office")}
}

func citizen() tenants.Actor {
	return tenants.Actor{Kind: tenants.Citizen, ID: 1, Name: "شهروند"}
}

// view reads with fresh eyes and gives the connection back.
func (o *office) view(fn func(r tenants.Reader) error) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	if err := fn(db); err != nil {
		o.t.Fatal(err)
	}
}

type command = func(ctx context.Context, tx *tenants.Tx) error

func (o *office) do(a tenants.Actor, fn command) {
	o.t.Helper()
	if err := o.try(a, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) try(a tenants.Actor, fn command) error {
	o.t.Helper()
	return o.Try(o.t, a, func(tx *tenants.Tx) error { return fn(o.t.Context(), tx) })
}

// refuse wants the command to fail with the kind and, unless empty, the key.
func (o *office) refuse(kind fault.Kind, key string, a tenants.Actor, fn command) {
	o.t.Helper()
	err := o.try(a, fn)
	if !fault.Is(err, kind) || (key != "" && fault.As(err).Key != key) {
		o.t.Fatalf("error %v, want %s %s", err, kind, key)
	}
}

// wrong wants a field error.
func (o *office) wrong(field, key string, a tenants.Actor, fn command) {
	o.t.Helper()
	if err := o.try(a, fn); fault.As(err).Fields[field] != key {
		o.t.Fatalf("error %v, want %s beside %s", err, key, field)
	}
}

const meetingID = 7001

// issue issues a public directive of the template's executive to the network
// unit.
func (o *office) issue(change ...func(*directives.Issuance)) *directives.Directive {
	o.t.Helper()
	in := directives.Issuance{
		OriginKind: directives.OnMeeting, OriginID: meetingID, ExecutiveID: o.executive.ID, UnitID: o.unit.ID,
		Text: "علمک کوچه دوم جابه‌جا شود", Public: true,
	}
	for _, f := range change {
		f(&in)
	}
	var d *directives.Directive
	o.do(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) (err error) {
		d, err = directives.Issue(ctx, tx, in)
		return err
	})
	return d
}

// The steps of a directive's life, as commands.
func start(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Start(ctx, tx, id) }
}

func report(id int64, text string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Report(ctx, tx, id, text) }
}

func accept(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Accept(ctx, tx, id, "سپاس") }
}

func giveBack(id int64, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Return(ctx, tx, id, reason) }
}

func object(id int64, text string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Object(ctx, tx, id, text) }
}

func changeDue(id int64, due time.Time, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.ChangeDue(ctx, tx, id, due, reason) }
}

func sweep(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return directives.Sweep(ctx, tx, id) }
}

// done walks a directive to its end.
func (o *office) done(id int64) {
	o.t.Helper()
	o.do(o.as("expert"), report(id, "انجام شد"))
	o.do(o.as("ceo"), accept(id))
}

func (o *office) read(id int64) *directives.Directive {
	o.t.Helper()
	var d *directives.Directive
	o.view(func(r tenants.Reader) (err error) {
		d, err = directives.ByID(o.t.Context(), r, id)
		return err
	})
	return d
}

// wantState fails the test unless the directive is in the state.
func (o *office) wantState(id int64, want directives.State) *directives.Directive {
	o.t.Helper()
	d := o.read(id)
	if d.State != want {
		o.t.Fatalf("state %s, want %s", d.State, want)
	}
	return d
}

// events gives the kinds of the directive's events, oldest first.
func (o *office) events(id int64, publicOnly bool) []string {
	o.t.Helper()
	var list []timeline.Event
	o.view(func(r tenants.Reader) (err error) {
		list, err = timeline.Of(o.t.Context(), r, timeline.Subject{Kind: "directive", ID: id}, publicOnly)
		return err
	})
	kinds := make([]string, len(list))
	for i, e := range list {
		kinds[i] = e.Kind
	}
	return kinds
}

// facts gives the enqueued tasks of a kind about the directive.
func (o *office) facts(kind string, id int64) []directives.Fact {
	o.t.Helper()
	var tasks []tenants.Task
	o.view(func(r tenants.Reader) error {
		return r.Select(&tasks).Where("task.kind = ?", kind).Order("task.id").Scan(o.t.Context())
	})
	var list []directives.Fact
	for _, task := range tasks {
		var f directives.Fact
		if err := task.IDs(&f); err != nil {
			o.t.Fatal(err)
		}
		if f.DirectiveID == id {
			list = append(list, f)
		}
	}
	return list
}
