package notify

import (
	"context"
	"errors"
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Case is a complaint with what has just happened to it.
type Case struct {
	*complaints.Complaint
	Event *timeline.Event
	Level int // of the ladder, when it was escalated
}

// movedOn is the word for a message that is no longer true.
const movedOn = "moved on"

// ComplaintRegistered gives the citizen the tracking code and the promise.
func (p *Post) ComplaintRegistered(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	t := p.told(db, c, "sms.complaint.registered", "date", date(c.PromisedAt))
	t.opens = true
	return p.citizen(ctx, db, cause, c.CitizenID, t)
}

// ComplaintReferred tells those in charge of every unit that got the case by
// this referral and has not taken it yet.
func (p *Post) ComplaintReferred(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	legs, err := complaints.Legs(ctx, db, c.ID)
	if err != nil {
		return "", err
	}
	word := movedOn
	var failures []error
	for _, leg := range legs {
		if leg.State != "open" || !leg.ReferredAt.Equal(c.Event.At) {
			continue
		}
		if word, err = p.leg(ctx, db, cause, c, leg); err != nil {
			failures = append(failures, err)
		}
	}
	return word, errors.Join(failures...)
}

func (p *Post) leg(ctx context.Context, db *tenants.DB, cause Cause, c Case, leg complaints.Referral) (string, error) {
	unit, err := tenants.UnitByID(ctx, db, leg.UnitID)
	if err != nil {
		return "", err
	}
	list, err := inCharge(ctx, db, unit.ID)
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, "sms.complaint.referred", "unit", named(unit.NameFA, unit.NameEN), "date", date(leg.DueAt), "time", clock(leg.DueAt)))
}

// ComplaintInterim tells the citizen the new promised date.
func (p *Post) ComplaintInterim(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.interim", "date", date(c.PromisedAt))
}

// ComplaintAsked asks the citizen for what the unit needs to know.
func (p *Post) ComplaintAsked(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.State != complaints.WaitingCitizen {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.asked")
}

// ComplaintInvited asks the citizen to book a public meeting about the case.
func (p *Post) ComplaintInvited(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.MayInvite() {
		return movedOn, nil
	}
	return p.citizen(ctx, db, cause, c.CitizenID, told{subject: c.Subject(), key: "sms.complaint.invited", args: []any{
		"link", p.Links.Book(db.Tenant(), c.Code),
	}})
}

// ComplaintAnswered asks the citizen whether the answer satisfies.
func (p *Post) ComplaintAnswered(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.State != complaints.Feedback {
		return movedOn, nil
	}
	return p.asking(ctx, db, cause, c, "sms.complaint.answered", "sms.complaint.answered_reply")
}

// ComplaintVisited asks the citizen to confirm what a visit found resolved, or
// says that the case went back.
func (p *Post) ComplaintVisited(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	resolved := c.Event.ToState == string(complaints.AwaitingConfirmation)
	switch {
	case resolved && c.State != complaints.AwaitingConfirmation, !c.Open():
		return movedOn, nil
	case resolved:
		return p.asking(ctx, db, cause, c, "sms.complaint.visited", "sms.complaint.visited_reply")
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.visited_open")
}

// asking sends a question; where replies to text messages come in, the one that
// names the digits for yes and no.
func (p *Post) asking(ctx context.Context, db *tenants.DB, cause Cause, c Case, key, reply string) (string, error) {
	if p.Hears != nil {
		hears, err := p.Hears(ctx, db)
		if err != nil {
			return "", err
		}
		if hears {
			key = reply
		}
	}
	return p.complainant(ctx, db, cause, c, key)
}

// ComplaintClosed tells the citizen where to read the result.
func (p *Post) ComplaintClosed(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.Open() {
		return movedOn, nil
	}
	if c.Fact == complaints.Transferred {
		return p.sent(ctx, db, cause, c)
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.closed")
}

// ComplaintObjected tells those in charge of the PR office that a closed case is
// theirs again.
func (p *Post) ComplaintObjected(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.State != complaints.Triage {
		return movedOn, nil
	}
	list, err := staff.Able(ctx, db, &c.UnitID, "complaint:arbitrate")
	if err == nil && len(list) == 0 {
		list, err = inCharge(ctx, db, c.UnitID)
	}
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, "sms.complaint.objected"))
}

// ComplaintEscalated tells those whom the rung of the ladder names.
func (p *Post) ComplaintEscalated(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() {
		return movedOn, nil
	}
	class, err := tenants.SLAClassByID(ctx, db, c.SLAClassID)
	if err != nil {
		return "", err
	}
	rung := slices.IndexFunc(class.Rungs, func(r tenants.Rung) bool { return r.Level == c.Level })
	if rung < 0 {
		return "no such rung", nil
	}
	if class.Rungs[rung].Silent() {
		return "on the desk only", nil
	}
	unit, err := tenants.UnitByID(ctx, db, c.about())
	if err != nil {
		return "", err
	}
	list, err := holders(ctx, db, class.Rungs[rung].Role, unit.ID)
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, "sms.complaint.escalated", "unit", named(unit.NameFA, unit.NameEN), "level", c.Level))
}

// ComplaintWhich asks a sender which of several cases an answer is about.
func (p *Post) ComplaintWhich(ctx context.Context, db *tenants.DB, cause Cause, c *complaints.Complaint) (string, error) {
	return p.citizen(ctx, db, cause, c.CitizenID, told{subject: c.Subject(), key: "sms.complaint.which", args: []any{
		"code", c.Code,
	}})
}

// ComplaintStatus answers who asked by text message how the case stands.
func (p *Post) ComplaintStatus(ctx context.Context, db *tenants.DB, cause Cause, c *complaints.Complaint) (string, error) {
	return p.citizen(ctx, db, cause, c.CitizenID, told{subject: c.Subject(), key: "sms.complaint.status", args: []any{
		"state", worded("inbound.state." + string(c.State)), "code", persian.ShowCode(c.Code),
	}})
}

// complainant tells the citizen of a case.
func (p *Post) complainant(ctx context.Context, db *tenants.DB, cause Cause, c Case, key string, args ...any) (string, error) {
	return p.citizen(ctx, db, cause, c.CitizenID, p.told(db, c, key, args...))
}

// told is what the citizen of a case is told.
func (p *Post) told(r tenants.Reader, c Case, key string, args ...any) told {
	args = append(args, "code", persian.ShowCode(c.Code), "link", p.track(r.Tenant(), c.Code))
	return told{subject: c.Subject(), key: key, args: args}
}

// desk is what staff are told of a case.
func (p *Post) desk(r tenants.Reader, c Case, key string, args ...any) told {
	args = append(args, "code", persian.ShowCode(c.Code), "link", p.Links.Case(r.Tenant(), c.ID))
	return told{subject: c.Subject(), key: key, args: args}
}
