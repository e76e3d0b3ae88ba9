package meetings_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestBookingWithoutApprovalIsApprovedAtOnce(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	first, second := o.booked(s.ID, 5), o.booked(s.ID, 2)
	m := o.wantState(first.ID, meetings.Approved)
	if *m.QueueNumber != 5 || *o.read(second.ID).QueueNumber != 2 {
		t.Fatalf("queue numbers %d, %d", *m.QueueNumber, *o.read(second.ID).QueueNumber)
	}
	if code, ok := persian.ParseCode(m.Code); !ok || code != m.Code {
		t.Fatalf("code %q", m.Code)
	}
	if m.CitizenName != "مریم رضایی" || m.PostFA != "مدیرعامل" || !m.EndsAt.Equal(m.StartsAt.Add(15*time.Minute)) || m.SiteFA == "" {
		t.Fatalf("%+v", m)
	}
	if kinds := o.events(m.ID, true); !slices.Equal(kinds, []string{"meeting.requested", "meeting.approved"}) {
		t.Fatalf("the citizen sees %v", kinds)
	}
	if n := len(o.tasks(m.ID, "meeting.requested")); n != 0 {
		t.Fatal("one message is enough")
	}
	if n := len(o.tasks(m.ID, "meeting.approved")); n != 1 {
		t.Fatalf("%d facts", n)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		lines, err := audit.Of(ctx, r, "meeting", m.ID, 9)
		if len(lines) != 2 || lines[0].Act != "meeting:approve" || lines[1].Act != "meeting:book" {
			t.Fatalf("audit %+v", lines)
		}
		byCode, err2 := meetings.ByCode(ctx, r, m.Code)
		if err2 != nil || byCode.ID != m.ID {
			t.Fatalf("by code: %v", err2)
		}
		return err
	})
}

func TestBookingWithApprovalKeepsTheSeat(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	m := o.booked(s.ID, 5)
	got := o.wantState(m.ID, meetings.Requested)
	if got.QueueNumber != nil {
		t.Fatal("a request has no queue number")
	}
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), s.ID, 5)))
	if n := len(o.tasks(m.ID, "meeting.requested")); n != 1 {
		t.Fatalf("%d facts", n)
	}
	if n := len(o.tasks(m.ID, "meeting.reminder")); n != 0 {
		t.Fatal("a request has no reminder")
	}
}

func TestBookingRefusesWhatIsIncomplete(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	c := o.person()
	for name, k := range map[string]struct {
		change     func(*meetings.Booking)
		field, key string
	}{
		"subject":      {func(in *meetings.Booking) { in.Subject = "\u200c " }, "subject", "meeting.error.subject"},
		"long subject": {func(in *meetings.Booking) { in.Subject = strings.Repeat("م", 121) }, "subject", "meeting.error.too_long"},
		"text":         {func(in *meetings.Booking) { in.Text = "" }, "text", "meeting.error.text"},
		"long text":    {func(in *meetings.Booking) { in.Text = strings.Repeat("م", 4001) }, "text", "meeting.error.too_long"},
		"companions":   {func(in *meetings.Booking) { in.Companions = 21 }, "companions", "meeting.error.companions"},
		"national id":  {func(in *meetings.Booking) { in.NationalID = "1234567890" }, "national_id", "meeting.error.national_id"},
		"another's id": {func(in *meetings.Booking) { in.NationalID = nationalID(900) }, "national_id", "meeting.error.national_id"},
		"channel":      {func(in *meetings.Booking) { in.Channel = "pigeon" }, "channel", "meeting.error.channel"},
	} {
		in := o.booking(c, s.ID, 1)
		k.change(&in)
		t.Log(name)
		o.wrong(k.field, k.key, citizen, book(in))
	}
	for name, change := range map[string]func(*meetings.Booking){
		"citizen": func(in *meetings.Booking) { in.CitizenID = 1 }, "executive": func(in *meetings.Booking) { in.ExecutiveID = 1 },
		"session": func(in *meetings.Booking) { in.SessionID = 1 }, "slot": func(in *meetings.Booking) { in.Slot = 17 },
	} {
		in := o.booking(c, s.ID, 1)
		change(&in)
		t.Log(name)
		o.refuse(fault.NotFound, "error.not_found", citizen, book(in))
	}
	if list := o.claims(); len(list) > 0 {
		t.Fatalf("a refused booking left a seat: %+v", list)
	}
}

