package complaints

import (
	"context"
	"time"

	"pasokh/tenants"
)

// SourceNotice is how long before the source's date those in charge are told
// of a case that has no answer yet.
const SourceNotice = 48 * time.Hour

// What was told of the source's date.
const (
	sourceNear   = 1
	sourcePassed = 2
)

// unanswered are the states in which the source still waits for an answer.
var unanswered = []State{Registered, Triage, Referred, InProgress, WaitingCitizen}

// SourceDue lists cases without an answer whose source wants one in
// SourceNotice or less, or wanted one by now, and of which nobody was told.
func SourceDue(ctx context.Context, r tenants.Reader, limit int) ([]ID, error) {
	var list []ID
	err := r.Select((*Complaint)(nil)).Column("id").
		Where("c.external_due_at IS NOT NULL AND c.state <> 'closed' AND c.external_due_at <= ?", r.Now().Add(SourceNotice)).
		Where("c.state IN (?) AND c.source_warned < CASE WHEN c.external_due_at <= ? THEN ? ELSE ? END", tenants.In(unanswered), r.Now(), sourcePassed, sourceNear).
		Order("c.external_due_at").Limit(int64(limit)).Scan(ctx, &list)
	return list, tenants.Err(err)
}

// WarnSource tells those in charge that the source's date is near, and once
// more when it has passed. A date that was changed is told of anew.
func WarnSource(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return err
	}
	due := c.ExternalDueAt
	if due == nil || !c.in(unanswered...) || due.After(tx.Now().Add(SourceNotice)) {
		return nil
	}
	level, kind := sourceNear, "source_near"
	if !due.After(tx.Now()) {
		level, kind = sourcePassed, "source_passed"
	}
	if c.SourceWarned >= level {
		return nil
	}
	c.SourceWarned = level
	_, err := record(ctx, tx, c, c.event(kind, "", false), true)
	return err
}
