package web

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	unitsPath    = "/desk/organization/units"
	contactsPath = "/desk/organization/contacts"
)

// orgUnits lists the tree of units.
func (w *web) orgUnits(r *req) error {
	list, err := tenants.AllUnits(r.ctx, r.db)
	if err != nil {
		return err
	}
	names, err := r.auditNames()
	if err != nil {
		return err
	}
	heads := map[int64]string{}
	for _, n := range names {
		heads[n.id] = n.name
	}
	m := &views.OrgList{
		Title: r.t("org_unit.title"), Text: r.t("org_unit.text"), NewHref: unitsPath + "/new", NewLabel: r.t("org_unit.new"),
		Columns: []string{r.t("org_unit.kind"), r.t("org_unit.head")}, Empty: r.t("org_unit.none"),
	}
	tree, depths := settings.Tree(list)
	for i, u := range tree {
		m.Rows = append(m.Rows, views.OrgRow{
			Path: unitsPath + "/" + idText(u.ID), Name: r.in(u.NameFA, u.NameEN), Active: u.Active, Depth: depths[i],
			Cells: []views.OrgCell{{Text: r.t("unit.kind." + string(u.Kind))}, {Text: orDash(heads[idOf(u.HeadID)])}},
		})
	}
	p := r.frame("org_unit.title")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgUnitNew(r *req) error {
	return r.unitForm(&tenants.Unit{Active: true, Kind: tenants.UnitExecutive}, nil)
}

func (w *web) orgUnit(r *req) error {
	u, err := r.unitOfPath()
	if err != nil {
		return err
	}
	return r.unitForm(u, nil)
}

func (r *req) unitOfPath() (*tenants.Unit, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return tenants.UnitByID(r.ctx, r.db, id)
}

func (r *req) unitForm(u *tenants.Unit, cause error) error {
	m := &views.OrgUnitForm{Unit: *u, Action: unitsPath, Errors: views.ErrorsOf(cause)}
	title := "org_unit.new"
	if u.ID != 0 {
		m.Action, title = unitsPath+"/"+idText(u.ID), "org_unit.edit"
		left, err := settings.WorkOf(r.ctx, r.db, u.ID)
		if err != nil {
			return err
		}
		m.Left = r.leftWords(left)
	}
	if err := r.unitChoices(m); err != nil {
		return err
	}
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgUnitPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgUnitPage(p, m))
}

func (r *req) unitChoices(m *views.OrgUnitForm) error {
	u := &m.Unit
	m.Kinds = choose(settings.UnitKinds(), string(u.Kind), func(k tenants.UnitKind) (string, string) { return string(k), r.t("unit.kind." + string(k)) })
	list, err := tenants.AllUnits(r.ctx, r.db)
	if err != nil {
		return err
	}
	below := tenants.Below(list, u.ID)
	for _, o := range list {
		if o.Active && o.ID != u.ID && (u.ID == 0 || !slices.Contains(below, o.ID)) {
			m.Parents = append(m.Parents, parts.Option{Value: idText(o.ID), Label: r.in(o.NameFA, o.NameEN), Selected: o.ID == idOf(u.ParentID)})
		}
	}
	people, err := staff.Roster(r.ctx, r.db)
	for _, p := range people {
		if p.DisabledAt == nil {
			m.Heads = append(m.Heads, parts.Option{Value: idText(p.ID), Label: r.in(p.NameFA, p.NameEN), Selected: p.ID == idOf(u.HeadID)})
		}
	}
	return err
}

// leftWords say what a unit still has to do.
func (r *req) leftWords(w *settings.Work) (words []string) {
	for _, line := range []struct {
		key string
		n   int
	}{
		{"cases", w.Cases}, {"directives", w.Directives}, {"staff", w.Staff}, {"topics", w.Topics}, {"districts", w.Districts}, {"rules", w.Rules},
		{"boxes", w.Boxes}, {"below", w.Below},
	} {
		if line.n > 0 {
			words = append(words, r.t("org_unit.left."+line.key, "n", line.n))
		}
	}
	if w.Last {
		words = append(words, r.t("org_unit.left.last"))
	}
	return words
}

func (w *web) orgUnitCreate(r *req) error { return r.saveUnit(&tenants.Unit{}) }

func (w *web) orgUnitSave(r *req) error {
	u, err := r.unitOfPath()
	if err != nil {
		return err
	}
	return r.saveUnit(u)
}

