package complaints

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Score is one line of the append-only ledger of negative scores. It names the
// event that caused it; only another line, with a reason, undoes it.
type Score struct {
	tenants.BaseModel `bun:"table:scores,alias:score"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	UnitID      int64
	ComplaintID ID
	Cycle       int
	LegID       int64
	Level       int
	Points      int // negative, or positive in a reversing line
	RuleVersion int
	EventID     int64
	ReversesID  *int64
	Reason      string
	At          time.Time
}

// Scores lists a unit's lines, newest first.
func Scores(ctx context.Context, r tenants.Reader, unit int64, limit int) ([]Score, error) {
	var list []Score
	return list, tenants.Err(r.Select(&list).Where("score.unit_id = ?", unit).Order("score.id DESC").Limit(int64(limit)).Scan(ctx))
}

// ScoresOf lists the lines that a case caused, oldest first.
func ScoresOf(ctx context.Context, r tenants.Reader, id ID) ([]Score, error) {
	var list []Score
	return list, tenants.Err(r.Select(&list).Where("score.complaint_id = ?", id).Order("score.id").Scan(ctx))
}

// blame writes the negative score of the unit that was late, and which event
// and which version of the rule caused it.
func blame(ctx context.Context, tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, leg int64, rung tenants.Rung, event int64) error {
	return tx.Insert(ctx, &Score{
		ID: tenants.NewID(), UnitID: c.UnitID, ComplaintID: c.ID, Cycle: c.Cycle, LegID: leg, Level: rung.Level,
		Points: -rung.Points, RuleVersion: class.Version, EventID: event, At: tx.Now(),
	})
}

// Reverse undoes one line with a reason, once.
func Reverse(ctx context.Context, tx *tenants.Tx, scoreID int64, reason string) error {
	s := new(Score)
	// The ledger cannot be locked for update, because it cannot be updated; the
	// unique key on reverses_id decides between two who reverse at once.
	if err := tx.Select(s).Where("score.id = ?", scoreID).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	if s.ReversesID != nil {
		return fault.New(fault.Conflict, "complaint.conflict.reversed")
	}
	reason, err := needText("reason", reason, "complaint.error.reason")
	if err != nil {
		return err
	}
	back := *s
	back.ID, back.Points, back.ReversesID, back.Reason, back.At = tenants.NewID(), -s.Points, &s.ID, reason, tx.Now()
	if err := tx.Insert(ctx, &back); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "score.reversed", "complaint", s.ComplaintID, "")
}
