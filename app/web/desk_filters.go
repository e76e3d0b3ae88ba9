package web

import (
	"net/url"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// The lists that a person comes back to, by names of their own.

// savedFilters puts them above the inbox, and offers to keep the present list.
func (r *req) savedFilters(q deskQuery, m *views.DeskInbox) error {
	list, err := complaints.SavedFilters(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	m.CSRF = r.token()
	now := q.with().to("")
	for _, f := range list {
		href := "/desk?" + f.Query
		m.Saved = append(m.Saved, views.SavedList{ID: f.ID, Name: f.Name, Href: href, Current: "?"+f.Query == now})
	}
	if q.narrowed() {
		m.Keep = strings.TrimPrefix(now, "?")
	}
	return nil
}

// deskFilterCreate keeps the list of an address under a name.
func (w *web) deskFilterCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	q := queryOf(f.text("query"))
	err = r.write(func(tx *tenants.Tx) error {
		_, err := complaints.SaveFilter(r.ctx, tx, f.text("name"), strings.TrimPrefix(q.to(""), "?"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return w.filterAgain(r, q, f, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "filter.saved")
	return r.done(q.to("/desk"))
}

// filterAgain shows the list once more, with what was wrong with the name.
func (w *web) filterAgain(r *req, q deskQuery, f form, wrong error) error {
	rows, more, err := complaints.List(r.ctx, r.db, r.principal.actor, q.filter())
	if err != nil {
		return err
	}
	m, err := r.inbox(q, rows, more)
	if err != nil {
		return err
	}
	m.KeepName, m.KeepErrors = f.text("name"), views.ErrorsOf(wrong)
	p := r.frame("desk.title")
	markUnit(&p, m.Counts)
	return r.again(wrong, parts.Desk, p, views.DeskInboxPage(p, m))
}

// deskFilterRemoval forgets one of the person's lists.
func (w *web) deskFilterRemoval(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.DropFilter(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "filter.removed")
	return r.done(queryOf(f.text("query")).to("/desk"))
}

// queryOf reads the query of an inbox's address that came with a form: known
// values only, and no place in the list.
func queryOf(text string) deskQuery {
	values, err := url.ParseQuery(text)
	if err != nil {
		return deskQuery{}
	}
	return readQuery(func(key string) string { return clean(values.Get(key)) }).with()
}
