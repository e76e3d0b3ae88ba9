package web

import (
	"slices"

	"github.com/a-h/templ"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
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

// inOwnRoom refuses a session of another executive to whoever holds a post, or
// stands in for one; the executives' office calls for all.
func (r *req) inOwnRoom(s *meetings.Session) error {
	list, err := directives.PostsOfStaff(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	own := slices.ContainsFunc(list, func(e directives.Executive) bool { return e.ID == s.ExecutiveID })
	if !own && (len(list) > 0 || !r.principal.actor.Office) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return nil
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
	if err := r.inOwnRoom(s); err != nil {
		return err
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
