package meetings

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Quotas are how many seats of one session a channel may take; 0 is no limit.
// Urgent ones count by themselves, whatever channel they came by.
type Quotas struct {
	Web      int `json:"web,omitempty"`
	Phone    int `json:"phone,omitempty"`
	InPerson int `json:"in_person,omitempty"`
	Urgent   int `json:"urgent,omitempty"`
}

// Rules are what booking in a window asks for, beyond the organization's own
// settings.
type Rules struct {
	Buffer      int      `json:"buffer,omitempty"` // minutes between two slots
	Quotas      Quotas   `json:"quotas,omitzero"`
	OpenDays    int      `json:"open_days,omitempty"`   // registration opens so many days before the session …
	OpenMinute  int      `json:"open_minute,omitempty"` // … at this minute of the day
	HorizonDays int      `json:"horizon_days,omitempty"`
	WalkIns     *int     `json:"walk_ins,omitempty"`   // who may come to a session without a booking; nil: the organization's
	LeadHours   *int     `json:"lead_hours,omitempty"` // nil: the organization's
	Approval    *bool    `json:"approval,omitempty"`   // nil: the organization's
	Companions  *int     `json:"companions,omitempty"` // nil: MaxCompanions
	Topics      []int64  `json:"topics,omitempty"`     // none: all
	Districts   []int64  `json:"districts,omitempty"`  // none: all
	Questions   []string `json:"questions,omitempty"`  // that must be answered
	Documents   []string `json:"documents,omitempty"`  // to bring along or attach
}

// Bounds of the lists of a window.
const (
	MaxQuestions = 5
	MaxDocuments = 8
	maxAsked     = 200 // characters of one
	MaxAnswer    = 500 // characters of an answer
)

func (r *Rules) check(bad fault.Fields) {
	within := func(field string, n, least, most int) {
		if n < least || n > most {
			bad.Add(field, "planning.error.number")
		}
	}
	within("buffer", r.Buffer, 0, 120)
	within("quota_web", r.Quotas.Web, 0, 1000)
	within("quota_phone", r.Quotas.Phone, 0, 1000)
	within("quota_in_person", r.Quotas.InPerson, 0, 1000)
	within("quota_urgent", r.Quotas.Urgent, 0, 1000)
	within("open_days", r.OpenDays, 0, 60)
	within("open_at", r.OpenMinute, 0, 24*60-1)
	within("horizon_days", r.HorizonDays, 0, 90)
	if r.LeadHours != nil {
		within("lead_hours", *r.LeadHours, 0, 30*24)
	}
	if r.WalkIns != nil {
		within("walk_ins", *r.WalkIns, 0, MaxWalkIns)
	}
	if r.Companions != nil {
		within("companions", *r.Companions, 0, MaxCompanions)
	}
	r.Questions, r.Documents = asked(r.Questions, "questions", MaxQuestions, bad), asked(r.Documents, "documents", MaxDocuments, bad)
}

// asked cleans short lines and bounds them.
func asked(list []string, field string, most int, bad fault.Fields) []string {
	var kept []string
	for _, line := range list {
		if line = persian.CleanLine(line); line == "" {
			continue
		}
		if utf8.RuneCountInString(line) > maxAsked {
			bad.Add(field, "planning.error.line_long")
		}
		kept = append(kept, line)
	}
	if len(kept) > most {
		bad.Add(field, "planning.error.lines_many")
	}
	return kept
}

// OpensAt is the instant from which citizens may book a session.
func (s *Session) OpensAt(set tenants.Settings) time.Time {
	r := s.Rules
	if r == nil {
		return s.StartsAt.AddDate(0, 0, -set.HorizonDays)
	}
	days := r.HorizonDays
	if days == 0 && r.OpenDays == 0 {
		days = set.HorizonDays
	}
	var opens time.Time
	if days > 0 {
		opens = s.StartsAt.AddDate(0, 0, -days)
	}
	if r.OpenDays > 0 {
		y, m, d := s.StartsAt.In(persian.Tehran).Date()
		if at := time.Date(y, m, d-r.OpenDays, 0, r.OpenMinute, 0, 0, persian.Tehran).UTC(); at.After(opens) {
			opens = at
		}
	}
	return opens
}

// ClosesAt is the instant until which citizens may book it.
func (s *Session) ClosesAt(set tenants.Settings) time.Time {
	lead := set.LeadHours
	if s.Rules != nil && s.Rules.LeadHours != nil {
		lead = *s.Rules.LeadHours
	}
	return s.StartsAt.Add(-time.Duration(lead) * time.Hour)
}

// NeedsApproval tells whether the office approves each meeting of the session.
func (s *Session) NeedsApproval(set tenants.Settings) bool {
	if s.Rules != nil && s.Rules.Approval != nil {
		return *s.Rules.Approval
	}
	return set.Approval
}

