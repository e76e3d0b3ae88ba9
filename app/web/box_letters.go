package web

import (
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// boxLetterNew is the form of the next letter of an opening.
func (w *web) boxLetterNew(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	if o.Locked() {
		return r.done(openingPath(o.ID))
	}
	return r.letterForm(o, form{}, nil, nil)
}

func (r *req) letterForm(o *complaints.BoxOpening, f form, p *parcel, cause error) error {
	m, err := r.intake(f)
	if err != nil {
		return err
	}
	m.Channel = "box"
	if p != nil {
		if err := r.shelve(p); err != nil {
			return err
		}
		m.Shelf, m.Shelved = p.shelf, p.items
	}
	entered, err := complaints.Entered(r.ctx, r.db, o.ID)
	if err != nil {
		return err
	}
	b, err := complaints.BoxByID(r.ctx, r.db, o.BoxID)
	if err != nil {
		return err
	}
	page := &views.BoxLetter{
		Intake: m, Action: openingPath(o.ID) + "/letter", Back: openingPath(o.ID), Number: entered[o.ID] + 1, Found: o.Letters, Place: r.in(b.PlaceFA, b.PlaceEN), Box: b.Code,
	}
	if err := r.lastLetter(o, page); err != nil {
		return err
	}
	frame := r.frame("paper.letter.title")
	if cause != nil {
		m.Fail(r.ctx, r.deskWords(views.ErrorsOf(cause)))
		return r.again(cause, parts.Desk, frame, views.BoxLetterPage(frame, page))
	}
	return r.page(parts.Desk, frame, views.BoxLetterPage(frame, page))
}

// lastLetter says what became of the letter before, with its PIN while this
// browser knows it.
func (r *req) lastLetter(o *complaints.BoxOpening, m *views.BoxLetter) error {
	id := number(r.query("after"))
	if id == 0 {
		return nil
	}
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id)
	if fault.Is(err, fault.NotFound) || err == nil && (c.BoxOpeningID == nil || *c.BoxOpeningID != o.ID) {
		return nil // an old or foreign address: the form is as good without
	}
	if err != nil {
		return err
	}
	m.LastCode, m.LastHref, m.LastPIN = persian.ShowCode(c.Code), casePath(c.ID), r.pins()[c.ID]
	if m.LastPIN != "" {
		m.LastPIN = persian.ShowPIN(m.LastPIN)
	}
	return nil
}

// boxLetterCreate files one letter and shows the form of the next.
func (w *web) boxLetterCreate(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	p, err := r.scans(f)
	var got *complaints.Receipt
	if err == nil {
		err = r.write(func(tx *tenants.Tx) (err error) {
			got, err = r.registerLetter(tx, o.ID, f, p)
			return err
		})
	}
	if fault.Is(err, fault.Invalid) {
		return r.letterForm(o, f, p, err)
	}
	if err != nil {
		return err
	}
	r.keepPIN(idText(got.Complaint.ID), got.PIN)
	if f.text("then") == "list" {
		return r.done(openingPath(o.ID))
	}
	return r.done(openingPath(o.ID) + "/letter?after=" + idText(got.Complaint.ID))
}

func (r *req) registerLetter(tx *tenants.Tx, opening int64, f form, p *parcel) (*complaints.Receipt, error) {
	in, unread := paperRegistration(f)
	in.Channel = "box"
	if f.text("person") == "none" {
		in.Kind = complaints.KindReport // the form says so beside the choice
	}
	got, err := r.registerAs(tx, f, in, unread, func(in complaints.Registration) (*complaints.Receipt, error) {
		return complaints.RegisterLetter(r.ctx, tx, opening, in)
	})
	if err != nil {
		return nil, err
	}
	return got, r.deliverScans(tx, p, got.Event)
}

// scans takes in the scans of a form; they are kept as they came. It is never
// nil.
func (r *req) scans(f form) (*parcel, error) {
	p := &parcel{shelf: f.id("shelf"), remove: f.list("remove")}
	var refused error
	p.got, refused = r.receiveAs(f, files.Field, files.Upload{KeepOriginal: true})
	return p, refused
}

// deliverScans puts them to the registration, for the staff who may see the
// case and nobody else.
func (r *req) deliverScans(tx *tenants.Tx, p *parcel, e *timeline.Event) error {
	private := *e
	private.Public = false
	return r.deliver(tx, p, &private)
}

// pinsCookie carries the PINs of nameless cases that this browser has just
// registered to the papers that are printed of them.
const (
	pinsCookie = "pasokh-pins"
	pinsFor    = 4 * 60 * 60 // seconds, about as long as a box of letters takes
	pinsKept   = 80          // what a cookie can hold
)

// pins are they, by case.
func (r *req) pins() map[int64]string {
	pins := map[int64]string{}
	for _, pair := range strings.Split(r.cookie(pinsCookie), "~") {
		if id, pin, ok := strings.Cut(pair, "."); ok && number(id) != 0 {
			if pin, ok = persian.ParsePIN(pin); ok {
				pins[number(id)] = pin
			}
		}
	}
	return pins
}

// keepPIN adds the PIN of a case that was just registered; the oldest give way.
func (r *req) keepPIN(id, pin string) {
	if pin == "" {
		return
	}
	var list []string
	if old := r.cookie(pinsCookie); old != "" {
		list = strings.Split(old, "~")
	}
	list = append(list, id+"."+pin)
	r.w.setCookie(r.c, pinsCookie, strings.Join(list[max(0, len(list)-pinsKept):], "~"), pinsFor)
}

// boxReceiptSheets prints the receipts of the nameless letters, to be kept with
// the minutes.
func (w *web) boxReceiptSheets(r *req) error {
	o, err := r.openingOfPath()
	if err != nil {
		return err
	}
	letters, err := complaints.Letters(r.ctx, r.db, r.principal.actor, o.ID)
	if err != nil {
		return err
	}
	pins, sheets := r.pins(), []views.PaperReceipt{}
	for i := range letters {
		l := &letters[i]
		if !l.Nameless || l.Mistaken() || r.query("letter") != "" && r.query("letter") != idText(l.ID) {
			continue
		}
		s := views.PaperReceipt{Code: persian.ShowCode(l.Code), At: l.RegisteredAt, Kind: l.Kind, Nameless: true, Address: r.trackAddress(), QR: qrOf(r.trackAddress() + "?code=" + l.Code)}
		if pin := pins[l.ID]; pin != "" {
			s.PIN = persian.ShowPIN(pin)
		}
		sheets = append(sheets, s)
	}
	p := r.frame("paper.receipts")
	p.Paths.Home = openingPath(o.ID)
	return r.page(parts.Print, p, views.PaperReceiptSheets(p, sheets))
}

func (r *req) trackAddress() string { return r.w.links.Home(r.tenant) + "/track" }
