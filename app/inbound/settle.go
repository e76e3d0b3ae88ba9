package inbound

import (
	"context"
	"slices"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// KindStatus is the fact that somebody asked by text message how a case stands.
const KindStatus = "inbound.status"

const (
	// heardDaily is how many messages of one number are acted on in a day; more
	// are kept and nothing is done about them.
	heardDaily = 30
	// answersDaily is how many answers one number gets in a day.
	answersDaily = 5
)

// Settle finds out what a message that came in means and does it. The word that
// it gives is for the record of the task.
func Settle(ctx context.Context, db *tenants.DB, id int64) (string, error) {
	m, err := ByID(ctx, db, id)
	if err != nil {
		return "", err
	}
	if m.State != New {
		return "settled before", nil
	}
	actor, people, err := from(ctx, db, m)
	if err != nil {
		return "", err
	}
	db.Release()
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		if err := tx.Lock(ctx, m, "came.id = ?", id); err != nil {
			return err
		}
		if m.State != New {
			return nil
		}
		if err := m.settle(ctx, tx, people); err != nil {
			return err
		}
		now := tx.Now()
		m.SettledAt = &now
		return tx.Update(ctx, m, "state", "outcome", "complaint_id", "event_id", "meeting_id", "settled_at")
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) { // the case has moved on: a person looks at it
		return m.leave(ctx, db, "moved_on")
	}
	return string(m.State) + " " + m.Outcome, fault.Wrap(err, "inbound.Settle")
}

// from is who sent the message: the citizens of its number or address, and the
// actor that acts for them.
func from(ctx context.Context, r tenants.Reader, m *Message) (tenants.Actor, []citizens.Citizen, error) {
	people, err := citizens.Find(ctx, r, m.Sender)
	if m.Kind == Mail {
		people, err = citizens.WithEmail(ctx, r, m.Sender)
	}
	if err != nil || len(people) == 0 || m.Kind == Voicemail {
		return tenants.SystemActor(), people, err
	}
	return tenants.Actor{Kind: tenants.Citizen, ID: people[0].ID, Name: people[0].Name}, people, nil
}

// leave gives a message to the office.
func (m *Message) leave(ctx context.Context, db *tenants.DB, why string) (string, error) {
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := tx.Lock(ctx, m, "came.id = ?", m.ID); err != nil {
			return err
		}
		now := tx.Now()
		m.State, m.Outcome, m.ComplaintID, m.EventID, m.SettledAt = Waiting, why, nil, nil, &now
		return tx.Update(ctx, m, "state", "outcome", "complaint_id", "event_id", "meeting_id", "settled_at")
	})
	return why, fault.Wrap(err, "inbound.leave")
}

func (m *Message) settle(ctx context.Context, tx *tenants.Tx, people []citizens.Citizen) error {
	switch m.Kind {
	case Mail:
		return m.settleMail(ctx, tx, people)
	case Voicemail:
		m.State, m.Outcome = Waiting, "voicemail"
		return nil
	}
	if _, ok := persian.Mobile(m.Sender); !ok {
		m.State, m.Outcome = Ignored, "no_mobile" // advertising and machines
		return nil
	}
	heard, err := count(ctx, tx, m, tx.Now().Add(-24*time.Hour), "")
	if err != nil {
		return err
	}
	if heard > heardDaily {
		m.State, m.Outcome = Ignored, "too_many"
		return nil
	}
	cases, err := complaints.OfMobile(ctx, tx, m.Sender)
	if err != nil {
		return err
	}
	means := Read(m.Text)
	if c := inFeedback(cases, means.Code); means.Verdict != "" && c != nil {
		return m.hear(ctx, tx, c, means)
	}
	if means.Code != "" {
		return m.status(ctx, tx, cases, means)
	}
	waits := func(c complaints.Complaint) bool { return c.State == complaints.WaitingCitizen } // "2" may be its answer
	if means.Verdict != "" && means.Rest == "" && !slices.ContainsFunc(cases, waits) {
		return m.unasked(ctx, tx)
	}
	return m.add(ctx, tx, cases)
}

