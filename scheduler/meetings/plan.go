package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Fate is what becomes of a date of a window.
type Fate string

// The fates of a preview.
const (
	FateNew     Fate = "new"     // is made
	FateSame    Fate = "same"    // stands as it is
	FateReshape Fate = "reshape" // stands, and gets the new slots
	FateDrop    Fate = "drop"    // is not in the pattern any more
	FateClosed  Fate = "closed"  // a holiday or closure
	FateClash   Fate = "clash"   // the executive is in another session
	FateHand    Fate = "hand"    // was changed or cancelled by hand, and stays so
)

// Planned is one date of a preview.
type Planned struct {
	StartsAt time.Time
	EndsAt   time.Time
	Slots    int
	Seats    int // of all slots
	Fate     Fate
	Session  *Session // that stands there
	Broken   []Broken
}

// Broken is a booking that the change of a window would move or end.
type Broken struct {
	Listed
	To *time.Time // the new time; nil when the place is lost
}

// Preview is what a window would make of the coming weeks.
type Preview struct {
	Dates []Planned
}

// Broken lists all bookings that the change would break.
func (p *Preview) Broken() []Broken {
	var all []Broken
	for i := range p.Dates {
		all = append(all, p.Dates[i].Broken...)
	}
	return all
}

// Clash is the first date on which the executive is elsewhere; nil when there
// is none.
func (p *Preview) Clash() *Planned {
	if at := slices.IndexFunc(p.Dates, func(d Planned) bool { return d.Fate == FateClash }); at >= 0 {
		return &p.Dates[at]
	}
	return nil
}

