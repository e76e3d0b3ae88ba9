package jobs_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/apptest/redistest"
	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/jobs"
	"pasokh/tenants"
)

// The gateway of one organization hangs while a crowd wants codes there: it has
// half of the workers at most, and a code of another organization goes at once.
func TestGatewayThatHangsKeepsNobodyElsesWorkers(t *testing.T) {
	o := newOffice(t)
	fake, _ := o.gated("kavenegar")
	fake.Pause = 4 * time.Second
	fake.Set("kavenegar", fakes.Timeout)
	other := &notify.Gateway{Provider: "bale", Settings: map[string]string{"bot_id": "7"}, Enabled: true}
	db := o.For(t, o.B)
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		return o.Deps.Post.Gateways.Save(t.Context(), tx, other, map[string]string{"api_key": "key"})
	})
	if db.Release(); err != nil {
		t.Fatal(err)
	}
	o.Deps.Clocks = []jobs.Clock{} // nothing else calls
	arrived := make(chan bool, 100)
	o.Deps.Kinds = map[string]jobs.Kind{"test.done": {Queue: jobs.OTP, React: func(ctx context.Context, d *jobs.Deps, db *tenants.DB, task *tenants.Task) (string, error) {
		channel := carriers.SMS
		if db.Tenant().ID == o.B.ID {
			channel = carriers.Bale
		}
		word, err := d.Post.Send(ctx, db, notify.CauseOf(task).Key("citizen"), func(*tenants.Tx) (notify.Draft, error) {
			return notify.Draft{Channel: channel, Template: "sms.code", To: citizenMobile, Text: "code", Subject: timeline.Subject{Kind: "complaint", ID: 7}}, nil
		})
		if db.Tenant().ID == o.B.ID && word == "accepted" {
			arrived <- true
		}
		return word, err
	}}}
	for n := range 20 {
		o.enqueue(t, o.A, n)
	}
	s := jobs.NewServer(o.Deps, jobs.Options{Redis: redistest.New(t), Concurrency: 4, CheckEvery: 10 * time.Millisecond, StopLimit: time.Millisecond})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	for limit := time.After(patience); fake.Calls() < 2; {
		select {
		case <-limit:
			t.Fatal("nothing hangs")
		case <-time.After(10 * time.Millisecond):
		}
	}
	o.enqueue(t, o.B, 1)
	s.Poke()
	select {
	case <-arrived:
	case <-time.After(fake.Pause * 3 / 4):
		t.Fatal("the code of another organization waits for the gateway that hangs")
	}
	if n := fake.Calls(); n > 3 { // two that hang, and the one that arrived
		t.Fatalf("%d calls at once", n)
	}
	for _, row := range o.tasks(t) {
		if row.Attempts > 0 || row.Dead {
			t.Fatalf("to wait is no failure: %+v", row)
		}
	}
}
