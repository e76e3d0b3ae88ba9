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

// meetingWall shows the numbers of a session on a screen, without names; the
// first of today when none is named.
func (w *web) meetingWall(r *req) error {
	sessions, err := meetings.Day(r.ctx, r.db, 0, r.now())
	if err != nil {
		return err
	}
	p := r.frame("meeting_desk.wall")
	p.Refresh = wallRefresh
	wall := parts.WallOpts{TenantName: p.TenantName, Title: r.t("meeting_desk.wall"), Now: r.now(), Paused: r.t("meeting_desk.wall_none")}
	id := r.officeQuery("session").number("session")
	for i := range sessions {
		if id == 0 || sessions[i].ID == id {
			if err := r.fillWall(&sessions[i], &wall); err != nil {
				return err
			}
			break
		}
	}
	path := "/desk/meetings/wall"
	if id != 0 {
		path += "?session=" + idText(id)
	}
	live := views.LiveOpts{ID: "wall-live", Class: "wall-live", Every: wallRefresh, Stale: r.t("meeting_desk.wall_stale")}
	return r.livePage(parts.Wall, p, path, live, parts.WallBoard(wall), func(board templ.Component) templ.Component { return board })
}

// fillWall puts the numbers that are being received and those that come next
// on the wall.
func (r *req) fillWall(s *meetings.DaySession, wall *parts.WallOpts) error {
	executive, err := directives.ExecutiveByID(r.ctx, r.db, s.ExecutiveID)
	if err != nil {
		return err
	}
	wall.Title, wall.Paused = r.t("meeting_desk.wall_title", "post", r.in(executive.PostFA, executive.PostEN)), ""
	wall.Message = r.t("meeting_desk.wall_message")
	var called []*meetings.Listed
	var next []int
	for _, m := range s.Queue() {
		if m.QueueNumber != nil {
			next = append(next, *m.QueueNumber)
		}
	}
	for i := range s.Meetings {
		m := &s.Meetings[i]
		switch {
		case m.QueueNumber == nil:
		case m.State == meetings.Called:
			called = append(called, m)
		}
	}
	wall.Next = next[:min(wallNext, len(next))]
	// The newest call is the large one, a repeated call too.
	slices.SortStableFunc(called, func(a, b *meetings.Listed) int { return calledAt(b).Compare(calledAt(a)) })
	for _, m := range called {
		fresh := r.now().Sub(calledAt(m)) < wallFresh
		wall.Calls = append(wall.Calls, parts.WallCall{Number: *m.QueueNumber, Place: r.in(s.SiteFA, s.SiteEN), New: fresh})
	}
	return nil
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
