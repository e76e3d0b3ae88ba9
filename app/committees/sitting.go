package committees

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// State is how far a sitting is.
type State string

// The states of a sitting.
const (
	Planned   State = "planned" // nobody was invited yet
	Invited   State = "invited"
	Held      State = "held" // its minutes are final
	Cancelled State = "cancelled"
)

// The facts of a sitting; see Fact.
const (
	KindInvited   = "committee.invited"
	KindCancelled = "committee.cancelled"
)

// Fact is the payload of every committee.… task.
type Fact struct {
	SittingID int64 `json:"sitting_id"`
}

// ahead is for how many days sittings are planned.
const ahead = 28

// Sitting is one meeting of a committee.
type Sitting struct {
	tenants.BaseModel `bun:"table:committee_sittings,alias:sitting"`
	tenants.Owned
	ID               int64 `bun:",pk"`
	CommitteeID      int64
	State            State
	StartsAt         time.Time
	EndsAt           time.Time
	Place            string
	CalendarUID      string `bun:"calendar_uid"`
	CalendarSequence int
	InvitedAt        *time.Time
	Minutes          string
	HeldAt           *time.Time
	Version          int
}

// Open tells whether agenda, attendance and minutes can still be changed.
func (s *Sitting) Open() bool { return s.State == Planned || s.State == Invited }

// Begun tells whether the members are meeting or have met.
func (s *Sitting) Begun(now time.Time) bool { return !now.Before(s.StartsAt) }

// SittingByID reads one sitting.
func SittingByID(ctx context.Context, r tenants.Reader, id int64) (*Sitting, error) {
	s := new(Sitting)
	return s, tenants.Err(r.Select(s).Where("sitting.id = ?", id).Scan(ctx))
}

// ListedSitting is a sitting with how many decisions it made and how many of
// them are done.
type ListedSitting struct {
	Sitting   `bun:",extend"`
	Items     int `bun:"items,scanonly"`
	Decisions int `bun:"decisions,scanonly"`
	Done      int `bun:"done,scanonly"`
}

const sittingsPage = 30

// Coming lists the sittings of a committee from today on, the next one first; a
// decision that is kept from the actor is not counted.
func Coming(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) ([]ListedSitting, error) {
	var list []ListedSitting
	today := persian.DateOf(r.Now().In(persian.Tehran)).Time(0, 0, persian.Tehran)
	err := sittings(r, a, &list, id).Where("sitting.starts_at >= ?", today.UTC()).Order("sitting.starts_at", "sitting.id").Limit(8).Scan(ctx)
	return list, tenants.Err(err)
}

// Earlier lists the sittings of a committee that began before an instant, the
// newest first, as Coming does, and tells whether there are more.
func Earlier(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64, before time.Time) ([]ListedSitting, bool, error) {
	var list []ListedSitting
	err := sittings(r, a, &list, id).Where("sitting.starts_at < ?", before.UTC()).
		Order("sitting.starts_at DESC", "sitting.id DESC").Limit(sittingsPage + 1).Scan(ctx)
	if len(list) > sittingsPage {
		return list[:sittingsPage], true, tenants.Err(err)
	}
	return list, false, tenants.Err(err)
}

// Next tells when each committee meets next.
func Next(ctx context.Context, r tenants.Reader) (map[int64]time.Time, error) {
	var list []Sitting
	err := r.Select(&list).Where("sitting.starts_at > ? AND sitting.state IN ('planned', 'invited')", r.Now()).
		Order("sitting.starts_at DESC", "sitting.id").Scan(ctx)
	next := map[int64]time.Time{}
	for i := range list { // the soonest is written last
		next[list[i].CommitteeID] = list[i].StartsAt
	}
	return next, tenants.Err(err)
}

