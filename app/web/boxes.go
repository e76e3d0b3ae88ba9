package web

import (
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const boxesPath = "/desk/boxes"

func boxPath(id int64) string     { return boxesPath + "/" + idText(id) }
func openingPath(id int64) string { return "/desk/boxes/openings/" + idText(id) }

// boxes lists the complaint boxes, those to be opened first on top.
func (w *web) boxes(r *req) error {
	day, id, _ := strings.Cut(r.query("after"), ".")
	retired := r.query("retired") != ""
	list, more, err := complaints.Boxes(r.ctx, r.db, retired, complaints.BoxCursor{Day: day, ID: number(id)})
	if err != nil {
		return err
	}
	units, err := r.unitNames()
	if err != nil {
		return err
	}
	m := &views.Boxes{Retired: retired, MayEdit: r.can("box:edit"), MayOpen: r.can("box:open")}
	for i := range list {
		m.Rows = append(m.Rows, r.boxRow(&list[i], units))
	}
	if more && !retired {
		last := list[len(list)-1]
		m.Next = boxesPath + "?after=" + last.NextOn + "." + idText(last.ID)
	}
	return r.page(parts.Desk, r.frame("nav.boxes"), views.BoxesPage(m))
}

func (r *req) unitNames() (map[int64]string, error) {
	units, err := tenants.Units(r.ctx, r.db)
	names := make(map[int64]string, len(units))
	for _, u := range units {
		names[u.ID] = r.in(u.NameFA, u.NameEN)
	}
	return names, err
}

func (r *req) boxRow(b *complaints.ListedBox, units map[int64]string) views.BoxRow {
	return views.BoxRow{
		Path: boxPath(b.ID), Code: b.Code, Place: r.in(b.PlaceFA, b.PlaceEN), Unit: orDash(units[b.UnitID]), Schedule: r.schedule(b.Schedule()),
		Next: b.Day().Time(12, 0, persian.Tehran), Due: b.Due(r.now()), Overdue: b.Overdue(r.now()), Active: b.Active, Unfinished: b.Unfinished,
	}
}

// schedule says when a box is opened.
func (r *req) schedule(s complaints.BoxSchedule) string {
	if !s.Weekly() {
		return r.t("paper.schedule.days", "n", s.EveryDays)
	}
	var days []string
	for i := range 7 {
		if s.On(i) {
			days = append(days, r.t("meeting.weekday."+strconv.Itoa(i)))
		}
	}
	return r.t("paper.schedule.weeks", "n", s.Weeks(), "days", strings.Join(days, r.t("desk.and")))
}

// box is one box with its minutes.
func (w *web) box(r *req) error {
	b, err := r.boxOfPath()
	if err != nil {
		return err
	}
	list, more, err := complaints.BoxOpenings(r.ctx, r.db, b.ID, number(r.query("after")))
	if err != nil {
		return err
	}
	units, err := r.unitNames()
	if err != nil {
		return err
	}
	m := &views.BoxFile{
		Box: r.boxRow(&complaints.ListedBox{Box: *b}, units), MayEdit: r.can("box:edit"), MayOpen: r.can("box:open") && b.Active,
	}
	for i := range list {
		o := &list[i]
		m.Openings = append(m.Openings, views.BoxOpeningRow{
			Path: openingPath(o.ID), Number: o.Number, At: o.OpenedAt, Found: o.Letters, Entered: o.Entered, Locked: o.Locked(), Difference: o.Difference != "",
		})
	}
	if more {
		m.Next = boxPath(b.ID) + "?after=" + idText(list[len(list)-1].ID)
	}
	return r.page(parts.Desk, r.frame("paper.box.title", "number", b.Code), views.BoxPage(m))
}

func (r *req) boxOfPath() (*complaints.Box, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return complaints.BoxByID(r.ctx, r.db, id)
}

func (w *web) boxNew(r *req) error {
	return r.boxForm(&complaints.Box{Active: true, EveryDays: 7, Weekdays: 1}, nil, nil)
}

func (w *web) boxEdit(r *req) error {
	b, err := r.boxOfPath()
	if err != nil {
		return err
	}
	return r.boxForm(b, nil, nil)
}

// boxForm shows the form of a box; typed is what came back with a cause.
func (r *req) boxForm(b *complaints.Box, typed *form, cause error) error {
	m := &views.BoxForm{
		Box: *b, Action: boxesPath, Errors: views.ErrorsOf(cause), Every: messages.Digits(r.ctx, strconv.Itoa(b.EveryDays)), Weekly: b.Schedule().Weekly(),
	}
	if m.Weekly {
		m.Every = messages.Digits(r.ctx, strconv.Itoa(b.Schedule().Weeks()))
	}
	if b.NextOn != "" {
		m.Next = persian.ShortDateEN(b.Day())
	}
	if typed != nil {
		m.Every, m.Weekly, m.Next = typed.text("every"), typed.text("rhythm") != "days", typed.text("next")
	}
	title := "paper.box.new"
	if b.ID != 0 {
		m.Action, title = boxPath(b.ID), "paper.box.edit"
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Units = choose(units, idText(b.UnitID), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.BoxFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.BoxFormPage(p, m))
}

func (w *web) boxCreate(r *req) error { return r.saveBox(&complaints.Box{}) }

func (w *web) boxSave(r *req) error {
	b, err := r.boxOfPath()
	if err != nil {
		return err
	}
	return r.saveBox(b)
}

func (r *req) saveBox(b *complaints.Box) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	unread := readBox(b, f)
	typed := *b
	err = r.write(func(tx *tenants.Tx) error {
		*b = typed // the transaction may run again
		return both(unread, complaints.SaveBox(r.ctx, tx, b))
	})
	if fault.Is(err, fault.Invalid) {
		return r.boxForm(&typed, &f, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "paper.box.saved")
	return r.done(boxPath(b.ID))
}

// readBox puts what the form says into the box.
func readBox(b *complaints.Box, f form) error {
	if b.ID == 0 {
		b.Code = f.text("code")
	}
	b.PlaceFA, b.PlaceEN, b.UnitID, b.Active = f.text("place_fa"), f.text("place_en"), f.id("unit"), f.yes("active") || b.ID == 0
	every, _ := f.number("every") // none is refused by the room
	b.EveryDays, b.Weekdays = every, 0
	wrong := fault.Fields{}
	if f.text("rhythm") != "days" {
		b.EveryDays = 7 * every
		for _, day := range f.list("weekdays") {
			if i, err := strconv.Atoi(day); err == nil && i >= 0 && i < 7 {
				b.Weekdays |= 1 << i
			}
		}
		if b.Weekdays == 0 {
			wrong.Add("weekdays", "paper.error.weekdays")
		}
	}
	b.NextOn = f.day("next", wrong)
	return wrong.Err()
}

// day reads a typed Solar Hijri date as rooms keep days; empty when it is none,
// which is wrong unless nothing was typed.
func (f form) day(field string, wrong fault.Fields) string {
	if f.text(field) == "" {
		return ""
	}
	date, err := persian.ParseDate(f.text(field))
	if err != nil {
		wrong.Add(field, "paper.error.day")
		return ""
	}
	return complaints.VisitDay(date)
}
