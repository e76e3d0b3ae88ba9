package jobs_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/app/vault"
	"pasokh/jobs"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// withServer gives the office a mail server and the chief executive an address.
func withServer(t *testing.T) (*office, *fakes.MailServer) {
	t.Helper()
	o, box := newOffice(t), new(fakes.MailServer)
	if err := box.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	o.Deps.Post.Sender, o.Deps.Post.Gateways = nil, &notify.Opener{Keys: keys, Options: carriers.Options{Loopback: true}}
	host, port, _ := net.SplitHostPort(box.Addr)
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		g := &notify.Gateway{Provider: "smtp", Line: "desk@gas.example", Enabled: true, Settings: map[string]string{"host": host, "port": port}}
		if err := o.Deps.Post.Gateways.Save(ctx, tx, g, nil); err != nil {
			return err
		}
		return staff.SetEmail(ctx, tx, o.as("ceo").ID, "ceo@gas.example")
	})
	o.forget()
	return o, box
}

// forget drops what waits to be told of the things that a test only sets up.
func (o *office) forget() {
	o.t.Helper()
	if err := o.Root.UnscopedDiscardTasks(o.t.Context(), o.Clock.Now(), "set up"); err != nil {
		o.t.Fatal(err)
	}
}

// entry is the calendar part of a mail, and that the file beside it is the same.
func entry(t *testing.T, raw string) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
	found := map[string]string{}
	for outer := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := outer.NextPart()
		if err != nil {
			break
		}
		kind, params, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if kind != "multipart/alternative" {
			found[kind] = decoded(t, part)
			continue
		}
		for inner := multipart.NewReader(part, params["boundary"]); ; {
			part, err := inner.NextPart()
			if err != nil {
				break
			}
			kind, params, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
			if kind == "text/calendar" {
				found[kind] = decoded(t, part)
				if !strings.Contains(found[kind], "METHOD:"+params["method"]+"\r\n") || !strings.EqualFold(params["charset"], "utf-8") {
					t.Errorf("%v\n%s", params, found[kind])
				}
			}
		}
	}
	if found["text/calendar"] == "" || found["text/calendar"] != found["application/ics"] {
		t.Fatalf("the part and the file differ, or are missing: %q", found)
	}
	return found["text/calendar"]
}

func decoded(t *testing.T, part *multipart.Part) string {
	t.Helper()
	if part.Header.Get("Content-Transfer-Encoding") != "base64" {
		t.Errorf("%v", part.Header)
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var ofEntry = regexp.MustCompile(`(?m)^(UID|SEQUENCE|METHOD):(\S+)\r$`)

func facts(t *testing.T, raw string) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, found := range ofEntry.FindAllStringSubmatch(entry(t, raw), -1) {
		m[found[1]] = found[2]
	}
	return m
}

// The executive's calendar learns of the sessions by real mail: one mail for each
// session and revision, with the UID of the feed; the end takes the entry away.
func TestSessionsComeToTheExecutiveByMail(t *testing.T) {
	o, box := withServer(t)
	run := func() []fakes.Letter {
		t.Helper()
		before := len(box.Got())
		for range 2 {
			if err := jobs.RunClock(t.Context(), o.Deps, "meetings.invitations"); err != nil {
				t.Fatal(err)
			}
			if err := jobs.Drain(t.Context(), o.Deps); err != nil {
				t.Fatal(err)
			}
		}
		return box.Got()[before:]
	}
	first := run()
	var session *meetings.OpenSession
	o.write(o.as("ceo"), func(ctx context.Context, tx *tenants.Tx) error {
		var executive int64
		found, post, err := laterSession(ctx, tx)
		if err != nil {
			return err
		}
		session, executive = found, post.ID
		word, err := meetings.NewFeed(ctx, tx, meetings.FeedFor{Kind: meetings.FeedOfExecutive, SubjectID: executive, Lang: messages.FA})
		if err != nil {
			return err
		}
		feed, err := meetings.FeedByWord(ctx, tx, word)
		if err != nil {
			return err
		}
		file, err := meetings.FeedCalendar(ctx, tx, feed, "https://alpha.pasokh.example")
		if err != nil {
			return err
		}
		for _, letter := range first {
			if uid := facts(t, letter.Raw)["UID"]; !strings.Contains(string(file.Body), "UID:"+uid+"\r\n") {
				t.Errorf("%s is not in the feed", uid)
			}
			if letter.To != "ceo@gas.example" || !strings.Contains(entry(t, letter.Raw), "mailto:desk@gas.example") {
				t.Errorf("%+v", letter)
			}
		}
		return nil
	})
	if len(first) != 2 || facts(t, first[1].Raw)["METHOD"] != "REQUEST" || facts(t, first[1].Raw)["SEQUENCE"] != "0" {
		t.Fatalf("%d mails: %+v", len(first), first)
	}
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.CancelSession(ctx, tx, session.ID, "مأموریت")
	})
	off := run()
	if len(off) != 1 || !strings.Contains(off[0].Title, "حذف ملاقات") {
		t.Fatalf("%+v", off)
	}
	was, is := facts(t, first[1].Raw), facts(t, off[0].Raw)
	if is["METHOD"] != "CANCEL" || is["UID"] != was["UID"] || is["SEQUENCE"] != "1" {
		t.Errorf("%v after %v", is, was)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := notify.Of(t.Context(), db, timeline.Subject{Kind: "session", ID: session.ID})
	if err != nil || len(list) != 2 || list[0].State != notify.Accepted || list[0].StaffID == nil || list[0].Channel != carriers.Mail {
		t.Errorf("on record: %+v, %v", list, err)
	}
}

