package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Of the wall: how long a number counts as just called, and how many come next;
// and after how many seconds wall and day ask for what is new.
const (
	wallFresh   = 20 * time.Second
	wallNext    = 6
	wallRefresh = 5
	dayRefresh  = 10
)

// How many queues a wall shows side by side, and how long until it turns to the
// others when there are more.
const (
	wallLanes    = 6
	wallLaneNext = 4
	wallTurn     = 15 * time.Second
)

// meetingWall shows the numbers of today on a screen, without names: of all
// sessions that go on, or of the one that is named.
func (w *web) meetingWall(r *req) error {
	sessions, err := meetings.Day(r.ctx, r.db, 0, r.now())
	if err != nil {
		return err
	}
	p := r.frame("meeting_desk.wall")
	p.Refresh, p.Theme = wallRefresh, "dark"
	wall := parts.WallOpts{TenantName: p.TenantName, LogoURL: p.LogoURL, Title: r.t("meeting_desk.wall"), Now: r.now(), Paused: r.t("meeting_desk.wall_none")}
	if slices.ContainsFunc(sessions, func(s meetings.DaySession) bool { return s.State == meetings.SessionOpen }) {
		wall.Paused = r.t("meeting_desk.wall_over") // unless one still goes on
	}
	id := r.officeQuery("session").number("session")
	if err := r.fillWall(onWall(sessions, id, r.now()), &wall); err != nil {
		return err
	}
	path := "/desk/meetings/wall"
	if id != 0 {
		path += "?session=" + idText(id)
	}
	live := views.LiveOpts{ID: "wall-live", Class: "wall-live", Every: wallRefresh, Stale: r.t("wall.lost")}
	return r.livePage(parts.Wall, p, path, live, parts.WallBoard(wall), views.WallPage)
}

// onWall chooses what a wall shows: the session that is named, else those that
// take place and are not over, or in which somebody still waits.
func onWall(sessions []meetings.DaySession, id int64, now time.Time) []*meetings.DaySession {
	var list []*meetings.DaySession
	for i := range sessions {
		s := &sessions[i]
		if id != 0 {
			if s.ID == id {
				return []*meetings.DaySession{s}
			}
			continue
		}
		if s.State == meetings.SessionOpen && (s.EndsAt.After(now) || len(s.Queue()) > 0 || len(inside(s)) > 0) {
			list = append(list, s)
		}
	}
	return list
}

// inside lists who is being received, the newest call first, a repeated call
// too.
func inside(s *meetings.DaySession) []*meetings.Listed {
	var called []*meetings.Listed
	for i := range s.Meetings {
		if m := &s.Meetings[i]; m.QueueNumber != nil && m.State == meetings.Called {
			called = append(called, m)
		}
	}
	slices.SortStableFunc(called, func(a, b *meetings.Listed) int { return calledAt(b).Compare(calledAt(a)) })
	return called
}

// fillWall puts one session on the whole wall, or several side by side, by
// turns when there are many.
func (r *req) fillWall(list []*meetings.DaySession, wall *parts.WallOpts) error {
	if len(list) == 0 {
		return nil
	}
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return err
	}
	posts := map[int64]string{}
	for _, e := range executives {
		posts[e.ID] = r.in(e.PostFA, e.PostEN)
	}
	wall.Message, wall.Heard = r.t("meeting_desk.wall_message"), heard(list)
	if len(list) == 1 {
		lane := r.wallLane(list[0], posts, wallNext)
		wall.Title, wall.Paused, wall.Next, wall.Wait = lane.Title, "", lane.Next, lane.Wait
		for _, m := range inside(list[0]) {
			wall.Calls = append(wall.Calls, r.wallCall(list[0], m))
		}
		return nil
	}
	turns := int64(len(list)+wallLanes-1) / wallLanes
	first := int(r.now().Unix()/int64(wallTurn.Seconds())%turns) * wallLanes
	for _, s := range list[first:min(first+wallLanes, len(list))] {
		wall.Lanes = append(wall.Lanes, r.wallLane(s, posts, wallLaneNext))
	}
	return nil
}

func (r *req) wallLane(s *meetings.DaySession, posts map[int64]string, next int) parts.WallLane {
	lane := parts.WallLane{Title: r.t("meeting_desk.wall_title", "post", posts[s.ExecutiveID]), Place: r.in(s.SiteFA, s.SiteEN)}
	if called := inside(s); len(called) > 0 {
		call := r.wallCall(s, called[0])
		lane.Call = &call
	}
	queue, waits := s.Queue(), s.Waits(r.now())
	for _, m := range queue {
		if m.QueueNumber != nil && len(lane.Next) < next {
			lane.Next = append(lane.Next, *m.QueueNumber)
		}
	}
	if n := len(queue); n > 0 {
		if about := waits[queue[n-1].ID].About; about > 0 {
			lane.Wait = r.t("wall.wait", "n", n, "time", messages.Duration(r.ctx, about))
		}
	}
	if lane.Call == nil && s.StartsAt.After(r.now()) {
		lane.Paused = r.t("wall.starts", "time", messages.Clock(r.ctx, s.StartsAt))
	}
	return lane
}

func (r *req) wallCall(s *meetings.DaySession, m *meetings.Listed) parts.WallCall {
	return parts.WallCall{Number: *m.QueueNumber, Place: r.in(s.SiteFA, s.SiteEN), New: r.now().Sub(calledAt(m)) < wallFresh}
}

// heard names all calls of now, so that the screen can tell a new one.
func heard(list []*meetings.DaySession) string {
	var calls []string
	for _, s := range list {
		for _, m := range inside(s) {
			calls = append(calls, idText(m.ID)+":"+idText(calledAt(m).Unix()))
		}
	}
	return strings.Join(calls, " ")
}

func calledAt(m *meetings.Listed) time.Time {
	if m.CalledAt == nil {
		return time.Time{}
	}
	return *m.CalledAt
}

// livePage answers with a page that has a region which refreshes itself, and the
// refreshing with the region, or with nothing while it looks as it did. Who asks
// for it says in v what they see.
func (r *req) livePage(frame layout, p parts.Page, path string, o views.LiveOpts, region templ.Component, whole func(templ.Component) templ.Component) error {
	seen := sha256.New()
	if err := region.Render(r.ctx, seen); err != nil {
		return fault.Wrap(err, "web.livePage")
	}
	v := hex.EncodeToString(seen.Sum(nil)[:8])
	o.Href = path + "?v=" + v
	if strings.Contains(path, "?") {
		o.Href = path + "&v=" + v
	}
	live := views.Live(o, region)
	switch asked := r.query("v"); {
	case !r.fragment() || asked == "":
		return r.page(frame, p, whole(live))
	case asked == v:
		return r.c.SendStatus(fiber.StatusNoContent)
	}
	return r.render(live)
}
