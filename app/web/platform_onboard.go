package web

import (
	"context"
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// organizationNew is both steps of a new organization: the template, then the
// few things that no template knows.
func (w *web) organizationNew(r *req) error {
	kind := tenants.Kind(r.query("kind"))
	if slices.Contains(tenants.Sectors(), kind) {
		return r.onboardForm(tenants.Newcomer{Kind: kind}, nil)
	}
	var list []views.SectorCard
	for _, k := range tenants.Sectors() {
		spec, err := tenants.Sector(k)
		if err != nil {
			return err
		}
		list = append(list, views.SectorCard{Kind: k, Brings: spec.Brings()})
	}
	p := r.frame("onboard.title")
	return r.page(parts.Desk, p, views.OnboardKindPage(p, list))
}

func (r *req) onboardForm(in tenants.Newcomer, cause error) error {
	spec, err := tenants.Sector(in.Kind)
	if err != nil {
		return fault.New(fault.NotFound, "error.not_found")
	}
	r.db.Release()
	all, err := r.w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	m := views.Onboarding{In: in, Spec: spec, Base: r.w.BaseDomain, Parents: r.parents(all, nil, in.Parent), Errors: views.ErrorsOf(cause)}
	p := r.frame("onboard.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OnboardPage(p, m))
	}
	return r.page(parts.Desk, p, views.OnboardPage(p, m))
}

// parents are the organizations that can stand above one; a child is no parent.
func (r *req) parents(all []tenants.Tenant, child *tenants.Tenant, chosen string) []parts.Option {
	able := slices.DeleteFunc(slices.Clone(all), func(t tenants.Tenant) bool {
		return t.IsPlatform() || t.ParentID != nil || t.Standing() == tenants.StatusDeleted || child != nil && t.ID == child.ID
	})
	return choose(able, chosen, func(t tenants.Tenant) (string, string) { return t.Slug, r.in(t.NameFA, t.NameEN) })
}

// slugShow says, while one types, whether the short name can be had.
func (w *web) slugShow(r *req) error {
	slug := r.query("slug")
	if slug == "" {
		return r.render(views.SlugLine(views.SlugState{}))
	}
	if err := w.slugFree(r, slug); err != nil {
		if fault.Of(err) != fault.Invalid {
			return err
		}
		return r.render(views.SlugLine(views.SlugState{Key: fault.As(err).Fields["slug"]}))
	}
	return r.render(views.SlugLine(views.SlugState{Key: "onboard.slug_free", Good: true}))
}

func (w *web) slugFree(r *req, slug string) error {
	if err := tenants.CheckSlug(slug); err != nil {
		return err
	}
	r.db.Release()
	_, err := w.Root.UnscopedTenantBySlug(r.ctx, slug)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Field("slug", "onboard.error.slug_taken")
}

func newcomerIn(f form) tenants.Newcomer {
	return tenants.Newcomer{
		Kind: tenants.Kind(f.text("kind")), NameFA: f.text("name_fa"), NameEN: f.text("name_en"), Slug: f.text("slug"), Contact: f.text("contact"), Parent: f.text("parent"),
		Admin: tenants.FirstAdmin{User: f.text("user"), NameFA: f.text("admin_fa"), NameEN: f.text("admin_en"), Mobile: f.text("mobile"), Email: f.text("email")},
	}
}

// organizationCreate brings an organization on line, in draft, with everything of
// its template, and invites its first admin.
func (w *web) organizationCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := newcomerIn(f)
	typed := in
	spec, err := in.Spec()
	if err == nil {
		err = w.slugFree(r, in.Slug)
	}
	if err != nil {
		return r.onboardForm(typed, err)
	}
	var made *tenants.Tenant
	err = r.operate("organization:create", "tenant", 0, in.Slug, func() (err error) {
		made, err = tenants.Onboard(r.ctx, w.Root, spec)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.Field("slug", "onboard.error.slug_taken")
	}
	if err != nil {
		return r.onboardForm(typed, err)
	}
	if err := w.firstAdmin(r, made, spec, in.Admin); err != nil {
		return err
	}
	r.flash(parts.Success, "onboard.created")
	return r.done(views.ConsolePath(made.ID))
}

// firstAdmin lays the questions of the topics and invites the admin.
func (w *web) firstAdmin(r *req, t *tenants.Tenant, spec *tenants.Spec, a tenants.FirstAdmin) error {
	return w.within(r, t, func(tx *tenants.Tx) error {
		if err := complaints.SeedForms(r.ctx, tx, spec.Topics); err != nil {
			return err
		}
		return inviteAdmin(r.ctx, tx, a)
	})
}

// within runs a command of the platform in the organization, in the name of the
// system: the platform's staff are nobody there.
func (w *web) within(r *req, t *tenants.Tenant, fn func(*tenants.Tx) error) error {
	r.db.Release()
	db := w.Root.For(t)
	defer db.Release()
	return db.Write(r.ctx, tenants.SystemActor(), fn)
}

// inviteAdmin makes the account of who sets the organization up, without a
// password: a link to choose one is on its way.
func inviteAdmin(ctx context.Context, tx *tenants.Tx, a tenants.FirstAdmin) error {
	_, err := staff.Invite(ctx, tx, staff.Invitation{
		UserName: a.User, NameFA: a.NameFA, NameEN: a.NameEN, Mobile: a.Mobile, Email: a.Email, Roles: []string{staff.AdminRole},
	})
	return err
}