// A mail that was refused stands on the list, and takes its calendar along when
// somebody sends it again.
func TestAnInvitationIsSentAgain(t *testing.T) {
	o, box := withServer(t)
	address := func(to string) {
		o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			return staff.SetEmail(ctx, tx, o.as("ceo").ID, to)
		})
		o.forget()
	}
	address("nobody@gas.example")
	if err := jobs.RunClock(t.Context(), o.Deps, "meetings.invitations"); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Drain(t.Context(), o.Deps); err != nil { // what the server refuses is an outcome
		t.Fatal(err)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	list, _, err := notify.Troubles(t.Context(), db, notify.TroubleFilter{})
	db.Release()
	if err != nil || len(list) != 2 || list[0].Reason != carriers.Number {
		t.Fatalf("%+v, %v", list, err)
	}
	address("ceo@gas.example")
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := notify.Resend(ctx, tx, list[0].ID, "نشانی درست شد")
		return err
	})
	if err := jobs.Drain(t.Context(), o.Deps); err != nil {
		t.Fatal(err)
	}
	if got := box.Got(); len(got) != 1 || facts(t, got[0].Raw)["METHOD"] != "REQUEST" || !strings.Contains(got[0].Title, "ملاقات مردمی") {
		t.Errorf("%+v", got)
	}
	i, err := meetings.InviteOf(t.Context(), db, list[0].SubjectID, *list[0].StaffID)
	if err != nil || i.Held == nil {
		t.Errorf("it is not known that the calendar has it: %+v, %v", i, err)
	}
}

// A mail that a change has overtaken before it left is not sent, nor the end of
// what was never announced.
func TestOvertakenInvitationsAreNotSent(t *testing.T) {
	o, box := withServer(t)
	plan := func() {
		t.Helper()
		if err := jobs.RunClock(t.Context(), o.Deps, "meetings.invitations"); err != nil {
			t.Fatal(err)
		}
	}
	plan()
	o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
		session, _, err := laterSession(ctx, tx)
		if err != nil {
			return err
		}
		return meetings.CancelSession(ctx, tx, session.ID, "مأموریت")
	})
	plan()
	if err := jobs.Drain(t.Context(), o.Deps); err != nil {
		t.Fatal(err)
	}
	if got := box.Got(); len(got) != 1 || facts(t, got[0].Raw)["METHOD"] != "REQUEST" {
		t.Errorf("%d mails", len(got))
	}
}