// quota is the limit of a channel; 0 when there is none.
func (s *Session) quota(c Channel, urgent bool) int {
	if s.Rules == nil {
		return 0
	}
	q := s.Rules.Quotas
	switch {
	case urgent:
		return q.Urgent
	case c == Web:
		return q.Web
	case c == Phone:
		return q.Phone
	}
	return q.InPerson
}

// takenBy counts the seats of sessions by channel: meetings that stand, the
// offers to those who wait and, of the web, the holds of other drafts. Walk-ins
// have no seat.
func takenBy(ctx context.Context, r tenants.Reader, sessions []int64, draftID int64) (map[int64]map[string]int, error) {
	var rows []struct {
		SessionID int64
		Channel   string
		N         int
	}
	err := r.Select((*Meeting)(nil)).ColumnExpr("meeting.session_id AS session_id").
		ColumnExpr("CASE WHEN meeting.urgent THEN 'urgent' ELSE meeting.channel END AS channel, COUNT(*) AS n").
		Where("meeting.session_id IN (?) AND meeting.state NOT IN (?, ?) AND NOT meeting.walk_in", tenants.In(sessions), Refused, Cancelled).
		GroupExpr("1, 2").Scan(ctx, &rows)
	if err != nil {
		return nil, tenants.Err(err)
	}
	taken := map[int64]map[string]int{}
	add := func(session int64, channel string, n int) {
		if taken[session] == nil {
			taken[session] = map[string]int{}
		}
		taken[session][channel] += n
	}
	for _, row := range rows {
		add(row.SessionID, row.Channel, row.N)
	}
	rows = nil
	err = r.Select((*SeatClaim)(nil)).ColumnExpr("claim.session_id AS session_id").
		ColumnExpr("CASE WHEN wait.urgent THEN 'urgent' ELSE COALESCE(wait.channel, 'web') END AS channel, COUNT(*) AS n").
		Join("LEFT JOIN ? ON wait.id = claim.draft_id", r.From((*Wait)(nil))).
		Where("claim.session_id IN (?) AND claim.held_until > ? AND claim.draft_id <> ?", tenants.In(sessions), r.Now(), draftID).
		Where("NOT EXISTS (SELECT 1 FROM ? WHERE kept.hold_id = claim.draft_id)", r.From((*PrioritySeat)(nil))).
		GroupExpr("1, 2").Scan(ctx, &rows)
	for _, row := range rows {
		add(row.SessionID, row.Channel, row.N)
	}
	return taken, tenants.Err(err)
}

// checkChannel refuses a seat of the locked session beyond the quota of its
// channel. Conflict: meeting.conflict.channel_full.
func (s *Session) checkChannel(ctx context.Context, r tenants.Reader, c Channel, urgent bool, draftID, but int64) error {
	limit := s.quota(c, urgent)
	if limit == 0 {
		return nil
	}
	all, err := takenBy(ctx, r, []int64{s.ID}, draftID)
	if err != nil {
		return err
	}
	key := string(c)
	if urgent {
		key = "urgent"
	}
	n := all[s.ID][key]
	if but != 0 {
		own, err := r.Select((*Meeting)(nil)).Where("meeting.id = ? AND meeting.session_id = ?", but, s.ID).Count(ctx)
		if err != nil {
			return tenants.Err(err)
		}
		n -= int(own)
	}
	if n >= limit {
		return fault.New(fault.Conflict, "meeting.conflict.channel_full", "n", limit)
	}
	return nil
}

// checkRules judges a booking by the rules of the session's window. Field
// errors: companions, topic, district, answer_1 ….
func (in *Booking) checkRules(r *Rules) error {
	if r == nil {
		return nil
	}
	bad := fault.Fields{}
	if r.Companions != nil && in.Companions > *r.Companions {
		bad.Add("companions", "planning.error.companions_most")
	}
	if len(r.Topics) > 0 && !slices.Contains(r.Topics, in.TopicID) {
		bad.Add("topic", "planning.error.topic_not_served")
	}
	if len(r.Districts) > 0 && !slices.Contains(r.Districts, in.DistrictID) {
		bad.Add("district", "planning.error.district_not_served")
	}
	in.answers = nil
	for i, question := range r.Questions {
		answer := persian.Clean(in.Answers[question])
		switch n := utf8.RuneCountInString(answer); {
		case n == 0 && in.wait != nil: // who was promised a seat is not asked again
			continue
		case n == 0:
			bad.Add(AnswerField(i), "planning.error.answer")
		case n > MaxAnswer:
			bad.Add(AnswerField(i), "meeting.error.too_long")
		}
		in.answers = append(in.answers, Answer{Question: question, Text: answer})
	}
	return bad.Err()
}
