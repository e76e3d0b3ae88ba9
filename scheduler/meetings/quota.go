package meetings

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Earlier is another meeting of the same person with the same executive, as far
// as the quota asks.
type Earlier struct {
	State    State
	StartsAt time.Time
	Excused  bool
}

const day = 24 * time.Hour

// Quota tells why a person with these other meetings may not have one at start;
// nil when it may be: one meeting per executive within QuotaDays, before and
// after, and none for CoolDownDays after an absence that nobody excused. What
// was refused or cancelled does not count.
func Quota(others []Earlier, start, now time.Time, s tenants.Settings) error {
	for _, o := range others {
		switch o.State {
		case Refused, Cancelled:
		case Absent:
			if !o.Excused && now.Before(o.StartsAt.Add(time.Duration(s.CoolDownDays)*day)) {
				return fault.New(fault.TooMany, "meeting.limit.absence", "n", s.CoolDownDays)
			}
		default:
			if start.Sub(o.StartsAt).Abs() < time.Duration(s.QuotaDays)*day {
				return fault.New(fault.TooMany, "meeting.limit.quota", "n", s.QuotaDays)
			}
		}
	}
	return nil
}

// checkQuota reads the other meetings of the person, under whatever mobile
// number they were booked, and of the legal person they come for, and judges m
// by them.
func checkQuota(ctx context.Context, tx *tenants.Tx, m *Meeting, nationalID string) error {
	set := tx.Tenant().Settings
	since := tx.Now().AddDate(0, 0, -max(set.QuotaDays, set.CoolDownDays)-1)
	var rows []Meeting
	q := tx.Select(&rows).Join("JOIN ? ON citizen.id = meeting.citizen_id", tx.From((*citizens.Citizen)(nil))).
		Where("meeting.executive_id = ? AND meeting.id <> ? AND meeting.starts_at > ?", m.ExecutiveID, m.ID, since).
		Where("meeting.state NOT IN (?, ?)", Refused, Cancelled)
	if m.PartyID == "" {
		q.Where("citizen.national_id = ?", tx.Blind("national_id", nationalID))
	} else {
		q.Where("(citizen.national_id = ? OR meeting.party_id = ?)", tx.Blind("national_id", nationalID), m.PartyID)
	}
	if err := q.Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	others := make([]Earlier, len(rows))
	for i, o := range rows {
		others[i] = Earlier{State: o.State, StartsAt: o.StartsAt, Excused: o.Reason != ""}
	}
	return Quota(others, m.StartsAt, tx.Now(), set)
}
