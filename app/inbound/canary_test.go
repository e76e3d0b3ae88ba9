package inbound_test

import (
	"context"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// canaries are what a person is known by; none of it may lie anywhere in clear.
var canaries = []string{"9127654321", "0084575948", "کناریان", "kanari@example.ir", "خیابان زرده‌مرغ", "1968812345"}

func search(t *testing.T, app *dbtest.World, words []string) {
	t.Helper()
	for place, text := range app.Dump(t) {
		for _, word := range words {
			if at := strings.Index(text, word); at >= 0 {
				t.Errorf("%s holds %q: …%q…", place, word, text[max(0, at-80):min(len(text), at+60)])
			}
		}
	}
}

// A person goes through everything that a person can; then everything that lies
// anywhere is searched. After the erasure not even the keys are left.
func TestNothingOfAPersonLiesInClear(t *testing.T) {
	app := dbtest.New(t)
	furnish(t, app)
	var person *citizens.Citizen
	app.Write(t, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
		in := citizens.CodeFor{Purpose: "sign_in", Mobile: "09127654321", Holder: tenants.HashToken("h")}
		code, err := citizens.RequestCode(t.Context(), tx, in)
		if err != nil {
			return err
		}
		_, digits, err := citizens.IssueCode(t.Context(), tx, code.ID)
		if err != nil {
			return err
		}
		if ok, err := citizens.VerifyCode(t.Context(), tx, in, digits); err != nil || !ok {
			t.Error("the code does not open", err)
		}
		token, err := citizens.OpenSession(t.Context(), tx, "09127654321")
		if err != nil {
			return err
		}
		if who, err := citizens.Authenticate(t.Context(), tx, token); err != nil || who.Mobile != "+989127654321" {
			t.Errorf("%+v, %v", who, err)
		}
		_, err = meetings.NewFeed(t.Context(), tx, meetings.FeedFor{Kind: meetings.FeedOfCitizen, Mobile: "+989127654321", Lang: "fa"})
		return err
	})
	app.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		person, err = citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "09127654321", NationalID: "0084575948", Name: "سارا کناریان", Verified: true})
		if err != nil {
			return err
		}
		return live(t.Context(), tx, person)
	})
	search(t, app, canaries)
	found(t, app, person.ID)

	db := app.Root.For(app.A)
	defer db.Release()
	erase := func(tx *tenants.Tx) error { return citizens.Erase(t.Context(), tx, person.ID, "at the person's wish") }
	if err := db.Write(t.Context(), tenants.SystemActor(), erase); !fault.Is(err, fault.Conflict) {
		t.Fatal("erased beside an open case:", err)
	}
	app.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		ctx := t.Context()
		if _, err := tx.Set(ctx, (*complaints.Complaint)(nil), "state = 'closed', fact = 'withdrawn', result = 'done', closed_at = ?", []any{tx.Now()}, "citizen_id = ?", person.ID); err != nil {
			return err
		}
		if _, err := tx.Set(ctx, (*meetings.Meeting)(nil), "state = 'closed'", nil, "citizen_id = ?", person.ID); err != nil {
			return err
		}
		return citizens.Erase(ctx, tx, person.ID, "at the person's wish")
	})
	forgotten(t, app, person.ID)
}

// furnish gives the organization its executives and their meetings.
func furnish(t *testing.T, app *dbtest.World) {
	t.Helper()
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	app.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := staff.Seed(t.Context(), tx, staff.Cheap(), spec.Staff, func(string) string { return "x" }); err != nil {
			return err
		}
		posts := map[string]int64{}
		for _, e := range spec.Executives {
			who, err := staff.ByUserName(t.Context(), tx, e.User)
			if err != nil {
				return err
			}
			posts[e.User] = who.ID
		}
		if _, err := directives.Seed(t.Context(), tx, spec.Executives, posts); err != nil {
			return err
		}
		return meetings.Seed(t.Context(), tx, spec.Executives)
	})
}

// live does what people do.
func live(ctx context.Context, tx *tenants.Tx, person *citizens.Citizen) error {
	if err := citizens.Prefer(ctx, tx, person.Mobile, citizens.Preferences{Email: "kanari@example.ir"}); err != nil {
		return err
	}
	topics, err := tenants.Topics(ctx, tx)
	if err != nil {
		return err
	}
	_, err = complaints.Register(ctx, tx, complaints.Registration{
		Kind: complaints.KindComplaint, Channel: "phone", CitizenID: &person.ID, TopicID: topics[0].ID, Text: "فشار گاز از دیشب کم است",
		Place: complaints.Place{Address: "خیابان زرده‌مرغ، پلاک ۷", PostalCode: "1968812345", Subscription: "1968812345"},
	})
	if err != nil {
		return err
	}
	draft := &citizens.Draft{Kind: citizens.DraftComplaint, Holder: tenants.HashToken("x"), Content: []byte(`{"mobile":"09127654321","name":"کناریان"}`)}
	if err := citizens.SaveDraft(ctx, tx, draft); err != nil {
		return err
	}
	return writes(ctx, tx, person)
}

