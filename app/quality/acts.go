package quality

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// MaxText is how long a note can be, in characters.
const MaxText = 2000

// KindAssigned is the fact that a warning was put into somebody's hands.
const KindAssigned = "warning.assigned"

// Assigned is its payload.
type Assigned struct {
	WarningID int64 `json:"warning_id"`
	ActID     int64 `json:"act_id"`
}

// Acknowledge says that somebody sees to a warning at which nobody had looked.
func Acknowledge(ctx context.Context, tx *tenants.Tx, id int64, note string) error {
	w, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if w.State != Open {
		return errMoved()
	}
	if note, err = clean(note, false); err != nil {
		return err
	}
	w.State = Acknowledged
	_, err = w.act(ctx, tx, "acknowledged", nil, note)
	return err
}

// Assign puts a warning into the hands of one of those who watch, who is told.
// Field errors: staff, note.
func Assign(ctx context.Context, tx *tenants.Tx, id, to int64, note string) error {
	w, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if w.State == Closed {
		return errMoved()
	}
	able, err := Watchers(ctx, tx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(able, func(s staff.Staff) bool { return s.ID == to }) {
		return fault.Field("staff", "warning.error.staff")
	}
	if note, err = clean(note, false); err != nil {
		return err
	}
	w.State, w.AssignedTo = Acknowledged, &to
	act, err := w.act(ctx, tx, "assigned", &to, note)
	if err != nil || to == tx.Actor().ID {
		return err
	}
	return tx.Enqueue(ctx, KindAssigned, Assigned{WarningID: w.ID, ActID: act.ID})
}

// Close ends a warning with what came of it. While its cause lasts it is not
// raised again. Field error: note.
func Close(ctx context.Context, tx *tenants.Tx, id int64, note string) error {
	w, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if w.State == Closed {
		return errMoved()
	}
	if note, err = clean(note, true); err != nil {
		return err
	}
	w.State = Closed
	_, err = w.act(ctx, tx, "closed", nil, note)
	return err
}

func lock(ctx context.Context, tx *tenants.Tx, id int64) (*Warning, error) {
	w := new(Warning)
	return w, tx.Lock(ctx, w, "warning.id = ?", id)
}

func errMoved() error { return fault.New(fault.Conflict, "warning.conflict.state") }

// clean is a note without what no keyboard writes.
func clean(text string, needed bool) (string, error) {
	text = persian.Clean(text)
	if needed && text == "" {
		return "", fault.Field("note", "warning.error.note")
	}
	if utf8.RuneCountInString(text) > MaxText {
		return "", fault.Field("note", "inspection.error.too_long")
	}
	return text, nil
}

// act writes the warning with a line of what was done.
func (w *Warning) act(ctx context.Context, tx *tenants.Tx, what string, to *int64, note string) (*Act, error) {
	w.Version++
	if err := tx.Update(ctx, w, "state", "assigned_to", "version"); err != nil {
		return nil, err
	}
	line := &Act{ID: tenants.NewID(), WarningID: w.ID, Act: what, StaffID: tx.Actor().ID, ToID: to, Note: note, At: tx.Now()}
	if err := tx.Insert(ctx, line); err != nil {
		return nil, err
	}
	return line, audit.Record(ctx, tx, "warning:"+what, "warning", w.ID, "")
}

// Bound is between what a threshold lies.
type Bound struct{ Least, Most int }

// Bounds of the thresholds, by the name of their field.
func Bounds() map[string]Bound {
	return map[string]Bound{
		"spike_least": {3, 500}, "spike_spread": {20, 100}, "repeat_cases": {2, 20}, "repeat_days": {7, 60}, "age_days": {7, 365}, "age_share": {5, 90},
		"age_growth": {2, 50}, "reopened_share": {5, 90}, "satisfied_share": {10, 95}, "rate_least": {5, 200},
	}
}

// Numbers are the thresholds by the name of their field.
func Numbers(w *tenants.WarningRules) map[string]*int {
	return map[string]*int{
		"spike_least": &w.SpikeLeast, "spike_spread": &w.SpikeSpread, "repeat_cases": &w.RepeatCases, "repeat_days": &w.RepeatDays, "age_days": &w.AgeDays,
		"age_share": &w.AgeShare, "age_growth": &w.AgeGrowth, "reopened_share": &w.ReopenedShare, "satisfied_share": &w.SatisfiedShare, "rate_least": &w.RateLeast,
	}
}

// SaveRules writes from what on the organization is warned, and who is told.
// Field errors: the thresholds, roles, people.
func SaveRules(ctx context.Context, tx *tenants.Tx, in tenants.WarningRules) error {
	bad := fault.Fields{}
	for field, n := range Numbers(&in) {
		if b := Bounds()[field]; *n < b.Least || *n > b.Most {
			bad.Add(field, "warning.error."+field)
		}
	}
	able, err := Watchable(ctx, tx)
	if err != nil {
		return err
	}
	for _, role := range in.Roles {
		if _, known := able[role]; !known {
			bad.Add("roles", "warning.error.roles")
		}
	}
	for _, id := range in.People {
		known := false
		for _, list := range able {
			known = known || slices.ContainsFunc(list, func(s staff.Staff) bool { return s.ID == id })
		}
		if !known {
			bad.Add("people", "warning.error.people")
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if in.Roles == nil {
		in.Roles = []string{}
	}
	if err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { s.Warnings = in }); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "warning:rules", "organization", tx.Tenant().ID, "")
}
