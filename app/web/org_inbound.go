package web

import (
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// orgDoors are the ways in, as the page of the channels shows them.
func (r *req) orgDoors(gateways []notify.Gateway) ([]views.OrgDoor, error) {
	doors, err := inbound.Doors(r.ctx, r.db)
	var list []views.OrgDoor
	add := func(kind string, g *notify.Gateway) {
		row := views.OrgDoor{Kind: kind}
		if g != nil {
			row.Gateway, row.Provider, row.Line = g.ID, g.Provider, g.Line
		}
		for i := range doors {
			d := &doors[i]
			same := d.GatewayID == nil && g == nil || d.GatewayID != nil && g != nil && *d.GatewayID == g.ID
			if d.Kind == kind && same {
				row.Enabled, row.Word, row.LastAt, row.Problem = d.Enabled, d.TokenHash != "", d.LastAt, d.Problem
				row.Mailbox, row.LookedAt = d.Settings["host"], d.LookedAt
			}
		}
		list = append(list, row)
	}
	for i := range gateways {
		if gateways[i].Channel == inbound.SMS {
			add(inbound.SMS, &gateways[i])
		}
	}
	add(inbound.Calls, nil)
	add(inbound.Voicemail, nil)
	add(inbound.Mail, nil)
	return list, err
}

// orgDoorWordCreate gives a way in a new secret address and shows it once.
func (w *web) orgDoorWordCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	kind := f.text("kind")
	var word string
	err = r.write(func(tx *tenants.Tx) (err error) {
		word, err = inbound.NewWord(r.ctx, tx, kind, f.id("gateway"))
		return err
	})
	if err != nil {
		return err
	}
	return w.channelsPage(r, w.links.Home(r.tenant)+"/hooks/"+kind+"/"+word)
}

// orgDoorStateSave opens or shuts a way in.
func (w *web) orgDoorStateSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		return inbound.Open(r.ctx, tx, f.text("kind"), f.id("gateway"), f.yes("on"))
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(channelsPath + "#inbound")
}
