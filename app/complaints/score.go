package complaints

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
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

// ScoresOf lists the lines that a case caused, oldest first.
func ScoresOf(ctx context.Context, r tenants.Reader, id ID) ([]Score, error) {
	var list []Score
	return list, tenants.Err(r.Select(&list).Where("score.complaint_id = ?", id).Order("score.id").Scan(ctx))
}

// Reverse undoes one line with a reason, once, and ends an objection to it,
// unless it is the actor's own.
func Reverse(ctx context.Context, tx *tenants.Tx, scoreID int64, reason string) error {
	// The ledger cannot be locked for update, because it cannot be updated; the
	// unique key on reverses_id decides between two who reverse at once.
	s, err := scoreSeen(ctx, tx, scoreID)
	if err != nil {
		return err
	}
	return s.reverse(ctx, tx, reason)
}

func (s *Score) reverse(ctx context.Context, tx *tenants.Tx, reason string) (err error) {
	if s.ReversesID != nil {
		return fault.New(fault.Conflict, "complaint.conflict.reversed")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return err
	}
	back := s.reversal(reason, tx.Now())
	back.ID = tenants.NewID()
	if err := tx.Insert(ctx, &back); err != nil {
		return err
	}
	if _, err := s.decide(ctx, tx, ScoreReversed, reason); err != nil {
		return err
	}
	return s.tell(ctx, tx, "score_reversed", reason)
}

// reversal is the line that undoes this one.
func (s *Score) reversal(reason string, at time.Time) Score {
	back := *s
	back.ID, back.Points, back.ReversesID, back.Reason, back.At = 0, -s.Points, &s.ID, reason, at
	return back
}

// Replay tells the ledger of one case from its events and the class version it
// was registered under, oldest line first: every rung with points that was
// climbed, and every line that was undone. It is a pure function; the lines
// have no IDs, and a reversing line points at the event of its cause instead of
// a line (ReversesID is that event's ID).
func Replay(events []timeline.Event, class *tenants.SLAClass) []Score {
	var ledger []Score
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case "complaint.escalated":
			if s, ok := replayed(e, class); ok {
				ledger = append(ledger, s)
			}
		case "complaint.score_reversed":
			at := slices.IndexFunc(ledger, func(s Score) bool { return s.EventID == *e.RefID && s.ReversesID == nil })
			if at >= 0 {
				back := ledger[at].reversal(e.Text, e.At)
				back.ReversesID = e.RefID
				ledger = append(ledger, back)
			}
		}
	}
	return ledger
}

// replayed is the line that one climbed rung wrote, if it cost points.
func replayed(e *timeline.Event, class *tenants.SLAClass) (Score, bool) {
	level, err := strconv.Atoi(e.Text)
	at := slices.IndexFunc(class.Rungs, func(r tenants.Rung) bool { return r.Level == level })
	if err != nil || at < 0 || class.Rungs[at].Points == 0 || e.UnitID == nil || e.RefID == nil {
		return Score{}, false
	}
	return Score{
		UnitID: *e.UnitID, ComplaintID: e.SubjectID, Cycle: e.Cycle, LegID: *e.RefID, Level: level,
		Points: -class.Rungs[at].Points, RuleVersion: class.Version, EventID: e.ID, At: e.At,
	}, true
}
