package notify

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Post is what the reactions send with.
type Post struct {
	Sender Sender
	Links  Links
}

// Draft is one message that is to reach one person once.
type Draft struct {
	Template string // key of the catalogue
	Citizen  int64  // or
	Staff    int64
	Subject  timeline.Subject
	To       string // mobile number, E.164; empty: the person has none
	Text     string
	Secret   bool   // the text is not kept, and never sent twice
	Kept     string // kept in place of a text that opens something
}

// timeout is how long a sender may take for one message.
const timeout = 10 * time.Second

// Send carries a message once, whatever happens on the way: the row is claimed
// by comparing its state, the sender is called outside any transaction with
// the key of the message, then the outcome is noted. key comes from Cause.Key;
// draft is asked in the claiming transaction, and only when the message is to
// be sent now. The word that Send gives is for the record of the task.
func (p *Post) Send(ctx context.Context, db *tenants.DB, key string, draft func(*tenants.Tx) (Draft, error)) (string, error) {
	var c claim
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		c, err = p.claim(ctx, tx, key, draft)
		return err
	})
	if err != nil {
		return "", fault.Wrap(err, "notify.Send")
	}
	if c.word != "" {
		return c.word, nil
	}
	return p.carry(ctx, db, c.message, c.draft)
}

// claim is a message that is ours to carry, or the word why there is none.
type claim struct {
	message *Message
	draft   Draft
	word    string
}

func (p *Post) claim(ctx context.Context, tx *tenants.Tx, key string, draft func(*tenants.Tx) (Draft, error)) (claim, error) {
	m := new(Message)
	err := tx.Lock(ctx, m, "message.key = ?", key)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return claim{}, err
	}
	stands := err == nil
	if stands && m.final() {
		return claim{word: string(m.State)}, nil
	}
	if stands && !m.free(tx.Now()) {
		return claim{}, fault.New(fault.Conflict, "notify.in_flight") // another worker is at it: come again
	}
	if stands && m.State == Sending && m.Text == "" {
		m.State = Unknown // a secret that may be on its way already, and that nobody knows any more
		return claim{word: string(Unknown)}, tx.Update(ctx, m, "state")
	}
	d, err := draft(tx)
	if err != nil || d.To == "" {
		return claim{word: "no mobile number"}, err
	}
	if !stands {
		m = d.row(tx, key)
		if err := tx.Insert(ctx, m); err != nil {
			return claim{}, err
		}
	}
	return claim{message: m, draft: d}, p.take(ctx, tx, m)
}

func (p *Post) take(ctx context.Context, tx *tenants.Tx, m *Message) error {
	now := tx.Now()
	m.State, m.SentAt, m.Provider = Sending, &now, p.Sender.Name()
	m.Attempts++
	return tx.Update(ctx, m, "state", "sent_at", "provider", "attempts")
}

func (d *Draft) row(tx *tenants.Tx, key string) *Message {
	m := &Message{
		ID: tenants.NewID(), Key: key, Channel: "sms", Template: d.Template,
		SubjectKind: d.Subject.Kind, SubjectID: d.Subject.ID, Text: d.Text, State: Queued, CreatedAt: tx.Now(),
	}
	switch {
	case d.Secret:
		m.Text = ""
	case d.Kept != "":
		m.Text = d.Kept
	}
	if d.Citizen != 0 {
		m.CitizenID = &d.Citizen
	}
	if d.Staff != 0 {
		m.StaffID = &d.Staff
	}
	return m
}

// carry calls the sender and notes what came of it.
func (p *Post) carry(ctx context.Context, db *tenants.DB, m *Message, d Draft) (string, error) {
	slow, cancel := context.WithTimeout(ctx, timeout)
	id, sendErr := p.Sender.Send(slow, Outgoing{
		TenantID: db.Tenant().ID, Key: m.Key, Template: d.Template, To: d.To, Text: d.Text,
	})
	cancel()
	if sendErr != nil && ctx.Err() != nil {
		return "", ctx.Err() // the worker is stopping: the lease decides who takes it up
	}
	m.State, m.ProviderID = outcome(sendErr), id
	if err := p.note(ctx, db, m); err != nil {
		return "", err
	}
	if m.State == Queued || m.State == Failed {
		return "", sendErr
	}
	return string(m.State), nil
}

// note writes the outcome down even when the worker is stopping: a message that
// went out must not look as if it had not.
func (p *Post) note(ctx context.Context, db *tenants.DB, m *Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Update(ctx, m, "state", "provider_id")
	})
	return fault.Wrap(err, "notify.note")
}

// outcome is the state that an answer of the sender leads to.
func outcome(err error) State {
	switch {
	case err == nil:
		return Accepted
	case refused(err):
		return Failed
	case uncertain(err):
		return Unknown
	}
	return Queued
}
