package web

import (
	"slices"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// person is the page of one member of the staff.
func (w *web) person(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.personPage(id, "", nil, nil)
}

// personPage answers with a person's page; the form that came back is named.
func (r *req) personPage(id int64, form string, typed *views.PersonTyped, cause error) error {
	s, err := staff.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	roles, err := staff.Roles(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	units, err := r.unitNames()
	if err != nil {
		return err
	}
	m := &views.PersonPage{
		Row: r.personRow(&staff.Member{Staff: *s, Roles: roles}, units), Own: id == r.principal.actor.ID, Form: form, Now: r.now(),
		Edit: r.can("staff:edit"), Errors: views.ErrorsOf(cause), Roles: r.roleChoices(roles),
		Typed: views.PersonTyped{NameFA: s.NameFA, NameEN: s.NameEN, Mobile: persian.ShowMobile(s.Mobile), Email: s.Email, UnitID: s.UnitID},
	}
	switch form {
	case "person":
		m.Typed = *typed
	case "roles":
		m.Roles = r.roleChoices(typed.Roles)
	case "training":
		m.Typed.Course, m.Typed.DoneOn, m.Typed.ExpiresOn = typed.Course, typed.DoneOn, typed.ExpiresOn
	}
	if err := r.personMore(m, id, roles); err != nil {
		return err
	}
	p := r.frame("people.one")
	if fault.Is(cause, fault.Conflict) || fault.Is(cause, fault.Forbidden) {
		e := fault.As(cause)
		m.Notice, m.Errors = r.t(e.Key, e.Args...), nil
		r.c.Status(byKind[e.Kind].status)
		return r.page(parts.Desk, p, views.PersonPageView(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PersonPageView(p, m))
	}
	return r.page(parts.Desk, p, views.PersonPageView(p, m))
}

func (r *req) personMore(m *views.PersonPage, id int64, roles []string) (err error) {
	if m.Units, err = r.unitOptions(m.Typed.UnitID); err != nil {
		return err
	}
	if m.Pass, err = staff.OpenPass(r.ctx, r.db, id); err != nil {
		return err
	}
	if m.Trainings, m.Gaps, err = r.trainingsOf(id, roles); err != nil {
		return err
	}
	courses, err := staff.Courses(r.ctx, r.db)
	courses = slices.DeleteFunc(courses, func(c staff.Course) bool { return c.EndedAt != nil })
	m.Courses = choose(courses, m.Typed.Course, func(c staff.Course) (string, string) { return idText(c.ID), r.in(c.NameFA, c.NameEN) })
	return err
}

// personAct does something about the person of the address and comes back.
func (r *req) personAct(form, done string, act func(tx *tenants.Tx, id int64, typed views.PersonTyped) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := f.person()
	typed.State, typed.Course, typed.DoneOn, typed.ExpiresOn = f.text("state"), f.text("course"), f.text("done_on"), f.text("expires_on")
	r.empowerGrants()
	err = r.write(func(tx *tenants.Tx) error { return act(tx, id, typed) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		if err != nil {
			return r.personPage(id, form, &typed, err)
		}
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(peoplePath + "/" + idText(id))
}

func (w *web) personSave(r *req) error {
	return r.personAct("person", "people.saved", func(tx *tenants.Tx, id int64, t views.PersonTyped) error {
		return staff.Edit(r.ctx, tx, id, staff.Person{NameFA: t.NameFA, NameEN: t.NameEN, Mobile: t.Mobile, Email: t.Email, UnitID: t.UnitID})
	})
}

// personRolesSave gives and takes roles; what the actor cannot give is closed on
// the page and comes not with the form, so it stays as it is.
func (w *web) personRolesSave(r *req) error {
	return r.personAct("roles", "people.roles_saved", func(tx *tenants.Tx, id int64, t views.PersonTyped) error {
		held, err := staff.Roles(r.ctx, tx, id)
		if err != nil {
			return err
		}
		grants := tx.Actor().Grants
		roles := slices.DeleteFunc(t.Roles, func(role string) bool { return !w.Book.HasRole(r.tenant.ID, role) })
		for _, role := range held {
			if !slices.Contains(grants, role) {
				roles = append(roles, role)
			}
		}
		return staff.SetRoles(r.ctx, tx, id, roles)
	})
}

func (w *web) personStateSave(r *req) error {
	return r.personAct("state", "people.state_saved", func(tx *tenants.Tx, id int64, t views.PersonTyped) error {
		if t.State == staff.StateDisabled {
			return staff.Disable(r.ctx, tx, id)
		}
		return staff.Enable(r.ctx, tx, id)
	})
}

// personFactorsReset takes the second factors of somebody who has lost them; the
// person is told.
func (w *web) personFactorsReset(r *req) error {
	return r.personAct("state", "people.factors_reset", func(tx *tenants.Tx, id int64, _ views.PersonTyped) error {
		return staff.ResetFactors(r.ctx, tx, id)
	})
}

func (w *web) personInvitationCreate(r *req) error {
	return r.personAct("pass", "people.invited", func(tx *tenants.Tx, id int64, _ views.PersonTyped) error {
		return staff.InviteAgain(r.ctx, tx, id)
	})
}

func (w *web) personResetCreate(r *req) error {
	return r.personAct("pass", "people.reset_sent", func(tx *tenants.Tx, id int64, _ views.PersonTyped) error {
		return staff.StartReset(r.ctx, tx, id)
	})
}

func (w *web) personTrainingRemovalCreate(r *req) error {
	training, err := r.id("training")
	if err != nil {
		return err
	}
	return r.personAct("training", "training.removed", func(tx *tenants.Tx, id int64, _ views.PersonTyped) error {
		return staff.Untrain(r.ctx, tx, id, training)
	})
}
