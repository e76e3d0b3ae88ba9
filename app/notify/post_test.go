package notify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

const (
	key    = "1@0:citizen"
	mobile = "+989121234567"
)

var about = timeline.Subject{Kind: "complaint", ID: 7}

func draft(*tenants.Tx) (notify.Draft, error) {
	return notify.Draft{Template: "sms.complaint.closed", Subject: about, To: mobile, Text: "متن"}, nil
}

func setup(t testing.TB) (*dbtest.World, *notify.Memory, *notify.Post) {
	sender := &notify.Memory{}
	return dbtest.New(t), sender, &notify.Post{Sender: sender}
}

func message(t testing.TB, w *dbtest.World) notify.Message {
	t.Helper()
	list, err := notify.Of(t.Context(), w.DB(t), about)
	if err != nil || len(list) != 1 {
		t.Fatalf("messages: %+v, %v", list, err)
	}
	return list[0]
}

func TestMessageIsCarriedOnce(t *testing.T) {
	w, sender, post := setup(t)
	for range 2 {
		if word, err := post.Send(t.Context(), w.DB(t), key, draft); err != nil || word != "accepted" {
			t.Fatalf("%q, %v", word, err)
		}
	}
	if sender.Calls() != 1 {
		t.Fatalf("%d calls", sender.Calls())
	}
	m := message(t, w)
	if m.State != notify.Accepted || m.Provider != "memory" || m.ProviderID == "" || m.Text != "متن" || m.Attempts != 1 {
		t.Fatalf("%+v", m)
	}
}

