package web

import (
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/views"
	"pasokh/views/parts"
)

const transfersPath = "/desk/transfers"

// deskTransfers lists what went to other organizations and came from them.
func (w *web) deskTransfers(r *req) error {
	f := complaints.TransferFilter{Direction: r.query("direction"), Before: number(r.query("before"))}
	if f.Direction != complaints.TransferOut && f.Direction != complaints.TransferIn {
		f.Direction = ""
	}
	list, more, err := complaints.AllTransfers(r.ctx, r.db, r.principal.actor, f)
	if err != nil {
		return err
	}
	m := &views.DeskTransfers{Direction: f.Direction, Path: transfersPath}
	for i := range list {
		t := &list[i]
		line := views.TransferRow{DeskTransfer: r.trail(&t.Transfer), ID: t.ID, Case: persian.ShowCode(t.Code), Topic: r.in(t.TopicFA, t.TopicEN)}
		if r.can("complaint:read") {
			line.Href = casePath(t.ComplaintID)
		}
		m.Lines = append(m.Lines, line)
	}
	if more {
		m.Next = m.Link(f.Direction, idText(list[len(list)-1].ID))
	}
	p := r.frame("transfers.title")
	return r.page(parts.Desk, p, views.DeskTransfersPage(m))
}
