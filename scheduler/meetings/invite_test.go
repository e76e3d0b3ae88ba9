package meetings_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// calendars are those of the holder and a deputy, as their mails made them.
type calendars struct {
	*office
	holder, deputy int64
}

// withMail gives the post a holder whom mail reaches, and the office somebody
// who may stand in.
func withMail(t *testing.T) *calendars {
	o := &calendars{office: newOffice(t)}
	unit := o.unitCode()
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		specs := []tenants.StaffSpec{
			{User: "boss", NameFA: "مهندس رضا موسوی", NameEN: "Reza Mousavi", Roles: []string{"executive"}, Unit: unit},
			{User: "vice", NameFA: "علی رضایی", NameEN: "Ali Rezaei", Roles: []string{"pr_officer"}, Unit: unit},
		}
		if err := staff.Seed(ctx, tx, staff.Cheap(), specs, func(string) string { return "a password" }); err != nil {
			return err
		}
		for user, id := range map[string]*int64{"boss": &o.holder, "vice": &o.deputy} {
			who, err := staff.ByUserName(ctx, tx, user)
			if err != nil {
				return err
			}
			*id = who.ID
			if err := staff.SetEmail(ctx, tx, who.ID, user+"@gas.example"); err != nil {
				return err
			}
		}
		return nil
	})
	o.Clock.Advance(time.Minute)
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ChangeHolder(ctx, tx, o.executive.ID, directives.Holder{StaffID: &o.holder})
	})
	o.Clock.Advance(time.Minute)
	return o
}

// plan runs the clock and gives the mails that it decided on, as "who request|
// cancel sequence"; told notes them as sent.
func (o *calendars) plan(fresh bool) (mails []string) {
	o.t.Helper()
	var facts []meetings.InviteFact
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		var before []tenants.Task
		if err := tx.Select(&before).Where("task.kind = ?", meetings.KindInvited).Scan(ctx); err != nil {
			return err
		}
		n, err := meetings.InviteToSessions(ctx, tx, fresh)
		if err != nil {
			return err
		}
		var tasks []tenants.Task
		if err := tx.Select(&tasks).Where("task.kind = ?", meetings.KindInvited).Order("task.id").Scan(ctx); err != nil {
			return err
		}
		if len(tasks)-len(before) != n {
			o.t.Errorf("%d tasks for %d mails", len(tasks)-len(before), n)
		}
		for _, task := range tasks[len(before):] {
			var f meetings.InviteFact
			if err := task.IDs(&f); err != nil {
				return err
			}
			facts = append(facts, f)
		}
		return nil
	})
	for _, f := range facts {
		o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			i, err := meetings.InviteOf(ctx, tx, f.SessionID, f.StaffID)
			if err != nil {
				return err
			}
			mails = append(mails, o.said(i))
			return f.Told(ctx, tx)
		})
	}
	return mails
}

func (o *calendars) said(i *meetings.Invite) string {
	who, what := "holder", "request"
	if i.StaffID == o.deputy {
		who = "deputy"
	}
	if i.Cancelled {
		what = "cancel"
	}
	return who + " " + what + " " + string(rune('0'+i.Sequence))
}

func (o *calendars) want(mails []string, want ...string) {
	o.t.Helper()
	if !slices.Equal(mails, want) {
		o.t.Fatalf("%q, want %q", mails, want)
	}
}

// What stands in the calendar of the holder follows the session to its end, and
// nothing is said twice.
func TestTheHoldersCalendarFollowsTheSessions(t *testing.T) {
	o := withMail(t)
	o.want(o.plan(true), "holder request 0", "holder request 0") // two Sundays within the horizon of 14 days
	o.want(o.plan(true))
	s := o.sessions()[0]
	o.do(officer, change(s.ID, meetings.SessionChange{StartsAt: s.StartsAt.Add(dayLong), Reason: "مأموریت"}))
	o.want(o.plan(true), "holder request 1")
	o.do(officer, callOff(s.ID))
	o.want(o.plan(true), "holder cancel 2")
	o.want(o.plan(true))
	o.Clock.Advance(7 * dayLong)
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	o.want(o.plan(true), "holder request 0") // the next Sunday comes within the horizon
}

// Who gets the session is invited, whose it was has it taken away; a session that
// nobody booked and that is removed, too.
func TestAHandedOverSessionChangesCalendars(t *testing.T) {
	o := withMail(t)
	other := &directives.Executive{Code: "chair", PostFA: "رئیس هیئت‌مدیره", PostEN: "Chairman", StaffID: &o.deputy}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return directives.AddPost(ctx, tx, other) })
	s := o.sessions()[0]
	o.plan(true)
	o.do(officer, change(s.ID, meetings.SessionChange{ExecutiveID: other.ID, StartsAt: s.StartsAt.Add(-time.Hour), Reason: "مأموریت"}))
	o.want(o.plan(true), "holder cancel 1", "deputy request 1")
	o.do(officer, change(s.ID, meetings.SessionChange{ExecutiveID: o.executive.ID, Reason: "بازگشت"}))
	o.want(o.plan(true), "deputy cancel 2", "holder request 2")
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.RetireWindow(ctx, tx, s.WindowID, false)
	})
	for _, mail := range o.plan(true) {
		if !strings.HasPrefix(mail, "holder cancel") {
			t.Error(mail)
		}
	}
	o.want(o.plan(true))
}

