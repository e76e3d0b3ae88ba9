package quality

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Facts of reviews that somebody is told of.
const (
	KindReviewed = "review.written"
	KindObjected = "review.objected"
	KindRuled    = "review.decided"
)

// ReviewTold is the payload of them.
type ReviewTold struct {
	ReviewID int64 `json:"review_id"`
}

// The scores of a criterion.
const (
	LeastScore = 1
	MostScore  = 5
)

// Review is one call as a supervisor heard it. It is shown to who reviews and to
// the operator, to nobody else.
type Review struct {
	tenants.BaseModel `bun:"table:call_reviews,alias:review"`
	tenants.Owned
	ID           int64  `bun:",pk"`
	CallKind     string // FeedbackCall or IntakeCall
	CallID       int64  // of a call of the feedback unit, or of the case that was taken in
	ComplaintID  int64
	OperatorID   int64
	UnitID       *int64 // of the operator, then
	CalledAt     time.Time
	ReviewerID   int64
	ReviewedAt   time.Time
	FormVersion  int // of the organization's criteria
	Percent      int
	FirstPercent int // before an objection changed it
	Remark       string
	Objection    string
	ObjectedAt   *time.Time
	Decision     string // Kept, Changed or empty
	DecisionNote string
	DecidedBy    *int64
	DecidedAt    *time.Time
	Version      int
}

// The decisions on an objection.
const (
	Kept    = "kept"
	Changed = "changed"
)

