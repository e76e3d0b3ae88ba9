package directives

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Holder is who is to hold a post; empty names are those of the account.
type Holder struct {
	StaffID        *int64
	NameFA, NameEN string
	FromAt         time.Time // zero is now; never in the past, which stays as it was
}

// Deputy is who is to stand in for the holder of a post.
type Deputy struct {
	StaffID         int64
	FromAt, UntilAt time.Time // zero FromAt is now
}

// MaxDeputy bounds the time of a deputy.
const MaxDeputy = 366 * 24 * time.Hour

// takeNames takes the names of an account where none are given, and checks both.
func takeNames(ctx context.Context, tx *tenants.Tx, id **int64, fa, en *string, bad fault.Fields) error {
	*fa, *en = persian.CleanLine(*fa), persian.CleanLine(*en)
	if *id != nil {
		account, err := staff.ByID(ctx, tx, **id)
		switch {
		case fault.Is(err, fault.NotFound), err == nil && account.DisabledAt != nil:
			bad.Add("staff", "posts.error.staff")
			return nil
		case err != nil:
			return err
		}
		if *fa == "" {
			*fa = account.NameFA
		}
		if *en == "" {
			*en = account.NameEN
		}
	}
	for field, text := range map[string]string{"name_fa": *fa, "name_en": *en} {
		if n := utf8.RuneCountInString(text); n == 0 || n > maxName {
			bad.Add(field, "posts.error.name")
		}
	}
	return nil
}

// ChangeHolder gives the post to somebody else from an instant on; what was
// before stays on record. Field errors: staff, name_fa, name_en, from. Conflict:
// posts.conflict.planned while a later change is planned, posts.conflict.state
// for a retired post.
func ChangeHolder(ctx context.Context, tx *tenants.Tx, id int64, in Holder) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil {
		return err
	}
	if !e.Active {
		return fault.New(fault.Conflict, "posts.conflict.state")
	}
	bad := fault.Fields{}
	if err := takeNames(ctx, tx, &in.StaffID, &in.NameFA, &in.NameEN, bad); err != nil {
		return err
	}
	if in.FromAt.IsZero() {
		in.FromAt = tx.Now()
	}
	if in.FromAt.Before(tx.Now()) {
		bad.Add("from", "posts.error.from")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	last, err := openTerm(ctx, tx, id)
	if err != nil {
		return err
	}
	if last != nil {
		if !last.FromAt.Before(in.FromAt) || last.FromAt.After(tx.Now()) {
			return fault.New(fault.Conflict, "posts.conflict.planned")
		}
		last.UntilAt = &in.FromAt
		if err := tx.Update(ctx, last, "until_at"); err != nil {
			return err
		}
	}
	t := &Term{ID: tenants.NewID(), ExecutiveID: id, Kind: TermHolder, StaffID: in.StaffID, NameFA: in.NameFA, NameEN: in.NameEN, FromAt: in.FromAt}
	if err := tx.Insert(ctx, t); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "executive:holder", "executive", id, in.FromAt.Format(time.RFC3339))
}

// openTerm is the last holder's term; nil while the first holder is in office.
func openTerm(ctx context.Context, tx *tenants.Tx, id int64) (*Term, error) {
	t := new(Term)
	err := tx.Lock(ctx, t, "term.executive_id = ? AND term.kind = ? AND term.until_at IS NULL", id, TermHolder)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // there is none
	}
	return t, err
}

// AppointDeputy lets somebody stand in for the holder for a time, with all that
// the holder may. Field errors: staff, from, until.
func AppointDeputy(ctx context.Context, tx *tenants.Tx, id int64, in Deputy) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil {
		return err
	}
	if !e.Active {
		return fault.New(fault.Conflict, "posts.conflict.state")
	}
	t := &Term{ID: tenants.NewID(), ExecutiveID: id, Kind: TermDeputy, StaffID: &in.StaffID, FromAt: in.FromAt, UntilAt: &in.UntilAt}
	if t.FromAt.IsZero() {
		t.FromAt = tx.Now()
	}
	if err := t.checkDeputy(ctx, tx); err != nil {
		return err
	}
	if err := tx.Insert(ctx, t); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "executive:deputy", "executive", id, t.FromAt.Format(time.RFC3339)+" "+t.UntilAt.Format(time.RFC3339))
}

func (t *Term) checkDeputy(ctx context.Context, tx *tenants.Tx) error {
	bad := fault.Fields{}
	if err := takeNames(ctx, tx, &t.StaffID, &t.NameFA, &t.NameEN, bad); err != nil {
		return err
	}
	if t.FromAt.Before(tx.Now()) {
		bad.Add("from", "posts.error.from")
	}
	if !t.UntilAt.After(t.FromAt) || t.UntilAt.Sub(t.FromAt) > MaxDeputy {
		bad.Add("until", "posts.error.until")
	}
	then, err := InOfficeAt(ctx, tx, t.ExecutiveID, t.FromAt)
	if err != nil {
		return err
	}
	if then.behind(*t.StaffID) == 0 {
		bad.Add("staff", "posts.error.self")
	}
	twice, err := tx.Select((*Term)(nil)).Where("term.executive_id = ? AND term.kind = ? AND term.staff_id = ?", t.ExecutiveID, TermDeputy, *t.StaffID).
		Where("term.from_at < ? AND term.until_at > ?", *t.UntilAt, t.FromAt).Count(ctx)
	if err == nil && twice > 0 {
		bad.Add("staff", "posts.error.twice")
	}
	if err != nil {
		return tenants.Err(err)
	}
	return bad.Err()
}

// EndTerm takes back what has not begun, and ends the time of a deputy now. A
// holder's term ends with the next holder. Conflict: posts.conflict.term.
func EndTerm(ctx context.Context, tx *tenants.Tx, id int64) error {
	seen, err := TermByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := lockPost(ctx, tx, seen.ExecutiveID); err != nil {
		return err
	}
	t, now := new(Term), tx.Now()
	if err := tx.Lock(ctx, t, "term.id = ?", id); err != nil {
		return err
	}
	switch {
	case t.FromAt.After(now):
		err = t.takeBack(ctx, tx)
	case t.Kind == TermDeputy && t.At(now) && t.FromAt.Before(now):
		t.UntilAt = &now
		err = tx.Update(ctx, t, "until_at")
	default:
		err = fault.New(fault.Conflict, "posts.conflict.term")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, "executive:term_end", "executive", t.ExecutiveID, string(t.Kind))
}

// takeBack removes a term that has not begun; the holder before goes on.
func (t *Term) takeBack(ctx context.Context, tx *tenants.Tx) error {
	if _, err := tx.Delete(ctx, (*Term)(nil), "id = ?", t.ID); err != nil {
		return err
	}
	if t.Kind != TermHolder {
		return nil
	}
	_, err := tx.Set(ctx, (*Term)(nil), "until_at = NULL", nil, "executive_id = ? AND kind = ? AND until_at = ?", t.ExecutiveID, TermHolder, t.FromAt)
	return err
}
