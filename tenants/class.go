package tenants

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Bounds of a class.
const (
	maxRespond = 366 * dayMinutes
	maxRungs   = 8
	maxPoints  = 100
	maxInterim = 20
)

// RungRoles lists whom a rung may tell, from the nearest to the highest.
func RungRoles() []string {
	return []string{"unit_expert", "unit_head", "pr_officer", "pr_manager", "inspector", "executive"}
}

// The channels by which a rung tells.
const (
	ChannelSMS  = "sms"  // a text message; the channel of a rung that names none
	ChannelDesk = "desk" // the case's timeline and the lists of the desk only
)

// RungChannels lists the channels.
func RungChannels() []string { return []string{ChannelSMS, ChannelDesk} }

// Silent tells whether nobody is sent a message.
func (r Rung) Silent() bool { return r.Channel == ChannelDesk }

// Tells tells whether a rung of the class names the role.
func (c *SLAClass) Tells(role string) bool {
	return slices.ContainsFunc(c.Rungs, func(r Rung) bool { return r.Role == role })
}

// AtStake is the most that one part of a unit in a case can lose by this class.
func (c *SLAClass) AtStake() int {
	sum := 0
	for _, r := range c.Rungs {
		sum += r.Points
	}
	if c.FirstActionMinutes > 0 {
		sum *= 2 // the first action has a ladder of its own
	}
	return sum
}

// Check normalises a class and finds what is wrong with its fields name_fa,
// respond, first_action, hours, pause, interims and rungs. own are the codes of
// the organization's own roles, which a rung may name, too.
func (c *SLAClass) Check(own ...string) error {
	c.NameFA, c.NameEN = persian.CleanLine(c.NameFA), persian.CleanLine(c.NameEN)
	wrong := fault.Fields{}
	if c.NameFA == "" || c.NameEN == "" {
		wrong.Add("name_fa", "calendar.error.name")
	}
	if utf8.RuneCountInString(c.NameFA) > maxName || utf8.RuneCountInString(c.NameEN) > maxName {
		wrong.Add("name_fa", "calendar.error.name_long")
	}
	if c.RespondMinutes < 1 || c.RespondMinutes > maxRespond {
		wrong.Add("respond", "class.error.respond")
	}
	if c.FirstActionMinutes < 0 || c.FirstActionMinutes > c.RespondMinutes {
		wrong.Add("first_action", "class.error.first_action")
	}
	if c.Hours != "calendar" && c.Hours != "working" {
		wrong.Add("hours", "class.error.hours")
	}
	if c.PauseCapMinutes < 0 || c.PauseCapMinutes > maxRespond {
		wrong.Add("pause", "class.error.pause")
	}
	if c.InterimLimit < 0 || c.InterimLimit > maxInterim {
		wrong.Add("interims", "class.error.interims")
	}
	c.checkRungs(own, wrong)
	return wrong.Err()
}

// checkRungs numbers the rungs in the order of their time. A class without a
// rung would leave an overdue case to itself.
func (c *SLAClass) checkRungs(own []string, wrong fault.Fields) {
	if len(c.Rungs) == 0 || len(c.Rungs) > maxRungs {
		wrong.Add("rungs", "class.error.rungs")
	}
	slices.SortStableFunc(c.Rungs, func(a, b Rung) int { return a.AfterMinutes - b.AfterMinutes })
	for i := range c.Rungs {
		r := &c.Rungs[i]
		r.Level = i + 1
		switch {
		case r.AfterMinutes < 0 || r.AfterMinutes > maxRespond:
			wrong.Add("rungs", "class.error.rung_after")
		case i > 0 && r.AfterMinutes == c.Rungs[i-1].AfterMinutes:
			wrong.Add("rungs", "class.error.rung_same")
		case !slices.Contains(RungRoles(), r.Role) && !slices.Contains(own, r.Role):
			wrong.Add("rungs", "class.error.rung_role")
		case r.Points < 0 || r.Points > maxPoints:
			wrong.Add("rungs", "class.error.rung_points")
		case r.Channel != "" && !slices.Contains(RungChannels(), r.Channel):
			wrong.Add("rungs", "class.error.rung_channel")
		}
	}
}

// Revise puts a new version of a class in force; id is the version that was
// changed, which must still be in force. Topics take the new version for the
// cases to come; a case keeps the version it was registered under.
func Revise(ctx context.Context, tx *Tx, id int64, next SLAClass) (*SLAClass, error) {
	old := new(SLAClass)
	if err := tx.Lock(ctx, old, "sla_class.id = ?", id); err != nil {
		return nil, err
	}
	if !old.Current {
		return nil, fault.New(fault.Conflict, "class.conflict.old")
	}
	own, err := OwnRoles(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := next.Check(own...); err != nil {
		return nil, err
	}
	next.ID, next.Code, next.Version, next.Current, next.CreatedAt = NewID(), old.Code, old.Version+1, true, tx.Now()
	old.Current = false
	if err := tx.Update(ctx, old, "current"); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, &next); err != nil {
		return nil, err
	}
	_, err = tx.Set(ctx, (*Topic)(nil), "sla_class_id = ?", []any{next.ID}, "sla_class_id = ?", old.ID)
	return &next, err
}

// ClassVersions lists all versions of a class, newest first.
func ClassVersions(ctx context.Context, r Reader, code string) ([]SLAClass, error) {
	var list []SLAClass
	return list, Err(r.Select(&list).Where("sla_class.code = ?", code).Order("sla_class.version DESC").Limit(50).Scan(ctx))
}

// AllClasses lists every version of every class, by id; they are few.
func AllClasses(ctx context.Context, r Reader) (map[int64]*SLAClass, error) {
	var list []SLAClass
	if err := r.Select(&list).Scan(ctx); err != nil {
		return nil, Err(err)
	}
	all := make(map[int64]*SLAClass, len(list))
	for i := range list {
		all[list[i].ID] = &list[i]
	}
	return all, nil
}

// ladder times are said in the unit that fits them.
var steps = []struct {
	name    string
	minutes int
}{{"day", dayMinutes}, {"hour", 60}, {"minute", 1}}

// Amount says minutes in the largest unit of day, hour and minute that needs no
// fraction.
func Amount(minutes int) (n int, unit string) {
	for _, s := range steps {
		if minutes%s.minutes == 0 && minutes != 0 {
			return minutes / s.minutes, s.name
		}
	}
	return minutes, "minute"
}

// MinutesOf is the inverse of Amount; -1 when the unit is unknown or n absurd.
func MinutesOf(n int, unit string) int {
	for _, s := range steps {
		if s.name == unit && n >= 0 && n <= maxRespond {
			return n * s.minutes
		}
	}
	return -1
}
