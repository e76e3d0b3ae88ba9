package meetings

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Invite is what the own calendar of somebody who acts for a post is told of one
// of its sessions. It is kept for as long as the session may change, so that what
// was entered can be moved and taken away again.
type Invite struct {
	tenants.BaseModel `bun:"table:session_invites,alias:invite"`
	tenants.Owned
	SessionID   int64 `bun:",pk"`
	StaffID     int64 `bun:",pk"`
	ExecutiveID int64 // whose session it is, or was when it was taken away
	Revision    int   // of the session, Session.CalendarSequence
	Sequence    int   // of the entry: rises with every mail to this person
	Cancelled   bool
	StartsAt    time.Time
	EndsAt      time.Time
	SiteFA      string    `bun:"site_fa"`
	SiteEN      string    `bun:"site_en"`
	InvitedAt   time.Time // when the invitation was decided on
	Held        *int      // the sequence that their calendar has; nil: it has no entry
}

// KindInvited is the fact that somebody's calendar is to be told of a session.
const KindInvited = "meeting.session_invited"

// InviteFact is its payload.
type InviteFact struct {
	SessionID int64 `json:"session_id"`
	StaffID   int64 `json:"staff_id"`
	Sequence  int   `json:"sequence"`
}

// Key names the mail of a fact: one for each session, revision and person.
func (f InviteFact) Key() string {
	return fmt.Sprintf("session:%d:%d:staff.%d", f.SessionID, f.Sequence, f.StaffID)
}

// inviteKept is how long the record of an entry is kept after the session.
const inviteKept = 60 * day

// InviteOf reads what somebody's calendar is told of a session.
func InviteOf(ctx context.Context, r tenants.Reader, sessionID, staffID int64) (*Invite, error) {
	i := new(Invite)
	return i, tenants.Err(r.Select(i).Where("invite.session_id = ? AND invite.staff_id = ?", sessionID, staffID).Scan(ctx))
}

// Told notes that the mail of a fact went out: the calendar has what it said.
func (f InviteFact) Told(ctx context.Context, tx *tenants.Tx) error {
	i := new(Invite)
	err := tx.Lock(ctx, i, "invite.session_id = ? AND invite.staff_id = ?", f.SessionID, f.StaffID)
	if err != nil || i.Sequence != f.Sequence {
		return err // a later one is on its way
	}
	i.Held = &f.Sequence
	if i.Cancelled {
		i.Held = nil
	}
	return tx.Update(ctx, i, "held")
}

// PurgeInvites removes the records of what is long over.
func PurgeInvites(ctx context.Context, tx *tenants.Tx) (int64, error) {
	return tx.Delete(ctx, (*Invite)(nil), "ends_at < ?", tx.Now().Add(-inviteKept))
}

// ComingInvites counts the sessions to come that stand in somebody's calendar
// because of the post.
func ComingInvites(ctx context.Context, r tenants.Reader, executiveID int64) (int, error) {
	n, err := r.Select((*Invite)(nil)).Where("invite.ends_at > ? AND invite.executive_id = ? AND NOT invite.cancelled", r.Now(), executiveID).Count(ctx)
	return int(n), tenants.Err(err)
}

// SessionMail is what the calendar part of a mail about a session says beside
// the record. Nothing in it is about those who come.
type SessionMail struct {
	Post  *directives.Executive
	Seats int    // 0: not said
	Page  string // of the session, an absolute address
	From  string // mail address of the organization
	Guest Guest
}

// SeatsOf counts the seats of a session that stand.
func SeatsOf(ctx context.Context, r tenants.Reader, sessionID int64) (n int, err error) {
	var slots []Slot
	err = r.Select(&slots).Where("slot.session_id = ? AND NOT slot.dropped", sessionID).Scan(ctx)
	for i := range slots {
		n += slots[i].Seats
	}
	return n, tenants.Err(err)
}

// SessionInvitation makes the calendar file of a mail about a session: a REQUEST
// to one person, or the CANCEL of an earlier one, with the UID of the feeds.
func SessionInvitation(r tenants.Reader, i *Invite, about SessionMail, lang messages.Lang) (*CalendarFile, error) {
	description := ""
	if about.Seats > 0 && !i.Cancelled {
		description = messages.In(lang, "session_invite.seats", "n", about.Seats)
	}
	return InvitationFile(r, Invitation{
		Product: "Meetings", UID: sessionUID(i.SessionID), Sequence: i.Sequence, Cancelled: i.Cancelled, Starts: i.StartsAt, Ends: i.EndsAt,
		Summary:     messages.In(lang, "session_invite.summary", "post", pick(lang, about.Post.PostFA, about.Post.PostEN)),
		Description: description, Place: pick(lang, i.SiteFA, i.SiteEN), Page: about.Page, Guests: []Guest{about.Guest}, From: about.From,
	}, lang)
}

// planInvite writes the record of a decision and the fact that tells of it.
func planInvite(ctx context.Context, tx *tenants.Tx, i *Invite, fresh bool) error {
	if fresh {
		won, err := tx.InsertNew(ctx, i)
		if err != nil || !won {
			return err
		}
	} else if err := tx.Update(ctx, i, "executive_id", "revision", "sequence", "cancelled", "starts_at", "ends_at", "site_fa", "site_en", "invited_at"); err != nil {
		return err
	}
	return fault.Wrap(tx.Enqueue(ctx, KindInvited, InviteFact{SessionID: i.SessionID, StaffID: i.StaffID, Sequence: i.Sequence}), "meetings.planInvite")
}

// startOfToday is midnight in the offices' zone.
func startOfToday(now time.Time) time.Time {
	return persian.DateOf(now.In(persian.Tehran)).Time(0, 0, persian.Tehran).UTC()
}
