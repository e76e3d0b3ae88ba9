package inspection

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// Facts that somebody is told of: an inspector was appointed by somebody else,
// the day of a visit has come or passed without a report, the report on an open
// visit stands, its unit has answered. Of a confidential visit its unit is told
// nothing.
const (
	KindAppointed = "inspection.appointed"
	KindDue       = "inspection.due"
	KindOverdue   = "inspection.overdue"
	KindReported  = "inspection.reported"
	KindAnswered  = "inspection.answered"
)

// Told is the payload of them.
type Told struct {
	InspectionID int64 `json:"inspection_id"`
}

// Facts of violations: the file was opened, which is told to those who inspect;
// it was heard, and decided or taken back, which is told to its unit.
const (
	KindOpened  = "violation.reported"
	KindHeard   = "violation.heard"
	KindDecided = "violation.decided"
)

// ViolationTold is the payload of them.
type ViolationTold struct {
	ViolationID int64 `json:"violation_id"`
}

func (v *Visit) ref(what string) string {
	return "inspection:" + strconv.FormatInt(v.ID, 10) + ":" + what
}

// remind has the inspector told on the morning of the day, and a day later when
// there is no report.
func (v *Visit) remind(ctx context.Context, tx *tenants.Tx) error {
	due := v.Date().Time(7, 30, persian.Tehran).UTC()
	if due.After(tx.Now()) {
		if err := tx.Schedule(ctx, KindDue, v.ref("due"), due, Told{v.ID}); err != nil {
			return err
		}
	}
	return tx.Schedule(ctx, KindOverdue, v.ref("overdue"), due.Add(24*time.Hour), Told{v.ID})
}

func (v *Visit) forget(ctx context.Context, tx *tenants.Tx) error {
	return tx.Unschedule(ctx, string(v.State), v.ref("due"), v.ref("overdue"))
}

// MayTell tells whether the unit may hear of a file by a message: not of one
// that a confidential visit has brought.
func MayTell(ctx context.Context, r tenants.Reader, v *Violation) (bool, error) {
	if v.State == Reported {
		return false, nil
	}
	if v.InspectionID == nil {
		return true, nil
	}
	visit, err := ByID(ctx, r, tenants.SystemActor(), *v.InspectionID)
	return err == nil && !visit.Confidential, err
}
