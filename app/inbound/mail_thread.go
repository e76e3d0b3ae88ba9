package inbound

import (
	"context"
	"slices"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// TakeLetter keeps a mail, once; what no person wrote is kept with the reason and
// answered by nothing. One that was returned marks the message that it tells of.
func TakeLetter(ctx context.Context, tx *tenants.Tx, d *Door, l *Letter, got []*files.Received) error {
	return takeLetter(ctx, tx, d, l, got, nil)
}

func takeLetter(ctx context.Context, tx *tenants.Tx, d *Door, l *Letter, got []*files.Received, learned func(provider, result string)) error {
	m := &Message{Kind: Mail, Key: l.ID, Sender: cut(persian.CleanLine(l.From), longestSender), Title: l.Title, Text: l.Text, Refs: l.Refs}
	if err := l.judge(ctx, tx); err != nil {
		return err
	}
	if l.Machine != "" {
		m.State, m.Outcome, got = Ignored, l.Machine, nil
	}
	fresh, err := keep(ctx, tx, d, m)
	if err != nil || !fresh {
		return err
	}
	if l.Bounce != nil && !l.Bounce.Late {
		names := slices.Concat(l.Bounce.Names, namesIn(l.Refs))
		if err := notify.Bounced(ctx, tx, names, l.Bounce.reason(), l.Bounce.Status, learned); err != nil {
			return err
		}
	}
	for _, one := range got {
		if _, err := files.Save(ctx, tx, one, files.Place{Subject: m.Files(), Held: true}); err != nil {
			return err
		}
	}
	return nil
}

// judge knows a mail of ours by its name, too: some servers drop headers.
func (l *Letter) judge(ctx context.Context, r tenants.Reader) error {
	if l.Machine != "" {
		return nil
	}
	ours, err := notify.MailsNamed(ctx, r, []string{l.ID})
	if len(ours) > 0 {
		l.Machine = "own"
	}
	return err
}

// settleMail puts a mail to the case that it answers or names, when the person of
// the case wrote it; else it waits for the office.
func (m *Message) settleMail(ctx context.Context, tx *tenants.Tx, people []citizens.Citizen) error {
	m.State, m.Outcome = Waiting, "mail"
	c, err := m.answers(ctx, tx)
	if err != nil || c == nil {
		return err
	}
	own := slices.ContainsFunc(people, func(p citizens.Citizen) bool { return c.CitizenID != nil && p.ID == *c.CitizenID })
	if !own {
		m.Outcome = "other_sender"
		return nil
	}
	text := m.Text
	if text == "" {
		text = m.Title
	}
	e, err := complaints.Complete(ctx, tx, c.ID, text)
	if err != nil {
		return err
	}
	m.State, m.Outcome, m.ComplaintID, m.EventID = Attached, "added", &c.ID, &e.ID
	_, err = files.Move(ctx, tx, m.Files(), files.Subject{Kind: "complaint", ID: c.ID}, &e.ID)
	return err
}

// answers is the case that a mail belongs to: that of the mail of ours which it
// answers, else the one whose tracking code it names; nil when there is none. An
// answer about a meeting is noted with it.
func (m *Message) answers(ctx context.Context, r tenants.Reader) (*complaints.Complaint, error) {
	sent, err := notify.MailsNamed(ctx, r, namesIn(m.Refs))
	if err != nil {
		return nil, err
	}
	for _, one := range sent {
		switch one.SubjectKind {
		case "complaint":
			return complaints.Plain(ctx, r, one.SubjectID)
		case "meeting":
			m.MeetingID, m.Outcome = &one.SubjectID, "meeting"
			return nil, nil //nolint:nilnil // of no case
		}
	}
	code := m.code()
	if code == "" {
		return nil, nil //nolint:nilnil // it names none
	}
	c, err := complaints.ByCode(ctx, r, code)
	if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	about, err := meetings.ByCode(ctx, r, code)
	if err == nil {
		m.MeetingID, m.Outcome = &about.ID, "meeting"
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return nil, err
}
