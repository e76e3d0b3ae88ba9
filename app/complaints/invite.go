package complaints

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// InvitationLife is how long an invitation to a public meeting waits to be taken.
const InvitationLife = 14 * 24 * time.Hour

// Invitation is a word to the citizen of a case to book a public meeting about
// it: open until a meeting is booked or its time is over.
type Invitation struct {
	tenants.BaseModel `bun:"table:case_invitations,alias:invitation"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	SentBy      int64
	SentAt      time.Time
	UntilAt     time.Time
	TakenAt     *time.Time
	MeetingID   *int64
}

// Open tells whether the invitation still waits to be taken.
func (i *Invitation) Open(now time.Time) bool { return i.TakenAt == nil && i.UntilAt.After(now) }

// InvitationOf reads the last invitation about a case; NotFound before the first.
func InvitationOf(ctx context.Context, r tenants.Reader, id ID) (*Invitation, error) {
	i := new(Invitation)
	err := r.Select(i).Where("invitation.complaint_id = ?", id).Order("invitation.id DESC").Limit(1).Scan(ctx)
	return i, fault.Wrap(tenants.Err(err), "complaints.InvitationOf")
}

// MayInvite tells whether there is somebody to invite: the citizen of an open
// case who left a number; of a confidential case nobody.
func (c *Complaint) MayInvite() bool { return c.Open() && !c.Anonymous() && !c.Confidential }

// Invite asks the citizen of a case to book a public meeting about it. Conflict
// while an earlier invitation is open (with until, its end), and when there is
// nobody to invite. Fact: complaint.invited.
func Invite(ctx context.Context, tx *tenants.Tx, id ID) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case !c.Open():
		return nil, fault.New(fault.Conflict, "complaint.conflict.closed")
	case !c.MayInvite():
		return nil, fault.New(fault.Conflict, "invite.conflict.nobody")
	}
	last, err := InvitationOf(ctx, tx, c.ID)
	switch {
	case fault.Is(err, fault.NotFound):
	case err != nil:
		return nil, err
	case last.Open(tx.Now()):
		return nil, fault.New(fault.Conflict, "invite.conflict.open")
	}
	sent := &Invitation{ID: tenants.NewID(), ComplaintID: c.ID, SentBy: tx.Actor().ID, SentAt: tx.Now(), UntilAt: tx.Now().Add(InvitationLife)}
	if err := tx.Insert(ctx, sent); err != nil {
		return nil, fault.Wrap(err, "complaints.Invite")
	}
	e := c.event("invited", "", true)
	e.RefID, e.DueAt = &sent.ID, &sent.UntilAt
	return record(ctx, tx, c, e, true)
}

// TakeInvitation ends the open invitation about a case with the meeting that was
// booked about it, or with the place in the line that will become it; without
// one nothing happens.
func TakeInvitation(ctx context.Context, tx *tenants.Tx, id ID, meetingID int64) error {
	n, err := tx.Set(ctx, (*Invitation)(nil), "taken_at = ?, meeting_id = ?", []any{tx.Now(), meetingID},
		"complaint_id = ? AND taken_at IS NULL AND until_at > ?", id, tx.Now())
	if err != nil || n == 0 {
		return fault.Wrap(err, "complaints.TakeInvitation")
	}
	return audit.Record(ctx, tx, "complaint.invitation_taken", "complaint", id, "")
}
