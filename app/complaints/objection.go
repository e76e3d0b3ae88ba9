package complaints

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Objection is what a unit says against one line of the ledger, and what the PR
// manager decided. A line is objected to once.
type Objection struct {
	tenants.BaseModel `bun:"table:score_objections,alias:objection"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	ScoreID   int64
	UnitID    int64
	StaffID   int64
	Text      string
	At        time.Time
	Decision  string // empty, upheld: the score stands, reversed: it is undone
	DecidedBy *int64
	DecidedAt *time.Time
	Reason    string
}

// The decisions on an objection.
const (
	ScoreUpheld   = "upheld"
	ScoreReversed = "reversed"
)

// Decided tells whether the PR manager has spoken.
func (o *Objection) Decided() bool { return o.Decision != "" }

// ObjectTo lets the unit that lost points say why it should not have; once, and
// not to what is undone already. Others' lines are NotFound, as if they were
// not there.
func ObjectTo(ctx context.Context, tx *tenants.Tx, scoreID int64, text string) error {
	s, err := scoreSeen(ctx, tx, scoreID)
	if err != nil {
		return err
	}
	if s.UnitID != tx.Actor().UnitID {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if err := s.standing(ctx, tx); err != nil {
		return err
	}
	if text, err = needText("text", text, "score.error.objection"); err != nil {
		return err
	}
	o := &Objection{ID: tenants.NewID(), ScoreID: s.ID, UnitID: s.UnitID, StaffID: tx.Actor().ID, Text: text, At: tx.Now()}
	fresh, err := tx.InsertNew(ctx, o)
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "score.conflict.objected")
	}
	return s.tell(ctx, tx, "score_objected", text)
}

// DecideOn ends an objection to a line, with a reason: upheld lets the line
// stand, reversed undoes it. Nobody decides on an objection of their own.
func DecideOn(ctx context.Context, tx *tenants.Tx, scoreID int64, decision, reason string) error {
	if decision == ScoreReversed {
		return Reverse(ctx, tx, scoreID, reason)
	}
	if decision != ScoreUpheld {
		return fault.Field("decision", "score.error.decision")
	}
	s, err := scoreSeen(ctx, tx, scoreID)
	if err != nil {
		return err
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return err
	}
	decided, err := s.decide(ctx, tx, ScoreUpheld, reason)
	if err != nil {
		return err
	}
	if !decided {
		return fault.New(fault.Conflict, "score.conflict.decided")
	}
	return s.tell(ctx, tx, "score_upheld", reason)
}

// decide writes the decision on an objection that waits for one, and tells
// whether there was one. Whoever raised it does not decide on it.
func (s *Score) decide(ctx context.Context, tx *tenants.Tx, decision, reason string) (bool, error) {
	o := new(Objection)
	err := tx.Lock(ctx, o, "objection.score_id = ? AND objection.decision = ''", s.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if o.StaffID == tx.Actor().ID {
		return false, fault.New(fault.Forbidden, "score.error.own_objection")
	}
	now := tx.Now()
	o.Decision, o.DecidedBy, o.DecidedAt, o.Reason = decision, actorID(tx), &now, reason
	return true, tx.Update(ctx, o, "decision", "decided_by", "decided_at", "reason")
}

// standing is a Conflict when the line undoes another or is undone.
func (s *Score) standing(ctx context.Context, r tenants.Reader) error {
	undone, err := r.Select((*Score)(nil)).Where("score.reverses_id = ?", s.ID).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if undone || s.ReversesID != nil {
		return fault.New(fault.Conflict, "complaint.conflict.reversed")
	}
	return nil
}

// tell ends a command on a line: an event on the case's timeline that the
// citizen does not see, the audit, and the fact for messages. The event names
// the cause of the line, so that the ledger can be told from events alone.
func (s *Score) tell(ctx context.Context, tx *tenants.Tx, kind, text string) error {
	c, err := Plain(ctx, tx, s.ComplaintID)
	if err != nil {
		return err
	}
	e := c.event(kind, text, false)
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState, e.UnitID, e.RefID = "complaint", c.ID, s.Cycle, string(c.State), &s.UnitID, &s.EventID
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "score."+kind[len("score_"):], "complaint", c.ID, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, e.Kind, fact{ComplaintID: c.ID, EventID: e.ID})
}

func scoreByID(ctx context.Context, r tenants.Reader, id int64) (*Score, error) {
	s := new(Score)
	return s, tenants.Err(r.Select(s).Where("score.id = ?", id).Scan(ctx))
}

// scoreSeen is scoreByID, but NotFound to who is not shown the line's case.
func scoreSeen(ctx context.Context, tx *tenants.Tx, id int64) (*Score, error) {
	s, err := scoreByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c, err := Plain(ctx, tx, s.ComplaintID)
	if err != nil {
		return nil, err
	}
	hidden, err := c.hiddenFrom(ctx, tx, tx.Actor())
	if hidden {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return s, err
}

// ObjectionOf reads the objection that an event of a score is about.
func ObjectionOf(ctx context.Context, r tenants.Reader, e *timeline.Event) (*Objection, error) {
	o := new(Objection)
	err := r.Select(o).Join("JOIN ? ON score.id = objection.score_id", r.From((*Score)(nil))).
		Where("score.complaint_id = ? AND score.event_id = ?", e.SubjectID, e.RefID).Limit(1).Scan(ctx)
	return o, tenants.Err(err)
}

// ObjectionsOf reads the objections to lines of the ledger, by line.
func ObjectionsOf(ctx context.Context, r tenants.Reader, scores []int64) (map[int64]Objection, error) {
	found := make(map[int64]Objection, len(scores))
	if len(scores) == 0 {
		return found, nil
	}
	var list []Objection
	err := r.Select(&list).Where("objection.score_id IN (?)", tenants.In(scores)).Scan(ctx)
	for _, o := range list {
		found[o.ScoreID] = o
	}
	return found, tenants.Err(err)
}

// Waiting is an objection that waits for a decision, with its line.
type Waiting struct {
	Objection `bun:",extend"`
	Code      string    `bun:"code,scanonly"`
	Points    int       `bun:"points,scanonly"`
	Level     int       `bun:"level,scanonly"`
	ScoreAt   time.Time `bun:"score_at,scanonly"`
	CaseID    ID        `bun:"case_id,scanonly"`
}

// OpenObjections lists the objections that wait for a decision, oldest first; of
// one unit unless unit is 0, and about cases that are not kept from the actor.
func OpenObjections(ctx context.Context, r tenants.Reader, actor tenants.Actor, unit int64) ([]Waiting, error) {
	var list []Waiting
	q := r.Select(&list).ColumnExpr("objection.*, c.code, score.points, score.level, score.at AS score_at, c.id AS case_id").
		Join("JOIN ? ON score.id = objection.score_id", r.From((*Score)(nil))).
		Join("JOIN ? ON c.id = score.complaint_id", r.From((*Complaint)(nil))).
		Where("objection.decision = ''").Order("objection.id").Limit(pageSize)
	if unit != 0 {
		q = q.Where("objection.unit_id = ?", unit)
	}
	return list, tenants.Err(discreet(r, q, actor).Scan(ctx))
}
