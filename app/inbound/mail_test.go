package inbound_test

import (
	"strings"
	"testing"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/inbound"
	"pasokh/tenants"
)

func letter(t *testing.T, head, body string) *inbound.Letter {
	t.Helper()
	l, err := inbound.ReadLetter([]byte(strings.ReplaceAll("From: Ali <Ali@Example.ir>\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"+head+"\n\n"+body, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestALetterIsReadWithoutWhatItQuotes(t *testing.T) {
	l := letter(t, "Subject: hello\nContent-Type: text/plain; charset=utf-8", "still open\n\nOn Monday the office wrote:\n> your case")
	if l.Text != "still open" || l.From != "ali@example.ir" || l.ID != "1@x" {
		t.Fatalf("%+v", l)
	}
	l = letter(t, "Subject: hello\nContent-Type: text/html; charset=utf-8", "<p>still <b>open</b></p><script>alert(1)</script><blockquote>old</blockquote>")
	if l.Text != "still open" {
		t.Fatalf("%q", l.Text)
	}
}

func TestMachinesAreKnown(t *testing.T) {
	for head, want := range map[string]string{"Auto-Submitted: auto-replied": "auto_reply", "Auto-Submitted: no": "", "Precedence: bulk": "bulk", "Return-Path: <>": "bounce"} {
		if got := letter(t, head, "x").Machine; got != want {
			t.Errorf("%s: %q", head, got)
		}
	}
}

// What a calendar answers to our invitations is nobody's message.
func TestAnAnswerOfACalendarIsNoMessage(t *testing.T) {
	reply := "--b\nContent-Type: text/plain\n\nAli has accepted\n--b\nContent-Type: text/calendar; charset=UTF-8; method=%s\n\nBEGIN:VCALENDAR\n--b--\n"
	for method, want := range map[string]string{"REPLY": "auto_reply", "reply": "auto_reply", "REQUEST": ""} {
		if got := letter(t, "Subject: Accepted\nContent-Type: multipart/alternative; boundary=b", strings.Replace(reply, "%s", method, 1)).Machine; got != want {
			t.Errorf("%s: %q", method, got)
		}
	}
}

// A mail goes to the case that it names, when the person of the case wrote it.
func TestALetterGoesToItsCase(t *testing.T) {
	w := newReplies(t)
	c := w.register(complaints.WaitingCitizen)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if _, err := inbound.NewWord(t.Context(), tx, inbound.Mail, 0); err != nil {
			return err
		}
		who, err := citizens.ByID(t.Context(), tx, *c.CitizenID)
		if err != nil {
			return err
		}
		if who.Email = "ali@example.ir"; tx.Update(t.Context(), who, "email") != nil {
			return err
		}
		doors, err := inbound.Doors(t.Context(), tx)
		if err != nil {
			return err
		}
		mine := letter(t, "Subject: Re: "+c.Code, "number 12")
		other := letter(t, "Subject: Re: "+c.Code, "number 13")
		other.ID, other.From = "2@x", "eve@example.ir"
		auto := letter(t, "Subject: Re: "+c.Code+"\nAuto-Submitted: auto-replied", "away")
		auto.ID = "3@x"
		for _, l := range []*inbound.Letter{mine, mine, other, auto} {
			if err := inbound.TakeLetter(t.Context(), tx, &doors[0], l, nil); err != nil {
				return err
			}
		}
		return nil
	})
	var outcomes []string
	for _, m := range w.fetch() {
		outcomes = append(outcomes, m.Outcome)
	}
	if strings.Join(outcomes, " ") != "added other_sender auto_reply" || w.state(c.ID) != complaints.InProgress {
		t.Fatal(outcomes, w.state(c.ID))
	}
}
