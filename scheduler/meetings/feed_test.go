package meetings_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

const home = "https://gas.example.ir"

// feed reads the calendar behind a word and judges it by the lint.
func (o *office) feed(word string) (body string) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		f, err := meetings.FeedByWord(ctx, r, word)
		if err != nil {
			o.t.Fatal(err)
		}
		file, err := meetings.FeedCalendar(ctx, r, f, home)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, fault := range lintFeed(file.Body) {
			o.t.Error(fault)
		}
		if !strings.Contains(string(file.Body), "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n") || file.ContentType != "text/calendar; charset=utf-8; method=PUBLISH" {
			o.t.Errorf("%s\n%s", file.ContentType, file.Body)
		}
		body = string(file.Body)
		return nil
	})
	return body
}

// clerk is a member of staff with an account: feeds belong to accounts.
func (o *office) clerk() tenants.Actor {
	o.t.Helper()
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return staff.Seed(ctx, tx, staff.Cheap(), []tenants.StaffSpec{{User: "clerk", NameFA: "روابط عمومی", NameEN: "PR", Roles: []string{"pr_officer"}, Unit: o.unitCode()}}, func(string) string { return "a password" })
	})
	a := officer
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := staff.Roster(ctx, r)
		a.ID = list[0].ID
		return err
	})
	return a
}

func (o *office) unitCode() (code string) {
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := tenants.Units(ctx, r)
		code = list[0].Code
		return err
	})
	return code
}

func (o *office) newFeed(actor tenants.Actor, in meetings.FeedFor) (word string) {
	o.t.Helper()
	o.do(actor, func(ctx context.Context, tx *tenants.Tx) (err error) {
		word, err = meetings.NewFeed(ctx, tx, in)
		return err
	})
	return word
}

func (o *office) noFeed(word string) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		if _, err := meetings.FeedByWord(ctx, r, word); !fault.Is(err, fault.NotFound) {
			o.t.Errorf("%q opens: %v", word, err)
		}
		return nil
	})
}

func TestFeedOfAnExecutiveNamesNobody(t *testing.T) {
	o := newOffice(t)
	sessions := o.sessions()
	m, clerk := o.booked(sessions[0].ID, 1), o.clerk()
	word := o.newFeed(clerk, meetings.FeedFor{Kind: meetings.FeedOfExecutive, SubjectID: o.executive.ID, Lang: messages.FA})
	body := o.feed(word)
	if strings.Count(body, "BEGIN:VEVENT") < len(sessions) || !strings.Contains(body, "ملاقات عمومی: ۱ نفر") {
		t.Errorf("%d sessions, and\n%s", len(sessions), body)
	}
	unfolded := strings.ReplaceAll(body, "\r\n ", "")
	for _, secret := range []string{m.Subject, m.Code, "+98912"} {
		if strings.Contains(unfolded, secret) {
			t.Errorf("the feed tells %q", secret)
		}
	}
	if other := o.feed(word); strings.Count(other, "UID:") != strings.Count(body, "UID:") {
		t.Error("a second reading differs")
	}
	again := o.newFeed(clerk, meetings.FeedFor{Kind: meetings.FeedOfExecutive, SubjectID: o.executive.ID, Lang: messages.EN})
	o.noFeed(word) // a new address ends the one before
	if !strings.Contains(o.feed(again), "Public meeting: 1 booked") {
		t.Error("the new one is not in English")
	}
	o.do(clerk, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.RevokeFeed(ctx, tx, meetings.FeedFor{Kind: meetings.FeedOfExecutive, SubjectID: o.executive.ID})
	})
	o.noFeed(again)
}

func TestFeedOfACitizen(t *testing.T) {
	o := newOffice(t)
	sessions := o.sessions()
	const nobody, somebody = "+989120000099", "+989121110001"
	empty := o.newFeed(citizen, meetings.FeedFor{Kind: meetings.FeedOfCitizen, Mobile: nobody, Lang: messages.FA})
	if body := o.feed(empty); strings.Contains(body, "VEVENT") || !strings.Contains(body, "VTIMEZONE") {
		t.Errorf("an empty feed is\n%s", body)
	}
	m := o.read(o.booked(sessions[0].ID, 1).ID)
	word := o.newFeed(citizen, meetings.FeedFor{Kind: meetings.FeedOfCitizen, Mobile: m.CitizenMobile, Lang: messages.FA})
	if body := o.feed(word); !strings.Contains(body, "UID:"+m.CalendarUID) {
		t.Errorf("no meeting in\n%s", body)
	}
	o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	if body := o.feed(word); !strings.Contains(body, "STATUS:CANCELLED") {
		t.Errorf("not cancelled in\n%s", body)
	}
	for _, wrong := range []string{"", "x", somebody, tenants.NewToken(), word + "x", strings.ToUpper(word)} {
		o.noFeed(wrong)
	}
	db := o.Root.For(o.B)
	defer db.Release()
	if _, err := meetings.FeedByWord(t.Context(), db, word); !fault.Is(err, fault.NotFound) {
		t.Errorf("another organization opens it: %v", err)
	}
}

