package meetings_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// office is a world whose chief executive meets the public on Sundays from
// 8:00 to 12:00 in sixteen slots of one seat; it is Saturday, 9:00.
type office struct {
	*dbtest.World
	t         testing.TB
	executive directives.Executive
	people    int
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{World: dbtest.New(t), t: t}
	o.A.Settings.Booking.ReleaseMost = tenants.None // but for the tests of it
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		list, err := directives.Seed(ctx, tx, spec.Executives, nil)
		if err != nil {
			return err
		}
		o.executive = list[0]
		return meetings.Seed(ctx, tx, spec.Executives)
	})
	return o
}

var (
	citizen = tenants.Actor{Kind: tenants.Citizen, ID: 1, Name: "شهروند"}
	officer = tenants.Actor{Kind: tenants.Staff, ID: 2, Name: "روابط عمومی", Roles: []string{"pr_officer"}}
)

type command = func(ctx context.Context, tx *tenants.Tx) error

func (o *office) do(a tenants.Actor, fn command) {
	o.t.Helper()
	if err := o.try(a, fn); err != nil {
		o.t.Fatal(err)
	}
}

// try opens its own door, so that goroutines may call it side by side.
func (o *office) try(a tenants.Actor, fn command) error {
	ctx := o.t.Context()
	db := o.Root.For(o.A)
	defer db.Release()
	return db.Write(ctx, a, func(tx *tenants.Tx) error { return fn(ctx, tx) })
}

// refuse wants the command to fail with the kind and the key.
func (o *office) refuse(kind fault.Kind, key string, a tenants.Actor, fn command) {
	o.t.Helper()
	if err := o.try(a, fn); !fault.Is(err, kind) || fault.As(err).Key != key {
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

// view reads with fresh eyes and gives the connection back.
func (o *office) view(fn func(ctx context.Context, r tenants.Reader) error) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	if err := fn(o.t.Context(), db); err != nil {
		o.t.Fatal(err)
	}
}

// nationalID is the n-th valid number.
func nationalID(n int) string {
	body := fmt.Sprintf("%09d", 100_000_000+n)
	sum := 0
	for i := range 9 {
		sum += int(body[i]-'0') * (10 - i)
	}
	if sum %= 11; sum >= 2 {
		sum = 11 - sum
	}
	return body + fmt.Sprint(sum)
}

// person makes another citizen.
func (o *office) person() citizens.Citizen { return o.crowd(1)[0] }

// crowd makes n more citizens.
func (o *office) crowd(n int) []citizens.Citizen {
	o.t.Helper()
	list := make([]citizens.Citizen, n)
	for i := range list {
		o.people++
		list[i] = citizens.Citizen{
			ID: tenants.NewID(), Mobile: fmt.Sprintf("+98912%07d", o.people), NationalID: nationalID(o.people),
			Name: "مریم رضایی", CreatedAt: o.Clock.Now(),
		}
	}
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return tx.Insert(ctx, &list) })
	return list
}

func (o *office) known(mobile, nationalID string) citizens.Citizen {
	o.t.Helper()
	var c *citizens.Citizen
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) (err error) {
		c, err = citizens.Ensure(ctx, tx, citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: "مریم رضایی"})
		return err
	})
	return *c
}

// sessions lists what citizens may book now.
func (o *office) sessions() (list []meetings.OpenSession) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		list, err = meetings.OpenSessions(ctx, r, o.executive.ID, 0)
		return err
	})
	return list
}

// booking is a good booking of a slot by a citizen.
func (o *office) booking(c citizens.Citizen, session int64, slot int) meetings.Booking {
	return meetings.Booking{
		CitizenID: c.ID, NationalID: c.NationalID, ExecutiveID: o.executive.ID, SessionID: session, Slot: slot,
		Subject: "جابه‌جایی علمک", Text: "علمک جلوی در است", Channel: meetings.Web,
	}
}

func book(in meetings.Booking) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Book(ctx, tx, in)
		return err
	}
}

// booked books a slot of the session for a new citizen.
func (o *office) booked(session int64, slot int) *meetings.Meeting {
	o.t.Helper()
	in := o.booking(o.person(), session, slot)
	var m *meetings.Meeting
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		m, err = meetings.Book(ctx, tx, in)
		return err
	})
	return m
}

func (o *office) read(id int64) (m *meetings.Listed) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		m, err = meetings.ByID(ctx, r, id)
		return err
	})
	return m
}

func (o *office) wantState(id int64, want meetings.State) *meetings.Listed {
	o.t.Helper()
	m := o.read(id)
	if m.State != want {
		o.t.Fatalf("state %s, want %s", m.State, want)
	}
	return m
}

// events gives the kinds of the meeting's events, oldest first.
func (o *office) events(id int64, publicOnly bool) (kinds []string) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := timeline.Of(ctx, r, timeline.Subject{Kind: "meeting", ID: id}, publicOnly)
		for _, e := range list {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	return kinds
}

// tasks gives the tasks about the meeting, of the given kinds or of all.
func (o *office) tasks(id int64, kinds ...string) (list []tenants.Task) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		var all []tenants.Task
		err := r.Select(&all).Order("task.id").Scan(ctx)
		for _, task := range all {
			var f meetings.Fact
			if task.IDs(&f) == nil && f.MeetingID == id && (len(kinds) == 0 || slices.Contains(kinds, task.Kind)) {
				list = append(list, task)
			}
		}
		return err
	})
	return list
}

// on is a command with only an id.
func on(fn func(context.Context, *tenants.Tx, int64) error, id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return fn(ctx, tx, id) }
}

func because(fn func(context.Context, *tenants.Tx, int64, string) error, id int64, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return fn(ctx, tx, id, reason) }
}

func cancel(id int64, by meetings.By, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.Cancel(ctx, tx, id, by, reason) }
}

func reschedule(id, session int64, slot int) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.Reschedule(ctx, tx, id, session, slot)
	}
}

func hold(draft, session int64, slot int) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Hold(ctx, tx, draft, session, slot)
		return err
	}
}

func callNext(session int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.CallNext(ctx, tx, session)
		return err
	}
}

func finish(id int64, in meetings.Minutes) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.Finish(ctx, tx, id, in) }
}

// held walks an approved meeting to its minutes, on its day.
func (o *office) held(m *meetings.Meeting, people int) {
	o.t.Helper()
	o.Clock.Set(m.StartsAt)
	o.do(officer, on(meetings.CheckIn, m.ID))
	o.do(officer, on(meetings.Call, m.ID))
	o.do(officer, finish(m.ID, meetings.Minutes{Text: "بررسی شود", PeopleMet: people}))
}

// claims reads all taken seats; what has ended takes none.
func (o *office) claims() (list []meetings.SeatClaim) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		return r.Select(&list).Where("claim.held_until IS NULL OR claim.held_until > ?", r.Now()).Order("claim.session_id", "claim.slot_number", "claim.seat").Scan(ctx)
	})
	return list
}

const dayLong = 24 * time.Hour

// account makes an account of a member of staff.
func (o *office) account() int64 {
	o.t.Helper()
	o.people++
	name := fmt.Sprintf("writer%d", o.people)
	row := &staff.Staff{ID: tenants.NewID(), UserName: name, PasswordHash: "-", NameFA: name, NameEN: name, CreatedAt: o.Clock.Now()}
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return tx.Insert(ctx, row) })
	return row.ID
}
