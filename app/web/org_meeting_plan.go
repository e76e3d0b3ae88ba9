package web

import (
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const windowsPath = "/desk/organization/meetings"

// orgWindows lists the windows by executive, with the sessions to come.
func (w *web) orgWindows(r *req) error {
	m := &views.PlanWindows{Least: r.tenant.Settings.PublicDays}
	if r.can("organization:edit") {
		m.Sites = sitesPath
	}
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return err
	}
	windows, err := meetings.Windows(r.ctx, r.db, 0)
	if err != nil {
		return err
	}
	sessions, err := meetings.ComingSessions(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, e := range executives {
		m.Groups = append(m.Groups, r.planGroup(&e, windows, sessions))
	}
	few, err := meetings.TooFewDays(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, f := range few {
		m.Warnings = append(m.Warnings, r.t("planning.few_of", "who", r.in(f.Executive.PostFA, f.Executive.PostEN), "month", r.monthName(f.Month), "n", f.Days))
	}
	p := r.frame("planning.windows")
	return r.page(parts.Desk, p, views.PlanWindowsPage(p, m))
}

func (r *req) monthName(d persian.Date) string {
	return r.t("planning.month."+itoa(d.Month)) + " " + messages.Digits(r.ctx, itoa(d.Year))
}

func (r *req) planGroup(e *directives.Executive, windows []meetings.Window, sessions []meetings.ComingSession) views.PlanGroup {
	g := views.PlanGroup{Name: r.in(e.PostFA, e.PostEN) + " — " + r.in(e.NameFA, e.NameEN), Busy: busyPath(e.ID)}
	for i := range windows {
		if w := &windows[i]; w.ExecutiveID == e.ID {
			g.Windows = append(g.Windows, views.PlanWindow{
				Path: windowsPath + "/" + idText(w.ID), Days: views.PatternText(r.ctx, w), Time: r.spanText(w.FromMinute, w.UntilMinute), Site: r.in(w.SiteFA, w.SiteEN),
				Slots: r.t("planning.slots_of", "minutes", w.SlotMinutes, "n", w.Seats),
			})
		}
	}
	for i := range sessions {
		if s := &sessions[i]; s.ExecutiveID == e.ID {
			g.Sessions = append(g.Sessions, views.PlanSession{
				Path: sessionPath(s.ID), When: messages.DateTime(r.ctx, s.StartsAt), Site: r.in(s.SiteFA, s.SiteEN), Booked: s.Booked,
				Changed: s.Changed, Off: s.State == meetings.SessionCancelled,
			})
		}
	}
	return g
}

// orgWindowNew is the form of a new window.
func (w *web) orgWindowNew(r *req) error {
	fresh := &meetings.Window{ExecutiveID: r.officeQuery("executive").number("executive"), Weekday: 1, FromMinute: 480, UntilMinute: 720, SlotMinutes: 15, Seats: 1, Active: true}
	return r.windowForm(fresh, windowTyped(fresh), nil, nil)
}

// orgWindow is the form of a window that stands.
func (w *web) orgWindow(r *req) error {
	win, err := r.windowOfPath()
	if err != nil {
		return err
	}
	return r.windowForm(win, windowTyped(win), nil, nil)
}

func (r *req) windowOfPath() (*meetings.Window, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	win, err := meetings.WindowByID(r.ctx, r.db, id)
	if err == nil && !win.Active {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return win, err
}

func (w *web) orgWindowCreate(r *req) error {
	return w.saveWindow(r, &meetings.Window{Active: true})
}

func (w *web) orgWindowSave(r *req) error {
	win, err := r.windowOfPath()
	if err != nil {
		return err
	}
	return w.saveWindow(r, win)
}

// saveWindow previews what was typed, and saves it once the preview was seen.
func (w *web) saveWindow(r *req, win *meetings.Window) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed, err := windowIn(f, win)
	if wrong := meetings.CheckWindow(r.ctx, r.db, win); err == nil || fault.Is(wrong, fault.Invalid) {
		err = both(err, wrong)
	}
	if err != nil {
		return r.windowAgain(win, typed, err)
	}
	p, err := meetings.PreviewWindow(r.ctx, r.db, win)
	if err != nil {
		return err
	}
	preview := r.preview(p, f.text("booked") != "change")
	preview.Seal = windowSeal(f, p)
	if f.text("seal") != preview.Seal {
		return r.windowForm(win, typed, preview, nil)
	}
	err = r.write(func(tx *tenants.Tx) error {
		fresh := *win // the transaction may run again
		return meetings.SaveWindow(r.ctx, tx, &fresh, f.text("booked") != "change")
	})
	if err != nil {
		return r.windowAgain(win, typed, err)
	}
	r.flash(parts.Success, "planning.saved")
	return r.done(windowsPath)
}

func (r *req) windowAgain(win *meetings.Window, typed map[string]string, err error) error {
	if fault.Is(err, fault.Invalid) {
		return r.windowForm(win, typed, nil, err)
	}
	return err
}

// windowSeal stands for what was typed and what it would do.
func windowSeal(f form, p *meetings.Preview) string {
	var values []string
	for _, field := range windowTexts {
		values = append(values, f.text(field))
	}
	for _, d := range p.Dates {
		values = append(values, d.StartsAt.UTC().Format(time.RFC3339), string(d.Fate))
		for _, b := range d.Broken {
			values = append(values, idText(b.ID))
		}
	}
	return sealed(values...)
}

// preview is what would become of the coming weeks, in words.
func (r *req) preview(p *meetings.Preview, keep bool) *views.PlanPreview {
	v := &views.PlanPreview{Keep: keep, Broken: len(p.Broken())}
	for i := range p.Dates {
		d := &p.Dates[i]
		line := views.PlanDate{When: messages.DateTime(r.ctx, d.StartsAt), Fate: d.Fate, Slots: "—"}
		if d.Slots > 0 && d.Fate != meetings.FateClosed && d.Fate != meetings.FateHand {
			line.Slots = r.t("planning.slot_count", "slots", d.Slots, "seats", d.Seats)
		}
		for _, b := range d.Broken {
			line.Broken = append(line.Broken, r.brokenLine(&b))
		}
		v.Dates = append(v.Dates, line)
	}
	return v
}

func (r *req) brokenLine(b *meetings.Broken) views.PlanBroken {
	line := views.PlanBroken{Href: meetingPath(b.ID), Name: b.CitizenName, Code: persian.ShowCode(b.Code), From: messages.DateTime(r.ctx, b.StartsAt)}
	if b.To != nil {
		line.To = messages.DateTime(r.ctx, *b.To)
	}
	return line
}

// orgWindowRetirement asks whether a window ends, and says what would break.
func (w *web) orgWindowRetirement(r *req) error {
	win, err := r.windowOfPath()
	if err != nil {
		return err
	}
	p, err := meetings.PreviewRetiring(r.ctx, r.db, win)
	if err != nil {
		return err
	}
	path := windowsPath + "/" + idText(win.ID)
	m := &views.PlanRetire{What: views.PatternText(r.ctx, win) + "، " + r.spanText(win.FromMinute, win.UntilMinute), Action: path + "/retirement", Back: path, Preview: r.preview(p, true)}
	page := r.frame("planning.retire")
	return r.page(parts.Desk, page, views.PlanRetirePage(page, m))
}

// orgWindowRetirementCreate ends it.
func (w *web) orgWindowRetirementCreate(r *req) error {
	win, err := r.windowOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		return meetings.RetireWindow(r.ctx, tx, win.ID, f.text("booked") != "change")
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "planning.retired")
	return r.done(windowsPath)
}
