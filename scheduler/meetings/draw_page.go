package meetings

import (
	"context"

	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// DrawLine is one ticket of a draw as everybody may see it.
type DrawLine struct {
	Ticket int
	Key    string
	Place  int  // 0 when the ticket was given back before the draw
	Seat   bool // a seat was given
}

// DrawPage is a draw as everybody may see it, without names.
type DrawPage struct {
	Draw
	Session   *Session
	Executive *directives.Executive
	Seats     int
	Lines     []DrawLine // in the order of the draw once it was held
}

// DrawOf is the draw of a session's seats; 0 when they are not drawn.
func DrawOf(ctx context.Context, r tenants.Reader, s *Session) (id int64, err error) {
	if !s.Draw {
		return 0, nil
	}
	err = r.Select((*Draw)(nil)).ColumnExpr("draw.id").Where("draw.session_id = ?", s.ID).Scan(ctx, &id)
	return id, tenants.Err(err)
}

// DrawByID reads a draw for the public; the seed is left out before the draw.
func DrawByID(ctx context.Context, r tenants.Reader, id int64) (*DrawPage, error) {
	p := new(DrawPage)
	if err := r.Select(&p.Draw).Where("draw.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	var err error
	if p.Session, err = SessionByID(ctx, r, p.SessionID); err != nil {
		return nil, err
	}
	if p.Executive, err = directives.ExecutiveByID(ctx, r, p.Session.ExecutiveID); err != nil {
		return nil, err
	}
	if err := r.Select((*Slot)(nil)).ColumnExpr("COALESCE(SUM(slot.seats), 0)").Where("slot.session_id = ? AND NOT slot.dropped", p.SessionID).Scan(ctx, &p.Seats); err != nil {
		return nil, tenants.Err(err)
	}
	if p.DrawnAt == nil {
		p.Seed = ""
		return p, nil
	}
	return p, p.lines(ctx, r)
}

func (p *DrawPage) lines(ctx context.Context, r tenants.Reader) error {
	var list []struct {
		Ticket int
		Place  int
		Seat   bool
	}
	err := r.Select((*Wait)(nil)).ColumnExpr("wait.ticket AS ticket, COALESCE(wait.place, 0) AS place").
		ColumnExpr("EXISTS (?) AS seat", r.Select((*Meeting)(nil)).ColumnExpr("1").Where("meeting.id = wait.id AND meeting.requested_at = ?", p.DrawnAt)).
		Where("wait.draw_id = ?", p.ID).OrderExpr("CASE WHEN wait.place IS NULL THEN 1 ELSE 0 END, wait.place, wait.ticket").Scan(ctx, &list)
	for _, l := range list {
		p.Lines = append(p.Lines, DrawLine{Ticket: l.Ticket, Key: DrawKey(p.Seed, l.Ticket), Place: l.Place, Seat: l.Seat})
	}
	return tenants.Err(err)
}
