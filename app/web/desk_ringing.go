package web

import (
	"bytes"
	"context"
	"net/url"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// ringing has the intake page told of calls: those for the operator's own
// extension (of their settings, or in the address of a shared station), or all.
func (r *req) ringing(p *parts.Page) error {
	if p.Live == "" {
		return nil
	}
	v := url.Values{"calls": {"yes"}}
	ext := persian.ToASCII(r.query("extension"))
	if ext == "" && r.principal.account != nil && r.principal.grant == nil {
		me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
		if err != nil {
			return err
		}
		ext = me.Extension
	}
	if ext != "" {
		v.Set("extension", ext)
	}
	p.Live = "/desk/live?" + v.Encode()
	return nil
}

// ringing says who calls, as far as the number is known.
func (d *deskStream) ringing(ctx context.Context, db *tenants.DB, b *bytes.Buffer) error {
	call, err := inbound.RingingNow(ctx, db, d.extension)
	if err != nil {
		return err
	}
	m := views.Ringing{}
	if call != nil {
		m.Number, m.Lookup = persian.ShowMobile(call.Caller), call.Caller
		people, err := citizens.Find(ctx, db, call.Caller)
		if err != nil {
			return err
		}
		mobile := call.Caller
		if len(people) > 0 {
			m.Name, mobile = people[0].Name, people[0].Mobile
		}
		open, err := complaints.OpenAbout(ctx, db, mobile, 0)
		if err != nil {
			return err
		}
		m.Open = len(open)
	}
	return views.CallerRinging(parts.Page{Lang: d.lang, CSRF: d.csrf}, m).Render(ctx, b)
}
