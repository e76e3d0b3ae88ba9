package meetings

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// InvitesADay is how many sessions somebody is newly invited to in one day, the
// nearest first; the others follow on the days after. Changes and cancellations
// of what stands in a calendar are not bounded: they must be true.
const InvitesADay = 10

// MostInviteDays bounds how far ahead a session is mailed, however far ahead it
// can be booked.
const MostInviteDays = 30

// InvitesDue tells whether InviteToSessions has anything to do.
func InvitesDue(ctx context.Context, r tenants.Reader, fresh bool) (bool, error) {
	p, err := planningInvites(ctx, r, fresh)
	return err == nil && len(p.decide()) > 0, err
}

// InviteToSessions compares what stands in the calendars of executives and their
// deputies with the sessions, and has them told of the difference: who acts for
// the post when a session takes place is invited once citizens can book it, told
// when it changes, and told when it is called off or theirs no more. Without
// fresh nobody is invited anew, and what stands is kept true. It gives the number
// of mails, and may run any number of times. Fact: meeting.session_invited.
func InviteToSessions(ctx context.Context, tx *tenants.Tx, fresh bool) (int, error) {
	p, err := planningInvites(ctx, tx, fresh)
	if err != nil {
		return 0, err
	}
	list := p.decide()
	for i := range list {
		if err := planInvite(ctx, tx, &list[i].Invite, list[i].fresh); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// invitePlan is what the decision needs to know.
type invitePlan struct {
	now, horizon time.Time
	fresh        bool
	duty         *directives.Duty
	sessions     []Session // in order of their beginning
	stands       map[inviteKey]*Invite
	people       map[int64]bool // whom mail reaches
	today        map[int64]int  // invitations of this day
}

type inviteKey struct{ session, staff int64 }

// decided is one mail.
type decided struct {
	Invite
	fresh bool // there was no record of it
}

func planningInvites(ctx context.Context, r tenants.Reader, fresh bool) (*invitePlan, error) {
	days := min(r.Tenant().Settings.HorizonDays, MostInviteDays)
	p := &invitePlan{fresh: fresh, now: r.Now(), horizon: r.Now().AddDate(0, 0, days), duty: &directives.Duty{}, stands: map[inviteKey]*Invite{}, people: map[int64]bool{}, today: map[int64]int{}}
	ids, err := p.readInvites(ctx, r)
	if err != nil {
		return nil, err
	}
	err = r.Select(&p.sessions).Where("session.starts_at > ? AND session.starts_at <= ?", p.now, p.horizon).Order("session.starts_at", "session.id").Limit(500).Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if err := p.readFurther(ctx, r, ids); err != nil {
		return nil, err
	}
	if len(p.sessions) == 0 && len(p.stands) == 0 {
		return p, nil
	}
	if p.duty, err = directives.DutyFromNow(ctx, r); err != nil {
		return nil, err
	}
	found, err := staff.Colleagues(ctx, r, p.duty.Everybody())
	for id, s := range found {
		p.people[id] = s.Email != "" && s.DisabledAt == nil
	}
	return p, err
}

// readInvites reads what the calendars have of sessions that are not over, and
// how many were invited today; it gives the sessions that it is about.
func (p *invitePlan) readInvites(ctx context.Context, r tenants.Reader) ([]int64, error) {
	var list []Invite
	if err := r.Select(&list).Where("invite.ends_at > ?", p.now).Order("invite.session_id", "invite.staff_id").Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	ids := make([]int64, 0, len(list))
	for i := range list {
		p.stands[inviteKey{list[i].SessionID, list[i].StaffID}] = &list[i]
		ids = append(ids, list[i].SessionID)
		if !list[i].InvitedAt.Before(startOfToday(p.now)) {
			p.today[list[i].StaffID]++
		}
	}
	return slices.Compact(ids), nil
}

// readFurther adds the sessions that stand in a calendar and lie beyond the
// horizon, or have begun.
func (p *invitePlan) readFurther(ctx context.Context, r tenants.Reader, ids []int64) error {
	known := map[int64]bool{}
	for i := range p.sessions {
		known[p.sessions[i].ID] = true
	}
	if ids = slices.DeleteFunc(ids, func(id int64) bool { return known[id] }); len(ids) == 0 {
		return nil
	}
	var list []Session
	err := r.Select(&list).Where("session.id IN (?)", tenants.In(ids)).Order("session.starts_at", "session.id").Scan(ctx)
	p.sessions = append(p.sessions, list...)
	return tenants.Err(err)
}

// decide lists the mails: first what is not true any more, then what is new.
func (p *invitePlan) decide() []decided {
	var list []decided
	byID, mine := map[int64]*Session{}, map[inviteKey]*Session{}
	for i := range p.sessions {
		s := &p.sessions[i]
		byID[s.ID] = s
		if s.State != SessionOpen {
			continue
		}
		for _, id := range p.duty.At(s.ExecutiveID, s.StartsAt) {
			mine[inviteKey{s.ID, id}] = s
		}
	}
	for key, i := range p.stands {
		s, own := byID[key.session], mine[key]
		switch {
		case i.Cancelled, !p.people[key.staff]:
		case s != nil && s.State == SessionOpen && !s.StartsAt.After(p.now): // it is being held
		case own == nil:
			list = append(list, i.takenAway(s))
		case i.Revision < own.CalendarSequence:
			list = append(list, i.renewed(own, i.InvitedAt))
		}
	}
	slices.SortFunc(list, func(a, b decided) int { return a.before(&b) })
	return append(list, p.news(mine)...)
}

// news lists the invitations to what stands in no calendar yet, the nearest
// sessions first.
func (p *invitePlan) news(mine map[inviteKey]*Session) []decided {
	var list []decided
	for key, s := range mine {
		post, i := p.duty.Post(s.ExecutiveID), p.stands[key]
		switch {
		case !p.fresh, i != nil && !i.Cancelled, post.InvitesOff, !post.Active, !p.people[key.staff], !s.StartsAt.After(p.now), s.StartsAt.After(p.horizon):
			continue
		case i != nil:
			list = append(list, i.renewed(s, p.now))
			continue
		}
		list = append(list, decided{fresh: true, Invite: Invite{
			SessionID: s.ID, StaffID: key.staff, ExecutiveID: s.ExecutiveID, Revision: s.CalendarSequence, Sequence: s.CalendarSequence,
			StartsAt: s.StartsAt, EndsAt: s.EndsAt, SiteFA: s.SiteFA, SiteEN: s.SiteEN, InvitedAt: p.now,
		}})
	}
	slices.SortFunc(list, func(a, b decided) int { return a.before(&b) })
	return slices.DeleteFunc(list, func(d decided) bool {
		p.today[d.StaffID]++
		return p.today[d.StaffID] > InvitesADay
	})
}

func (d *decided) before(other *decided) int {
	return cmp.Or(d.StartsAt.Compare(other.StartsAt), cmp.Compare(d.SessionID, other.SessionID), cmp.Compare(d.StaffID, other.StaffID))
}

// renewed is the entry with what the session is now.
func (i *Invite) renewed(s *Session, invited time.Time) decided {
	next := *i
	next.ExecutiveID, next.Revision, next.Cancelled, next.InvitedAt = s.ExecutiveID, s.CalendarSequence, false, invited
	next.Sequence = max(s.CalendarSequence, i.Sequence+1)
	next.StartsAt, next.EndsAt, next.SiteFA, next.SiteEN = s.StartsAt, s.EndsAt, s.SiteFA, s.SiteEN
	return decided{Invite: next}
}

// takenAway is the end of the entry, which keeps the times that the calendar has;
// the session is nil when it was removed.
func (i *Invite) takenAway(s *Session) decided {
	next := *i
	next.Cancelled, next.Sequence = true, i.Sequence+1
	if s != nil {
		next.Revision, next.Sequence = s.CalendarSequence, max(s.CalendarSequence, i.Sequence+1)
	}
	return decided{Invite: next}
}