func sittings(r tenants.Reader, a tenants.Actor, list *[]ListedSitting, id int64) *tenants.Query {
	of := func(condition string, args ...any) *tenants.Query {
		return directives.Discreet(r, r.Select((*directives.Directive)(nil)), a).ColumnExpr("COUNT(*)").
			Where("directive.origin_kind = ? AND directive.origin_id = sitting.id", directives.OnCommittee).Where(condition, args...)
	}
	items := r.Select((*Item)(nil)).ColumnExpr("COUNT(*)").Where("item.sitting_id = sitting.id")
	return r.Select(list).ColumnExpr("sitting.*").ColumnExpr("(?) AS items", items).
		ColumnExpr("(?) AS decisions", of("1 = 1")).ColumnExpr("(?) AS done", of("directive.state = ?", directives.Done)).
		Where("sitting.committee_id = ?", id)
}

// Generate plans the sittings of all active committees for four weeks, leaving
// out days on which the organization is closed. It may run any number of times.
func Generate(ctx context.Context, tx *tenants.Tx) error {
	var list []Committee
	if err := tx.Select(&list).Where("committee.active").Order("committee.id").Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	for i := range list {
		if err := list[i].plan(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// Starts gives the instants at which the committee meets in the days after from.
func (c *Committee) Starts(from time.Time, days int, working tenants.WorkingTime) []time.Time {
	var list []time.Time
	y, m, d := from.In(persian.Tehran).Date()
	for i := 0; i <= days; i++ {
		start := time.Date(y, m, d+i, 0, c.FromMinute, 0, 0, persian.Tehran)
		if persian.WeekdayIndex(start.Weekday()) == c.Weekday && start.After(from) && !working.Closed(start) {
			list = append(list, start.UTC())
		}
	}
	return list
}

func (c *Committee) plan(ctx context.Context, tx *tenants.Tx) error {
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, start := range c.Starts(tx.Now(), ahead, working) {
		s := &Sitting{
			ID: tenants.NewID(), CommitteeID: c.ID, State: Planned, StartsAt: start, Place: c.Place, Version: 1,
			EndsAt: start.Add(time.Duration(c.MinutesLong) * time.Minute),
		}
		s.CalendarUID = strconv.FormatInt(s.ID, 36) + "@committee"
		if _, err := tx.InsertNew(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// replan moves the sittings that nobody knows of to the committee's hour: those
// without invitation and agenda are planned anew.
func replan(ctx context.Context, tx *tenants.Tx, c *Committee) error {
	filled := tx.Select((*Item)(nil)).ColumnExpr("1").Where("item.sitting_id = sitting.id")
	if _, err := tx.Delete(ctx, (*Sitting)(nil), "sitting.committee_id = ? AND sitting.state = 'planned' AND sitting.starts_at > ? AND NOT EXISTS (?)", c.ID, tx.Now(), filled); err != nil {
		return err
	}
	if !c.Active {
		return nil
	}
	return c.plan(ctx, tx)
}

func errState() error { return fault.New(fault.Conflict, "committee.conflict.state") }

// lockOpen reads a sitting for update; Conflict when it is over.
func lockOpen(ctx context.Context, tx *tenants.Tx, id int64) (*Sitting, error) {
	s := new(Sitting)
	if err := tx.Lock(ctx, s, "sitting.id = ?", id); err != nil {
		return nil, err
	}
	if !s.Open() {
		return nil, errState()
	}
	return s, nil
}

// write saves the columns with the new version and the audit line.
func (s *Sitting) write(ctx context.Context, tx *tenants.Tx, act, detail string, columns ...string) error {
	s.Version++
	if err := tx.Update(ctx, s, append(columns, "version")...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "committee:"+act, "sitting", s.ID, detail)
}

// words cleans a text that must be there.
func words(text, field, key string, limit int) (string, error) {
	text = persian.Clean(text)
	switch {
	case text == "":
		return "", fault.Field(field, key)
	case utf8.RuneCountInString(text) > limit:
		return "", fault.Field(field, "directive.error.too_long")
	}
	return text, nil
}
