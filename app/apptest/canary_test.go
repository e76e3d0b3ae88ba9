package apptest_test

import (
	"context"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// canaries are what a person is known by; none of it may lie anywhere in clear.
var canaries = []string{"9127654321", "0084575948", "کناریان", "kanari@example.ir", "خیابان زرده‌مرغ", "1234567890"}

func search(t *testing.T, app *apptest.App, words []string) {
	t.Helper()
	for place, text := range app.Dump() {
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
	app := apptest.New(t)
	c := app.Citizen("09127654321")
	c.Get("/my")
	var person *citizens.Citizen
	app.Do(app.A, app.Staff(app.A, "pr"), func(ctx context.Context, tx *tenants.Tx) (err error) {
		person, err = citizens.Ensure(ctx, tx, citizens.Identity{Mobile: "09127654321", NationalID: "0084575948", Name: "سارا کناریان", Verified: true})
		if err != nil {
			return err
		}
		return live(ctx, tx, person)
	})
	app.Drain()
	if len(app.Sent()) == 0 {
		t.Error("nobody was told")
	}
	search(t, app, canaries)
	found(t, app, person.ID)

	db := app.Root.For(app.A)
	defer db.Release()
	erase := func(tx *tenants.Tx) error { return citizens.Erase(t.Context(), tx, person.ID, "at the person's wish") }
	if err := db.Write(t.Context(), tenants.SystemActor(), erase); !fault.Is(err, fault.Conflict) {
		t.Fatal("erased beside an open case:", err)
	}
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
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
		Place: complaints.Place{Address: "خیابان زرده‌مرغ، پلاک ۷", PostalCode: "1234567890", Subscription: "1234567890"},
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
	for _, kind := range []string{inbound.SMS, inbound.Calls} {
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
func found(t *testing.T, app *apptest.App, id int64) {
	t.Helper()
	db := app.Root.For(app.A)
	defer db.Release()
	office := app.Staff(app.A, "pr")
	office.SeesAll = true
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
func forgotten(t *testing.T, app *apptest.App, id int64) {
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
	all := app.Dump()
	delete(all, "pasokh.db") // pages that are free now; the key is gone from the tables
	delete(all, "pasokh.db-wal")
	for place, text := range all {
		for _, word := range append(blind, db.Blind("mobile", "+989127654321"), db.Blind("national_id", "0084575948"), "فشار گاز", "درخواست انشعاب") {
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
