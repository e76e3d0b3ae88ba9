package web

import (
	"github.com/a-h/templ"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const stationPath = "/desk/meetings/station"

// meetingStation runs one session of today from a telephone, at a meeting on
// site: the one that is named, else the first that is not over.
func (w *web) meetingStation(r *req) error {
	d := dayOf(r.now(), 0)
	day, err := r.dayView(d)
	if err != nil {
		return err
	}
	m := &views.Station{MeetingDay: day, Day: d.to("/desk/meetings/day", 0)}
	asked, path := r.officeQuery("session").number("session"), stationPath
	for i := range day.Sessions {
		s := &day.Sessions[i]
		if s.State != meetings.SessionOpen {
			continue
		}
		m.Open = append(m.Open, s)
		if s.ID == asked || asked == 0 && m.Session == nil && (s.EndsAt.After(r.now()) || s.Waiting+len(s.Called) > 0) {
			m.Session = s
		}
	}
	if asked != 0 {
		path += "?session=" + idText(asked)
	}
	p := r.frame("station.title")
	live := views.LiveOpts{ID: "station-live", Every: wallRefresh, Idle: true, Stale: r.t("meeting_desk.day_stale")}
	return r.livePage(parts.Desk, p, path, live, views.StationBoard(p, m), func(board templ.Component) templ.Component {
		return views.StationPage(p, m, board)
	})
}

// executiveNextCall calls the next one into the executive's own room.
func (w *web) executiveNextCall(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	s, err := meetings.SessionByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	own, err := r.ownPost()
	if err != nil {
		return err
	}
	if own == nil && !r.principal.actor.Has("executive_office") || own != nil && own.ID != s.ExecutiveID {
		return fault.New(fault.NotFound, "error.not_found")
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := meetings.CallNext(r.ctx, tx, id)
		return err
	})
	switch {
	case fault.Is(err, fault.Conflict):
		r.flash(parts.Warning, fault.As(err).Key)
	case err != nil:
		return err
	default:
		r.flash(parts.Success, "meeting_desk.done.call")
	}
	return r.done("/executive/today?executive=" + idText(s.ExecutiveID))
}
