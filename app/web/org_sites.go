package web

import (
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const sitesPath = "/desk/organization/sites"

// orgSites lists the places of public meetings.
func (w *web) orgSites(r *req) error {
	list, err := meetings.Sites(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("planning.sites"), Text: r.t("planning.sites_text"), NewHref: sitesPath + "/new", NewLabel: r.t("planning.new_site"),
		Columns: []string{r.t("planning.site_kind"), r.t("planning.capacity")}, Empty: r.t("planning.no_site"),
	}
	for _, s := range list {
		capacity := "—"
		if s.Capacity > 0 {
			capacity = messages.Number(r.ctx, s.Capacity)
		}
		m.Rows = append(m.Rows, views.OrgRow{
			Path: sitesPath + "/" + idText(s.ID), Name: r.in(s.NameFA, s.NameEN), Sub: s.Address, Active: s.Active,
			Cells: []views.OrgCell{{Text: r.t("planning.site." + string(s.Kind))}, {Text: capacity}},
		})
	}
	p := r.frame("planning.sites")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgSiteNew(r *req) error {
	return r.siteForm(&meetings.Site{Kind: meetings.Headquarters, Active: true}, nil)
}

func (w *web) orgSite(r *req) error {
	s, err := r.siteOfPath()
	if err != nil {
		return err
	}
	return r.siteForm(s, nil)
}

func (r *req) siteOfPath() (*meetings.Site, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return meetings.SiteByID(r.ctx, r.db, id)
}

func (r *req) siteForm(s *meetings.Site, cause error) error {
	m := &views.PlanSiteForm{Site: *s, Action: sitesPath, Errors: views.ErrorsOf(cause)}
	title := "planning.new_site"
	if s.ID != 0 {
		m.Action, title = sitesPath+"/"+idText(s.ID), "planning.edit_site"
	}
	m.Kinds = choose(meetings.SiteKinds(), string(s.Kind), func(k meetings.SiteKind) (string, string) { return string(k), r.t("planning.site." + string(k)) })
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PlanSitePage(p, m))
	}
	return r.page(parts.Desk, p, views.PlanSitePage(p, m))
}

func (w *web) orgSiteCreate(r *req) error { return r.saveSite(&meetings.Site{}) }

func (w *web) orgSiteSave(r *req) error {
	s, err := r.siteOfPath()
	if err != nil {
		return err
	}
	return r.saveSite(s)
}

func (r *req) saveSite(s *meetings.Site) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	s.Kind, s.NameFA, s.NameEN, s.Address, s.Access = meetings.SiteKind(f.text("kind")), f.text("name_fa"), f.text("name_en"), f.text("address"), f.text("access")
	s.Active = s.ID == 0 || f.yes("active")
	var ok bool
	if s.Capacity, ok = f.number("capacity"); !ok && f.text("capacity") != "" {
		s.Capacity = -1
	}
	typed := *s
	err = r.write(func(tx *tenants.Tx) error {
		*s = typed // the transaction may run again
		return meetings.SaveSite(r.ctx, tx, s)
	})
	if fault.Is(err, fault.Invalid) {
		return r.siteForm(&typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(sitesPath)
}