// Mark is what was given for one criterion, with the criterion as it was then.
type Mark struct {
	tenants.BaseModel `bun:"table:call_review_marks,alias:mark"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	ReviewID  int64
	Position  int
	Criterion string
	TextFA    string `bun:"text_fa"`
	TextEN    string `bun:"text_en"`
	Weight    int
	Score     int // LeastScore to MostScore
	Remark    string
}

// Given is what a reviewer says of one criterion; a Score of 0 with Absent is
// that it had no place in the call.
type Given struct {
	Score  int
	Absent bool
	Remark string
}

// Reviewing is a review as it is written.
type Reviewing struct {
	Kind   string
	CallID int64
	Given  map[string]Given // by criterion
	Remark string
}

// Percent is what marks come to: 1 is nothing, 5 is all, weighed.
//
//	percent = 100 × Σ weight × (score − 1) ÷ Σ weight × 4
func Percent(marks []Mark) int {
	got, of := 0, 0
	for i := range marks {
		got, of = got+marks[i].Weight*(marks[i].Score-LeastScore), of+marks[i].Weight*(MostScore-LeastScore)
	}
	if of == 0 {
		return 0
	}
	return (100*got + of/2) / of
}

// Open tells whether an objection waits for its decision.
func (v *Review) Open() bool { return v.ObjectedAt != nil && v.Decision == "" }

// WriteReview reviews a call. Nobody reviews the own calls, and a call is
// reviewed once. Field errors: score_<criterion>, remark_<criterion>, remark.
func WriteReview(ctx context.Context, tx *tenants.Tx, in Reviewing) (*Review, error) {
	call, err := CallOf(ctx, tx, in.Kind, in.CallID)
	if err != nil {
		return nil, err
	}
	if call.OperatorID == tx.Actor().ID {
		return nil, fault.New(fault.Forbidden, "review.error.own")
	}
	who, err := staff.ByID(ctx, tx, call.OperatorID)
	if err != nil {
		return nil, err
	}
	rules := tx.Tenant().Settings.Defaults().Reviews
	v := &Review{
		ID: tenants.NewID(), CallKind: call.Kind, CallID: call.ID, ComplaintID: call.ComplaintID, OperatorID: who.ID, UnitID: who.UnitID, CalledAt: call.At,
		ReviewerID: tx.Actor().ID, ReviewedAt: tx.Now(), FormVersion: rules.Version, Version: 1,
	}
	marks, err := in.marks(v.ID, rules.Criteria)
	if err != nil {
		return nil, err
	}
	v.Remark, v.Percent = in.Remark, Percent(marks)
	v.FirstPercent = v.Percent
	if err := tx.Insert(ctx, v); err != nil {
		if fault.Is(err, fault.Conflict) {
			return nil, fault.New(fault.Conflict, "review.conflict.taken")
		}
		return nil, err
	}
	if err := tx.Insert(ctx, &marks); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, "review:write", "review", v.ID, ""); err != nil {
		return nil, err
	}
	return v, tx.Enqueue(ctx, KindReviewed, ReviewTold{v.ID})
}

// marks judges what was given for the criteria.
func (in *Reviewing) marks(review int64, criteria []tenants.ReviewCriterion) ([]Mark, error) {
	bad := fault.Fields{}
	in.Remark = persian.Clean(in.Remark)
	if utf8.RuneCountInString(in.Remark) > MaxText {
		bad.Add("remark", "inspection.error.too_long")
	}
	var list []Mark
	for i, c := range criteria {
		g := in.Given[c.Key]
		g.Remark = persian.Clean(g.Remark)
		if utf8.RuneCountInString(g.Remark) > MaxText {
			bad.Add("remark_"+c.Key, "inspection.error.too_long")
		}
		switch {
		case g.Absent:
			continue
		case g.Score < LeastScore || g.Score > MostScore:
			bad.Add("score_"+c.Key, "review.error.score")
		}
		list = append(list, Mark{
			ID: tenants.NewID(), ReviewID: review, Position: i + 1, Criterion: c.Key, TextFA: c.FA, TextEN: c.EN, Weight: c.Weight, Score: g.Score, Remark: g.Remark,
		})
	}
	if len(list) == 0 && len(criteria) > 0 {
		bad.Add("score_"+criteria[0].Key, "review.error.none")
	}
	return list, bad.Err()
}

// ObjectToReview is the operator's one answer to a review. Field error: text.
func ObjectToReview(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	v := new(Review)
	if err := tx.Lock(ctx, v, "review.id = ? AND review.operator_id = ?", id, tx.Actor().ID); err != nil {
		return err
	}
	if v.ObjectedAt != nil {
		return fault.New(fault.Conflict, "review.conflict.objected")
	}
	text, err := said("text", text, "review.error.text")
	if err != nil {
		return err
	}
	now := tx.Now()
	v.Objection, v.ObjectedAt = text, &now
	if err := v.write(ctx, tx, "object", "objection", "objected_at"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindObjected, ReviewTold{v.ID})
}

// Ruling is the decision on an objection.
type Ruling struct {
	Decision string
	Note     string
	Given    map[string]Given // by criterion, of a changed review
}

// RuleOnReview decides on the operator's objection: the review is kept, or its
// scores are given anew. Never by the operator. Field errors: decision, note,
// score_<criterion>, remark_<criterion>.
func RuleOnReview(ctx context.Context, tx *tenants.Tx, id int64, in Ruling) error {
	v := new(Review)
	if err := tx.Lock(ctx, v, "review.id = ?", id); err != nil {
		return err
	}
	if v.OperatorID == tx.Actor().ID {
		return fault.New(fault.Forbidden, "review.error.own")
	}
	if !v.Open() {
		return fault.New(fault.Conflict, "review.conflict.state")
	}
	if !slices.Contains([]string{Kept, Changed}, in.Decision) {
		return fault.Field("decision", "review.error.decision")
	}
	note, err := said("note", in.Note, "review.error.note")
	if err != nil {
		return err
	}
	if in.Decision == Changed {
		if err := v.remark(ctx, tx, in.Given); err != nil {
			return err
		}
	}
	now, who := tx.Now(), tx.Actor().ID
	v.Decision, v.DecisionNote, v.DecidedBy, v.DecidedAt = in.Decision, note, &who, &now
	if err := v.write(ctx, tx, "rule", "decision", "decision_note", "decided_by", "decided_at", "percent"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindRuled, ReviewTold{v.ID})
}

// remark gives the scores of a review anew, by the criteria of its day.
func (v *Review) remark(ctx context.Context, tx *tenants.Tx, given map[string]Given) error {
	marks, err := Marks(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	criteria := make([]tenants.ReviewCriterion, len(marks))
	for i, m := range marks {
		criteria[i] = tenants.ReviewCriterion{Key: m.Criterion, FA: m.TextFA, EN: m.TextEN, Weight: m.Weight}
		if g := given[m.Criterion]; g.Absent {
			return fault.Field("score_"+m.Criterion, "review.error.score")
		}
	}
	in := Reviewing{Given: given}
	fresh, err := in.marks(v.ID, criteria)
	if err != nil {
		return err
	}
	for i := range marks {
		marks[i].Score, marks[i].Remark = fresh[i].Score, fresh[i].Remark
	}
	v.Percent = Percent(marks)
	return tx.UpdateEach(ctx, &marks, "score", "remark")
}

func (v *Review) write(ctx context.Context, tx *tenants.Tx, act string, columns ...string) error {
	v.Version++
	if err := tx.Update(ctx, v, append(columns, "version")...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "review:"+act, "review", v.ID, "")
}

// said is a text that must be there.
func said(field, text, missing string) (string, error) {
	text = persian.Clean(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.Field(field, missing)
	case n > MaxText:
		return "", fault.Field(field, "inspection.error.too_long")
	}
	return text, nil
}
