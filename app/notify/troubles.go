package notify

import (
	"context"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Troubled is a message that did not arrive, with whom it was for.
type Troubled struct {
	Message  `bun:",extend"`
	Name     string `bun:"person_name,scanonly" sealed:"citizens.name,row=CitizenID"`
	NameEN   string `bun:"person_name_en,scanonly" sealed:"citizens.name,row=CitizenID"`
	Mobile   string `bun:"person_mobile,scanonly" sealed:"citizens.mobile,row=CitizenID"`
	CaseCode string `bun:"case_code,scanonly"` // of the case it is about
}

// TroubleFilter narrows the list of messages that did not arrive.
type TroubleFilter struct {
	Channel string // carriers.SMS …
	State   string // failed, unknown or undelivered
	Since   time.Time
	Handled bool  // with those that somebody has seen to
	Before  int64 // the last message of the page before; 0 begins
	ID      int64 // only this one
}

// TroubleStates are what the list can be narrowed to.
func TroubleStates() []string { return []string{"failed", "undelivered", "unknown"} }

// TroubleChannels are the ways that messages take.
func TroubleChannels() []string { return []string{carriers.SMS, carriers.Mail, carriers.Bale} }

const (
	troublePage = 30
	// inTrouble is written as the partial indexes are.
	inTrouble = "(message.state IN ('failed','unknown') OR message.delivery IN ('failed','unknown'))"
)

// Troubles lists messages that did not arrive or of which nobody knows, newest
// first, and tells whether there are more. Those about confidential cases stand
// on the page of the case alone.
func Troubles(ctx context.Context, r tenants.Reader, f TroubleFilter) (list []Troubled, more bool, err error) {
	q := r.Select(&list).ColumnExpr("message.*").
		ColumnExpr("coalesce(citizen.subject_key || citizen.name, staff.name_fa, '') AS person_name, coalesce(citizen.subject_key || citizen.name, staff.name_en, '') AS person_name_en").
		ColumnExpr("coalesce(citizen.subject_key || citizen.mobile_sealed, staff.mobile, '') AS person_mobile, coalesce(c.code, '') AS case_code").
		Join("LEFT JOIN ? ON citizen.id = message.citizen_id", r.From((*citizens.Citizen)(nil))).
		Join("LEFT JOIN ? ON staff.id = message.staff_id", r.From((*staff.Staff)(nil))).
		Join("LEFT JOIN ? ON message.subject_kind = 'complaint' AND c.id = message.subject_id", r.From((*complaints.Complaint)(nil))).
		Where(inTrouble).Where("(c.id IS NULL OR NOT c.confidential)").OrderExpr("message.id DESC").Limit(troublePage + 1)
	if err := f.narrow(q).Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "notify.Troubles")
	}
	if more = len(list) > troublePage; more {
		list = list[:troublePage]
	}
	return list, more, nil
}

func (f TroubleFilter) narrow(q *tenants.Query) *tenants.Query {
	if !f.Handled {
		q = q.Where("message.handled_at IS NULL")
	}
	if f.Channel != "" {
		q = q.Where("message.via = ?", f.Channel)
	}
	switch f.State {
	case "failed":
		q = q.Where("message.state = 'failed'")
	case "undelivered":
		q = q.Where("message.delivery = 'failed'")
	case "unknown":
		q = q.Where("(message.state = 'unknown' OR message.delivery = 'unknown')")
	}
	if !f.Since.IsZero() {
		q = q.Where("message.created_at >= ?", f.Since)
	}
	if f.Before != 0 {
		q = q.Where("message.id < ?", f.Before)
	}
	if f.ID != 0 {
		q = q.Where("message.id = ?", f.ID)
	}
	return q
}

// CountTroubles counts what nobody has seen to yet, up to a hundred.
func CountTroubles(ctx context.Context, r tenants.Reader) (int, error) {
	var list []Message
	err := r.Select(&list).Column("id").Where(inTrouble).Where("message.handled_at IS NULL").OrderExpr("message.id DESC").Limit(100).Scan(ctx)
	return len(list), fault.Wrap(tenants.Err(err), "notify.CountTroubles")
}
