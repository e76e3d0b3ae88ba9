package inbound_test

import (
	"strings"
	"testing"

	"pasokh/app/carriers/fakes"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// A bare digit where two cases ask closes neither; the sender is asked which, and
// the code with it says of which it is.
func TestABareNumberWhereSeveralAskClosesNone(t *testing.T) {
	w := newReplies(t, "kavenegar")
	a, b := w.register(complaints.Feedback), w.register(complaints.Feedback)
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "1"})
	m := w.fetch()[0]
	if m.State != inbound.Waiting || m.Outcome != "several" || w.state(a.ID) != complaints.Feedback || w.state(b.ID) != complaints.Feedback {
		t.Fatalf("%+v", m)
	}
	if _, err := inbound.TellStatus(t.Context(), w.DB(t), w.post, notify.CauseOf(&tenants.Task{ID: m.ID, RunAt: w.Clock.Now()}), m.ID); err != nil {
		t.Fatal(err)
	}
	if sent := w.fake.Sent(); len(sent) != 1 || !strings.Contains(sent[0].Text, b.Code) {
		t.Fatalf("%+v", sent)
	}
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "2 " + a.Code})
	if list := w.fetch(); list[1].Outcome != "not_satisfied" || w.state(a.ID) != complaints.SpecialFollowup || w.state(b.ID) != complaints.Feedback {
		t.Fatalf("%+v, %s, %s", list[1], w.state(a.ID), w.state(b.ID))
	}
}

// After a visit the same digits answer whether it was solved.
func TestTheWordAfterAVisitIsHeard(t *testing.T) {
	w := newReplies(t, "kavenegar")
	c := w.register(complaints.Triage)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		units, err := tenants.Units(t.Context(), tx)
		if err != nil {
			return err
		}
		if _, err := complaints.Refer(t.Context(), tx, c.ID, complaints.Order{UnitID: units[len(units)-1].ID}); err != nil {
			return err
		}
		if _, err := tx.Set(t.Context(), (*complaints.Referral)(nil), "state = 'answered', ended_at = ?", []any{tx.Now()}, "complaint_id = ?", c.ID); err != nil {
			return err
		}
		_, err = tx.Set(t.Context(), (*complaints.Complaint)(nil), "state = ?", []any{complaints.AwaitingConfirmation}, "id = ?", c.ID)
		return err
	})
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "2 هنوز باز است"})
	if list := w.fetch(); list[0].Outcome != "not_satisfied" || w.state(c.ID) != complaints.Referred {
		t.Fatalf("%+v, %s", list[0], w.state(c.ID))
	}
}

// A household shares a number: the word is said by the one whose case it is.
func TestTheWordIsOfTheOneWhoseCaseItIs(t *testing.T) {
	w := newReplies(t, "kavenegar")
	c := w.register(complaints.Feedback)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { // the newest of the number
		_, err := citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: mobile, NationalID: "0499370899", Name: "دختر", Verified: true})
		return err
	})
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "2"})
	w.fetch()
	db := w.DB(t)
	defer db.Release()
	list, err := timeline.Of(t.Context(), db, c.Subject(), false)
	if err != nil {
		t.Fatal(err)
	}
	last := list[len(list)-1]
	if w.state(c.ID) != complaints.SpecialFollowup || last.ActorID != *c.CitizenID {
		t.Fatalf("%s by %d, want %d", w.state(c.ID), last.ActorID, *c.CitizenID)
	}
}

// What a provider counts as handed over is asked for again when the look that
// fetched it did not end.
func TestAFetchThatBrokeOffLosesNothing(t *testing.T) {
	for _, name := range []string{"kavenegar", "ghasedak"} {
		w := newReplies(t, name)
		w.fake.Say(fakes.Reply{Provider: name, From: "09351112233", To: "3000", Text: "سلام"})
		f := &inbound.Fetcher{Gateways: w.post.Gateways}
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := tx.Set(t.Context(), (*inbound.Door)(nil), "place = ?", []any{"looking"}, "kind = ?", inbound.SMS)
			return err
		})
		receiver, _ := w.post.Gateways.Receiver(w.gate[name])
		if lost, err := receiver.Receive(t.Context(), false); err != nil || len(lost) != 1 {
			t.Fatalf("%s: %+v, %v", name, lost, err)
		}
		if err := f.Fetch(t.Context(), w.DB(t)); err != nil || len(w.all()) != 1 {
			t.Fatalf("%s: %+v, %v", name, w.all(), err)
		}
		if err := f.Fetch(t.Context(), w.DB(t)); err != nil || len(w.all()) != 1 {
			t.Fatalf("%s: %+v, %v", name, w.all(), err)
		}
	}
}
