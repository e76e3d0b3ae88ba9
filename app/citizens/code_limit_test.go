package citizens_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func TestNewRequestReplacesTheOldAfterAMinute(t *testing.T) {
	w := dbtest.New(t)
	old := issue(t, w, codeFor("v"))
	w.Clock.Advance(citizens.CodeWait - 10*time.Second)
	_, err := request(t, w, codeFor("v"))
	if f := fault.As(err); f.Kind != fault.TooMany || f.Key != "code.wait" || fmt.Sprint(f.Args) != "[n 10]" {
		t.Errorf("asked again at once: %v, args %v", err, f.Args)
	}
	w.Clock.Advance(10 * time.Second)
	fresh := issue(t, w, codeFor("v"))
	if old != fresh && verify(t, w, codeFor("v"), old) {
		t.Error("the old code still opens")
	}
	if !verify(t, w, codeFor("v"), fresh) {
		t.Error("the new code does not open")
	}
}

func TestSendsToOneNumberAreLimited(t *testing.T) {
	w := dbtest.New(t)
	const step = 10 * time.Minute
	var sentAt []time.Time
	for at := time.Duration(0); at < 24*time.Hour; at += step {
		_, err := request(t, w, codeFor(fmt.Sprint("visitor at ", at))) // a new visitor each time
		if err == nil {
			sentAt = append(sentAt, w.Clock.Now())
		} else if key := fault.As(err).Key; key != "code.hour" && key != "code.day" {
			t.Fatal(err)
		}
		w.Clock.Advance(step)
	}
	if len(sentAt) != 10 {
		t.Errorf("%d sent in a day, want 10", len(sentAt))
	}
	for i := 3; i < len(sentAt); i++ {
		if sentAt[i].Sub(sentAt[i-3]) < time.Hour {
			t.Errorf("four in an hour: %v", sentAt)
		}
	}
	if _, err := request(t, w, codeFor("next day")); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if _, err := request(t, w, citizens.CodeFor{Purpose: "sign_in", Mobile: "+989120000001", Holder: holder("v")}); err != nil {
		t.Errorf("another number: %v", err)
	}
}

func TestParallelRequestsCannotPassTheLimit(t *testing.T) {
	w := dbtest.New(t)
	var wait sync.WaitGroup
	var sent atomic.Int32
	for i := range 24 {
		wait.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			err := db.Write(t.Context(), anybody, func(tx *tenants.Tx) error {
				_, err := citizens.RequestCode(t.Context(), tx, codeFor(fmt.Sprint("visitor ", i)))
				return err
			})
			switch {
			case err == nil:
				sent.Add(1)
			case !fault.Is(err, fault.TooMany):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := sent.Load(); n < 1 || n > 3 {
		t.Errorf("%d codes sent at once", n)
	}
}

func TestCodeNeedsAMobileNumber(t *testing.T) {
	w := dbtest.New(t)
	in := codeFor("v")
	in.Mobile = "02188991234"
	if _, err := request(t, w, in); fault.As(err).Fields["mobile"] != "citizen.mobile.wrong" {
		t.Error(err)
	}
}