func (r *req) saveUnit(u *tenants.Unit) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if u.ID == 0 {
		u.Code, u.Active = f.text("code"), true
	}
	u.NameFA, u.NameEN, u.Phone, u.Kind = f.text("name_fa"), f.text("name_en"), f.text("phone"), tenants.UnitKind(f.text("kind"))
	u.ParentID, u.HeadID = idOrNil(f.id("parent")), idOrNil(f.id("head"))
	typed := *u
	err = r.write(func(tx *tenants.Tx) error {
		*u = typed // the transaction may run again
		return settings.SaveUnit(r.ctx, tx, u)
	})
	return r.answered(err, func(err error) error { return r.unitForm(&typed, err) }, unitsPath)
}

func (w *web) orgUnitArchiveCreate(r *req) error {
	return r.unitAct(settings.ArchiveUnit, "org_unit.archived")
}

func (w *web) orgUnitRestorationCreate(r *req) error {
	return r.unitAct(settings.RestoreUnit, "org_unit.restored")
}

// unitAct does something to the unit of the path; what it still has to do is
// said on its own page.
func (r *req) unitAct(act func(context.Context, *tenants.Tx, int64) error, done string) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return act(r.ctx, tx, id) })
	if fault.Is(err, fault.Conflict) {
		r.flash(parts.Danger, fault.As(err).Key)
		return r.done(unitsPath + "/" + idText(id))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(unitsPath)
}

// orgContacts lists the ways to reach the organization.
func (w *web) orgContacts(r *req) error {
	list, err := tenants.Contacts(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("contact.title"), Text: r.t("contact.text"), NewHref: contactsPath + "/new", NewLabel: r.t("contact.new"), Moves: true,
		Columns: []string{r.t("contact.kind"), r.t("contact.number")}, Empty: r.t("contact.none"),
	}
	for _, c := range list {
		m.Rows = append(m.Rows, views.OrgRow{
			Path: contactsPath + "/" + idText(c.ID), Name: r.in(c.LabelFA, c.LabelEN), Sub: r.in(c.HoursFA, c.HoursEN), Active: true,
			Cells: []views.OrgCell{{Text: r.t("desk.organization.contact." + c.Kind)}, {Text: c.Number}},
		})
	}
	m.MarkEnds(func(int) int64 { return 0 })
	if err := r.linksAct(m); err != nil {
		return err
	}
	p := r.frame("contact.title")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgContactNew(r *req) error { return r.contactForm(&tenants.Contact{Kind: "phone"}, nil) }

func (w *web) orgContact(r *req) error {
	c, err := r.contactOfPath()
	if err != nil {
		return err
	}
	return r.contactForm(c, nil)
}

func (r *req) contactOfPath() (*tenants.Contact, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return settings.ContactByID(r.ctx, r.db, id)
}

func (r *req) contactForm(c *tenants.Contact, cause error) error {
	m := &views.OrgContactForm{Contact: *c, Action: contactsPath, Errors: views.ErrorsOf(cause)}
	title := "contact.new"
	if c.ID != 0 {
		m.Action, title = contactsPath+"/"+idText(c.ID), "contact.edit"
	}
	m.Kinds = choose(settings.ContactKinds(), c.Kind, func(k string) (string, string) { return k, r.t("desk.organization.contact." + k) })
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgContactPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgContactPage(p, m))
}

func (w *web) orgContactCreate(r *req) error { return r.saveContact(&tenants.Contact{}) }

func (w *web) orgContactSave(r *req) error {
	c, err := r.contactOfPath()
	if err != nil {
		return err
	}
	return r.saveContact(c)
}

func (r *req) saveContact(c *tenants.Contact) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	c.Kind, c.Number = f.text("kind"), f.text("number")
	c.LabelFA, c.LabelEN, c.HoursFA, c.HoursEN = f.text("label_fa"), f.text("label_en"), f.text("hours_fa"), f.text("hours_en")
	typed := *c
	err = r.write(func(tx *tenants.Tx) error {
		*c = typed // the transaction may run again
		return settings.SaveContact(r.ctx, tx, c)
	})
	return r.answered(err, func(err error) error { return r.contactForm(&typed, err) }, contactsPath)
}

func (w *web) orgContactMove(r *req) error {
	return r.move(contactsPath, func(tx *tenants.Tx, id int64, down bool) error { return settings.MoveContact(r.ctx, tx, id, down) })
}

func (w *web) orgContactRemovalCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return settings.RemoveContact(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "contact.removed")
	return r.done(contactsPath)
}
