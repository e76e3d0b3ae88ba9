package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// walkInForm adds a visitor who stands at the counter.
func (w *web) walkInForm(r *req) error {
	m, err := r.walkIn()
	if err != nil {
		return err
	}
	return w.walkInPage(r, m, nil)
}

// walkInCallerCreate looks the visitor up. It changes nothing, but a number must
// not stand in an address.
func (w *web) walkInCallerCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m, err := r.walkIn()
	if err != nil {
		return err
	}
	m.Who = f.text("who")
	if err := r.findVisitor(m); err != nil {
		return err
	}
	if len(m.Found) > 0 {
		m.Citizen = m.Found[0].Value
	} else if _, isID := persian.NationalID(m.Who); isID {
		m.NationalID = m.Who
	} else {
		m.Mobile = m.Who
	}
	return w.walkInPage(r, m, nil)
}

// findVisitor lists who has the number, with numbers as the reader is shown them.
func (r *req) findVisitor(m *views.WalkIn) error {
	if m.Who == "" {
		return nil
	}
	known, err := citizens.Find(r.ctx, r.db, m.Who)
	for i := range known {
		m.Found = append(m.Found, person(r, &known[i]))
	}
	return err
}

// walkIn is the empty form for the session of the address.
func (r *req) walkIn() (*views.WalkIn, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	s, err := meetings.SessionByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	return &views.WalkIn{
		Action: "/desk/meetings/sessions/" + idText(id) + "/walk-in", Back: dayPath(s.StartsAt, 0), StartsAt: s.StartsAt, Session: id,
		Place: r.in(s.SiteFA, s.SiteEN), ActKey: idText(tenants.NewID()),
	}, nil
}

func (w *web) walkInPage(r *req, m *views.WalkIn, cause error) error {
	p := r.frame("walk_in.title")
	switch fault.Of(cause) {
	case fault.Conflict, fault.TooMany:
		e := fault.As(cause)
		m.Notice = r.t("officer."+e.Key, e.Args...)
		if strings.HasPrefix(m.Notice, "‹") {
			m.Notice = r.t(e.Key, e.Args...)
		}
		r.c.Status(fiber.StatusConflict)
	case fault.Invalid:
		m.Errors = r.deskWords(views.ErrorsOf(cause))
		r.c.Status(fiber.StatusUnprocessableEntity)
	}
	return r.page(parts.Desk, p, views.WalkInPage(p, m))
}

// walkInCreate gives the visitor a number and leads to the slip.
func (w *web) walkInCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m, err := r.walkIn()
	if err != nil {
		return err
	}
	m.Who, m.Citizen = f.text("who"), f.text("citizen")
	if err := r.findVisitor(m); err != nil {
		return err
	}
	m.Mobile, m.NationalID, m.Name, m.Subject, m.Companions = f.text("mobile"), f.text("national_id"), f.text("name"), f.text("subject"), f.text("companions")
	var added *meetings.Meeting
	err = r.write(func(tx *tenants.Tx) (err error) {
		added, err = r.addWalkIn(tx, m)
		return err
	})
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict, fault.TooMany:
		return w.walkInPage(r, m, err)
	}
	if err != nil {
		return err
	}
	return r.done(meetingPath(added.ID) + "/slip")
}

// addWalkIn knows a person by mobile and national ID; the name may then be left
// empty.
func (r *req) addWalkIn(tx *tenants.Tx, m *views.WalkIn) (*meetings.Meeting, error) {
	identity, err := r.whoComes(tx, m)
	if err != nil {
		return nil, err
	}
	identity, wrong := identity.Check(citizens.NeedIdentified)
	bad := fault.Fields{}
	if m.Subject == "" {
		bad.Add("subject", "meeting.error.subject")
	}
	people, ok := form{values: map[string][]string{"n": {m.Companions}}}.number("n")
	if !ok && m.Companions != "" {
		bad.Add("companions", "meeting.error.companions")
	}
	if err := both(wrong, bad.Err()); err != nil {
		return nil, err
	}
	person, err := citizens.Ensure(r.ctx, tx, identity)
	if err != nil {
		return nil, err
	}
	return meetings.AddWalkIn(r.ctx, tx, meetings.WalkIn{
		CitizenID: person.ID, NationalID: identity.NationalID, SessionID: m.Session, Subject: m.Subject, Companions: people,
	})
}

// whoComes is who comes: one of the people of the number, else who was typed; a
// name that is left empty is that of the national ID.
func (r *req) whoComes(tx *tenants.Tx, m *views.WalkIn) (citizens.Identity, error) {
	in := citizens.Identity{Mobile: m.Mobile, NationalID: m.NationalID, Name: m.Name}
	if chosen := formID(m.Citizen); chosen != 0 {
		known, err := citizens.Find(r.ctx, tx, m.Who)
		at := slices.IndexFunc(known, func(c citizens.Citizen) bool { return c.ID == chosen })
		if err == nil && at < 0 {
			err = fault.Field("citizen", "desk.error.person")
		}
		if err != nil {
			return in, err
		}
		c := known[at]
		return citizens.Identity{Mobile: c.Mobile, NationalID: cmp.Or(c.NationalID, m.NationalID), Name: cmp.Or(c.Name, m.Name)}, nil
	}
	if m.Name != "" || m.NationalID == "" {
		return in, nil
	}
	known, err := citizens.Find(r.ctx, tx, m.NationalID)
	if len(known) > 0 {
		in.Name = known[0].Name
	}
	return in, err
}
