package web

import (
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// meetingTurnCreate changes who is called when: first of all, behind the next
// ones, or now. Each has its reason.
func (w *web) meetingTurnCreate(r *req) error {
	return w.meetingOffice(r, "turn", func(tx *tenants.Tx, id int64, f form) error {
		switch f.text("move") {
		case "first":
			return meetings.PutFirst(r.ctx, tx, id, f.text("reason"))
		case "behind":
			n, _ := f.number("behind") // what is no number is refused as zero
			return meetings.Skip(r.ctx, tx, id, n, f.text("reason"))
		case "now":
			return meetings.CallOut(r.ctx, tx, id, f.text("reason"))
		}
		if _, err := meetings.ByID(r.ctx, tx, id); err != nil {
			return err
		}
		return fault.Field("move", "meeting_day.error.move")
	})
}

// meetingEndCreate ends a meeting whose minutes are written later.
func (w *web) meetingEndCreate(r *req) error {
	return w.meetingOffice(r, "end", func(tx *tenants.Tx, id int64, f form) error {
		people, ok := f.number("people_met")
		if !ok && f.text("people_met") == "" {
			m, err := meetings.ByID(r.ctx, tx, id)
			if err != nil {
				return err
			}
			people = 1 + m.Companions
		}
		if err := meetings.End(r.ctx, tx, id, people); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(r.ctx, tx, id)
	})
}
