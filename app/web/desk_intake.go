package web

import (
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskIntake is the form for a caller's message; with done it reads out what
// has just been registered.
func (w *web) deskIntake(r *req) error {
	if r.query("done") != "" {
		return w.intakeDone(r)
	}
	f := form{}
	if id := number(r.query("inbound")); id != 0 && r.can("inbound:handle") {
		var err error
		if f, err = r.inboundIntake(id); err != nil {
			return err
		}
	}
	m, err := r.intake(f)
	if err != nil {
		return err
	}
	return r.showIntake(m)
}

func (r *req) showIntake(m *views.DeskIntake) error {
	p := r.frame("desk.intake.title")
	if err := r.ringing(&p); err != nil {
		return err
	}
	return r.page(parts.Desk, p, views.DeskIntakePage(p, m))
}

// deskCallerCreate looks a caller up and shows the form with what is known. It
// changes nothing, but a number must not stand in an address.
func (w *web) deskCallerCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m, err := r.intake(f)
	if err != nil {
		return err
	}
	m.Found = true
	return r.showIntake(m)
}

// deskTopicCreate shows the place fields of the chosen topic and what is open
// about it already; without scripts the whole form.
func (w *web) deskTopicCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m, err := r.intake(f)
	if err != nil {
		return err
	}
	p := r.frame("desk.intake.title")
	return r.page(parts.Desk, p, views.DeskIntakePage(p, m), views.DeskIntakePlace(m))
}

// deskIntakeCreate registers what the caller says.
func (w *web) deskIntakeCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	scans, err := r.scans(f)
	var filed citizens.Filed
	if err == nil {
		filed, err = r.writeOnce(f, citizens.DraftComplaint, func(tx *tenants.Tx) (citizens.Filed, error) {
			return r.takeIntake(tx, f, scans)
		})
	}
	if fault.Is(err, fault.Invalid) {
		m, again := r.refusedIntake(f, scans, err)
		if again != nil {
			return again
		}
		p := r.frame("desk.intake.title")
		return r.again(err, parts.Desk, p, views.DeskIntakePage(p, m))
	}
	if err != nil {
		return err
	}
	return w.intakeRegistered(r, f, filed)
}

// takeIntake files the case with what came along.
func (r *req) takeIntake(tx *tenants.Tx, f form, scans *parcel) (filed citizens.Filed, err error) {
	got, err := r.registerCaller(tx, f)
	if err != nil {
		return filed, err
	}
	if id := f.id("inbound"); id != 0 && r.can("inbound:handle") {
		if err := inbound.Filed(r.ctx, tx, id, got.Complaint.ID, &got.Event.ID); err != nil {
			return filed, err
		}
	}
	id := idText(got.Complaint.ID)
	return citizens.Filed{Subject: got.Complaint.ID, Page: "/desk/intake?done=" + id, Said: r.seal(f.text("once"), readOut(got))},
		r.deliverScans(tx, scans, got.Event)
}

// registrationOf is what the form says of the matter.
func registrationOf(f form) complaints.Registration {
	return complaints.Registration{
		Kind: complaints.Kind(f.text("kind")), Channel: f.text("channel"), TopicID: f.id("topic"), Text: f.text("text"), Place: placeOf(f),
		Source: f.text("source"), ExternalNumber: f.text("external_number"), CallReference: f.text("call_reference"), DistrictID: idOrNil(f.id("district")),
		Answers: answersOf(f),
	}
}

// paperRegistration is registrationOf with what stands on the paper.
func paperRegistration(f form) (complaints.Registration, error) {
	in := registrationOf(f)
	p, err := f.papers()
	in.SecretariatNumber, in.LetterOn, in.ExternalDueAt = p.SecretariatNumber, p.LetterOn, p.ExternalDueAt
	return in, err
}

// refusedIntake is the form that comes back: with what was typed and sent, and
// the case that has the source's number already.
func (r *req) refusedIntake(f form, scans *parcel, cause error) (*views.DeskIntake, error) {
	m, err := r.intake(f)
	if err != nil {
		return nil, err
	}
	if err := r.shelve(scans); err != nil {
		return nil, err
	}
	m.Shelf, m.Shelved = scans.shelf, scans.items
	m.Fail(r.ctx, r.deskWords(views.ErrorsOf(cause)))
	m.Taken, err = r.takenBy(cause, m.Source, m.External)
	return m, err
}

