package web

import (
	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

func selfArrivalPath(session int64) string { return "/arrivals/" + idText(session) }

// selfArrival is what the poster at the place leads to: visitors check
// themselves in with code and the last digits of their mobile number.
func (w *web) selfArrival(r *req) error {
	s, err := r.sessionOf()
	if err != nil {
		return err
	}
	return w.selfArrivalPage(r, s, views.SelfArrival{}, nil)
}

func (r *req) sessionOf() (*meetings.Session, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return meetings.SessionByID(r.ctx, r.db, id)
}

func (w *web) selfArrivalPage(r *req, s *meetings.Session, m views.SelfArrival, cause error) error {
	m.Action, m.Place, m.StartsAt, m.Open = selfArrivalPath(s.ID), r.in(s.SiteFA, s.SiteEN), s.StartsAt, s.OpenForArrival(r.now())
	if cause != nil {
		e := fault.As(cause)
		m.Error = r.t(e.Key, e.Args...)
		r.c.Status(fiber.StatusUnprocessableEntity)
	}
	p := r.frame("arrival.title")
	return r.page(parts.Citizen, p, views.SelfArrivalPage(p, m))
}

// selfArrivalCreate checks the visitor in and shows the number, and no name.
// Misses are counted by address and by code.
func (w *web) selfArrivalCreate(r *req) error {
	s, err := r.sessionOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	m := views.SelfArrival{Code: f.text("code")}
	canonical, _ := persian.ParseCode(m.Code)
	if err := both(r.limited(limitMisses, r.ip()), r.limited(limitMissesCode, canonical)); err != nil {
		return err
	}
	var arrived *meetings.Listed
	err = r.write(func(tx *tenants.Tx) (err error) {
		arrived, err = meetings.ArriveBySelf(r.ctx, tx, s.ID, m.Code, f.text("digits"))
		return err
	})
	switch fault.Of(err) {
	case fault.NotFound:
		return w.selfArrivalMissed(r, s, canonical, m, err)
	case fault.Conflict:
		return w.selfArrivalPage(r, s, m, err)
	}
	if err != nil {
		return err
	}
	m.Number = arrived.QueueNumber
	return w.selfArrivalPage(r, s, m, nil)
}

// selfArrivalMissed counts a guess and asks again.
func (w *web) selfArrivalMissed(r *req, s *meetings.Session, code string, m views.SelfArrival, cause error) error {
	if err := r.count(limitMisses, r.ip()); err != nil {
		return err
	}
	if code != "" {
		if err := r.count(limitMissesCode, code); err != nil {
			return err
		}
	}
	return w.selfArrivalPage(r, s, m, cause)
}

// meetingPoster is the page to hang up at the place of a session.
func (w *web) meetingPoster(r *req) error {
	s, err := r.sessionOf()
	if err != nil {
		return err
	}
	at := w.links.Home(r.tenant) + selfArrivalPath(s.ID)
	p := r.frame("arrival.poster")
	p.Paths.Home = dayPath(s.StartsAt, 0)
	m := views.ArrivalPoster{Session: *s, Address: at, QR: qrOf(at), When: messages.Date(r.ctx, s.StartsAt)}
	return r.page(parts.Print, p, views.ArrivalPosterSheet(p, m))
}
