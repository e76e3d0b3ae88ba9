package meetings

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// SaveWindow writes a window, a new one when it has no ID, and brings the
// sessions to come in line with it: those without bookings are made anew, of
// the others keep decides: they stay as they are, or change too, and their
// citizens keep their places or get a priority. Field errors: see CheckWindow,
// and from when the executive is in another session.
func SaveWindow(ctx context.Context, tx *tenants.Tx, w *Window, keep bool) error {
	if err := standStill(ctx, tx, w.ExecutiveID); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := CheckWindow(ctx, tx, w); err != nil {
		return err
	}
	act := "meeting_window:edit"
	if w.ID == 0 {
		act = "meeting_window:create"
		w.ID, w.Active = tenants.NewID(), true
		if err := tx.Insert(ctx, w); err != nil {
			return err
		}
	} else {
		old := new(Window)
		if err := tx.Lock(ctx, old, "win.id = ?", w.ID); err != nil {
			return err
		}
		if old.ExecutiveID != w.ExecutiveID || !old.Active {
			return fault.Field("executive", "planning.error.executive_fixed")
		}
		w.Active = true
		err := tx.Update(ctx, w, "weekday", "from_minute", "until_minute", "slot_minutes", "seats", "site_fa", "site_en", "site_id", "pattern", "rules")
		if err != nil {
			return err
		}
	}
	if err := w.follow(ctx, tx, keep, true); err != nil {
		return err
	}
	if err := w.admit(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, act, "meeting_window", w.ID, string(w.Pattern.Kind))
}

// RetireWindow ends a window; see SaveWindow for the sessions to come.
func RetireWindow(ctx context.Context, tx *tenants.Tx, id int64, keep bool) error {
	w, err := WindowByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := standStill(ctx, tx, w.ExecutiveID); err != nil {
		return err
	}
	if err := tx.Lock(ctx, w, "win.id = ?", id); err != nil {
		return err
	}
	if !w.Active {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	w.retire()
	if err := w.follow(ctx, tx, keep, false); err != nil {
		return err
	}
	if _, err := tx.Set(ctx, (*Window)(nil), "active = ?", []any{false}, "id = ?", id); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting_window:retire", "meeting_window", id, "")
}

// retire makes the window one that has no days.
func (w *Window) retire() {
	w.Active, w.Pattern = false, Pattern{Kind: Dates}
}

// PreviewRetiring is PreviewWindow for the end of a window.
func PreviewRetiring(ctx context.Context, r tenants.Reader, w *Window) (*Preview, error) {
	gone := *w
	gone.retire()
	return PreviewWindow(ctx, r, &gone)
}

// WindowByID reads one window, active or not.
func WindowByID(ctx context.Context, r tenants.Reader, id int64) (*Window, error) {
	w := new(Window)
	return w, tenants.Err(r.Select(w).Where("win.id = ?", id).Scan(ctx))
}

// admit gives the sessions to come the window's room for those without a
// booking; it breaks nobody's place, so that sessions changed by hand follow, too.
func (w *Window) admit(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Set(ctx, (*Session)(nil), "walk_in_room = ?", []any{w.Rules.WalkIns}, "window_id = ? AND starts_at > ?", w.ID, tx.Now())
	return err
}

// follow brings the sessions to come in line with the window.
func (w *Window) follow(ctx context.Context, tx *tenants.Tx, keep, strict bool) error {
	p, err := PreviewWindow(ctx, tx, w)
	if err != nil {
		return err
	}
	if c := p.Clash(); strict && c != nil && c.Session.WindowID != w.ID {
		return fault.Field("from", "planning.error.overlap")
	}
	reason := messages.In(messages.FA, "planning.window_reason")
	var lost []*Priority
	for i := range p.Dates {
		d := &p.Dates[i]
		if d.Fate != FateReshape && d.Fate != FateDrop {
			continue
		}
		more, err := w.settle(ctx, tx, d, keep, reason)
		if err != nil {
			return err
		}
		lost = append(lost, more...)
	}
	if w.Active {
		if _, err := generate(ctx, tx, []Window{*w}); err != nil {
			return err
		}
	}
	return propose(ctx, tx, w.ExecutiveID, lost)
}
