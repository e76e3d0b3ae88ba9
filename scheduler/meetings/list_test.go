package meetings_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestListForReviewPages(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	list := o.sessions()
	var want []int64
	for _, slot := range []int{1, 2, 3} {
		want = append(want, o.booked(list[0].ID, slot).ID)
	}
	want = append(want, o.booked(list[1].ID, 1).ID)
	o.do(officer, on(meetings.Approve, want[1]))
	want = slices.Delete(want, 1, 2)
	var got []int64
	f := meetings.Filter{States: []meetings.State{meetings.Requested}, ExecutiveID: o.executive.ID, Limit: 2}
	for more := true; more; {
		var page []meetings.Listed
		o.view(func(ctx context.Context, r tenants.Reader) (err error) {
			page, more, err = meetings.List(ctx, r, f)
			return err
		})
		for _, m := range page {
			got = append(got, m.ID)
		}
		f.After = got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		n, err := meetings.Count(ctx, r, meetings.Requested)
		if n != 3 {
			t.Fatalf("%d requested", n)
		}
		page, _, err2 := meetings.List(ctx, r, meetings.Filter{From: list[1].StartsAt, Until: list[1].EndsAt})
		if err2 != nil || len(page) != 1 || page[0].ID != want[2] {
			t.Fatalf("%v: %v", page, err2)
		}
		return err
	})
}

func TestDayShowsTheQueueInOrder(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	third, first, gone := o.booked(s.ID, 9), o.booked(s.ID, 1), o.booked(s.ID, 5)
	o.do(citizen, cancel(gone.ID, meetings.ByCitizen, ""))
	count := 0
	o.Root.OnStatement = func(string) { count++ }
	o.view(func(ctx context.Context, r tenants.Reader) error {
		days, err := meetings.Day(ctx, r, 0, s.StartsAt)
		if len(days) != 1 || len(days[0].Meetings) != 2 || days[0].Meetings[0].ID != first.ID || days[0].Meetings[1].ID != third.ID {
			t.Fatalf("%+v", days)
		}
		if count != 2 {
			t.Fatalf("%d statements", count)
		}
		if empty, err := meetings.Day(ctx, r, o.executive.ID, s.StartsAt.Add(dayLong)); err != nil || len(empty) > 0 {
			t.Fatalf("%v: %v", empty, err)
		}
		return err
	})
}

func TestOfCitizenMobileShowsTheWholeFamily(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	c := o.person()
	family := o.known(c.Mobile, nationalID(901))
	o.do(citizen, book(o.booking(c, list[0].ID, 1)))
	o.do(citizen, book(o.booking(family, list[1].ID, 1)))
	o.booked(list[1].ID, 2)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		got, err := meetings.OfCitizenMobile(ctx, r, c.Mobile)
		if len(got) != 2 || got[0].CitizenID != family.ID || got[1].CitizenID != c.ID {
			t.Fatalf("%+v", got)
		}
		return err
	})
}

func TestPeopleMetCountsHeads(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	a, b := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.booked(s.ID, 3)
	o.held(a, 3)
	o.held(b, 1)
	o.do(officer, because(meetings.Close, a.ID, "پایان"))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		got, err := meetings.PeopleMet(ctx, r, 0, s.StartsAt, s.EndsAt)
		if want := (meetings.Met{Meetings: 2, Citizens: 2, People: 4}); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
		if none, err := meetings.PeopleMet(ctx, r, 1, s.StartsAt, s.EndsAt); err != nil || none != (meetings.Met{}) {
			t.Fatalf("%+v: %v", none, err)
		}
		return err
	})
}

func TestOpenSessionsTakeTwoQueries(t *testing.T) {
	o := newOffice(t)
	count := 0
	o.Root.OnStatement = func(text string) { // the calendar of the organization is read beside them
		if strings.Contains(text, "meeting_") {
			count++
		}
	}
	if list := o.sessions(); len(list) != 2 || count > 2 {
		t.Fatalf("%d sessions, %d statements", len(list), count)
	}
}
