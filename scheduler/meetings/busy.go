package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// BusyAhead is how far an executive's other calendar is read.
const BusyAhead = 366 * day

// BusyTime is a time at which an executive is elsewhere: citizens are not
// offered it.
type BusyTime struct {
	tenants.BaseModel `bun:"table:busy_times,alias:busy"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ExecutiveID int64
	StartsAt    time.Time
	EndsAt      time.Time
}

// BusyCalendar is where an executive's busy times came from: an address that is
// read every hour, or a file (URL is empty).
type BusyCalendar struct {
	tenants.BaseModel `bun:"table:busy_calendars,alias:elsewhere"`
	tenants.Owned
	ExecutiveID int64 `bun:",pk"`
	URL         string
	ReadAt      *time.Time // last time without a problem
	Problem     string     // message key of what is wrong with the address; empty when nothing is
	Entries     int
}

// BusyCalendarOf reads it; nil when the executive has none.
func BusyCalendarOf(ctx context.Context, r tenants.Reader, executiveID int64) (*BusyCalendar, error) {
	c := new(BusyCalendar)
	err := tenants.Err(r.Select(c).Where("elsewhere.executive_id = ?", executiveID).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // has none
	}
	return c, err
}

// BusyTimes lists when an executive is elsewhere between two moments, in order.
func BusyTimes(ctx context.Context, r tenants.Reader, executiveID int64, from, until time.Time) ([]Span, error) {
	var list []BusyTime
	err := r.Select(&list).Where("busy.executive_id = ? AND busy.ends_at > ? AND busy.starts_at < ?", executiveID, from, until).
		Order("busy.ends_at", "busy.id").Scan(ctx)
	spans := make([]Span, len(list))
	for i := range list {
		spans[i] = Span{list[i].StartsAt.UTC(), list[i].EndsAt.UTC()}
	}
	return spans, tenants.Err(err)
}

// ReadBusy reads a calendar for SaveBusy: what is still to come, times that
// touch each other as one, so that none lies across another. Errors: see
// BusyEntries.
func ReadBusy(field string, raw []byte, now time.Time) ([]Span, error) {
	list, err := BusyEntries(field, raw, now, now.Add(BusyAhead))
	return united(list), err
}

// united joins times that overlap or touch; list is in order of From.
func united(list []Span) []Span {
	var out []Span
	for _, s := range list {
		if last := len(out) - 1; last >= 0 && !s.From.After(out[last].Until) {
			if s.Until.After(out[last].Until) {
				out[last].Until = s.Until
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// SaveBusy replaces an executive's busy times by those of a calendar. url is
// where it is read again every hour; empty for a file.
func SaveBusy(ctx context.Context, tx *tenants.Tx, executiveID int64, url string, list []Span) error {
	if len(list) > maxBusy {
		return fault.Field("file", "busy.error.many")
	}
	if err := lockExecutive(ctx, tx, executiveID); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b Span) int { return a.From.Compare(b.From) })
	list = united(list)
	if err := replaceBusy(ctx, tx, executiveID, list); err != nil {
		return err
	}
	now := tx.Now()
	if _, err := tx.Delete(ctx, (*BusyCalendar)(nil), "executive_id = ?", executiveID); err != nil {
		return err
	}
	if err := tx.Insert(ctx, &BusyCalendar{ExecutiveID: executiveID, URL: url, ReadAt: &now, Entries: len(list)}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting:busy_saved", "executive", executiveID, "")
}

// replaceBusy writes the busy times, and nothing when they are those that stand.
func replaceBusy(ctx context.Context, tx *tenants.Tx, executiveID int64, list []Span) error {
	stands, err := BusyTimes(ctx, tx, executiveID, tx.Now(), tx.Now().Add(2*BusyAhead))
	same := slices.EqualFunc(stands, list, func(a, b Span) bool { return a.From.Equal(b.From) && a.Until.Equal(b.Until) })
	if err != nil || same {
		return err
	}
	if _, err := tx.Delete(ctx, (*BusyTime)(nil), "executive_id = ?", executiveID); err != nil || len(list) == 0 {
		return err
	}
	rows := make([]BusyTime, len(list))
	for i, s := range list {
		rows[i] = BusyTime{ID: tenants.NewID(), ExecutiveID: executiveID, StartsAt: s.From, EndsAt: s.Until}
	}
	return tx.Insert(ctx, &rows)
}

// RemoveBusy forgets an executive's busy times and where they came from.
func RemoveBusy(ctx context.Context, tx *tenants.Tx, executiveID int64) error {
	n, err := tx.Delete(ctx, (*BusyCalendar)(nil), "executive_id = ?", executiveID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if _, err := tx.Delete(ctx, (*BusyTime)(nil), "executive_id = ?", executiveID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting:busy_removed", "executive", executiveID, "")
}

// BusyAddresses lists the calendars that are read again and again.
func BusyAddresses(ctx context.Context, r tenants.Reader) ([]BusyCalendar, error) {
	var list []BusyCalendar
	err := r.Select(&list).Where("elsewhere.url <> ''").Order("elsewhere.executive_id").Scan(ctx)
	return list, tenants.Err(err)
}

// Reread notes what reading the address of c gave: the times of today, or the
// problem (a message key), with which the old times stay. Nothing happens when
// the calendar was changed or removed meanwhile.
func (c *BusyCalendar) Reread(ctx context.Context, tx *tenants.Tx, list []Span, problem string) error {
	now := new(BusyCalendar)
	err := tx.Lock(ctx, now, "elsewhere.executive_id = ?", c.ExecutiveID)
	if fault.Is(err, fault.NotFound) || err == nil && now.URL != c.URL {
		return nil
	}
	if err != nil {
		return err
	}
	if now.Problem = problem; problem != "" {
		return tx.Update(ctx, now, "problem")
	}
	at := tx.Now()
	now.ReadAt, now.Entries = &at, len(list)
	if err := tx.Update(ctx, now, "problem", "read_at", "entries"); err != nil {
		return err
	}
	return replaceBusy(ctx, tx, c.ExecutiveID, list)
}

// calmSlots are the slots of a session at which the executive is there.
func (s *Session) calmSlots(ctx context.Context, r tenants.Reader) ([]Slot, error) {
	var list []Slot
	err := r.Select(&list).Join("JOIN ? ON session.id = slot.session_id", r.From((*Session)(nil))).Where("slot.session_id = ? AND NOT slot.dropped", s.ID).
		Where("NOT COALESCE((?) < slot.ends_at, FALSE)", nextBusy(r)).Order("slot.number").Scan(ctx)
	return list, tenants.Err(err)
}

// nextBusy is when the first busy time of the session's executive begins that is
// not over when the slot begins. Busy times do not overlap, so it alone can lie
// across the slot.
func nextBusy(r tenants.Reader) *tenants.Query {
	return r.Select((*BusyTime)(nil)).ColumnExpr("busy.starts_at").
		Where("busy.executive_id = session.executive_id AND busy.ends_at > slot.starts_at").Order("busy.ends_at").Limit(1)
}

// checkBusy refuses citizens a time at which the executive is elsewhere; staff
// see it and may book. Conflict: meeting.conflict.busy.
func (s *Session) checkBusy(ctx context.Context, tx *tenants.Tx, slot *Slot) error {
	if tx.Actor().Kind != tenants.Citizen {
		return nil
	}
	var next []BusyTime
	err := tx.Select(&next).Where("busy.executive_id = ? AND busy.ends_at > ?", s.ExecutiveID, slot.StartsAt).Order("busy.ends_at").Limit(1).Scan(ctx)
	if err == nil && len(next) > 0 && next[0].StartsAt.Before(slot.EndsAt) {
		return fault.New(fault.Conflict, "meeting.conflict.busy")
	}
	return tenants.Err(err)
}

// Collisions is what is planned with an executive at times at which they are
// elsewhere.
type Collisions struct {
	Sessions []Session
	Meetings []Listed
}

// Collide finds the sessions to come, and the meetings in them, that lie across
// one of the times.
func Collide(ctx context.Context, r tenants.Reader, executiveID int64, busy []Span) (c Collisions, err error) {
	if len(busy) == 0 {
		return c, nil
	}
	var sessions []Session
	err = r.Select(&sessions).Where("session.executive_id = ? AND session.ends_at > ? AND session.state = ?", executiveID, r.Now(), SessionOpen).
		Order("session.starts_at").Scan(ctx)
	if err != nil {
		return c, tenants.Err(err)
	}
	var ids []int64
	for i := range sessions {
		if crosses(busy, sessions[i].StartsAt, sessions[i].EndsAt) {
			c.Sessions = append(c.Sessions, sessions[i])
			ids = append(ids, sessions[i].ID)
		}
	}
	if len(ids) == 0 {
		return c, nil
	}
	var booked []Listed
	err = listed(r, &booked).Where("meeting.session_id IN (?)", tenants.In(ids)).
		Where("meeting.state IN (?)", tenants.In([]State{Requested, Approved, CheckedIn})).Order("meeting.starts_at", "meeting.id").Scan(ctx)
	for i := range booked {
		if crosses(busy, booked[i].StartsAt, booked[i].EndsAt) {
			c.Meetings = append(c.Meetings, booked[i])
		}
	}
	return c, tenants.Err(err)
}

func crosses(busy []Span, from, until time.Time) bool {
	return slices.ContainsFunc(busy, func(s Span) bool { return s.Until.After(from) && s.From.Before(until) })
}
