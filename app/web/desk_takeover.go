package web

import (
	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// deskTakeoverCreate takes a disputed case over from its unit.
func (w *web) deskTakeoverCreate(r *req) error {
	return w.act(r, complaints.ActTakeOver, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.TakeOver(r.ctx, tx, id, f.text("reason"))
	})
}

// deskMediationCreate answers a case that was taken over.
func (w *web) deskMediationCreate(r *req) error {
	return w.act(r, complaints.ActDecide, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Mediate(r.ctx, tx, id, f.text("outcome"), f.text("text"))
	})
}

// deskGivingBackCreate returns it to its unit.
func (w *web) deskGivingBackCreate(r *req) error {
	return w.act(r, complaints.ActGiveBack, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.GiveBack(r.ctx, tx, id, f.text("reason"))
	})
}
