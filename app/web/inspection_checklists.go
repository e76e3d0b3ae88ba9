package web

import (
	"net/url"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const checklistsPath = inspectionsPath + "/checklists"

// inspectionChecklists lists what the organization's inspectors look at.
func (w *web) inspectionChecklists(r *req) error {
	list, err := inspection.Checklists(r.ctx, r.db)
	if err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("inspection.checklists"), views.ChecklistsPage(list))
}

// inspectionChecklistNew begins with the standard list.
func (w *web) inspectionChecklistNew(r *req) error {
	return w.checklistPage(r, checklistsPath, checklistValues(inspection.Standard()), nil)
}

func (w *web) inspectionChecklist(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	c, err := inspection.ChecklistByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	return w.checklistPage(r, checklistsPath+"/"+idText(id), checklistValues(c), nil)
}

// checklistValues is a checklist as its form has it.
func checklistValues(c *inspection.Checklist) url.Values {
	v := url.Values{"name_fa": {c.NameFA}, "name_en": {c.NameEN}}
	if c.Active {
		v.Set("active", "1")
	}
	at := map[inspection.Section]int{}
	for _, q := range c.Questions {
		row := string(q.Section) + "_" + strconv.Itoa(at[q.Section])
		v.Set("fa_"+row, q.TextFA)
		v.Set("en_"+row, q.TextEN)
		v.Set("weight_"+row, strconv.Itoa(q.Weight))
		at[q.Section]++
	}
	return v
}

// checklistOf reads the form; a line without a text is left out.
func checklistOf(id int64, f form) *inspection.Checklist {
	c := &inspection.Checklist{ID: id, NameFA: f.text("name_fa"), NameEN: f.text("name_en"), Active: f.yes("active")}
	for _, section := range inspection.Sections() {
		for i := range views.ChecklistRows {
			row := string(section) + "_" + strconv.Itoa(i)
			if text := f.text("fa_" + row); text != "" {
				weight, _ := f.number("weight_" + row)
				c.Questions = append(c.Questions, inspection.Question{Section: section, TextFA: text, TextEN: f.text("en_" + row), Weight: weight})
			}
		}
	}
	return c
}

func (w *web) checklistPage(r *req, action string, typed url.Values, cause error) error {
	m := &views.ChecklistForm{Action: action, Typed: typed, Errors: views.ErrorsOf(cause)}
	p := r.frame("inspection.checklist")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ChecklistPage(p, m))
	}
	return r.page(parts.Desk, p, views.ChecklistPage(p, m))
}

func (w *web) inspectionChecklistCreate(r *req) error { return w.checklistWrite(r, 0, checklistsPath) }

func (w *web) inspectionChecklistSave(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := inspection.ChecklistByID(r.ctx, r.db, id); err != nil {
		return err
	}
	return w.checklistWrite(r, id, checklistsPath+"/"+idText(id))
}

func (w *web) checklistWrite(r *req, id int64, action string) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return inspection.SaveChecklist(r.ctx, tx, checklistOf(id, f)) })
	if fault.Is(err, fault.Invalid) {
		return w.checklistPage(r, action, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "inspection.checklist_saved")
	return r.done(checklistsPath)
}
