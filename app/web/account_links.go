package web

import (
	"slices"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// One person with accounts at several organizations: the accounts are linked by
// who signs in to both in one browser, and lead over to each other.

const linksPath = "/desk/account/organizations"

// self is the own account.
func (r *req) self() tenants.Account {
	return tenants.Account{Organization: r.tenant.ID, Staff: r.principal.actor.ID}
}

// known lists the organizations by their number.
func (r *req) known() (map[int64]*tenants.Tenant, []tenants.Tenant, error) {
	r.db.Release()
	all, err := r.w.Root.UnscopedTenants(r.ctx)
	byID := make(map[int64]*tenants.Tenant, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	return byID, all, err
}

// accountLinks lists the other organizations of the person.
func (w *web) accountLinks(r *req) error {
	byID, _, err := r.known()
	if err != nil {
		return err
	}
	list, err := w.Root.UnscopedLinks(r.ctx, r.self())
	if err != nil {
		return err
	}
	m := views.AccountLinks{Base: linksPath}
	for i := range list {
		if t := byID[list[i].Other(r.self()).Organization]; t != nil {
			m.Rows = append(m.Rows, views.AccountLinkRow{ID: list[i].ID, Name: r.in(t.NameFA, t.NameEN), At: *list[i].LinkedAt})
		}
	}
	p := r.frame("links.title")
	return r.page(parts.Desk, p, views.AccountLinksPage(p, m))
}

// accountLinkNew asks which organization the other account is at.
func (w *web) accountLinkNew(r *req) error { return r.linkForm("", nil) }

func (r *req) linkForm(typed string, cause error) error {
	_, all, err := r.known()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(t tenants.Tenant) bool {
		return t.IsPlatform() || t.ID == r.tenant.ID || t.Standing() == tenants.StatusDeleted
	})
	m := views.AccountLinks{Base: linksPath, Errors: views.ErrorsOf(cause)}
	m.Options = choose(all, typed, func(t tenants.Tenant) (string, string) { return t.Slug, r.in(t.NameFA, t.NameEN) })
	p := r.frame("links.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.AccountLinkNewPage(p, m))
	}
	return r.page(parts.Desk, p, views.AccountLinkNewPage(p, m))
}

// accountLinkCreate begins a link and leads to the other organization.
func (w *web) accountLinkCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	r.db.Release()
	to, err := w.Root.UnscopedTenantBySlug(r.ctx, f.text("organization"))
	if fault.Is(err, fault.NotFound) || err == nil && (to.IsPlatform() || to.Standing() == tenants.StatusDeleted) {
		err = fault.Field("organization", "links.error.organization")
	}
	if err != nil {
		return r.linkForm(f.text("organization"), err)
	}
	word, err := w.Root.UnscopedBeginLink(r.ctx, r.self(), to.ID)
	if err != nil {
		return r.linkForm(f.text("organization"), err)
	}
	return r.cross(w.links.Home(to)+linksPath+"/consents/"+word, r.in(to.NameFA, to.NameEN))
}

// accountConsent asks the second account whether it is the same person.
func (w *web) accountConsent(r *req) error {
	r.db.Release()
	l, err := w.Root.UnscopedLinkAsked(r.ctx, r.tenant.ID, r.c.Params("word"))
	if err != nil {
		return err
	}
	byID, _, err := r.known()
	if err != nil {
		return err
	}
	from := byID[l.FirstOrganizationID]
	p := r.frame("links.consent")
	m := views.AccountConsent{Action: r.c.Path(), Other: r.in(from.NameFA, from.NameEN), Here: p.TenantName, User: r.principal.account.UserName, Ask: true}
	return r.page(parts.Desk, p, views.AccountConsentPage(p, m))
}

