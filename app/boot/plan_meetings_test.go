package boot_test

import (
	"testing"
	"time"

	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// readMeetings runs what the lists of meetings, lines, draws, feeds, posts and
// committees read.
func readMeetings(t *testing.T, db *tenants.DB, f *complaints.Folder, unit int64) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	actor := tenants.Actor{Kind: tenants.Staff, ID: 1, SeesAll: true}
	must := func(err error) {
		t.Helper()
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	}
	_, err := meetings.ComingSessions(ctx, db)
	must(err)
	_, err = meetings.OfSession(ctx, db, 1)
	must(err)
	_, err = meetings.Day(ctx, db, 0, now)
	must(err)
	_, err = meetings.Day(ctx, db, 1, now)
	must(err)
	_, err = meetings.MetBySession(ctx, db, now.AddDate(0, -3, 0), now)
	must(err)
	_, err = meetings.PublicDays(ctx, db, now.AddDate(0, -3, 0), now)
	must(err)
	for _, executive := range []int64{0, 1} {
		_, _, err = meetings.Line(ctx, db, executive, 0, 50)
		must(err)
	}
	_, err = meetings.WaitsOfMobile(ctx, db, "+989121234567")
	must(err)
	_, _, err = meetings.Appeals(ctx, db, 0, 50)
	must(err)
	_, err = meetings.CountAppeals(ctx, db)
	must(err)
	_, err = meetings.WaitingExecutives(ctx, db)
	must(err)
	_, err = meetings.DrawsDue(ctx, db)
	must(err)
	_, err = meetings.OpenDraws(ctx, db, 1)
	must(err)
	_, err = meetings.Feeds(ctx, db, 1)
	must(err)
	for _, kind := range []meetings.FeedKind{meetings.FeedOfExecutive, meetings.FeedOfSite, meetings.FeedOfCitizen} {
		_, err = meetings.FeedCalendar(ctx, db, &meetings.Feed{Kind: kind, SubjectID: 1, Mobile: "+989121234567"}, "https://pasokh.example")
		must(err)
	}
	_, err = directives.PostsOfStaff(ctx, db, 1)
	must(err)
	_, err = directives.Terms(ctx, db, 1)
	must(err)
	_, err = directives.PartExtensions(ctx, db, []int64{1, 2})
	must(err)
	_, err = directives.Helping(ctx, db, unit, []int64{1, 2})
	must(err)
	_, err = complaints.InvitationOf(ctx, db, f.ID)
	must(err)
	_, err = committees.Coming(ctx, db, actor, 1)
	must(err)
	_, _, err = committees.Earlier(ctx, db, actor, 1, now)
	must(err)
	_, err = committees.Next(ctx, db)
	must(err)
}
