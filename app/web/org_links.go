package web

import (
	"strings"

	"pasokh/app/settings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const linksAddPath = contactsPath + "/links"

// linksAct offers the national systems that the organization does not point to.
func (r *req) linksAct(m *views.OrgList) error {
	missing, err := settings.MissingLinks(r.ctx, r.db)
	if err != nil || len(missing) == 0 {
		return err
	}
	names := make([]string, len(missing))
	for i, l := range missing {
		names[i] = r.in(l.LabelFA, l.LabelEN)
	}
	m.Act = views.OrgListAct{Path: linksAddPath, Label: r.t("contact.links_add"), Text: r.t("contact.links_text", "names", strings.Join(names, r.t("change.list")))}
	return nil
}

// orgLinksCreate adds them.
func (w *web) orgLinksCreate(r *req) error {
	added := 0
	err := r.write(func(tx *tenants.Tx) (err error) {
		added, err = settings.AddLinks(r.ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "contact.links_added")
	if added == 0 {
		r.flash(parts.Warning, "contact.links_none")
	}
	return r.done(contactsPath)
}
