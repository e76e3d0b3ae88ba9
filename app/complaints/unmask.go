package complaints

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Who does not need them is shown neither the whole mobile number nor the whole
// national ID of the person behind a case. Asking for them is an act with a
// reason; who stands behind a confidential case is Reveal's.

// ActUnmask shows the masked fields of the citizen.
const ActUnmask Action = "unmask"

// The permissions about what is known of a person.
const (
	MayIdentify = "citizen:identify" // is shown mobile and national ID
	MayPhone    = "citizen:phone"    // is shown the mobile, to call
	MayUnmask   = "citizen:unmask"   // may ask for both, with a reason
)

const (
	// UnmaskedFor is how long the fields are shown to who asked for them.
	UnmaskedFor = 10 * time.Minute
	// unmaskReason is the shortest reason, in letters.
	unmaskReason = 10
)

// Unmask shows the actor, and nobody else, the citizen's mobile and national ID
// for UnmaskedFor. The reason stays in the timeline; the audit names the fields,
// never their values.
func Unmask(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.Confidential || c.Anonymous() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	if reason = persian.Clean(reason); len([]rune(reason)) < unmaskReason {
		return nil, fault.Field("reason", "unmask.error.reason")
	}
	if err := audit.Record(ctx, tx, MayUnmask, "complaint", c.ID, "fields=mobile national_id"); err != nil {
		return nil, err
	}
	return record(ctx, tx, c, c.event("unmasked", reason, false), false)
}

// unmasked finds, for a case (alias c), that the actor unmasked it a short while
// ago.
func unmasked(r tenants.Reader, actor tenants.Actor) *tenants.Query {
	return r.Select((*timeline.Event)(nil)).ColumnExpr("1").
		Where("event.subject_kind = 'complaint' AND event.subject_id = c.id AND event.kind = 'complaint.unmasked'").
		Where("event.actor_id = ? AND event.at > ?", actor.ID, r.Now().Add(-UnmaskedFor))
}

// Whole says which fields of the citizen a reader is shown whole.
type Whole struct{ Mobile, NationalID bool }

// ShownTo decides it; can asks the policy. In a confidential case the mobile is
// there only after it was asked for with a reason.
func (f *Folder) ShownTo(can func(permission string) bool) Whole {
	whole := f.Unmasked || can(MayIdentify)
	return Whole{Mobile: whole || f.Confidential || can(MayPhone), NationalID: whole}
}

// ActIdentityRead says in the audit that somebody who is always shown whole
// national IDs saw one on the page of a case.
const ActIdentityRead = "citizen.identity_read"

// NoteIdentity puts that on record, once a day for each reader and case. What was
// asked for with a reason stands there already.
func NoteIdentity(ctx context.Context, tx *tenants.Tx, id ID) error {
	return audit.OpenedDaily(ctx, tx, ActIdentityRead, "complaint", id)
}

// Unnoted tells whether the reader is shown the whole national ID of the case
// without a line of it in the audit.
func (f *Folder) Unnoted(can func(permission string) bool) bool {
	return f.NationalID != "" && f.ShownTo(can).NationalID && !f.Unmasked && !f.Confidential && !f.Noted
}

// unmaskable tells whether the act has something to show.
func (c *Complaint) unmaskable(can func(permission string) bool) bool {
	return !c.Confidential && !c.Anonymous() && can(MayUnmask) && !can(MayIdentify)
}