func TestKeysOfTwoOrganizationsAreTheirOwn(t *testing.T) {
	w, sender, post := setup(t)
	for _, tenant := range []*tenants.Tenant{w.A, w.B} {
		if _, err := post.Send(t.Context(), w.For(t, tenant), key, draft); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(sender.Sent()); n != 2 {
		t.Fatalf("%d carried", n)
	}
}

// The worker dies after the provider has taken the message and before that is
// written down: nobody knows, so the lease decides, and the key keeps the
// second try from reaching the person again.
func TestWorkerThatDiesAfterTheCallSendsNothingTwice(t *testing.T) {
	w, sender, post := setup(t)
	ctx, die := context.WithCancel(t.Context())
	sender.After = func(notify.Outgoing) error { die(); return ctx.Err() }
	if _, err := post.Send(ctx, w.DB(t), key, draft); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if m := message(t, w); m.State != notify.Sending {
		t.Fatalf("%+v", m)
	}
	sender.After = nil
	if _, err := post.Send(t.Context(), w.DB(t), key, draft); !fault.Is(err, fault.Conflict) {
		t.Fatalf("a second worker within the lease: %v", err)
	}
	w.Clock.Advance(15 * time.Second)
	if word, err := post.Send(t.Context(), w.DB(t), key, draft); err != nil || word != "accepted" {
		t.Fatalf("%q, %v", word, err)
	}
	if n, calls := len(sender.Sent()), sender.Calls(); n != 1 || calls != 2 {
		t.Fatalf("%d carried by %d calls", n, calls)
	}
}

// A provider that knows no key of ours is never asked again when nobody knows how
// its call ended: not by the worker that is told to stop, not by the one that
// takes over from one that died.
func TestProviderWithoutKeysIsNeverAskedTwice(t *testing.T) {
	w, sender, post := setup(t)
	sender.Blind = true
	ctx, stop := context.WithCancel(t.Context())
	sender.After = func(notify.Outgoing) error { stop(); return ctx.Err() }
	if word, err := post.Send(ctx, w.DB(t), key, draft); err != nil || word != "unknown" {
		t.Fatal(word, err)
	}
	sender.After = func(notify.Outgoing) error { panic("killed") }
	func() {
		defer func() { _ = recover() }()
		_, _ = post.Send(t.Context(), w.DB(t), "2@0:citizen", draft)
	}()
	sender.After = nil
	w.Clock.Advance(time.Minute)
	for _, k := range []string{key, "2@0:citizen"} {
		if word, err := post.Send(t.Context(), w.DB(t), k, draft); err != nil || word != "unknown" {
			t.Fatal(k, word, err)
		}
	}
	if sender.Calls() != 2 || len(sender.Sent()) != 2 {
		t.Fatalf("%d calls", sender.Calls())
	}
}

// What the provider has said counts, although the worker is told to stop.
func TestAnswerThatIsKnownIsKeptAtTheStop(t *testing.T) {
	for state, answer := range map[notify.State]error{
		notify.Failed: &notify.Refused{Reason: carriers.Text}, notify.Queued: &carriers.Later{Reason: carriers.Unreached},
	} {
		w, sender, post := setup(t)
		ctx, stop := context.WithCancel(t.Context())
		sender.Before = func(notify.Outgoing) error { stop(); return answer }
		_, err := post.Send(ctx, w.DB(t), key, draft)
		if m := message(t, w); m.State != state || (state == notify.Queued) != errors.Is(err, context.Canceled) {
			t.Fatalf("%+v, %v", m, err)
		}
	}
}

// A worker that is told to stop when the message is out still notes it.
func TestWorkerThatStopsAfterTheAnswerNotesIt(t *testing.T) {
	w, sender, post := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	sender.After = func(notify.Outgoing) error { stop(); return nil }
	if _, err := post.Send(ctx, w.DB(t), key, draft); err != nil {
		t.Fatal(err)
	}
	if m := message(t, w); m.State != notify.Accepted {
		t.Fatalf("%+v", m)
	}
}

func TestMessageThatDidNotGoOutIsTriedAgain(t *testing.T) {
	w, sender, post := setup(t)
	sender.Before = func(notify.Outgoing) error { return errors.New("connection refused") }
	if _, err := post.Send(t.Context(), w.DB(t), key, draft); err == nil {
		t.Fatal("no error")
	}
	if m := message(t, w); m.State != notify.Queued {
		t.Fatalf("%+v", m)
	}
	sender.Before = nil
	if word, err := post.Send(t.Context(), w.DB(t), key, draft); err != nil || word != "accepted" {
		t.Fatalf("%q, %v", word, err)
	}
	if m := message(t, w); m.Attempts != 2 {
		t.Fatalf("%+v", m)
	}
}

func TestAnswersThatEndAMessage(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		state notify.State
	}{
		"refused":   {&notify.Refused{Reason: "blacklisted"}, notify.Failed},
		"uncertain": {&notify.Uncertain{Err: errors.New("reset")}, notify.Unknown},
		"too slow":  {context.DeadlineExceeded, notify.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w, sender, post := setup(t)
			sender.Before = func(notify.Outgoing) error { return c.err }
			if word, err := post.Send(t.Context(), w.DB(t), key, draft); err != nil || word != string(c.state) { // an outcome
				t.Fatal(word, err)
			}
			if m := message(t, w); m.State != c.state {
				t.Fatalf("%+v", m)
			}
			sender.Before = nil
			word, err := post.Send(t.Context(), w.DB(t), key, draft)
			if err != nil || word != string(c.state) || len(sender.Sent()) != 0 {
				t.Fatalf("sent again: %q, %v", word, err)
			}
		})
	}
}

func TestNobodyIsToldWithoutANumber(t *testing.T) {
	w, sender, post := setup(t)
	word, err := post.Send(t.Context(), w.DB(t), key, func(*tenants.Tx) (notify.Draft, error) { return notify.Draft{Text: "متن"}, nil })
	if err != nil || word != "no mobile number" || sender.Calls() != 0 {
		t.Fatalf("%q, %v", word, err)
	}
}

func TestSecretIsNeitherKeptNorMadeTwice(t *testing.T) {
	w, sender, post := setup(t)
	made := 0
	secret := func(*tenants.Tx) (notify.Draft, error) {
		made++
		return notify.Draft{Template: "sms.code", Subject: about, To: mobile, Text: "123456", Secret: true}, nil
	}
	ctx, die := context.WithCancel(t.Context())
	sender.After = func(notify.Outgoing) error { die(); return ctx.Err() }
	if _, err := post.Send(ctx, w.DB(t), key, secret); err == nil {
		t.Fatal("no error")
	}
	if m := message(t, w); m.Text != "" {
		t.Fatal("the secret is kept")
	}
	w.Clock.Advance(time.Minute)
	word, err := post.Send(t.Context(), w.DB(t), key, secret)
	if err != nil || word != "unknown" || made != 1 || sender.Calls() != 1 {
		t.Fatalf("%q, %v, made %d times, %d calls", word, err, made, sender.Calls())
	}
}
