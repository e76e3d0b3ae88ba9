package web

import (
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/handover"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// organizationExport asks for the package of an organization. The platform never
// gets it: it waits for the organization's own admins.
func (w *web) organizationExport(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	err = r.operate("organization:export", "tenant", t.ID, t.Slug, func() error {
		return w.within(r, t, func(tx *tenants.Tx) error {
			_, err := handover.Ask(r.ctx, tx, handover.ByPlatform)
			return err
		})
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "handover.asked_by_platform")
	return r.done(views.ConsolePath(t.ID))
}

// organizationHold lays a legal hold on everything an organization has, or lifts
// it.
func (w *web) organizationHold(r *req) error {
	return w.organizationChange(r, "organization:hold", func(t *tenants.Tenant, f form) error {
		reason := persian.CleanLine(f.text("hold"))
		if f.yes("on") && len([]rune(reason)) < 3 {
			return fault.Field("hold", "standing.error.reason")
		}
		if !f.yes("on") {
			reason = ""
		}
		if err := w.Root.UnscopedHold(r.ctx, t.ID, reason); err != nil {
			return err
		}
		return w.within(r, t, func(tx *tenants.Tx) error {
			return audit.Record(r.ctx, tx, "organization:hold", "tenant", t.ID, onOff(reason != "")+" "+reason)
		})
	})
}

// organizationEnd deletes an organization whose time is over.
func (w *web) organizationEnd(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.ConsoleTyped{EndReason: f.text("end_reason"), SlugAgain: f.text("slug_again")}
	err = r.operate("organization:end", "tenant", t.ID, typed.EndReason, func() error {
		_, err := handover.End(r.ctx, w.Root, t, typed.EndReason, persian.ToASCII(typed.SlugAgain), r.principal.actor.Name)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.Field("slug_again", fault.As(err).Key)
	}
	if fault.Is(err, fault.Invalid) {
		return r.organizationPage(t, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "handover.ended")
	return r.done(views.ConsolePath(t.ID))
}

// organizationEnding tells the page how near the end is, and of the packages.
func (r *req) organizationEnding(db *tenants.DB, t *tenants.Tenant, m *views.ConsoleOrganization) (err error) {
	if t.Standing() == tenants.StatusDeleted {
		m.Removal, err = r.w.Root.UnscopedRemoval(r.ctx, t.ID)
		if fault.Is(err, fault.NotFound) {
			m.Removal, err = nil, nil
		}
		return err
	}
	if m.Ending, err = handover.EndingOf(r.ctx, db, t); err != nil {
		return err
	}
	list, err := handover.Orders(r.ctx, db)
	if len(list) > 0 {
		m.Package = &list[0]
	}
	return err
}

// organizationCertificate is the certificate of a deletion on paper.
func (w *web) organizationCertificate(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	m, err := w.Root.UnscopedRemoval(r.ctx, t.ID)
	if err != nil {
		return err
	}
	if m.FinishedAt == nil {
		return fault.New(fault.NotFound, "error.not_found")
	}
	seal, err := handover.SealOf(m)
	if err != nil {
		return err
	}
	p := r.frame("handover.certificate")
	p.Paths.Home = views.ConsolePath(t.ID)
	return r.page(parts.Print, p, views.RemovalSheet(p, m, seal == m.Seal, messages.ShortDate(r.ctx, r.now())))
}