// registerCaller files the case in the name of the caller.
func (r *req) registerCaller(tx *tenants.Tx, f form) (*complaints.Receipt, error) {
	in, unread := paperRegistration(f)
	return r.registerAs(tx, f, in, unread, func(in complaints.Registration) (*complaints.Receipt, error) {
		return complaints.Register(r.ctx, tx, in)
	})
}

// registerAs judges registration and person, so that all that is wrong is told
// at once, and files the case.
func (r *req) registerAs(tx *tenants.Tx, f form, in complaints.Registration, unread error,
	file func(complaints.Registration) (*complaints.Receipt, error)) (*complaints.Receipt, error) {
	_, err := in.Judge(r.ctx, tx)
	person, wrong := r.caller(tx, f, in.Kind)
	if err := both(both(wrong, unread), err); err != nil {
		return nil, err
	}
	if person != nil {
		c, err := citizens.Ensure(r.ctx, tx, *person)
		if err != nil {
			return nil, err
		}
		if err := citizens.KeepPhone(r.ctx, tx, c.ID, f.text("phone")); err != nil {
			return nil, err
		}
		in.CitizenID = &c.ID
	}
	return file(in)
}

// caller is whom the case is registered for: somebody known, somebody new, or
// nobody where the kind lets the person stay nameless.
func (r *req) caller(tx *tenants.Tx, f form, kind complaints.Kind) (*citizens.Identity, error) {
	in := citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name")}
	switch who := f.text("person"); who {
	case "none":
		if kind.Need() == citizens.NeedNothing {
			return nil, nil //nolint:nilnil // a nameless report has no person
		}
		return nil, fault.Field("person", "desk.error.nameless")
	case "", "new":
	default:
		known, err := citizens.ByID(r.ctx, tx, f.id("person"))
		if err != nil {
			return nil, fault.Field("person", "desk.error.person")
		}
		in = citizens.Identity{Mobile: known.Mobile, NationalID: known.NationalID, Name: known.Name}
	}
	out, err := in.Check(max(kind.Need(), citizens.NeedMobile))
	return &out, err
}

// deskWords says errors to the staff who type for somebody, where the room's
// words speak to the citizen.
func (r *req) deskWords(errs views.Errors) views.Errors {
	said := make(views.Errors, len(errs))
	for field, key := range errs {
		if said[field] = key; messages.Has(r.lang, "desk."+key) {
			said[field] = "desk." + key
		}
	}
	return said
}

// readOutCookie carries the PIN of a nameless report to the page that reads it
// out, once.
const readOutCookie = "pasokh-read-out"

// readOut is what the cookie carries of a case: nothing when the page knows all.
func readOut(got *complaints.Receipt) string {
	switch c := got.Complaint; {
	case c.Confidential:
		return secretReadOut(got)
	case got.PIN != "":
		return idText(c.ID) + "." + got.PIN
	}
	return ""
}

func (w *web) intakeRegistered(r *req, f form, filed citizens.Filed) error {
	if said := r.unseal(f.text("once"), filed.Said); said != "" {
		id, rest, _ := strings.Cut(said, ".")
		pin, _, _ := strings.Cut(rest, ".")
		r.keepPIN(id, pin)
		w.setCookie(r.c, readOutCookie, said, 60)
	}
	return r.done(filed.Page)
}

// intakeDone reads out the code of a registered case.
func (w *web) intakeDone(r *req) error {
	c, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, number(r.query("done")))
	if fault.Is(err, fault.NotFound) {
		return w.secretDone(r, err)
	}
	if err != nil {
		return err
	}
	m := views.DeskReadOut{
		Code: persian.ShowCode(c.Code), Href: casePath(c.ID), PromisedAt: c.PromisedAt, Unit: r.in(c.UnitFA, c.UnitEN), Told: c.Mobile != "",
		Receipt: casePath(c.ID) + "/receipt", Paper: c.Channel == "in_person" || c.OnPaper(),
	}
	if id, pin, ok := strings.Cut(r.cookie(readOutCookie), "."); ok {
		w.setCookie(r.c, readOutCookie, "", -1)
		if id == idText(c.ID) {
			m.PIN = persian.ShowPIN(pin)
		}
	}
	return r.page(parts.Desk, r.frame("desk.intake.done"), views.DeskReadOutPage(m))
}
