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
	people, err := from(ctx, db, m)
	if err != nil {
		return "", err
	}
	actor, err := m.actor(ctx, db, people)
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

// from is who sent the message: the citizens of its number or address.
func from(ctx context.Context, r tenants.Reader, m *Message) ([]citizens.Citizen, error) {
	if m.Kind == Mail {
		return citizens.WithEmail(ctx, r, m.Sender)
	}
	return citizens.Find(ctx, r, m.Sender)
}

// actor is in whose name the message acts. A household shares a number, so it is
// the one whose case is meant, and else the newest; no name goes with it, the
// timeline is read by the citizen's row.
func (m *Message) actor(ctx context.Context, r tenants.Reader, people []citizens.Citizen) (tenants.Actor, error) {
	if len(people) == 0 || m.Kind == Voicemail {
		return tenants.SystemActor(), nil
	}
	if len(people) == 1 {
		return tenants.Actor{Kind: tenants.Citizen, ID: people[0].ID}, nil
	}
	c, err := m.meant(ctx, r)
	if err != nil {
		return tenants.Actor{}, err
	}
	for i := range people {
		if c != nil && c.CitizenID != nil && people[i].ID == *c.CitizenID {
			return tenants.Actor{Kind: tenants.Citizen, ID: people[i].ID}, nil
		}
	}
	return tenants.Actor{Kind: tenants.Citizen, ID: people[0].ID}, nil
}

// meant is the one case that the message can be about; nil when there is none or
// more than one.
func (m *Message) meant(ctx context.Context, r tenants.Reader) (*complaints.Complaint, error) {
	if m.Kind == Mail {
		return m.answers(ctx, r)
	}
	cases, err := complaints.OfMobile(ctx, r, m.Sender)
	if err != nil {
		return nil, err
	}
	means := Read(m.Text)
	list := asking(cases, means.Code)
	if means.Verdict == "" || len(list) == 0 {
		list = openOf(cases)
	}
	if len(list) != 1 {
		return nil, nil //nolint:nilnil // of no single case
	}
	return list[0], nil
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
	if m.Kind == Voicemail {
		m.State, m.Outcome = Waiting, "voicemail"
		return nil
	}
	if _, ok := persian.Mobile(m.Sender); !ok && m.Kind == SMS {
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
	if m.Kind == Mail {
		return m.settleMail(ctx, tx, people)
	}
	cases, err := complaints.OfMobile(ctx, tx, m.Sender)
	if err != nil {
		return err
	}
	means := Read(m.Text)
	if ask := asking(cases, means.Code); means.Verdict != "" && len(ask) > 0 {
		if len(ask) > 1 {
			return m.which(ctx, tx, ask[0])
		}
		return m.hear(ctx, tx, ask[0], means)
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

// asking lists the cases that ask for the citizen's word, newest first; with a
// code only the one that is named.
func asking(cases []complaints.Complaint, code string) []*complaints.Complaint {
	var list []*complaints.Complaint
	for i := range cases {
		c := &cases[i]
		asks := c.State == complaints.Feedback || c.State == complaints.AwaitingConfirmation
		if asks && (code == "" || c.Code == code) {
			list = append(list, c)
		}
	}
	return list
}

func openOf(cases []complaints.Complaint) []*complaints.Complaint {
	var list []*complaints.Complaint
	for i := range cases {
		if cases[i].Open() {
			list = append(list, &cases[i])
		}
	}
	return list
}

// which asks back which of several cases a bare "1" or "2" means; to guess would
// close the wrong one.
func (m *Message) which(ctx context.Context, tx *tenants.Tx, example *complaints.Complaint) error {
	m.State, m.Outcome = Waiting, "several"
	asked, err := count(ctx, tx, m, tx.Now().Add(-24*time.Hour), "several")
	if err != nil || asked >= answersDaily {
		return err
	}
	m.ComplaintID = &example.ID
	return tx.Enqueue(ctx, KindStatus, Fact{m.ID})
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

// hear takes the citizen's word whether all is well, after the answer or after a
// visit.
func (m *Message) hear(ctx context.Context, tx *tenants.Tx, c *complaints.Complaint, means Meaning) error {
	reason := ""
	if means.Verdict == "not_satisfied" {
		if reason = means.Rest; reason == "" {
			reason = messages.In(messages.FA, "inbound.dissatisfied")
		}
	}
	var err error
	if c.State == complaints.AwaitingConfirmation {
		_, err = complaints.Confirm(ctx, tx, c.ID, means.Verdict == "satisfied", reason)
	} else {
		_, err = complaints.Hear(ctx, tx, c.ID, complaints.Verdict{Outcome: means.Verdict, Reason: reason})
	}
	if err != nil {
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
	open := openOf(cases)
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

// TellStatus answers the number that asked how its case stands, or that has to
// say which of its cases it means.
func TellStatus(ctx context.Context, db *tenants.DB, post *notify.Post, cause notify.Cause, id int64) (string, error) {
	m, err := ByID(ctx, db, id)
	if err != nil || m.ComplaintID == nil {
		return "", err
	}
	c, err := complaints.Plain(ctx, db, *m.ComplaintID)
	if err != nil {
		return "", err
	}
	if m.Outcome == "several" {
		return post.ComplaintWhich(ctx, db, cause, c)
	}
	return post.ComplaintStatus(ctx, db, cause, c)
}