// A deputy is invited to the sessions of the deputy's days alone, and a holder to
// come to those from that day on.
func TestCalendarsBelongToWhoActsThen(t *testing.T) {
	o := withMail(t)
	list := o.sessions()
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return directives.AppointDeputy(ctx, tx, o.executive.ID, directives.Deputy{StaffID: o.deputy, FromAt: list[0].StartsAt.Add(-time.Hour), UntilAt: list[0].EndsAt.Add(time.Hour)})
	})
	mails := o.plan(true)
	slices.Sort(mails)
	o.want(mails, "deputy request 0", "holder request 0", "holder request 0")
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ChangeHolder(ctx, tx, o.executive.ID, directives.Holder{NameFA: "دیگری", NameEN: "Other", FromAt: list[0].EndsAt.Add(2 * time.Hour)})
	})
	o.want(o.plan(true), "holder cancel 1") // of the second Sunday; the first is still theirs
	if s := o.sessions()[1]; s.CalendarSequence != 0 {
		t.Fatal("the session itself did not change")
	}
}

// Nothing new is mailed when the post, or the organization, does not want it or
// nobody can be reached; what stands is kept true. A plan of many sessions comes
// in the bounds of a day.
func TestInvitationsAreBounded(t *testing.T) {
	o := withMail(t)
	o.want(o.plan(false))
	invites := func(on bool) {
		o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
			return directives.SetInvites(ctx, tx, o.executive.ID, on)
		})
	}
	invites(false)
	o.want(o.plan(true))
	invites(true)
	o.plan(true)
	invites(false)
	o.do(officer, callOff(o.sessions()[0].ID))
	o.want(o.plan(false), "holder cancel 1")
	invites(true)
	first := o.sessions()[0]
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		for n := range 12 {
			at := first.StartsAt.Add(time.Duration(n+6) * time.Hour)
			s := &meetings.Session{
				ID: tenants.NewID(), ExecutiveID: first.ExecutiveID, WindowID: first.WindowID, SiteFA: "ساختمان", SiteEN: "House",
				StartsAt: at, EndsAt: at.Add(30 * time.Minute), State: meetings.SessionOpen, NextQueueNumber: 1,
			}
			if err := tx.Insert(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if n := len(o.plan(true)); n != meetings.InvitesADay-2 { // two went out this day
		t.Errorf("%d mails", n)
	}
	if n := len(o.plan(true)); n != 0 {
		t.Errorf("%d more on the same day", n)
	}
	o.Clock.Advance(dayLong)
	if n := len(o.plan(true)); n != 4+1 { // the rest, and a Sunday that has come within the horizon
		t.Errorf("%d on the day after", n)
	}
}

// The three mails of one session, as other calendars read them.
func TestTheMailsOfASession(t *testing.T) {
	start := time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC)
	about := meetings.SessionMail{
		Post: &directives.Executive{PostFA: "مدیرعامل", PostEN: "Chief executive officer"}, Seats: 16, Page: home + "/executive", From: "office@gas.example",
		Guest: meetings.Guest{Name: "رضا \"موسوی\"\r\nBEGIN:VALARM", Mail: "boss@gas.example"},
	}
	held := 3
	i := meetings.Invite{SessionID: 7, Sequence: 3, Held: &held, StartsAt: start, EndsAt: start.Add(4 * time.Hour), SiteFA: "ساختمان مرکزی، طبقه سوم", SiteEN: "Headquarters, third floor"}
	later, off := i, i
	later.Sequence, later.EndsAt = 4, start.Add(2*time.Hour)
	off.Sequence, off.Cancelled = 5, true
	for name, c := range map[string]struct {
		invite meetings.Invite
		lang   messages.Lang
		method string
	}{
		"session_request_fa": {i, messages.FA, "REQUEST"}, "session_request_en": {i, messages.EN, "REQUEST"},
		"session_update_fa": {later, messages.FA, "REQUEST"}, "session_cancel_fa": {off, messages.FA, "CANCEL"},
	} {
		file, err := meetings.SessionInvitation(desk{}, &c.invite, about, c.lang)
		if err != nil {
			t.Fatal(err)
		}
		if file.Method != c.method || !strings.Contains(string(file.Body), "METHOD:"+c.method+"\r\n") {
			t.Errorf("%s: %s", name, file.Method)
		}
		for _, fault := range lintMail(file.Body) {
			t.Errorf("%s: %s", name, fault)
		}
		golden(t, name, file.Body)
	}
}