// accountConsentCreate agrees, and leads back to the first account.
func (w *web) accountConsentCreate(r *req) error {
	r.db.Release()
	answer, l, err := w.Root.UnscopedAgreeLink(r.ctx, r.self(), r.c.Params("word"))
	if err != nil {
		return err
	}
	from, err := w.Root.UnscopedTenantByID(r.ctx, l.FirstOrganizationID)
	if err != nil {
		return err
	}
	return r.cross(w.links.Home(from)+linksPath+"/answers/"+answer, r.in(from.NameFA, from.NameEN))
}

// accountAnswer is back at the first account, which has the last word.
func (w *web) accountAnswer(r *req) error {
	p := r.frame("links.consent")
	m := views.AccountConsent{Action: r.c.Path(), Here: p.TenantName, User: r.principal.account.UserName}
	return r.page(parts.Desk, p, views.AccountConsentPage(p, m))
}

// accountAnswerCreate links the two.
func (w *web) accountAnswerCreate(r *req) error {
	r.db.Release()
	l, err := w.Root.UnscopedFinishLink(r.ctx, r.self(), r.c.Params("word"))
	if err != nil {
		return err
	}
	if err := w.noteLink(r, l, true); err != nil {
		return err
	}
	r.flash(parts.Success, "links.linked")
	return r.done(linksPath)
}

// noteLink notes at both ends what became of a link; each organization keeps
// only that its own account has one.
func (w *web) noteLink(r *req, l *tenants.AccountLink, added bool) error {
	for _, end := range []tenants.Account{l.First(), l.Second()} {
		left, err := w.Root.UnscopedLinks(r.ctx, end)
		if err != nil {
			return err
		}
		t, err := w.Root.UnscopedTenantByID(r.ctx, end.Organization)
		if err != nil {
			return err
		}
		err = w.within(r, t, func(tx *tenants.Tx) error { return staff.SetLinked(r.ctx, tx, end.Staff, added, len(left) > 0) })
		if err != nil && !fault.Is(err, fault.NotFound) { // an account that is gone keeps nothing
			return err
		}
	}
	return nil
}

// accountLinkRemove ends a link, from either side.
func (w *web) accountLinkRemove(r *req) error {
	id, err := r.id("link")
	if err != nil {
		return err
	}
	r.db.Release()
	l, err := w.Root.UnscopedUnlink(r.ctx, r.self(), id)
	if err != nil {
		return err
	}
	if err := w.noteLink(r, l, false); err != nil {
		return err
	}
	r.flash(parts.Success, "links.unlinked")
	return r.done(linksPath)
}

// accountCrossingCreate leads over to the other organization.
func (w *web) accountCrossingCreate(r *req) error {
	id, err := r.id("link")
	if err != nil {
		return err
	}
	r.db.Release()
	word, to, err := w.Root.UnscopedCross(r.ctx, r.self(), id)
	if err != nil {
		return err
	}
	t, err := w.Root.UnscopedTenantByID(r.ctx, to.Organization)
	if err != nil {
		return err
	}
	return r.cross(w.links.Home(t)+"/crossings/"+word, r.in(t.NameFA, t.NameEN))
}

// crossing asks for the one press that brings somebody in; every word has the
// same page.
func (w *web) crossing(r *req) error {
	p := r.frame("links.arrive")
	return r.page(parts.Plain, p, views.CrossingPage(p, "/crossings/"+r.c.Params("word")))
}

// crossingCreate signs in who came over, by the rules of this organization.
func (w *web) crossingCreate(r *req) error {
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	r.db.Release()
	id, err := w.Root.UnscopedArrive(r.ctx, r.tenant.ID, r.c.Params("word"))
	if err != nil {
		return err
	}
	var signed *staff.SignedIn
	err = r.db.Write(r.ctx, tenants.Actor{Kind: tenants.Staff, ID: id}, func(tx *tenants.Tx) (err error) {
		signed, err = staff.Arrive(r.ctx, tx, id, r.device())
		return err
	})
	if fault.Is(err, fault.Forbidden) {
		err = fault.New(fault.NotFound, "error.not_found") // like a word that never was
	}
	if err != nil {
		return err
	}
	return w.enter(r, signed, "")
}
