package notify

import (
	"context"
	"slices"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// sessionSubject is the kind of what mails about sessions are about.
const sessionSubject = "session"

// InvitesToSessions tells whether mails about sessions can go out at all, and
// whether the organization wants invitations to new ones.
func (p *Post) InvitesToSessions(ctx context.Context, r tenants.Reader) (carried, fresh bool, err error) {
	if carried, err = p.carries(ctx, r, carriers.Mail); err != nil || !carried {
		return false, false, err
	}
	w, err := WordingOf(ctx, r, "meeting.session_invited")
	if err != nil {
		return false, false, err
	}
	return true, w.On(carriers.Mail), nil
}

// SessionInvited mails somebody who acts for a post what their calendar is to
// know of a session: that it takes place, when it changed, that it is off. One
// mail for each session, revision and person; one that a later revision has
// overtaken is not sent, nor is the end of what was never announced.
func (p *Post) SessionInvited(ctx context.Context, db *tenants.DB, cause Cause, f meetings.InviteFact) (string, error) {
	i, err := meetings.InviteOf(ctx, db, f.SessionID, f.StaffID)
	if fault.Is(err, fault.NotFound) {
		return "dropped: gone", nil
	}
	if err != nil {
		return "", err
	}
	switch {
	case i.Sequence != f.Sequence:
		return movedOn, nil
	case !db.Now().Before(i.EndsAt):
		return "dropped: passed", nil
	}
	if i.Cancelled && i.Held == nil {
		if known, err := announced(ctx, db, f); err != nil || !known {
			return "dropped: never announced", err
		}
	}
	list, err := account(ctx, db, &f.StaffID)
	if err != nil {
		return "", err
	}
	if len(list) == 0 || list[0].Email == "" {
		return noAddress, nil
	}
	return p.sessionMail(ctx, db, cause, f, i, &list[0])
}

// announced tells whether a mail about the session may have reached the person,
// or is on its way, although that is not noted yet.
func announced(ctx context.Context, r tenants.Reader, f meetings.InviteFact) (bool, error) {
	list, err := Of(ctx, r, timeline.Subject{Kind: sessionSubject, ID: f.SessionID})
	return slices.ContainsFunc(list, func(m Message) bool {
		return m.StaffID != nil && *m.StaffID == f.StaffID && m.State != Failed
	}), err
}

func (p *Post) sessionMail(ctx context.Context, db *tenants.DB, cause Cause, f meetings.InviteFact, i *meetings.Invite, who *staff.Staff) (string, error) {
	key := "sms.meeting.session_invited"
	switch {
	case i.Cancelled:
		key = "sms.meeting.session_off"
	case i.Held != nil:
		key = "sms.meeting.session_changed"
	}
	w, err := WordingOf(ctx, db, key)
	if err != nil {
		return "", err
	}
	if !w.On(carriers.Mail) {
		return "not wanted", nil
	}
	post, err := directives.ExecutiveByID(ctx, db, i.ExecutiveID)
	if err != nil {
		return "", err
	}
	t := told{subject: timeline.Subject{Kind: sessionSubject, ID: i.SessionID}, key: key, before: i.EndsAt, invite: p.session(i, post, who), args: []any{
		"post", named(post.PostFA, post.PostEN), "day", day(i.StartsAt), "time", clock(i.StartsAt), "place", named(i.SiteFA, i.SiteEN), "link", p.Links.Executive(db.Tenant()),
	}}
	if word, err := p.hold(ctx, db, cause, w.Event, t); word != "" || err != nil {
		return word, err
	}
	word, err := p.Send(ctx, db, f.Key(), func(tx *tenants.Tx) (Draft, error) {
		d := Draft{Channel: carriers.Mail, Template: key, Staff: who.ID, Subject: t.subject, To: who.Email, Mail: who.Email}
		return d, p.write(ctx, tx, &d, w, who.Language, t)
	})
	if err != nil || !wentOut(word) {
		return word, err
	}
	return word, fault.Wrap(db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return f.Told(ctx, tx) }), "notify.SessionInvited")
}

// wentOut tells of a word of Send whether the message may have reached somebody.
func wentOut(word string) bool { return word == string(Accepted) || word == string(Unknown) }

// sessionTold notes that somebody's calendar has what the session is by now.
func sessionTold(ctx context.Context, db *tenants.DB, sessionID, staffID int64) error {
	i, err := meetings.InviteOf(ctx, db, sessionID, staffID)
	if err != nil {
		return err
	}
	f := meetings.InviteFact{SessionID: sessionID, StaffID: staffID, Sequence: i.Sequence}
	return fault.Wrap(db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return f.Told(ctx, tx) }), "notify.sessionTold")
}

// sessionAgain is the calendar part of a mail that somebody sends again: with what
// the session is by now.
func (p *Post) sessionAgain(ctx context.Context, r tenants.Reader, m *Message) (*carriers.Calendar, error) {
	i, err := meetings.InviteOf(ctx, r, m.SubjectID, *m.StaffID)
	if err != nil {
		return nil, err
	}
	post, err := directives.ExecutiveByID(ctx, r, i.ExecutiveID)
	if err != nil {
		return nil, err
	}
	who, err := staff.ByID(ctx, r, *m.StaffID)
	if err != nil {
		return nil, err
	}
	return p.session(i, post, who)(ctx, r, messages.Parse(string(who.Language)), who.Email)
}

// session is the calendar part of a mail about a session, to one person.
func (p *Post) session(i *meetings.Invite, post *directives.Executive, who *staff.Staff) invite {
	return func(ctx context.Context, r tenants.Reader, l messages.Lang, to string) (*carriers.Calendar, error) {
		from, err := office(ctx, r)
		if err != nil {
			return nil, err
		}
		seats, err := meetings.SeatsOf(ctx, r, i.SessionID)
		if err != nil {
			return nil, err
		}
		return part(meetings.SessionInvitation(r, i, meetings.SessionMail{
			Post: post, Seats: seats, Page: p.Links.Executive(r.Tenant()), From: from, Guest: meetings.Guest{Name: spell(l, who.NameFA, who.NameEN), Mail: to},
		}, l))
	}
}
