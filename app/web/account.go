package web

import (
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const accountPath = "/desk/account"

// account is the person's own page: one card for each thing they can see to.
func (w *web) account(r *req) error {
	me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	return r.accountPage(me, nil)
}

func (r *req) accountPage(me *staff.Staff, cause error) error {
	p := r.frame("account.title")
	m := &views.Account{Me: *me, Errors: views.ErrorsOf(cause), Now: r.now(), Preferences: r.can("notification:read"), Calendars: r.can("meeting:read")}
	for _, role := range r.principal.actor.Roles {
		m.Roles = append(m.Roles, r.roleWord(role))
	}
	if me.UnitID != nil {
		unit, err := tenants.UnitByID(r.ctx, r.db, *me.UnitID)
		if err != nil {
			return err
		}
		m.Unit = r.in(unit.NameFA, unit.NameEN)
	}
	var err error
	if m.Trainings, m.Gaps, err = r.trainingsOf(me.ID, r.principal.actor.Roles); err != nil {
		return err
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.AccountPage(p, m))
	}
	return r.page(parts.Desk, p, views.AccountPage(p, m))
}

// accountSave writes the own names.
func (w *web) accountSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return staff.Rename(r.ctx, tx, f.text("name_fa"), f.text("name_en")) })
	if fault.Is(err, fault.Invalid) {
		me, lookErr := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
		if lookErr != nil {
			return lookErr
		}
		me.NameFA, me.NameEN = f.text("name_fa"), f.text("name_en")
		return r.accountPage(me, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "account.saved")
	return r.done(accountPath)
}

func (w *web) accountPassword(r *req) error {
	p := r.frame("account.password")
	return r.page(parts.Desk, p, views.AccountPasswordPage(p, views.OwnPassword{}))
}

// accountPasswordSave changes the own password and ends the other sessions.
func (w *web) accountPasswordSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitPassword, idText(r.principal.actor.ID)); err != nil {
		return err
	}
	fresh := f.raw("password")
	err = staff.ChangePassword(r.ctx, r.db, w.Hasher, r.principal.actor, r.principal.token, f.raw("current"), fresh)
	if fault.Is(err, fault.Invalid) {
		p := r.frame("account.password")
		m := views.OwnPassword{Errors: views.ErrorsOf(err), Strength: staff.Judge(fresh)}
		return r.again(err, parts.Desk, p, views.AccountPasswordPage(p, m))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "account.password_saved")
	return r.done(accountPath)
}

// trainingsOf are somebody's records and what is lacking.
func (r *req) trainingsOf(id int64, roles []string) ([]views.TrainingLine, []staff.Gap, error) {
	records, err := staff.Trainings(r.ctx, r.db, id)
	if err != nil {
		return nil, nil, err
	}
	courses, err := staff.Courses(r.ctx, r.db)
	if err != nil {
		return nil, nil, err
	}
	names := map[int64]string{}
	for i := range courses {
		names[courses[i].ID] = r.in(courses[i].NameFA, courses[i].NameEN)
	}
	lines := make([]views.TrainingLine, len(records))
	for i := range records {
		lines[i] = views.TrainingLine{Training: records[i], Course: names[records[i].CourseID], Valid: records[i].Valid(r.now())}
	}
	gaps, err := staff.Gaps(r.ctx, r.db, id, roles)
	return lines, gaps, err
}
