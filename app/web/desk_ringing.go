package web

import (
	"bytes"
	"context"
	"net/url"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// ringing has the intake page told of calls: all of them, or those for the
// extension in the address.
func (r *req) ringing(p *parts.Page) {
	if p.Live == "" {
		return
	}
	v := url.Values{"calls": {"yes"}}
	if ext := r.query("extension"); ext != "" {
		v.Set("extension", persian.ToASCII(ext))
	}
	p.Live = "/desk/live?" + v.Encode()
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