// CheckWindow cleans a window and collects what is wrong with it. Field errors:
// executive, site, weekday, from, slot, seats, and those of pattern and rules.
func CheckWindow(ctx context.Context, r tenants.Reader, w *Window) error {
	bad := fault.Fields{}
	e, err := directives.ExecutiveByID(ctx, r, w.ExecutiveID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || !e.Active {
		bad.Add("executive", "planning.error.executive")
	}
	if w.SiteID == nil {
		bad.Add("site", "planning.error.site")
	} else if site, err := SiteByID(ctx, r, *w.SiteID); fault.Is(err, fault.NotFound) || err == nil && !site.Active {
		bad.Add("site", "planning.error.site")
	} else if err != nil {
		return err
	} else {
		w.SiteFA, w.SiteEN = site.NameFA, site.NameEN
	}
	w.Pattern.check(bad)
	w.Rules.check(bad)
	spec := tenants.WindowSpec{Weekday: w.Weekday, From: w.FromMinute, Until: w.UntilMinute, SlotMinutes: w.SlotMinutes, Seats: w.Seats, SiteFA: "-", SiteEN: "-"}
	for field, key := range fault.As(checkWindow(spec)).Fields {
		bad.Add(field, key)
	}
	return bad.Err()
}

// PreviewWindow tells what a checked window, new or changed, would make of the
// coming weeks. It reads only.
func PreviewWindow(ctx context.Context, r tenants.Reader, w *Window) (*Preview, error) {
	working, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	known, err := knownSessions(ctx, r)
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(slices.Clone(known), func(s Session) bool {
		return s.WindowID != w.ID || w.ID == 0 || !s.StartsAt.After(r.Now())
	})
	others := slices.DeleteFunc(slices.Clone(known), func(s Session) bool { return w.ID != 0 && s.WindowID == w.ID && !s.Changed })
	p := &Preview{}
	seen := map[int64]bool{}
	for _, start := range w.starts(r.Now(), r.Tenant().Settings.SessionsAhead) {
		p.Dates = append(p.Dates, w.plan(start, own, others, working, seen))
	}
	for i := range own {
		s := &own[i]
		if !seen[s.ID] && s.State == SessionOpen {
			p.Dates = append(p.Dates, Planned{StartsAt: s.StartsAt, EndsAt: s.EndsAt, Fate: w.orphan(s), Session: s})
		}
	}
	slices.SortStableFunc(p.Dates, func(a, b Planned) int { return a.StartsAt.Compare(b.StartsAt) })
	return p, p.fill(ctx, r, w)
}

// orphan is the fate of a session that the pattern does not have.
func (w *Window) orphan(s *Session) Fate {
	if s.Changed && w.Active {
		return FateHand
	}
	return FateDrop
}

// plan judges one date of the pattern.
func (w *Window) plan(start time.Time, own, others agenda, working tenants.WorkingTime, seen map[int64]bool) Planned {
	s, slots := w.session(start)
	d := Planned{StartsAt: start, EndsAt: s.EndsAt, Slots: len(slots), Seats: len(slots) * w.Seats, Fate: FateNew}
	if at := own.planned(start); at != nil {
		seen[at.ID] = true
		d.Session = at
		switch {
		case at.Cause == CauseWindow:
		case at.Changed || at.State != SessionOpen:
			d.Fate, d.StartsAt, d.EndsAt = FateHand, at.StartsAt, at.EndsAt
			return d
		default:
			d.Fate = FateReshape // fill looks whether anything differs
		}
	}
	switch {
	case working.Closed(start):
		d.Fate = FateClosed
	case others.clash(s) != nil:
		d.Fate, d.Session = FateClash, others.clash(s)
	}
	return d
}

// planned is the session that a window made for that day.
func (a agenda) planned(start time.Time) *Session {
	for i := range a {
		if a[i].plannedOn(start) {
			return &a[i]
		}
	}
	return nil
}

// fill compares slots with those that stand, and names the bookings that break.
func (p *Preview) fill(ctx context.Context, r tenants.Reader, w *Window) error {
	ids := []int64{0}
	for _, d := range p.Dates {
		if d.Session != nil && (d.Fate == FateReshape || d.Fate == FateDrop) {
			ids = append(ids, d.Session.ID)
		}
	}
	var slots []Slot
	if err := r.Select(&slots).Where("slot.session_id IN (?)", tenants.In(ids)).Order("slot.session_id", "slot.number").Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	var booked []Listed
	err := listed(r, &booked).Where("meeting.session_id IN (?) AND meeting.state IN (?, ?)", tenants.In(ids), Requested, Approved).
		Order("meeting.starts_at", "meeting.id").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range p.Dates {
		d := &p.Dates[i]
		if d.Session == nil || d.Fate != FateReshape && d.Fate != FateDrop {
			continue
		}
		stands := slices.DeleteFunc(slices.Clone(slots), func(s Slot) bool { return s.SessionID != d.Session.ID })
		d.judge(w, stands, booked)
	}
	return nil
}

// judge says what becomes of the bookings of one date.
func (d *Planned) judge(w *Window, stands []Slot, booked []Listed) {
	_, next := w.session(d.StartsAt)
	if d.Fate == FateReshape && sameShape(d.Session, stands, w, next) {
		d.Fate = FateSame
		return
	}
	for _, m := range booked {
		if m.SessionID != d.Session.ID {
			continue
		}
		b := Broken{Listed: m}
		if d.Fate == FateReshape && m.SlotNumber <= len(next) {
			at := next[m.SlotNumber-1].StartsAt
			if at.Equal(m.StartsAt) {
				continue
			}
			b.To = &at
		}
		d.Broken = append(d.Broken, b)
	}
}

// sameShape tells whether a session has the slots, site and executive that the
// window would give it.
func sameShape(s *Session, stands []Slot, w *Window, next []Slot) bool {
	for n := len(stands); n > len(next) && stands[n-1].Dropped; n-- {
		stands = stands[:n-1]
	}
	if len(stands) != len(next) || s.SiteFA != w.SiteFA || s.ExecutiveID != w.ExecutiveID {
		return false
	}
	for i := range next {
		a, b := &stands[i], &next[i]
		if !a.StartsAt.Equal(b.StartsAt) || !a.EndsAt.Equal(b.EndsAt) || a.Seats != b.Seats || a.Dropped {
			return false
		}
	}
	return true
}
