package inbound_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// raw writes a mail as it comes over the wire.
func raw(text string, fill ...any) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(text, fill...), "\n", "\r\n"))
}

// take keeps and settles mails, and gives them in the order of their coming.
func (w *replies) take(mails ...[]byte) []inbound.Message {
	w.t.Helper()
	ctx := w.t.Context()
	w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := inbound.NewWord(ctx, tx, inbound.Mail, 0)
		return err
	})
	for _, mail := range mails {
		l, err := inbound.ReadLetter(mail)
		if err != nil {
			w.t.Fatal(err)
		}
		db := w.DB(w.t)
		got, err := l.Receive(db, w.fetcher().Files)
		if err != nil {
			w.t.Fatal(err)
		}
		db.Release()
		w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			d, err := inbound.MailDoor(ctx, tx)
			if err != nil {
				return err
			}
			return inbound.TakeLetter(ctx, tx, d, l, got)
		})
	}
	for _, m := range w.all() {
		db := w.DB(w.t)
		if _, err := inbound.Settle(ctx, db, m.ID); err != nil {
			w.t.Fatal(err)
		}
		db.Release()
	}
	return w.all()
}

// sent writes a mail of ours down as one that went out.
func (w *replies) sent(name, kind string, subject, citizen int64) *notify.Message {
	w.t.Helper()
	m := &notify.Message{
		ID: tenants.NewID(), Key: name, Channel: carriers.Mail, Column: carriers.SMS, Template: "sms.complaint.asked", CitizenID: &citizen,
		SubjectKind: kind, SubjectID: subject, Text: "x", State: notify.Accepted, Provider: "smtp", ProviderID: name, CreatedAt: w.Clock.Now(),
	}
	w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Insert(w.t.Context(), m) })
	return m
}

func (w *replies) email(citizen int64, address string) {
	w.t.Helper()
	w.Write(w.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		c := new(citizens.Citizen)
		if err := tx.Lock(w.t.Context(), c, "citizen.id = ?", citizen); err != nil {
			return err
		}
		c.Email = address
		return tx.Update(w.t.Context(), c, "email")
	})
}

const answer = `From: =?utf-8?B?2LnZhNuM?= <ali@example.ir>
Message-ID: <a1@example.ir>
In-Reply-To: <c0ffee@office.example>
References: <other@office.example>
	<c0ffee@office.example>
Subject: =?utf-8?B?2b7Yp9iz2K46INm+2YTYp9qp?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<div dir="rtl">پلاک ۱۲ است<br>زنگ دوم</div><div class="gmail_quote"><div>در دوشنبه ۳ آذر ۱۴۰۵ ساعت ۱۰:۰۰ اداره &lt;o@office.example&gt; نوشت:</div><blockquote>متن ما</blockquote></div>
--b
Content-Type: application/pdf; name="a.pdf"
Content-Disposition: attachment; filename="=?utf-8?B?2LPZhtivLnBkZg==?="
Content-Transfer-Encoding: base64

%s
--b
Content-Type: application/x-msdownload
Content-Disposition: attachment; filename="virus.exe"

MZ
--b--
`

