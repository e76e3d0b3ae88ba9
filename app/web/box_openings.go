package web

import (
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// boxOpeningNew is the form of the minutes of an opening.
func (w *web) boxOpeningNew(r *req) error {
	b, err := r.boxOfPath()
	if err != nil {
		return err
	}
	m := &views.BoxOpeningForm{Staff: idText(r.principal.actor.ID)}
	m.Day, m.Clock = typedMoment(r.now())
	return r.openingForm(b, m, nil)
}

func (r *req) openingForm(b *complaints.Box, m *views.BoxOpeningForm, cause error) error {
	m.Box, m.Place, m.Back, m.Errors = b.Code, r.in(b.PlaceFA, b.PlaceEN), boxPath(b.ID), views.ErrorsOf(cause)
	m.Active = b.Active
	people, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	units, err := r.unitNames()
	if err != nil {
		return err
	}
	for i := range people {
		who := &people[i]
		if who.DisabledAt != nil {
			continue
		}
		label := r.in(who.NameFA, who.NameEN)
		if who.UnitID != nil && units[*who.UnitID] != "" {
			label += " · " + units[*who.UnitID]
		}
		id := idText(who.ID)
		m.First = append(m.First, parts.Option{Value: id, Label: label, Selected: id == m.Staff})
		m.Second = append(m.Second, parts.Option{Value: id, Label: label, Selected: id == m.Witness})
	}
	p := r.frame("paper.opening.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.BoxOpeningFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.BoxOpeningFormPage(p, m))
}

// openedOf is what the form says of an opening.
func openedOf(f form) (in complaints.BoxOpened, unread error) {
	in = complaints.BoxOpened{StaffID: f.id("staff"), WitnessID: f.id("witness"), Letters: -1, Note: f.text("note")}
	if n, ok := f.number("letters"); ok {
		in.Letters = n
	}
	if in.At, unread = f.moment("opened"); unread == nil && !in.At.IsZero() && f.text("opened_time") == "" {
		unread = fault.Field("opened_time", "paper.error.hour")
	}
	return in, unread
}

// boxOpeningCreate keeps the minutes and leads to the entry of the letters.
func (w *web) boxOpeningCreate(r *req) error {
	b, err := r.boxOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	in, unread := openedOf(f)
	var o *complaints.BoxOpening
	err = r.write(func(tx *tenants.Tx) (err error) {
		o, err = complaints.OpenBox(r.ctx, tx, b.ID, in)
		return both(unread, err)
	})
	if fault.Is(err, fault.Invalid) {
		m := &views.BoxOpeningForm{Staff: f.text("staff"), Witness: f.text("witness"), Day: f.text("opened"), Clock: f.text("opened_time"), Letters: f.text("letters"), Note: in.Note}
		return r.openingForm(b, m, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "paper.opening.saved")
	if o.Locked() {
		return r.done(openingPath(o.ID))
	}
	return r.done(openingPath(o.ID) + "/letter")
}

// boxOpening shows the minutes and how far the entry of the letters has come.
func (w *web) boxOpening(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	return r.showOpening(o, "", nil)
}

func (r *req) openingOfPath() (*complaints.BoxOpening, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return complaints.OpeningByID(r.ctx, r.db, id)
}

func (r *req) showOpening(o *complaints.BoxOpening, difference string, cause error) error {
	m, err := r.openingView(o)
	if err != nil {
		return err
	}
	m.Errors, m.MayOpen = views.ErrorsOf(cause), r.can("box:open")
	if difference != "" {
		m.Difference = difference
	}
	p := r.frame("paper.opening.title", "n", o.Number, "number", m.Box)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.BoxOpeningPage(p, m))
	}
	return r.page(parts.Desk, p, views.BoxOpeningPage(p, m))
}

// openingView is the minutes with their letters, as far as the person may see
// cases.
func (r *req) openingView(o *complaints.BoxOpening) (*views.BoxOpening, error) {
	b, err := complaints.BoxByID(r.ctx, r.db, o.BoxID)
	if err != nil {
		return nil, err
	}
	entered, err := complaints.Entered(r.ctx, r.db, o.ID)
	if err != nil {
		return nil, err
	}
	people, err := staff.Names(r.ctx, r.db, []int64{o.StaffID, o.WitnessID})
	if err != nil {
		return nil, err
	}
	units, err := r.unitNames()
	if err != nil {
		return nil, err
	}
	name := func(id int64) string { return r.in(people[id].FA, people[id].EN) }
	m := &views.BoxOpening{
		Path: openingPath(o.ID), Back: boxPath(b.ID), Box: b.Code, Place: r.in(b.PlaceFA, b.PlaceEN), Unit: orDash(units[b.UnitID]), Number: o.Number, At: o.OpenedAt,
		First: name(o.StaffID), Second: name(o.WitnessID), Found: o.Letters, Entered: entered[o.ID], Note: o.Note,
		Difference: o.Difference, FinishedAt: o.FinishedAt, MayRead: r.can("complaint:read"), Next: b.Day().Time(12, 0, persian.Tehran),
	}
	if !m.MayRead {
		return m, nil
	}
	letters, err := complaints.Letters(r.ctx, r.db, r.principal.actor, o.ID)
	for i := range letters {
		m.Add(r.letterRow(&letters[i]))
	}
	return m, err
}

func (r *req) letterRow(l *complaints.Letter) views.LetterRow {
	text := []rune(l.Text)
	if l.Masked {
		l.Citizen = r.t("confidential.masked")
	}
	return views.LetterRow{
		ID: l.ID, Path: casePath(l.ID), Code: persian.ShowCode(l.Code), Text: string(text[:min(len(text), snippetRunes)]), Kind: l.Kind, State: l.State,
		Sender: l.Citizen, Nameless: l.Nameless, Mistaken: l.Mistaken(), At: l.RegisteredAt,
	}
}

// boxOpeningSheet is the minutes on paper, to be signed by both.
func (w *web) boxOpeningSheet(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	m, err := r.openingView(o)
	if err != nil {
		return err
	}
	p := r.frame("paper.sheet.title")
	p.Paths.Home = openingPath(o.ID)
	number := m.Box + "/" + messages.Digits(r.ctx, strconv.Itoa(o.Number))
	return r.page(parts.Print, p, views.BoxOpeningSheet(p, m, number))
}

// boxCompletionCreate locks the minutes.
func (w *web) boxCompletionCreate(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	difference := f.text("difference")
	err = r.write(func(tx *tenants.Tx) error { return complaints.FinishOpening(r.ctx, tx, o.ID, difference) })
	if fault.Is(err, fault.Invalid) {
		return r.showOpening(o, difference, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "paper.opening.finished")
	return r.done(openingPath(o.ID))
}
