package citizens

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// AskMove notes that whoever has just proven a number wants what is known under
// another one, which they cannot prove any more. The office judges it; whether
// anybody is known so is told to nobody who asks. Field errors: mobile,
// national_id; Conflict when one is open for the number.
func AskMove(ctx context.Context, tx *tenants.Tx, proven, oldTyped, nationalTyped string) (*MobileChange, error) {
	errs := fault.Fields{}
	old := field(errs, "mobile", oldTyped, true, persian.Mobile)
	national := field(errs, "national_id", nationalTyped, true, persian.NationalID)
	if old != "" && old == proven {
		errs.Add("mobile", "citizen.mobile.same")
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	c := &MobileChange{
		ID: tenants.NewID(), State: ChangeOpen, ByOffice: true, OldMobile: old, NewMobile: proven,
		AskedAt: tx.Now(), DueAt: tx.Now().AddDate(0, 0, ChangeDays),
	}
	known := new(Citizen)
	err := tenants.Err(tx.Select(known).Where("citizen.mobile = ? AND citizen.national_id = ?", tx.Blind("mobile", old), tx.Blind("national_id", national)).Scan(ctx))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, "citizens.AskMove")
	}
	if err == nil {
		c.CitizenID = &known.ID
	}
	isNew, err := tx.InsertNew(ctx, c)
	if err != nil {
		return nil, fault.Wrap(err, "citizens.AskMove")
	}
	if !isNew {
		return nil, fault.New(fault.Conflict, "mobile_change.open")
	}
	if err := audit.Record(ctx, tx, "citizen.mobile_asked", "mobile_change", c.ID, ""); err != nil {
		return nil, err
	}
	if c.CitizenID == nil {
		return c, nil // the old number may be anybody's
	}
	return c, tx.Enqueue(ctx, KindChangeAsked, ChangeFact{ChangeID: c.ID})
}

// Reason reads why an office decides as it does. Field error: reason.
func Reason(typed string) (string, error) {
	reason := persian.Clean(typed)
	switch n := utf8.RuneCountInString(reason); {
	case n < reasonLetters:
		return "", fault.Field("reason", "privacy.error.reason")
	case n > wordLimit:
		return "", fault.Field("reason", "privacy.error.reason_long")
	}
	return reason, nil
}

// judged gives the office's reason, and locks the change that waits for it.
func judged(ctx context.Context, tx *tenants.Tx, id int64, typed string) (*MobileChange, string, error) {
	reason, err := Reason(typed)
	if err != nil {
		return nil, "", err
	}
	c, err := lockChange(ctx, tx, id)
	return c, reason, err
}

// lockChange locks a change that waits for the office.
func lockChange(ctx context.Context, tx *tenants.Tx, id int64) (*MobileChange, error) {
	c := new(MobileChange)
	if err := tx.Lock(ctx, c, "change.id = ? AND change.by_office", id); err != nil {
		return nil, err
	}
	if c.State != ChangeOpen {
		return nil, fault.New(fault.Conflict, "privacy.decided")
	}
	return c, nil
}

// AllowMove moves the person to the number, with the office's reason: how it
// made sure who asks. Field error: reason; Conflict when nobody is known so.
func AllowMove(ctx context.Context, tx *tenants.Tx, id int64, typed string) error {
	c, reason, err := judged(ctx, tx, id, typed)
	if err != nil {
		return err
	}
	var person []Citizen
	if c.CitizenID != nil {
		if err := tx.LockAll(ctx, &person, "citizen.id = ? AND citizen.mobile = ? AND citizen.erased_at IS NULL", *c.CitizenID, tx.Blind("mobile", c.OldMobile)); err != nil {
			return fault.Wrap(err, "citizens.AllowMove")
		}
	}
	if len(person) == 0 {
		return fault.New(fault.Conflict, "mobile_change.nobody")
	}
	by := tx.Actor().ID
	c.Reason, c.DecidedBy = reason, &by
	return win(ctx, tx, c, person, false)
}

// RefuseMove leaves everything as it is, with a reason that the person is told.
func RefuseMove(ctx context.Context, tx *tenants.Tx, id int64, typed string) error {
	c, reason, err := judged(ctx, tx, id, typed)
	if err != nil {
		return err
	}
	now, by := tx.Now(), tx.Actor().ID
	c.State, c.Reason, c.DecidedAt, c.DecidedBy = ChangeRefused, reason, &now, &by
	if err := tx.Update(ctx, c, "state", "reason", "decided_at", "decided_by"); err != nil {
		return fault.Wrap(err, "citizens.RefuseMove")
	}
	if err := audit.Record(ctx, tx, "citizen.mobile_refused", "mobile_change", c.ID, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindChangeRefused, ChangeFact{ChangeID: c.ID})
}

// MoveByID reads one change.
func MoveByID(ctx context.Context, r tenants.Reader, id int64) (*MobileChange, error) {
	c := new(MobileChange)
	return c, tenants.Err(r.Select(c).Where("change.id = ?", id).Scan(ctx))
}

// OpenMoves lists those that wait for the office, the one that is due first at
// the top; after is the last one of the page before.
func OpenMoves(ctx context.Context, r tenants.Reader, after *MobileChange, limit int) ([]MobileChange, error) {
	var list []MobileChange
	q := r.Select(&list).Where("change.state = 'open'").Order("change.due_at", "change.id").Limit(int64(limit))
	if after != nil {
		q = q.Where("(change.due_at, change.id) > (?, ?)", after.DueAt, after.ID)
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "citizens.OpenMoves")
}

// MovesOf lists the changes to a number and away from it, the newest first.
func MovesOf(ctx context.Context, r tenants.Reader, mobile string) ([]MobileChange, error) {
	var list []MobileChange
	blind := r.Blind("mobile", mobile)
	err := r.Select(&list).Where("change.new_mobile = ? OR change.old_mobile = ?", blind, blind).Order("change.id DESC").Limit(50).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "citizens.MovesOf")
}

// moveLife is how long the numbers of a change that is over are kept.
const moveLife = 365 * 24 * time.Hour

// PurgeMoves blanks the numbers of changes that are long over.
func PurgeMoves(ctx context.Context, tx *tenants.Tx) (int64, error) {
	n, err := tx.Set(ctx, (*MobileChange)(nil), "old_mobile = '', old_mobile_sealed = '', new_mobile = '', new_mobile_sealed = '', reason = ''", nil,
		"state <> 'open' AND decided_at <= ? AND new_mobile <> ''", tx.Now().Add(-moveLife))
	return n, fault.Wrap(err, "citizens.PurgeMoves")
}
