package web

import (
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// orgClosures lists closures and late starts, and takes a new one.
func (w *web) orgClosures(r *req) error { return r.closuresPage(map[string]string{}, nil, nil) }

func (r *req) closuresPage(typed map[string]string, seen *views.Moves, cause error) error {
	today := keptDay(r.now())
	list, err := tenants.Closures(r.ctx, r.db, tenants.ClosureAdHoc, keptDay(r.now().AddDate(-1, 0, 0)), keptDay(r.now().AddDate(3, 0, 0)))
	if err != nil {
		return err
	}
	m := &views.OrgClosures{Tabs: r.clockTabs(closuresPath), Typed: typed, Errors: views.ErrorsOf(cause), Moves: seen, Action: closuresPath}
	if seen != nil {
		m.Seal = closureSeal(typed)
	}
	for i := range list {
		line := r.closureLine(&list[i])
		if list[i].Day < today {
			m.Past = append(m.Past, line)
		} else {
			m.Coming = append(m.Coming, line)
		}
	}
	p := r.frame("calendar.closures")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgClosuresPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgClosuresPage(p, m))
}

func (r *req) closureLine(c *tenants.Closure) views.OrgClosure {
	line := views.OrgClosure{Name: r.in(c.NameFA, c.NameEN), Date: messages.Date(r.ctx, dayTime(c.Day)), Time: r.closureTime(c)}
	if c.Removable(r.now()) {
		line.Remove = closuresPath + "/" + idText(c.ID) + "/removal"
	}
	return line
}

// closureTime says which part of the day is closed.
func (r *req) closureTime(c *tenants.Closure) string {
	switch {
	case c.WholeDay():
		return r.t("calendar.whole_day")
	case c.FromMinute == 0:
		return r.t("calendar.until", "time", r.clockText(c.UntilMinute))
	case c.UntilMinute == 24*60:
		return r.t("calendar.since", "time", r.clockText(c.FromMinute))
	}
	return r.spanText(c.FromMinute, c.UntilMinute)
}

var closureFields = []string{"day", "from", "until", "name_fa", "name_en"}

func closureSeal(typed map[string]string) string {
	var values []string
	for _, field := range closureFields {
		values = append(values, typed[field])
	}
	return sealed(values...)
}

// closureOf reads the form of a closure; hours left empty are the ends of the
// day.
func closureOf(f form) (*tenants.Closure, map[string]string, error) {
	typed := map[string]string{}
	for _, field := range closureFields {
		typed[field] = f.text(field)
	}
	c := &tenants.Closure{Day: tenants.ParseDay(typed["day"]), UntilMinute: 24 * 60, Kind: tenants.ClosureAdHoc, NameFA: typed["name_fa"], NameEN: typed["name_en"]}
	wrong := fault.Fields{}
	for field, into := range map[string]*int{"from": &c.FromMinute, "until": &c.UntilMinute} {
		if typed[field] == "" {
			continue
		}
		if *into = tenants.ParseMinute(typed[field]); *into < 0 {
			wrong.Add(field, "desk.error.time")
		}
	}
	return c, typed, wrong.Err()
}

// orgClosureCreate previews a closure, and enters it once the preview was seen.
func (w *web) orgClosureCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	c, typed, err := closureOf(f)
	if err == nil {
		err = c.Check(r.now())
	}
	if err != nil {
		return r.closuresPage(typed, nil, err)
	}
	if f.text("seal") != closureSeal(typed) {
		hours, err := tenants.WorkingTimeOf(r.ctx, r.db)
		if err != nil {
			return err
		}
		seen, err := r.moves(hours.WithClosures(*c))
		if err != nil {
			return err
		}
		seen.What = r.t("calendar.closure_of", "date", messages.Date(r.ctx, dayTime(c.Day)), "time", r.closureTime(c))
		return r.closuresPage(typed, seen, nil)
	}
	err = r.write(func(tx *tenants.Tx) error {
		if err := tenants.Close(r.ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "calendar.closed", "closure", c.ID, c.Day)
	})
	if fault.Is(err, fault.Invalid) {
		return r.closuresPage(typed, nil, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "calendar.closure_saved")
	return r.done(closuresPath)
}

// orgClosureRemoval shows what taking a closure or a holiday back would move.
func (w *web) orgClosureRemoval(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	c, err := tenants.ClosureByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if !c.Removable(r.now()) {
		return fault.New(fault.Conflict, "calendar.conflict.past")
	}
	hours, err := tenants.WorkingTimeOf(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgClosureRemoval{OrgClosure: r.closureLine(c), Back: closuresPath}
	if c.Kind == tenants.ClosureHoliday {
		m.Back = holidaysPath + "?year=" + yearOf(c.Day)
	}
	if m.Moves, err = r.moves(hours.Without(*c, r.now())); err != nil {
		return err
	}
	m.Moves.Title = r.t("calendar.removal_title")
	p := r.frame("calendar.removal")
	return r.page(parts.Desk, p, views.OrgClosureRemovalPage(p, m))
}

// orgClosureRemovalCreate takes a closure or a holiday back.
func (w *web) orgClosureRemovalCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	var c *tenants.Closure
	err = r.write(func(tx *tenants.Tx) error {
		var err error
		if c, err = tenants.Reopen(r.ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "calendar.reopened", "closure", c.ID, c.Day)
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "calendar.closure_removed")
	if c.Kind == tenants.ClosureHoliday {
		return r.done(holidaysPath + "?year=" + yearOf(c.Day))
	}
	return r.done(closuresPath)
}

// yearOf is the Solar Hijri year of a kept day.
func yearOf(day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return typedDay(t.Format(time.DateOnly))[:4]
	}
	return ""
}
