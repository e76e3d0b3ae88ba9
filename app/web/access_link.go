package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// accessLink shows what a link of a message would open. Looking uses nothing
// up, because phones and message filters look at links before people do.
func (w *web) accessLink(r *req) error {
	word := r.c.Params("link")
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	opens, err := citizens.LinkOpens(r.ctx, r.db, word)
	if err != nil {
		return err
	}
	if !opens {
		return w.accessLinkOver(r)
	}
	p := r.frame("link.title")
	return r.page(parts.Citizen, p, views.AccessLinkPage(p, views.AccessLink{Action: "/p/" + word}))
}

// accessLinkOpen uses the link up: this browser may then see the case.
func (w *web) accessLinkOpen(r *req) error {
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	var link *citizens.AccessLink
	token := ""
	err := r.write(func(tx *tenants.Tx) (err error) {
		link, token, err = citizens.OpenLink(r.ctx, tx, r.c.Params("link"))
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return w.accessLinkOver(r)
	}
	if err != nil {
		return err
	}
	if err := r.signIn(Tracker, token); err != nil {
		return err
	}
	return r.done(pageOf(timeline.Subject{Kind: link.SubjectKind, ID: link.SubjectID}))
}

// accessLinkOver asks for code and number instead: the link was used, is too
// old or never was. Such looks are counted, so that nobody tries words.
func (w *web) accessLinkOver(r *req) error {
	if err := r.count(limitMisses, r.ip()); err != nil {
		return err
	}
	p := r.frame("track.title")
	r.c.Status(404)
	return r.page(parts.Citizen, p, views.TrackPage(p, views.Track{Notice: r.t("link.over")}))
}

// privacy says what is kept of whom, why and how long.
func (w *web) privacy(r *req) error {
	p := r.frame("privacy.title")
	contacts := p.Contacts
	if len(contacts) > 3 {
		contacts = contacts[:3]
	}
	m := views.Privacy{Organization: r.in(r.tenant.NameFA, r.tenant.NameEN), Contacts: contacts}
	return r.page(parts.Citizen, p, views.PrivacyPage(m))
}
