package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// PublicDay is one date of public meetings; Session is nil when it is planned by
// a window and not generated yet.
type PublicDay struct {
	ExecutiveID    int64
	StartsAt       time.Time
	EndsAt         time.Time
	SiteFA, SiteEN string
	Session        *Session
}

// SessionID is the session of the day; 0 when it is not generated yet.
func (d *PublicDay) SessionID() int64 {
	if d.Session == nil {
		return 0
	}
	return d.Session.ID
}

// PublicDays lists the dates that stand from one instant to another, the last
// excluded: sessions that are not cancelled and, after the last that was
// generated, what the windows have.
func PublicDays(ctx context.Context, r tenants.Reader, from, until time.Time) ([]PublicDay, error) {
	working, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	var sessions agenda
	err = r.Select((*[]Session)(&sessions)).Where("session.starts_at >= ? AND session.starts_at < ?", from, until).Order("session.starts_at", "session.id").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	windows, err := Windows(ctx, r, 0)
	if err != nil {
		return nil, err
	}
	var list []PublicDay
	for i := range sessions {
		if s := &sessions[i]; s.State == SessionOpen {
			list = append(list, PublicDay{s.ExecutiveID, s.StartsAt, s.EndsAt, s.SiteFA, s.SiteEN, s})
		}
	}
	known := r.Now().AddDate(0, 0, r.Tenant().Settings.SessionsAhead)
	if known.Before(from) {
		known = from
	}
	days := int(until.Sub(known)/day) + 1
	for i := range windows {
		w := &windows[i]
		for _, start := range w.Starts(known, max(days, 0), working) {
			if s, _ := w.session(start); start.Before(until) && !sessions.has(s) {
				list = append(list, PublicDay{w.ExecutiveID, start, s.EndsAt, w.SiteFA, w.SiteEN, nil})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b PublicDay) int { return a.StartsAt.Compare(b.StartsAt) })
	return list, nil
}

// TooFew is an executive with fewer public days in a month than the
// organization wants.
type TooFew struct {
	Executive directives.Executive
	Month     persian.Date // its first day
	Days      int
}

// TooFewDays finds them in this Solar Hijri month and the next.
func TooFewDays(ctx context.Context, r tenants.Reader) ([]TooFew, error) {
	executives, err := directives.Executives(ctx, r)
	if err != nil {
		return nil, err
	}
	first := persian.DateOf(r.Now().In(persian.Tehran)).MonthStart()
	all, err := PublicDays(ctx, r, first.Time(0, 0, persian.Tehran).UTC(), first.AddMonths(2).Time(0, 0, persian.Tehran).UTC())
	if err != nil {
		return nil, err
	}
	var list []TooFew
	for _, e := range executives {
		for _, month := range []persian.Date{first, first.AddMonths(1)} {
			days := map[persian.Date]bool{}
			for _, d := range all {
				if at := persian.DateOf(d.StartsAt.In(persian.Tehran)); d.ExecutiveID == e.ID && at.MonthStart() == month {
					days[at] = true
				}
			}
			if len(days) < r.Tenant().Settings.PublicDays {
				list = append(list, TooFew{e, month, len(days)})
			}
		}
	}
	return list, nil
}