// The golden feeds are read by other programs' parsers in app/browsertest.
func TestFeedGolden(t *testing.T) {
	cancelled := appointment()
	cancelled.State, cancelled.CalendarUID = meetings.Cancelled, "0f8fad5b-d9cb-469f-a165-708677289511"
	for name, list := range map[string][]*meetings.Listed{"feed_empty_fa": nil, "feed_fa": {appointment(), cancelled}} {
		f, err := meetings.PublishMeetings(desk{}, list, "ملاقات‌های من – شرکت گاز، استان زنجان", home, messages.FA)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range lintFeed(f.Body) {
			t.Error(fault)
		}
		file := filepath.Join("testdata", name+".ics")
		if *update {
			if err := os.WriteFile(file, f.Body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(f.Body, want) {
			t.Errorf("got\n%s\nwant\n%s", f.Body, want)
		}
	}
}

// siteOf is the site of the first window.
func (o *office) siteOf() int64 { return *o.window().SiteID }

func TestTheFeedOfASiteHasAllSessionsThere(t *testing.T) {
	o := newOffice(t)
	first := o.sessions()[0]
	word := o.newFeed(o.clerk(), meetings.FeedFor{Kind: meetings.FeedOfSite, SubjectID: o.siteOf(), Lang: messages.FA})
	body := o.feed(word)
	if !strings.Contains(body, "SEQUENCE:0\r\n") || strings.Contains(body, "SEQUENCE:1\r\n") {
		t.Fatalf("no first revision:\n%s", body)
	}
	o.do(officer, callOff(first.ID))
	if body = o.feed(word); !strings.Contains(body, "SEQUENCE:1\r\n") || !strings.Contains(body, "STATUS:CANCELLED\r\n") {
		t.Fatalf("the cancellation is no new revision:\n%s", body)
	}
}

// stable takes out of a calendar what differs from run to run: the entries' names.
func stable(name, body string) []byte {
	n := 0
	return uids.ReplaceAllFunc([]byte(body), func([]byte) []byte {
		n++
		return fmt.Appendf(nil, "UID:%s-%d\r\n", name, n)
	})
}

var uids = regexp.MustCompile(`UID:[^\r]+\r\n`)

// The feeds of an executive and of a site, of the same sessions: one has
// somebody booked, one is called off.
func TestTheGoldenFeedsOfExecutiveAndSite(t *testing.T) {
	o := newOffice(t)
	sessions, clerk := o.sessions(), o.clerk()
	o.booked(sessions[0].ID, 1)
	o.booked(sessions[0].ID, 2)
	o.do(officer, callOff(sessions[1].ID))
	for name, in := range map[string]meetings.FeedFor{
		"executive_feed_fa": {Kind: meetings.FeedOfExecutive, SubjectID: o.executive.ID, Lang: messages.FA},
		"site_feed_fa":      {Kind: meetings.FeedOfSite, SubjectID: o.siteOf(), Lang: messages.FA},
		"site_feed_en":      {Kind: meetings.FeedOfSite, SubjectID: o.siteOf(), Lang: messages.EN},
	} {
		golden(t, name, stable(name, o.feed(o.newFeed(clerk, in))))
	}
}

func TestTheFeedOfACommitteeIsOfPlainEntries(t *testing.T) {
	o := newOffice(t)
	at := time.Date(2026, 12, 6, 6, 30, 0, 0, time.UTC)
	o.view(func(_ context.Context, r tenants.Reader) error {
		f := &meetings.Feed{Kind: meetings.FeedOfCommittee, Lang: messages.FA}
		file, err := meetings.PublishEntries(r, f, "کمیتهٔ تکریم", home, []meetings.FeedEntry{
			{Key: "a@committee", StartsAt: at, EndsAt: at.Add(time.Hour), Title: "کمیتهٔ تکریم ارباب رجوع و رسیدگی به شکایت‌های ماندهٔ شرکت", Place: "اتاق ۲؛ طبقهٔ سوم", Sequence: 2},
			{Key: "b@committee", StartsAt: at.AddDate(0, 0, 7), EndsAt: at.AddDate(0, 0, 7).Add(time.Hour), Title: "کمیتهٔ تکریم", Place: "اتاق ۲", Cancelled: true},
		})
		if err != nil {
			return err
		}
		for _, fault := range lintFeed(file.Body) {
			t.Error(fault)
		}
		golden(t, "committee_feed_fa", file.Body)
		if body := string(file.Body); !strings.Contains(body, "SEQUENCE:2\r\n") || strings.Count(body, "BEGIN:VEVENT") != 2 {
			t.Errorf("%s", body)
		}
		return nil
	})
}
