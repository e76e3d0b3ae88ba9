package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	districtsPath = "/desk/organization/districts"
	sourcesPath   = "/desk/organization/sources"
)

// orgDistricts lists the tree of districts.
func (w *web) orgDistricts(r *req) error {
	list, err := tenants.AllDistricts(r.ctx, r.db)
	if err != nil {
		return err
	}
	units, _, err := r.unitsAndClasses()
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("org.districts"), Text: r.t("org.districts_text"), NewHref: districtsPath + "/new", NewLabel: r.t("org.district.new"), Moves: true,
		Columns: []string{r.t("org.district.kind"), r.t("desk.unit")}, Empty: r.t("org.district.none"),
	}
	for _, d := range list {
		m.Rows = append(m.Rows, views.OrgRow{
			Path: districtsPath + "/" + idText(d.ID), Name: r.in(d.NameFA, d.NameEN), Active: d.Active, Depth: len(tenants.DistrictPath(list, d.ID)) - 1,
			Cells: []views.OrgCell{{Text: r.t("org.kind." + d.Kind)}, {Text: orDash(units[idOf(d.UnitID)])}},
		})
	}
	m.MarkEnds(func(i int) int64 { return idOf(list[i].ParentID) })
	p := r.frame("org.districts")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgDistrictNew(r *req) error {
	return r.districtForm(&tenants.District{Active: true}, nil)
}

func (w *web) orgDistrict(r *req) error {
	d, err := r.districtOfPath()
	if err != nil {
		return err
	}
	return r.districtForm(d, nil)
}

func (r *req) districtOfPath() (*tenants.District, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return tenants.DistrictByID(r.ctx, r.db, id)
}

func (r *req) districtForm(d *tenants.District, cause error) error {
	m := &views.OrgDistrictForm{District: *d, Action: districtsPath, Errors: views.ErrorsOf(cause)}
	title := "org.district.new"
	if d.ID != 0 {
		m.Action, title = districtsPath+"/"+idText(d.ID), "org.district.edit"
	}
	var err error
	if m.Units, err = r.executiveUnits(d.UnitID); err != nil {
		return err
	}
	list, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, o := range views.DistrictOptions(r.ctx, list, idOf(d.ParentID)) {
		if o.Value != idText(d.ID) {
			m.Parents = append(m.Parents, o)
		}
	}
	m.Kinds = choose(tenants.DistrictKinds(), d.Kind, func(k string) (string, string) { return k, r.t("org.kind." + k) })
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgDistrictPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgDistrictPage(p, m))
}

func (w *web) orgDistrictCreate(r *req) error { return r.saveDistrict(&tenants.District{}) }

func (w *web) orgDistrictSave(r *req) error {
	d, err := r.districtOfPath()
	if err != nil {
		return err
	}
	return r.saveDistrict(d)
}

func (r *req) saveDistrict(d *tenants.District) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if d.ID == 0 {
		d.Code = f.text("code")
	}
	d.NameFA, d.NameEN, d.Kind = f.text("name_fa"), f.text("name_en"), f.text("kind")
	d.ParentID, d.UnitID, d.Active = idOrNil(f.id("parent")), idOrNil(f.id("unit")), f.yes("active")
	typed := *d
	err = r.write(func(tx *tenants.Tx) error {
		*d = typed // the transaction may run again
		return complaints.SaveDistrict(r.ctx, tx, d)
	})
	if fault.Is(err, fault.Invalid) {
		return r.districtForm(&typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(districtsPath)
}

func (w *web) orgDistrictMove(r *req) error {
	return r.move(districtsPath, func(tx *tenants.Tx, id int64, down bool) error { return complaints.MoveDistrict(r.ctx, tx, id, down) })
}

// orgSources lists the bodies that send cases.
func (w *web) orgSources(r *req) error {
	list, err := tenants.AllSources(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("org.sources"), Text: r.t("org.sources_text"), NewHref: sourcesPath + "/new", NewLabel: r.t("org.source.new"),
		Columns: []string{r.t("org.code")}, Empty: r.t("org.source.none"),
	}
	for _, s := range list {
		m.Rows = append(m.Rows, views.OrgRow{Path: sourcesPath + "/" + idText(s.ID), Name: r.in(s.NameFA, s.NameEN), Active: s.Active, Cells: []views.OrgCell{{Text: s.Code}}})
	}
	p := r.frame("org.sources")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgSourceNew(r *req) error { return r.sourceForm(&tenants.Source{Active: true}, nil) }

func (w *web) orgSource(r *req) error {
	s, err := r.sourceOfPath()
	if err != nil {
		return err
	}
	return r.sourceForm(s, nil)
}

func (r *req) sourceOfPath() (*tenants.Source, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return tenants.SourceByID(r.ctx, r.db, id)
}

func (r *req) sourceForm(s *tenants.Source, cause error) error {
	m := &views.OrgSourceForm{Source: *s, Action: sourcesPath, Errors: views.ErrorsOf(cause)}
	title := "org.source.new"
	if s.ID != 0 {
		m.Action, title = sourcesPath+"/"+idText(s.ID), "org.source.edit"
	}
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgSourcePage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgSourcePage(p, m))
}

func (w *web) orgSourceCreate(r *req) error { return r.saveSource(&tenants.Source{}) }

func (w *web) orgSourceSave(r *req) error {
	s, err := r.sourceOfPath()
	if err != nil {
		return err
	}
	return r.saveSource(s)
}

func (r *req) saveSource(s *tenants.Source) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if s.ID == 0 {
		s.Code = f.text("code")
	}
	s.NameFA, s.NameEN, s.Active = f.text("name_fa"), f.text("name_en"), f.yes("active")
	typed := *s
	err = r.write(func(tx *tenants.Tx) error {
		*s = typed // the transaction may run again
		return complaints.SaveSource(r.ctx, tx, s)
	})
	if fault.Is(err, fault.Invalid) {
		return r.sourceForm(&typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(sourcesPath)
}
