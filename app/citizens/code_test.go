package citizens_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

func holder(visitor string) string { return tenants.HashToken(visitor) }

func codeFor(visitor string) citizens.CodeFor {
	return citizens.CodeFor{Purpose: "sign_in", Mobile: mobile, Holder: holder(visitor)}
}

func request(t *testing.T, w *dbtest.World, in citizens.CodeFor) (code *citizens.Code, err error) {
	t.Helper()
	err = w.Try(t, anybody, func(tx *tenants.Tx) error {
		code, err = citizens.RequestCode(t.Context(), tx, in)
		return err
	})
	return code, err
}

// issue requests a code and makes its digits, as the job does.
func issue(t *testing.T, w *dbtest.World, in citizens.CodeFor) string {
	t.Helper()
	code, err := request(t, w, in)
	if err != nil {
		t.Fatal(err)
	}
	return digitsOf(t, w, code.ID)
}

func digitsOf(t *testing.T, w *dbtest.World, id int64) (digits string) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		to, d, err := citizens.IssueCode(t.Context(), tx, id)
		if err == nil && to != mobile {
			t.Errorf("sent to %s", to)
		}
		digits = d
		return err
	})
	return digits
}

func verify(t *testing.T, w *dbtest.World, in citizens.CodeFor, typed string) (ok bool) {
	t.Helper()
	w.Write(t, anybody, func(tx *tenants.Tx) (err error) {
		ok, err = citizens.VerifyCode(t.Context(), tx, in, typed)
		return err
	})
	return ok
}

// other is a wrong guess.
func other(digits string) string {
	if digits[0] == '9' {
		return "0" + digits[1:]
	}
	return "9" + digits[1:]
}

func TestCodeOpensOnce(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	if len(digits) != 6 {
		t.Fatalf("code %q", digits)
	}
	if !verify(t, w, codeFor("v"), digits) {
		t.Fatal("the code does not open")
	}
	if verify(t, w, codeFor("v"), digits) {
		t.Error("the code opens twice")
	}
}

func TestCodeIsTypedInAnyDigits(t *testing.T) {
	for name, typed := range map[string]func(string) string{
		"persian": persian.ToPersian,
		"spaced":  func(s string) string { return " " + s[:3] + "-" + s[3:] + "\u200f" },
	} {
		w := dbtest.New(t)
		if digits := issue(t, w, codeFor("v")); !verify(t, w, codeFor("v"), typed(digits)) {
			t.Errorf("%s: %q does not open", name, typed(digits))
		}
	}
}

func TestCodeIsBound(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	for name, change := range map[string]func(*citizens.CodeFor){
		"purpose": func(c *citizens.CodeFor) { c.Purpose = "meeting" },
		"visitor": func(c *citizens.CodeFor) { c.Holder = holder("other") },
		"mobile":  func(c *citizens.CodeFor) { c.Mobile = "+989120000000" },
	} {
		in := codeFor("v")
		change(&in)
		if verify(t, w, in, digits) {
			t.Errorf("opens with another %s", name)
		}
	}
	db := w.For(t, w.B)
	if err := db.Write(t.Context(), anybody, func(tx *tenants.Tx) error {
		ok, err := citizens.VerifyCode(t.Context(), tx, codeFor("v"), digits)
		if ok {
			t.Error("opens at another organization")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !verify(t, w, codeFor("v"), digits) {
		t.Error("wrong places have used the code up")
	}
}

func TestFiveWrongGuessesEndACode(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	for range citizens.CodeTries {
		if verify(t, w, codeFor("v"), other(digits)) {
			t.Fatal("a wrong code opens")
		}
	}
	if verify(t, w, codeFor("v"), digits) {
		t.Error("opens after five wrong guesses")
	}
}

func TestWhatIsNoCodeIsNotCounted(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	for range 2 * citizens.CodeTries {
		for _, typed := range []string{"", "12345", "1234567", "abcdef"} {
			if verify(t, w, codeFor("v"), typed) {
				t.Fatalf("%q opens", typed)
			}
		}
	}
	if !verify(t, w, codeFor("v"), digits) {
		t.Error("typing errors have used the code up")
	}
}

func TestParallelGuessesAreAllCounted(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			if err := db.Write(t.Context(), anybody, func(tx *tenants.Tx) error {
				_, err := citizens.VerifyCode(t.Context(), tx, codeFor("v"), other(digits))
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if verify(t, w, codeFor("v"), digits) {
		t.Error("parallel guesses passed the limit of tries")
	}
}

func TestCodeExpires(t *testing.T) {
	w := dbtest.New(t)
	code, err := request(t, w, codeFor("v"))
	if err != nil {
		t.Fatal(err)
	}
	digits := digitsOf(t, w, code.ID)
	w.Clock.Advance(citizens.CodeLife)
	if verify(t, w, codeFor("v"), digits) {
		t.Error("opens after ten minutes")
	}
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, _, err := citizens.IssueCode(t.Context(), tx, code.ID)
		return err
	})
	if fault.As(err).Key != "code.over" {
		t.Errorf("made after its time: %v", err)
	}
}

func TestCodeIsNotStored(t *testing.T) {
	w := dbtest.New(t)
	digits := issue(t, w, codeFor("v"))
	read(w, func(db *tenants.DB) {
		row := new(citizens.Code)
		if err := db.Select(row).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(row.CodeHash) != 64 || strings.Contains(fmt.Sprintf("%+v", row), digits+" ") {
			t.Errorf("the row tells: %+v", row)
		}
		task := new(tenants.Task)
		if err := db.Select(task).Where("task.kind = ?", citizens.KindCodeRequested).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		var ids citizens.CodeRequested
		if err := task.IDs(&ids); err != nil || ids.OTPID != row.ID {
			t.Errorf("payload %s, %v", task.Payload, err)
		}
	})
}

func TestIssuingAgainMakesTheOnlyCode(t *testing.T) {
	w := dbtest.New(t)
	code, err := request(t, w, codeFor("v"))
	if err != nil {
		t.Fatal(err)
	}
	if verify(t, w, codeFor("v"), "000000") {
		t.Error("opens before the code was made")
	}
	first, second := digitsOf(t, w, code.ID), digitsOf(t, w, code.ID)
	if first != second && verify(t, w, codeFor("v"), first) {
		t.Error("the first code still opens")
	}
	if !verify(t, w, codeFor("v"), second) {
		t.Error("the second code does not open")
	}
}