func TestLeadAndHorizonBindCitizensOnly(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	var desk []meetings.OpenSession
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		desk, err = meetings.DeskSessions(ctx, r, o.executive.ID)
		return err
	})
	if len(desk) != 4 {
		t.Fatalf("the desk sees %d sessions", len(desk))
	}
	o.refuse(fault.Conflict, "meeting.conflict.session_not_yet", citizen, book(o.booking(o.person(), desk[3].ID, 1)))
	o.do(officer, book(o.booking(o.person(), desk[3].ID, 1)))

	o.Clock.Set(s.StartsAt.Add(-time.Duration(o.A.Settings.LeadHours)*time.Hour + time.Second))
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", citizen, book(o.booking(o.person(), s.ID, 1)))
	if list := o.sessions(); list[0].ID == s.ID {
		t.Fatal("a session within the lead time is offered")
	}
	o.do(officer, book(o.booking(o.person(), s.ID, 1)))

	o.Clock.Set(s.StartsAt.Add(16 * time.Minute))
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", officer, book(o.booking(o.person(), s.ID, 1)))
	o.do(officer, book(o.booking(o.person(), s.ID, 2)))
	o.Clock.Set(s.EndsAt)
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", officer, book(o.booking(o.person(), s.ID, 16)))
}

func TestQuotaFollowsTheNationalID(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	c := o.person()
	o.do(citizen, book(o.booking(c, list[0].ID, 1)))
	o.refuse(fault.TooMany, "meeting.limit.quota", citizen, book(o.booking(c, list[1].ID, 1)))
	otherMobile := o.known("+989350000000", c.NationalID)
	o.refuse(fault.TooMany, "meeting.limit.quota", officer, book(o.booking(otherMobile, list[1].ID, 1)))
	family := o.known(c.Mobile, nationalID(901))
	o.do(citizen, book(o.booking(family, list[1].ID, 1)))
}

func TestACancelledMeetingFreesTheQuota(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	c := o.person()
	o.do(citizen, book(o.booking(c, list[0].ID, 1)))
	o.do(citizen, cancel(*o.claims()[0].MeetingID, meetings.ByCitizen, ""))
	o.do(citizen, book(o.booking(c, list[1].ID, 1)))
}

func TestQuotaRule(t *testing.T) {
	now := time.Date(2026, 11, 21, 5, 30, 0, 0, time.UTC)
	set := tenants.Settings{QuotaDays: 30, CoolDownDays: 20}
	start := now.Add(dayLong)
	for name, c := range map[string]struct {
		other meetings.Earlier
		key   string
	}{
		"held lately":        {meetings.Earlier{State: meetings.Closed, StartsAt: start.AddDate(0, 0, -29)}, "meeting.limit.quota"},
		"held long ago":      {meetings.Earlier{State: meetings.Closed, StartsAt: start.AddDate(0, 0, -30)}, ""},
		"booked soon after":  {meetings.Earlier{State: meetings.Approved, StartsAt: start.AddDate(0, 0, 29)}, "meeting.limit.quota"},
		"requested":          {meetings.Earlier{State: meetings.Requested, StartsAt: start}, "meeting.limit.quota"},
		"refused":            {meetings.Earlier{State: meetings.Refused, StartsAt: start}, ""},
		"cancelled":          {meetings.Earlier{State: meetings.Cancelled, StartsAt: start}, ""},
		"absent lately":      {meetings.Earlier{State: meetings.Absent, StartsAt: now.AddDate(0, 0, -19)}, "meeting.limit.absence"},
		"absent long ago":    {meetings.Earlier{State: meetings.Absent, StartsAt: now.AddDate(0, 0, -20)}, ""},
		"absent and excused": {meetings.Earlier{State: meetings.Absent, StartsAt: now.AddDate(0, 0, -1), Excused: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := meetings.Quota([]meetings.Earlier{c.other}, start, now, set)
			if c.key == "" && err != nil || c.key != "" && fault.As(err).Key != c.key {
				t.Fatalf("error %v, want %q", err, c.key)
			}
		})
	}
}

func TestNoShowCoolsDownUntilExcused(t *testing.T) {
	o := newOffice(t)
	c := o.person()
	s := o.sessions()[0]
	o.do(citizen, book(o.booking(c, s.ID, 1)))
	id := *o.claims()[0].MeetingID
	o.Clock.Set(s.StartsAt)
	o.do(officer, on(meetings.MarkAbsent, id))
	next := o.sessions()[0]
	o.refuse(fault.TooMany, "meeting.limit.absence", citizen, book(o.booking(c, next.ID, 1)))
	o.wrong("reason", "meeting.error.reason", officer, because(meetings.Excuse, id, " "))
	o.do(officer, because(meetings.Excuse, id, "بستری در بیمارستان"))
	o.do(citizen, book(o.booking(c, next.ID, 1)))
}

func TestOrganizationsBookApart(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	db := o.For(t, o.B)
	if _, err := meetings.ByID(t.Context(), db, m.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("B reads a meeting of A: %v", err)
	}
	for name, fn := range map[string]command{
		"hold": hold(1, s.ID, 2), "book": book(o.booking(o.person(), s.ID, 2)), "approve": on(meetings.Approve, m.ID),
		"cancel": cancel(m.ID, meetings.ByOffice, "x"), "reschedule": reschedule(m.ID, s.ID, 2), "call": callNext(s.ID),
	} {
		err := db.Write(t.Context(), officer, func(tx *tenants.Tx) error { return fn(t.Context(), tx) })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("B may %s in A: %v", name, err)
		}
	}
}