// writes books a meeting, sends a message and calls.
func writes(ctx context.Context, tx *tenants.Tx, person *citizens.Citizen) error {
	executives, err := directives.Executives(ctx, tx)
	if err != nil {
		return err
	}
	open, err := meetings.DeskSessions(ctx, tx, executives[0].ID)
	if err != nil {
		return err
	}
	_, err = meetings.Book(ctx, tx, meetings.Booking{
		CitizenID: person.ID, NationalID: person.NationalID, ExecutiveID: executives[0].ID, SessionID: open[0].ID,
		Slot: open[0].Slots[0].Number, Subject: "انشعاب", Text: "درخواست انشعاب", Channel: meetings.Phone,
	})
	if err != nil {
		return err
	}
	if err := tx.Insert(ctx, &notify.Message{
		ID: tenants.NewID(), Key: "canary", Channel: "sms", Column: "sms", Template: "sms.complaint.closed", CitizenID: &person.ID,
		Text: "سارا کناریان", State: notify.Failed, CreatedAt: tx.Now(),
	}); err != nil {
		return err
	}
	for _, kind := range []string{inbound.Mail, inbound.Calls} {
		if _, err := inbound.NewWord(ctx, tx, kind, 0); err != nil {
			return err
		}
	}
	doors, err := inbound.Doors(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := inbound.Take(ctx, tx, &doors[0], carriers.Incoming{From: "09127654321", Text: "سارا کناریان هستم", ID: "1"}); err != nil {
		return err
	}
	_, err = inbound.Ring(ctx, tx, &doors[1], "1", "09127654321", "")
	return err
}

// found looks the person up as the office does.
func found(t *testing.T, app *dbtest.World, id int64) {
	t.Helper()
	db := app.Root.For(app.A)
	defer db.Release()
	office := tenants.Actor{Kind: tenants.Staff, ID: 1, SeesAll: true}
	for _, typed := range []string{"09127654321", "کناریان", "زرده‌مرغ", "فشار"} {
		rows, _, err := complaints.List(t.Context(), db, office, complaints.Filter{Tab: complaints.TabOpen, Text: typed, Limit: 10})
		if err != nil || len(rows) != 1 || rows[0].Citizen != "سارا کناریان" {
			t.Errorf("%s: %+v, %v", typed, rows, err)
		}
	}
	c, err := citizens.ByID(t.Context(), db, id)
	if err != nil || c.Email != "kanari@example.ir" || c.NationalID != "0084575948" || c.Mobile != "+989127654321" {
		t.Errorf("%+v, %v", c, err)
	}
}

// forgotten looks for what an erasure leaves: with the organization's keys not
// even the person's sealed values.
func forgotten(t *testing.T, app *dbtest.World, id int64) {
	t.Helper()
	db := app.Root.For(app.A)
	defer db.Release()
	c, err := citizens.ByID(t.Context(), db, id)
	if err != nil || c.SubjectKey != "" || c.NationalID != "" || c.Email != "" || c.ErasedAt == nil || strings.Contains(c.Mobile+c.Name, "کناریان") {
		t.Errorf("%+v, %v", c, err)
	}
	if list, err := citizens.Find(t.Context(), db, "09127654321"); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	blind := strings.Fields(db.BlindWords("کناریان 9127654321 زرده مرغ"))
	all := app.Dump(t)
	delete(all, "pasokh.db") // pages that are free now; the key is gone from the tables
	delete(all, "pasokh.db-wal")
	for place, text := range all {
		for _, word := range append(blind, db.Blind("mobile", "+989127654321"), db.Blind("national_id", "0084575948"), "از دیشب کم است", "درخواست انشعاب") {
			if strings.Contains(text, word) {
				t.Errorf("%s still holds %q", place, word)
			}
		}
	}
	search(t, app, canaries)
	list, err := citizens.Erasures(t.Context(), db)
	if err != nil || len(list) != 1 || list[0].CitizenID != id {
		t.Errorf("%+v, %v", list, err)
	}
}
