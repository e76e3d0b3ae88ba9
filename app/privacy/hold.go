package privacy

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// LegalHold keeps a case or a person from every retention and erasure until it is
// lifted: a court or an inspection needs what is there.
type LegalHold struct {
	tenants.BaseModel `bun:"table:legal_holds,alias:hold"`
	tenants.Owned
	ID           int64  `bun:",pk"`
	SubjectKind  string // complaint, citizen
	SubjectID    int64
	Reason       string
	PlacedBy     int64
	PlacedAt     time.Time
	LiftedBy     *int64
	LiftedAt     *time.Time
	LiftedReason string
}

// The kinds of what is held.
const (
	HoldsCase   = "complaint"
	HoldsPerson = "citizen"
)

// Place puts a hold on the case of a tracking code, or on the person behind it;
// the person only of a case that the actor is shown, because the hold names them.
// Field errors: code, kind, reason; Conflict when it is held already, or gone.
func Place(ctx context.Context, tx *tenants.Tx, kind, code, typed string) (*LegalHold, error) {
	errs := fault.Fields{}
	reason, err := citizens.Reason(typed)
	if err != nil {
		errs.Add("reason", fault.As(err).Fields["reason"])
	}
	if !slices.Contains([]string{HoldsCase, HoldsPerson}, kind) {
		errs.Add("kind", "privacy.error.kind")
	}
	c, err := caseOf(ctx, tx, kind, code)
	if fault.Is(err, fault.NotFound) {
		errs.Add("code", fault.As(err).Key)
	} else if err != nil {
		return nil, err
	} else if kind == HoldsPerson && c.CitizenID == nil {
		errs.Add("code", "privacy.error.nameless")
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	h := &LegalHold{ID: tenants.NewID(), SubjectKind: kind, SubjectID: c.ID, Reason: reason, PlacedBy: tx.Actor().ID, PlacedAt: tx.Now()}
	gone := c.PurgedAt != nil
	if kind == HoldsPerson {
		person := new(citizens.Citizen)
		if err := tx.Lock(ctx, person, "citizen.id = ?", *c.CitizenID); err != nil {
			return nil, fault.Wrap(err, "privacy.Place")
		}
		h.SubjectID, gone = person.ID, person.ErasedAt != nil
	}
	if gone {
		return nil, fault.New(fault.Conflict, "privacy.gone")
	}
	isNew, err := tx.InsertNew(ctx, h)
	if err != nil {
		return nil, fault.Wrap(err, "privacy.Place")
	}
	if !isNew {
		return nil, fault.New(fault.Conflict, "privacy.held")
	}
	return h, audit.Record(ctx, tx, "hold.placed", h.SubjectKind, h.SubjectID, "")
}

// caseOf locks the case of a code. Who holds a person must see the case.
func caseOf(ctx context.Context, tx *tenants.Tx, kind, code string) (*keptCase, error) {
	id, err := complaints.IDByCode(ctx, tx, code)
	if err == nil && id == 0 {
		err = fault.New(fault.NotFound, "privacy.error.code")
	}
	if err == nil && kind == HoldsPerson {
		if _, err = complaints.ByID(ctx, tx, tx.Actor(), id); fault.Is(err, fault.NotFound) {
			err = fault.New(fault.NotFound, "privacy.error.unseen")
		}
	}
	if err != nil {
		return nil, err
	}
	c := new(keptCase)
	return c, tx.Lock(ctx, c, "c.id = ?", id)
}

// Lift ends a hold, with a reason. Field error: reason.
func Lift(ctx context.Context, tx *tenants.Tx, id int64, typed string) error {
	reason, err := citizens.Reason(typed)
	if err != nil {
		return err
	}
	h := new(LegalHold)
	if err := tx.Lock(ctx, h, "hold.id = ?", id); err != nil {
		return err
	}
	if h.LiftedAt != nil {
		return fault.New(fault.Conflict, "privacy.lifted")
	}
	now, by := tx.Now(), tx.Actor().ID
	h.LiftedAt, h.LiftedBy, h.LiftedReason = &now, &by, reason
	if err := tx.Update(ctx, h, "lifted_at", "lifted_by", "lifted_reason"); err != nil {
		return fault.Wrap(err, "privacy.Lift")
	}
	return audit.Record(ctx, tx, "hold.lifted", h.SubjectKind, h.SubjectID, "")
}

// Holds is a page of the holds, the newest first; before is the last row of the
// page before, 0 for the first.
func Holds(ctx context.Context, r tenants.Reader, before int64) (list []LegalHold, more bool, err error) {
	q := r.Select(&list).Order("hold.id DESC").Limit(Page + 1)
	if before != 0 {
		q = q.Where("hold.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "privacy.Holds")
	}
	if more = len(list) > Page; more {
		list = list[:Page]
	}
	return list, more, nil
}