// An answer finds its case by the mail that it answers, with its text alone and
// the files that may be kept.
func TestAnAnswerFindsItsCase(t *testing.T) {
	w := newReplies(t)
	c := w.register(complaints.WaitingCitizen)
	w.email(*c.CitizenID, "ali@example.ir")
	w.sent("c0ffee@office.example", "complaint", c.ID, *c.CitizenID)
	pdf := base64.StdEncoding.EncodeToString([]byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"))
	stranger := strings.NewReplacer("ali@example.ir", "eve@example.ir", "a1@", "a2@").Replace(answer)
	list := w.take(raw(answer, pdf), raw(answer, pdf), raw(stranger, pdf))
	if len(list) != 2 || list[0].Outcome != "added" || *list[0].ComplaintID != c.ID || list[1].Outcome != "other_sender" || w.state(c.ID) != complaints.InProgress {
		t.Fatalf("%+v", list)
	}
	if list[0].Title != "پاسخ: پلاک" || list[0].Text != "پلاک ۱۲ است\nزنگ دوم" {
		t.Errorf("%q: %q", list[0].Title, list[0].Text)
	}
	db := w.DB(t)
	got, err := files.Of(t.Context(), db, files.Subject{Kind: "complaint", ID: c.ID}, false)
	if err != nil || len(got) != 1 || got[0].Name != "سند.pdf" {
		t.Fatalf("%+v, %v", got, err)
	}
}

const returned = `Return-Path: <>
From: MAILER-DAEMON@example.ir
Message-ID: <%[1]s@example.ir>
Subject: Undelivered Mail
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

sorry
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.ir

Final-Recipient: rfc822; ali@example.ir
Action: %[2]s
Status: %[3]s

--b
Content-Type: message/rfc822

From: office@office.example
Message-ID: <%[4]s>
Subject: ours
X-Pasokh: 1

text
--b--
`

// A returned mail marks the delivery; one that is only late does not.
func TestAReturnedMailMarksItsDelivery(t *testing.T) {
	w := newReplies(t)
	c := w.register(complaints.Triage)
	gone, late, silent := w.sent("gone@o", "complaint", c.ID, *c.CitizenID), w.sent("late@o", "complaint", c.ID, *c.CitizenID), w.sent("full@o", "complaint", c.ID, *c.CitizenID)
	list := w.take(raw(returned, "b1", "failed", "5.1.1", "gone@o"), raw(returned, "b2", "delayed", "4.4.1", "late@o"), raw(returned, "b3", "failed", "5.2.2 (full)", "full@o"),
		raw(returned, "b4", "failed", "5.1.1", "never@o"))
	for _, m := range list {
		if m.Outcome != "bounce" || m.State != inbound.Ignored {
			t.Errorf("%+v", m)
		}
	}
	db := w.DB(t)
	for id, want := range map[int64]string{gone.ID: "failed number 5.1.1", late.ID: "accepted  ", silent.ID: "failed not_arrived 5.2.2"} {
		m, err := notify.ByID(t.Context(), db, id)
		if got := fmt.Sprint(m.Stage(), " ", m.Reason, " ", m.Code); err != nil || got != want {
			t.Errorf("%q, want %q, %v", got, want, err)
		}
	}
	troubles, _, err := notify.Troubles(t.Context(), db, notify.TroubleFilter{State: "undelivered"})
	if err != nil || len(troubles) != 2 {
		t.Errorf("%d, %v", len(troubles), err)
	}
}

// Machines are not answered: ours that comes back, absences, lists, receipts.
func TestMailOfMachinesIsIgnored(t *testing.T) {
	w := newReplies(t)
	c := w.register(complaints.WaitingCitizen)
	w.email(*c.CitizenID, "ali@example.ir")
	w.sent("ours@o", "complaint", c.ID, *c.CitizenID)
	var mails [][]byte
	var want []string
	for i, one := range []struct{ head, outcome string }{
		{"Message-ID: <ours@o>", "own"}, {"Message-ID: <x@o>\nX-Pasokh: 1", "own"}, {"Auto-Submitted: auto-generated", "auto_reply"}, {"Return-Path: <>\nAuto-Submitted: auto-replied", "auto_reply"},
		{"X-Autoreply: yes", "auto_reply"}, {"Precedence: list", "bulk"}, {"List-Id: <a.example>", "bulk"}, {"Return-Path: <>", "bounce"},
		{"Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "auto_reply"},
	} {
		head := one.head
		if !strings.Contains(head, "Message-ID") {
			head += fmt.Sprintf("\nMessage-ID: <m%d@x>", i)
		}
		mails, want = append(mails, raw("From: ali@example.ir\nIn-Reply-To: <ours@o>\nSubject: %s\n%s\n\nx", c.Code, head)), append(want, one.outcome)
	}
	for i, m := range w.take(mails...) {
		if m.Outcome != want[i] || m.State != inbound.Ignored {
			t.Errorf("%d: %s, want %s", i, m.Outcome, want[i])
		}
	}
	if w.state(c.ID) != complaints.WaitingCitizen {
		t.Error("the case moved")
	}
}

func TestWhatAMailQuotesIsLeftOut(t *testing.T) {
	for _, quote := range []string{
		"> old", "On Mon, 3 Nov 2026 at 10:00, The Office of the Gas Company\n<office@office.example> wrote:\n> old", "________________________________\nFrom: x\nold", "-----Original Message-----\nold",
		"در تاریخ دوشنبه ۳ آذر ۱۴۰۵ اداره نوشت:\nold", "از: اداره\nتاریخ: دوشنبه\nold", "From: Office\nSent: Monday\nTo: Ali\nold", "-- \nAli, Director", "Sent from my iPhone",
	} {
		l := letter(t, "Subject: x\nContent-Type: text/plain; charset=utf-8", "هنوز باز است\nاز دیروز: همین\n\n"+quote)
		if l.Text != "هنوز باز است\nاز دیروز: همین" {
			t.Errorf("%q leaves %q", quote, l.Text)
		}
	}
}
