package inbound_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/vault"
	"pasokh/tenants"
)

func TestReadsWhatARepliesSays(t *testing.T) {
	for text, want := range map[string]inbound.Meaning{
		"1": {Verdict: "satisfied"}, " ۱ ": {Verdict: "satisfied"}, "«۱».": {Verdict: "satisfied"}, "راضی": {Verdict: "satisfied"}, "٢": {Verdict: "not_satisfied"},
		"نه": {Verdict: "not_satisfied"}, "2 هنوز آب نشت می‌کند": {Verdict: "not_satisfied", Rest: "هنوز آب نشت می‌کند"}, "12": {Rest: "12"}, "سلام": {Rest: "سلام"}, "": {},
	} {
		if got := inbound.Read(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

const mobile = "+989121110000"

// replies is a world with the fake gateways, an open door and a case.
type replies struct {
	*dbtest.World
	t    *testing.T
	fake *fakes.Server
	post *notify.Post
	gate map[string]*notify.Gateway

	store *files.Store
}

func newReplies(t *testing.T, providers ...string) *replies {
	t.Helper()
	w := &replies{World: dbtest.New(t), t: t, fake: new(fakes.Server), gate: map[string]*notify.Gateway{}}
	w.fake.Clock = w.Clock.Now
	at := httptest.NewServer(w.fake)
	t.Cleanup(at.Close)
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	w.post = &notify.Post{Gateways: &notify.Opener{Keys: keys, Options: carriers.Options{Fakes: at.URL, Loopback: true}}}
	for _, provider := range providers {
		g := &notify.Gateway{Provider: provider, Line: "3000", Enabled: true, Settings: map[string]string{"username": "u"}}
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			if err := w.post.Gateways.Save(t.Context(), tx, g, map[string]string{"api_key": "k", "password": "p"}); err != nil {
				return err
			}
			return inbound.Open(t.Context(), tx, inbound.SMS, g.ID, true)
		})
		w.gate[provider] = g
	}
	return w
}

// fetch fetches what came and settles it.
func (w *replies) fetch() []inbound.Message {
	w.t.Helper()
	ctx := w.t.Context()
	f := &inbound.Fetcher{Gateways: w.post.Gateways}
	if err := f.Fetch(ctx, w.DB(w.t)); err != nil {
		w.t.Fatal(err)
	}
	list := w.all()
	for i := range list {
		if _, err := inbound.Settle(ctx, w.DB(w.t), list[i].ID); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.all()
}

func (w *replies) all() []inbound.Message {
	w.t.Helper()
	var list []inbound.Message
	db := w.DB(w.t)
	defer db.Release()
	if err := db.Select(&list).Order("came.id").Scan(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return list
}

// register files a case; state puts it there.
func (w *replies) register(state complaints.State) *complaints.Complaint {
	w.t.Helper()
	var c *complaints.Complaint
	w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		ctx := w.t.Context()
		who, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: mobile, NationalID: "0012345679", Name: "N", Verified: true})
		if err != nil {
			return err
		}
		topics, err := tenants.Topics(ctx, tx)
		if err != nil {
			return err
		}
		got, err := complaints.Register(ctx, tx, complaints.Registration{
			Kind: complaints.KindComplaint, Channel: "phone", CitizenID: &who.ID, TopicID: topics[0].ID, Text: "the trench was left open", Place: complaints.Place{Address: "here"},
		})
		if err != nil {
			return err
		}
		c = got.Complaint
		_, err = tx.Set(ctx, (*complaints.Complaint)(nil), "state = ?", []any{state}, "id = ?", c.ID)
		return err
	})
	return c
}

func (w *replies) state(id int64) complaints.State {
	w.t.Helper()
	c, err := complaints.Plain(context.Background(), w.DB(w.t), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.State
}

// Every provider hands its replies over; each is taken once.
func TestRepliesAreTakenOnce(t *testing.T) {
	names := []string{"kavenegar", "smsir", "ghasedak", "melipayamak"}
	w := newReplies(t, names...)
	for _, name := range names {
		w.fake.Say(fakes.Reply{Provider: name, From: "09351112233", To: "3000", Text: "سلام"})
	}
	w.fetch()
	list := w.fetch()
	if len(list) != len(names) {
		t.Fatalf("%d messages: %+v", len(list), list)
	}
	for _, m := range list {
		if m.Sender != "+989351112233" || m.State != inbound.Waiting || m.Outcome != "unknown" || m.Text != "سلام" {
			t.Errorf("%+v", m)
		}
	}
}

func TestTheCitizensWordCloses(t *testing.T) {
	w := newReplies(t, "kavenegar")
	c := w.register(complaints.Feedback)
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "۲ هنوز باز است"})
	list := w.fetch()
	if got := w.state(c.ID); got != complaints.SpecialFollowup || list[0].Outcome != "not_satisfied" || *list[0].ComplaintID != c.ID {
		t.Fatalf("%s, %+v", got, list[0])
	}
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "1"}) // the first word stands
	if list = w.fetch(); w.state(c.ID) != complaints.SpecialFollowup || list[1].Outcome != "said_twice" || list[1].ComplaintID != nil {
		t.Fatalf("%s, %+v", w.state(c.ID), list[1])
	}
}

func TestABareNumberThatNobodyAskedForIsAddedToNoCase(t *testing.T) {
	w := newReplies(t, "kavenegar")
	w.register(complaints.InProgress)
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "۲"})
	if list := w.fetch(); list[0].State != inbound.Waiting || list[0].Outcome != "unasked" {
		t.Fatalf("%+v", list[0])
	}
}

func TestACodeIsAnsweredToItsOwnerOnly(t *testing.T) {
	w := newReplies(t, "kavenegar")
	c := w.register(complaints.Triage)
	for range 7 {
		w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: c.Code})
		w.Clock.Advance(time.Minute)
	}
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09350000000", To: "3000", Text: c.Code})
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "3000123", To: "3000", Text: c.Code})
	outcomes := map[string]int{}
	for _, m := range w.fetch() {
		outcomes[m.Outcome]++
		if m.Outcome == "status" {
			if _, err := inbound.TellStatus(t.Context(), w.DB(t), w.post, notify.CauseOf(&tenants.Task{ID: m.ID, RunAt: w.Clock.Now()}), m.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if outcomes["status"] != 5 || outcomes["too_many"] != 2 || outcomes["other_code"] != 1 || outcomes["no_mobile"] != 1 || len(w.fake.Sent()) != 5 {
		t.Fatalf("%v, %d sent", outcomes, len(w.fake.Sent()))
	}
}

func TestWhatIsSaidBelongsToTheOnlyOpenCase(t *testing.T) {
	w := newReplies(t, "kavenegar")
	c := w.register(complaints.WaitingCitizen)
	w.fake.Say(fakes.Reply{Provider: "kavenegar", From: "09121110000", To: "3000", Text: "پلاک ۱۲ است"})
	list := w.fetch()
	if list[0].Outcome != "added" || w.state(c.ID) != complaints.InProgress {
		t.Fatalf("%+v, %s", list[0], w.state(c.ID))
	}
}
