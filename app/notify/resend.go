package notify

import (
	"context"
	"fmt"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// KindResent is the fact that somebody sends a message again.
const KindResent = "message.resent"

// Trouble tells whether the message did not reach the person, or nobody knows.
func (m *Message) Trouble() bool {
	return m.State == Failed || m.State == Unknown || m.Delivery == Undelivered || m.Delivery == NeverKnown
}

// Secret tells whether the text was one that is not kept, such as a code.
func (m *Message) Secret() bool { return m.Text == "" }

// MayResend is nil when the message may be sent again by hand, else why not.
func (m *Message) MayResend() error {
	switch {
	case m.HandledAt != nil:
		return fault.New(fault.Conflict, "deliveries.conflict.handled")
	case !m.Trouble():
		return fault.New(fault.Conflict, "deliveries.conflict.state")
	case m.Secret():
		return fault.New(fault.Conflict, "deliveries.conflict.secret")
	}
	return nil
}

// Resend has a message that did not arrive sent once more with the same text, to
// the number or address that the person has now. Field error: reason.
func Resend(ctx context.Context, tx *tenants.Tx, id int64, reason string) (*Message, error) {
	old := new(Message)
	if err := tx.Lock(ctx, old, "message.id = ?", id); err != nil {
		return nil, err
	}
	if err := old.MayResend(); err != nil {
		return nil, err
	}
	reason, err := given(reason)
	if err != nil {
		return nil, err
	}
	m := &Message{
		ID: tenants.NewID(), Key: fmt.Sprintf("resent:%d", old.ID), Channel: old.Channel, Column: old.Column, Template: old.Template,
		CitizenID: old.CitizenID, StaffID: old.StaffID, SubjectKind: old.SubjectKind, SubjectID: old.SubjectID,
		Text: old.Text, State: Queued, CreatedAt: tx.Now(), ResentOf: &old.ID,
	}
	if err := tx.Insert(ctx, m); err != nil {
		return nil, err
	}
	if err := old.handled(ctx, tx, "message.resent", "message_resent", reason); err != nil {
		return nil, err
	}
	return m, tx.Enqueue(ctx, KindResent, MessageFact{m.ID})
}

// PutAside notes that nothing more will be done about a message that did not
// arrive, and why. Field error: reason.
func PutAside(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m := new(Message)
	if err := tx.Lock(ctx, m, "message.id = ?", id); err != nil {
		return err
	}
	if m.HandledAt != nil || !m.Trouble() {
		return fault.New(fault.Conflict, "deliveries.conflict.handled")
	}
	reason, err := given(reason)
	if err != nil {
		return err
	}
	return m.handled(ctx, tx, "message.put_aside", "message_put_aside", reason)
}

// longestReason is how many letters a reason may have.
const longestReason = 500

func given(reason string) (string, error) {
	reason = persian.Clean(reason)
	if reason == "" || len([]rune(reason)) > longestReason {
		return "", fault.Field("reason", "deliveries.error.reason")
	}
	return reason, nil
}

// handled takes the message off the list, with a line in the story of what it is
// about and in the audit.
func (m *Message) handled(ctx context.Context, tx *tenants.Tx, act, event, reason string) error {
	now := tx.Now()
	m.HandledAt = &now
	if err := tx.Update(ctx, m, "handled_at"); err != nil {
		return err
	}
	if m.SubjectKind == "complaint" || m.SubjectKind == "meeting" {
		e := &timeline.Event{SubjectKind: m.SubjectKind, SubjectID: m.SubjectID, Kind: m.SubjectKind + "." + event, Text: reason}
		if m.SubjectKind == "complaint" {
			c, err := complaints.Plain(ctx, tx, m.SubjectID)
			if err != nil {
				return err
			}
			e.Cycle, e.FromState, e.ToState = c.Cycle, string(c.State), string(c.State)
		}
		if err := timeline.Append(ctx, tx, e); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, act, "message", m.ID, reason)
}

// titleAgain is the usual subject of a mail, which the record does not keep.
func titleAgain(r tenants.Reader, m *Message, l messages.Lang) string {
	e, ok := EventOf(m.Template)
	if !ok {
		return ""
	}
	return messages.In(l, e.NameKey()) + " – " + spell(l, r.Tenant().NameFA, r.Tenant().NameEN)
}

// Resent carries a message that somebody sends again.
func (p *Post) Resent(ctx context.Context, db *tenants.DB, messageID int64) (string, error) {
	m, err := ByID(ctx, db, messageID)
	if err != nil {
		return "", err
	}
	word, err := p.Send(ctx, db, m.Key, func(tx *tenants.Tx) (Draft, error) {
		d, err := again(ctx, tx, m)
		if err != nil || d.Channel != carriers.Mail {
			return d, err
		}
		d.To, d.Title = d.Mail, titleAgain(tx, m, d.lang)
		if m.SubjectKind == sessionSubject && m.StaffID != nil {
			d.Calendar, err = p.sessionAgain(ctx, tx, m)
		}
		return d, err
	})
	if err != nil || m.SubjectKind != sessionSubject || m.StaffID == nil || !wentOut(word) {
		return word, err
	}
	return word, sessionTold(ctx, db, m.SubjectID, *m.StaffID)
}