// count is how many messages of the sender came since then, with an outcome.
func count(ctx context.Context, r tenants.Reader, m *Message, since time.Time, outcome string) (int, error) {
	var list []Message
	q := r.Select(&list).Column("id").Where("came.sender = ? AND came.created_at > ?", r.Blind("sender", m.Sender), since).OrderExpr("came.id DESC").Limit(heardDaily + 1)
	if outcome != "" {
		q = q.Where("came.outcome = ?", outcome)
	}
	err := q.Scan(ctx)
	return len(list), tenants.Err(err)
}

// inFeedback is the newest case that asks for the citizen's word, or the one
// that is named.
func inFeedback(cases []complaints.Complaint, code string) *complaints.Complaint {
	var best *complaints.Complaint
	for i := range cases {
		c := &cases[i]
		if c.State != complaints.Feedback || (code != "" && c.Code != code) {
			continue
		}
		if best == nil || c.ID > best.ID {
			best = c
		}
	}
	return best
}

// unasked is a bare "1" or "2" where no case asks. It adds nothing to a case:
// whoever has just answered said it twice, another means something that a
// person has to find out.
func (m *Message) unasked(ctx context.Context, tx *tenants.Tx) error {
	m.State, m.Outcome = Waiting, "unasked"
	for _, outcome := range []string{"satisfied", "not_satisfied"} {
		answered, err := count(ctx, tx, m, tx.Now().Add(-24*time.Hour), outcome)
		if err != nil {
			return err
		}
		if answered > 0 {
			m.State, m.Outcome = Ignored, "said_twice"
		}
	}
	return nil
}

// hear takes the citizen's word whether all is well.
func (m *Message) hear(ctx context.Context, tx *tenants.Tx, c *complaints.Complaint, means Meaning) error {
	v := complaints.Verdict{Outcome: means.Verdict}
	if v.Outcome == "not_satisfied" {
		if v.Reason = means.Rest; v.Reason == "" {
			v.Reason = messages.In(messages.FA, "inbound.dissatisfied")
		}
	}
	if _, err := complaints.Hear(ctx, tx, c.ID, v); err != nil {
		return err
	}
	m.State, m.Outcome, m.ComplaintID = Attached, means.Verdict, &c.ID
	return nil
}

// status has the sender told how the case stands: only who filed it, and not
// without end.
func (m *Message) status(ctx context.Context, tx *tenants.Tx, cases []complaints.Complaint, means Meaning) error {
	m.State, m.Outcome = Waiting, "other_code"
	for i := range cases {
		if cases[i].Code != means.Code {
			continue
		}
		m.ComplaintID = &cases[i].ID
		answered, err := count(ctx, tx, m, tx.Now().Add(-24*time.Hour), "status")
		if err != nil {
			return err
		}
		if answered >= answersDaily {
			m.State, m.Outcome = Ignored, "too_many"
			return nil
		}
		m.State, m.Outcome = Attached, "status"
		return tx.Enqueue(ctx, KindStatus, Fact{m.ID})
	}
	return nil
}

// add puts what was said to the only open case of the sender.
func (m *Message) add(ctx context.Context, tx *tenants.Tx, cases []complaints.Complaint) error {
	var open []*complaints.Complaint
	for i := range cases {
		if cases[i].Open() {
			open = append(open, &cases[i])
		}
	}
	m.State, m.Outcome = Waiting, "unclear"
	if len(open) == 0 {
		m.Outcome = "unknown"
	}
	if len(open) != 1 || m.Text == "" {
		return nil
	}
	e, err := complaints.Complete(ctx, tx, open[0].ID, m.Text)
	if err != nil {
		return err
	}
	m.State, m.Outcome, m.ComplaintID, m.EventID = Attached, "added", &open[0].ID, &e.ID
	return nil
}

// TellStatus answers the number that asked how its case stands.
func TellStatus(ctx context.Context, db *tenants.DB, post *notify.Post, cause notify.Cause, id int64) (string, error) {
	m, err := ByID(ctx, db, id)
	if err != nil || m.ComplaintID == nil {
		return "", err
	}
	c, err := complaints.Plain(ctx, db, *m.ComplaintID)
	if err != nil {
		return "", err
	}
	return post.ComplaintStatus(ctx, db, cause, c)
}
