package web

import (
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// organizationOf finds the organization of the path; the platform itself is none.
func (r *req) organizationOf() (*tenants.Tenant, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	r.db.Release()
	t, err := r.w.Root.UnscopedTenantByID(r.ctx, id)
	if err == nil && t.IsPlatform() {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return t, err
}

// organization shows the platform one organization: how far it is, what is next,
// what it uses; never its cases.
func (w *web) organization(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	return r.organizationPage(t, views.ConsoleTyped{}, nil)
}

// organizationPage shows it, with a form that came back when there is a cause.
func (r *req) organizationPage(t *tenants.Tenant, typed views.ConsoleTyped, cause error) error {
	m := views.ConsoleOrganization{
		Tenant: t, Name: r.in(t.NameFA, t.NameEN), Address: r.w.links.Home(t), Below: r.w.links.Below(t), Now: r.now(), Typed: typed,
		Errors: views.ErrorsOf(cause), Edit: r.can("platform:onboard"), Emergency: r.can("platform:emergency"),
	}
	if err := r.organizationFacts(t, &m); err != nil {
		return err
	}
	for _, s := range t.Moves() {
		if s == tenants.StatusDeleted {
			continue // has a form of its own: platform_handover.go
		}
		m.Moves = append(m.Moves, parts.Choice{Value: string(s), Label: r.t("standing." + string(s)), Hint: r.t("standing.means." + string(s)), Checked: typed.To == string(s)})
	}
	p := r.frame("console.organization")
	p.Title = m.Name
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrganizationPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrganizationPage(p, m))
}

func (r *req) organizationFacts(t *tenants.Tenant, m *views.ConsoleOrganization) error {
	root := r.w.Root
	r.db.Release()
	all, err := root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	above := ""
	for _, o := range all {
		if t.ParentID != nil && o.ID == *t.ParentID {
			above = o.Slug
			m.Parent = r.in(o.NameFA, o.NameEN)
		}
		if o.ParentID != nil && *o.ParentID == t.ID {
			m.Children = append(m.Children, parts.LinkOpts{Label: r.in(o.NameFA, o.NameEN), Href: views.ConsolePath(o.ID)})
		}
	}
	if len(m.Children) == 0 {
		m.Parents = r.parents(all, t, above)
	}
	if m.Domains, err = root.UnscopedDomains(r.ctx, t.ID); err != nil {
		return err
	}
	db := root.For(t)
	defer db.Release()
	if m.Tally, err = tenants.Use(r.ctx, db, periodOf("month", r.now()).String()); err != nil {
		return err
	}
	if m.Setup, err = tenants.SetupOf(r.ctx, db); err != nil {
		return err
	}
	if m.Checklist, err = r.checklistOf(db); err != nil {
		return err
	}
	if err := r.organizationEnding(db, t, m); err != nil {
		return err
	}
	return r.organizationPeople(db, m)
}

// checklistOf is how far the set-up is; whom its lines name stays there.
func (r *req) checklistOf(db *tenants.DB) (views.ConsoleSetup, error) {
	list, err := settings.Checklist(r.ctx, db)
	return views.ConsoleSetup{Done: settings.Progress(list), All: len(list), Missing: settings.Left(list)}, err
}

// organizationPeople counts who can sign in; the platform sees no names.
func (r *req) organizationPeople(db *tenants.DB, m *views.ConsoleOrganization) error {
	roster, err := staff.Roster(r.ctx, db)
	for _, s := range roster {
		if s.DisabledAt != nil {
			continue
		}
		m.Staff++
		for _, role := range s.Roles {
			if role == staff.AdminRole {
				m.Admins++
			}
		}
	}
	return err
}

// organizationMove takes the organization to another status.
func (w *web) organizationMove(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	to, reason := tenants.Status(f.text("to")), persian.Clean(f.text("reason"))
	detail := string(t.Standing()) + " → " + string(to)
	if to == tenants.StatusDeleted {
		return r.organizationPage(t, views.ConsoleTyped{Reason: reason}, fault.Field("to", "standing.error.move"))
	}
	err = r.operate("organization:move", "tenant", t.ID, detail, func() error {
		return w.within(r, t, func(tx *tenants.Tx) error {
			if err := tx.Move(r.ctx, to, reason); err != nil {
				return err
			}
			return audit.Record(r.ctx, tx, "organization:move", "tenant", t.ID, detail+": "+reason)
		})
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.Field("to", fault.As(err).Key)
	}
	if fault.Is(err, fault.Invalid) {
		return r.organizationPage(t, views.ConsoleTyped{To: string(to), Reason: reason}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "standing.moved")
	return r.done(views.ConsolePath(t.ID))
}

// organizationStaffOnly switches the citizens' pages off or on.
func (w *web) organizationStaffOnly(r *req) error {
	return w.organizationChange(r, "organization:staff_only", func(t *tenants.Tenant, f form) error {
		on := f.yes("on")
		return w.within(r, t, func(tx *tenants.Tx) error {
			if err := tx.ShowStaffOnly(r.ctx, on); err != nil {
				return err
			}
			return audit.Record(r.ctx, tx, "organization:staff_only", "tenant", t.ID, onOff(on))
		})
	})
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// organizationParent puts the organization below another, or below none.
func (w *web) organizationParent(r *req) error {
	return w.organizationChange(r, "organization:parent", func(t *tenants.Tenant, f form) error {
		slug := f.text("parent")
		t.ParentID = nil
		if slug != "" {
			above, err := w.Root.UnscopedTenantBySlug(r.ctx, slug)
			if err != nil || above.IsPlatform() || above.ID == t.ID || above.ParentID != nil {
				return fault.Field("parent", "onboard.error.parent")
			}
			t.ParentID = &above.ID
		}
		return w.Root.UnscopedSaveOrganization(r.ctx, t, "parent_id")
	})
}

// organizationChange does an act of the platform on the organization of the path,
// and comes back to its page.
func (w *web) organizationChange(r *req, act string, do func(*tenants.Tenant, form) error) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.ConsoleTyped{Host: f.text("host"), Cases: f.text("cases"), Messages: f.text("messages"), Storage: f.text("storage"), Hold: f.text("hold")}
	detail := strings.TrimSpace(typed.Host + f.text("parent") + f.text("on"))
	err = r.operate(act, "tenant", t.ID, detail, func() error { return do(t, f) })
	if fault.Is(err, fault.Invalid) {
		return r.organizationPage(t, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(views.ConsolePath(t.ID))
}
