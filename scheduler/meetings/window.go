package meetings

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Window is the time at which an executive meets the public, again and again.
type Window struct {
	tenants.BaseModel `bun:"table:meeting_windows,alias:win"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ExecutiveID int64
	Weekday     int // from Saturday = 0
	FromMinute  int // from midnight in Tehran
	UntilMinute int
	SlotMinutes int
	Seats       int    // of each slot
	SiteFA      string `bun:"site_fa"`
	SiteEN      string `bun:"site_en"`
	Active      bool
	SiteID      *int64
	Pattern     Pattern `bun:"type:jsonb"`
	Rules       Rules   `bun:"type:jsonb"`
	Draw        bool    // the seats of its sessions are given by a draw, see draw.go
}

// AddWindow gives an executive a weekly window; sessions come with Generate.
// Field errors: weekday, from, slot, seats, site.
func AddWindow(ctx context.Context, tx *tenants.Tx, executiveID int64, s tenants.WindowSpec) (*Window, error) {
	if _, err := directives.ExecutiveByID(ctx, tx, executiveID); err != nil {
		return nil, err
	}
	if err := checkWindow(s); err != nil {
		return nil, err
	}
	site, err := adoptSite(ctx, tx, s.SiteFA, s.SiteEN)
	if err != nil {
		return nil, err
	}
	w := &Window{
		SiteID: site, Pattern: Pattern{Kind: Weekly}, ID: tenants.NewID(), ExecutiveID: executiveID, Weekday: s.Weekday, FromMinute: s.From, UntilMinute: s.Until,
		SlotMinutes: s.SlotMinutes, Seats: s.Seats, SiteFA: s.SiteFA, SiteEN: s.SiteEN, Active: true,
	}
	if err := tx.Insert(ctx, w); err != nil {
		return nil, err
	}
	return w, audit.Record(ctx, tx, "meeting_window:create", "executive", executiveID, "")
}

func checkWindow(s tenants.WindowSpec) error {
	bad := fault.Fields{}
	if s.Weekday < 0 || s.Weekday > 6 {
		bad.Add("weekday", "meeting.error.weekday")
	}
	if s.From < 0 || s.Until > 24*60 || s.From >= s.Until {
		bad.Add("from", "meeting.error.hours")
	}
	if s.SlotMinutes < 1 || s.SlotMinutes > s.Until-s.From {
		bad.Add("slot", "meeting.error.slot_minutes")
	}
	if s.Seats < 1 || s.Seats > 100 {
		bad.Add("seats", "meeting.error.seats")
	}
	if s.SiteFA == "" || s.SiteEN == "" {
		bad.Add("site", "meeting.error.site")
	}
	return bad.Err()
}

// Seed writes the windows of an organization's specification for its
// executives, which stand already, and their first sessions.
func Seed(ctx context.Context, tx *tenants.Tx, specs []tenants.ExecutiveSpec) error {
	list, err := directives.Executives(ctx, tx)
	if err != nil {
		return err
	}
	ids := map[string]int64{}
	for _, e := range list {
		ids[e.Code] = e.ID
	}
	for _, s := range specs {
		for _, w := range s.Windows {
			if _, err := AddWindow(ctx, tx, ids[s.Code], w); err != nil {
				return err
			}
		}
	}
	_, err = Generate(ctx, tx)
	return err
}

// Windows lists the active windows of an executive, or of all when executiveID
// is 0, in the order of the week.
func Windows(ctx context.Context, r tenants.Reader, executiveID int64) ([]Window, error) {
	var list []Window
	q := r.Select(&list).Where("win.active").Order("win.weekday", "win.from_minute", "win.id")
	if executiveID != 0 {
		q = q.Where("win.executive_id = ?", executiveID)
	}
	return list, tenants.Err(q.Scan(ctx))
}

// session makes the session that begins at start, with its numbered slots. A
// rest of the window that is shorter than a slot gives none.
func (w *Window) session(start time.Time) (*Session, []Slot) {
	s := &Session{
		ID: tenants.NewID(), ExecutiveID: w.ExecutiveID, WindowID: w.ID, StartsAt: start,
		EndsAt: start.Add(time.Duration(w.UntilMinute-w.FromMinute) * time.Minute),
		SiteFA: w.SiteFA, SiteEN: w.SiteEN, State: SessionOpen, NextQueueNumber: 1,
		SiteID: w.SiteID, PlannedAt: &start, Draw: w.Draw, WalkInRoom: w.Rules.WalkIns,
	}
	length, buffer := time.Duration(w.SlotMinutes)*time.Minute, time.Duration(w.Rules.Buffer)*time.Minute
	var slots []Slot
	for at := start; !at.Add(length).After(s.EndsAt); at = at.Add(length + buffer) {
		slots = append(slots, Slot{SessionID: s.ID, Number: len(slots) + 1, StartsAt: at, EndsAt: at.Add(length), Seats: w.Seats})
	}
	return s, slots
}

// Setting implements tenants.Setting. The words of the place follow the site's.
func (w *Window) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaMeetings, NameFA: w.SiteFA, NameEN: w.SiteEN, Hidden: []string{"site_fa", "site_en"}}
}
