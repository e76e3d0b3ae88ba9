package web

import (
	"slices"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/roles"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// roleOfPath is the code of the role that the address names; NotFound when the
// organization has no such role, or has no longer.
func (r *req) roleOfPath(c *charter) (string, error) {
	code := r.c.Params("role")
	if number(code) > 0 {
		code = policies.OwnPrefix + code
	}
	if !slices.Contains(c.codes(), code) {
		return "", fault.New(fault.NotFound, "error.not_found")
	}
	return code, nil
}

// orgRole is the page of one role.
func (w *web) orgRole(r *req) error {
	c, err := r.charter()
	if err != nil {
		return err
	}
	code, err := r.roleOfPath(c)
	if err != nil {
		return err
	}
	return r.rolePage(c, roles.Current(w.Book, c.now, code), nil)
}

// rolePage answers with the page of a role, as the draft has it.
func (r *req) rolePage(c *charter, d roles.Draft, cause error) error {
	m := &views.RolePage{
		Head: r.roleHead(c, d.Role), Edit: r.can("policy:edit"), Errors: views.ErrorsOf(cause), Seen: d.Seen, Scope: string(d.Scope),
		Preview: rolePath(d.Role) + "/preview",
	}
	for _, p := range r.w.Book.Permissions() {
		if policies.IsPlatform(p) || p == roles.ScopePermission {
			continue
		}
		cell := r.roleCell(c, d.Role, p)
		m.Changed = m.Changed || cell.Changed
		cell.Allow = d.Allow[p]
		m.Add(views.RoleLine{Permission: p, Cells: []views.RoleCell{cell}})
	}
	m.Changed = m.Changed || m.Head.ScopeChanged
	p := r.frame("")
	p.Title = m.Head.Name
	if fault.Is(cause, fault.Conflict) {
		r.c.Status(byKind[fault.Conflict].status)
		return r.page(parts.Desk, p, views.RolePageView(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.RolePageView(p, m))
	}
	return r.page(parts.Desk, p, views.RolePageView(p, m))
}

// draft is what the form asks for: the ticked permissions, or the defaults that
// one of its buttons asks for.
func (r *req) draft(c *charter, code string, f form) roles.Draft {
	d := roles.Draft{Role: code, Allow: map[string]bool{}, Scope: policies.Scope(f.text("scope")), Reason: f.text("reason"), Seen: f.text("seen")}
	for _, p := range f.list("allow") {
		d.Allow[p] = true
	}
	builtIn, role := r.w.Book.BuiltIn(), []string{code}
	switch reset := f.text("reset"); reset {
	case "":
	case "all":
		d.Allow, d.Scope = roles.Current(r.w.Book, builtIn, code).Allow, builtIn.Scope(role)
	case "scope":
		d.Scope = builtIn.Scope(role)
	default:
		current := roles.Current(r.w.Book, c.now, code)
		d.Allow, d.Scope = current.Allow, current.Scope
		d.Allow[reset] = builtIn.Can(role, reset)
	}
	for _, p := range r.w.Book.Permissions() {
		if roles.Kept(code, p) && c.now.Can(role, p) { // its box is locked, so browsers do not send it
			d.Allow[p] = true
		}
	}
	return d
}

// reviewPage shows what the draft would change and for whom, before it does.
func (r *req) reviewPage(c *charter, d roles.Draft, plan *roles.Plan, cause error) error {
	m := &views.RoleReview{
		Head: r.roleHead(c, d.Role), Seen: d.Seen, Scope: string(d.Scope), Reason: d.Reason, Errors: views.ErrorsOf(cause),
	}
	for p, yes := range d.Allow {
		if yes {
			m.Allow = append(m.Allow, p)
		}
	}
	slices.Sort(m.Allow)
	for _, e := range plan.Effects {
		m.Effects = append(m.Effects, views.RoleEffect{Permission: e.Permission, Allow: e.Allow, People: r.peopleNames(e.People)})
	}
	if plan.From != plan.To {
		m.From, m.Moved = string(plan.From), r.peopleNames(plan.Affected)
	}
	p := r.frame("roles.review")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.RoleReviewPage(p, m))
	}
	return r.page(parts.Desk, p, views.RoleReviewPage(p, m))
}

func (r *req) peopleNames(list []staff.Member) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = r.in(list[i].NameFA, list[i].NameEN)
	}
	return strings.Join(names, r.t("roles.comma"))
}

// orgRolePreview shows what somebody with the role is offered: the side bar, the
// pages, the acts and whose cases. It comes from the table of routes; nobody's
// data is shown.
func (w *web) orgRolePreview(r *req) error {
	c, err := r.charter()
	if err != nil {
		return err
	}
	code, err := r.roleOfPath(c)
	if err != nil {
		return err
	}
	can := func(p string) bool { return c.now.Can([]string{code}, p) }
	m := &views.RoleGlance{Head: r.roleHead(c, code)}
	for _, s := range sections {
		if w.router.has(s.href) && !strings.HasPrefix(s.href, "/platform") && can(s.permission) {
			m.Nav = append(m.Nav, parts.NavItem{Label: r.t("nav." + s.key), Icon: s.icon})
		}
	}
	for _, p := range w.Book.Permissions() {
		if !can(p) || policies.IsPlatform(p) {
			continue
		}
		line := views.RoleLine{Permission: p}
		for _, rt := range w.router.routes {
			if rt.Audience != Staff || rt.Permission != p {
				continue
			}
			if rt.Method == "GET" {
				line.Pages = append(line.Pages, rt.Pattern)
			} else {
				line.Acts = append(line.Acts, rt.Pattern)
			}
		}
		m.Add(line)
	}
	p := r.frame("roles.glance", "role", m.Head.Name)
	return r.page(parts.Desk, p, views.RoleGlancePage(p, m))
}

// changeRole reads what the form asks of the role of the address.
func (r *req) changeRole() (*charter, roles.Draft, form, error) {
	f, err := r.form()
	if err != nil {
		return nil, roles.Draft{}, f, err
	}
	c, err := r.charter()
	if err != nil {
		return nil, roles.Draft{}, f, err
	}
	code, err := r.roleOfPath(c)
	if err != nil {
		return nil, roles.Draft{}, f, err
	}
	return c, r.draft(c, code, f), f, nil
}

// orgRoleChangeCreate prepares a change: it shows what it would do.
func (w *web) orgRoleChangeCreate(r *req) error {
	c, d, f, err := r.changeRole()
	if err != nil {
		return err
	}
	if f.yes("edit") { // back from the preview with what was ticked
		return r.rolePage(c, d, nil)
	}
	plan, err := roles.Preview(r.ctx, r.db, w.Book, r.principal.actor, d)
	if err == nil && plan.Empty() {
		err = fault.New(fault.Conflict, "roles.conflict.nothing")
	}
	if err != nil {
		return r.roleRefused(c, d, err)
	}
	return r.reviewPage(c, d, plan, nil)
}

// roleRefused answers with the page of the role and what was wrong; what was
// ticked is kept, unless somebody else has changed the role meanwhile.
func (r *req) roleRefused(c *charter, d roles.Draft, err error) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	if fault.Is(err, fault.Conflict) {
		d.Seen = roles.Current(r.w.Book, c.now, d.Role).Seen
	}
	return r.rolePage(c, d, err)
}

// orgRoleSave does what the preview showed, with a reason.
func (w *web) orgRoleSave(r *req) error {
	c, d, _, err := r.changeRole()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := roles.Save(r.ctx, tx, w.Book, d)
		return err
	})
	if err == nil {
		r.flash(parts.Success, "roles.done.saved")
		return r.done(rolePath(d.Role))
	}
	if fault.Is(err, fault.Invalid) && fault.As(err).Fields["reason"] != "" {
		plan, planErr := roles.Preview(r.ctx, r.db, w.Book, r.principal.actor, d)
		if planErr != nil {
			return planErr
		}
		return r.reviewPage(c, d, plan, err)
	}
	return r.roleRefused(c, d, err)
}

// ownRole does something to one of the organization's own roles.
func (r *req) ownRole(done, to string, act func(tx *tenants.Tx, code string, f form) error) error {
	c, d, f, err := r.changeRole()
	if err != nil {
		return err
	}
	if !policies.IsOwn(d.Role) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	err = r.write(func(tx *tenants.Tx) error { return act(tx, d.Role, f) })
	if err != nil {
		return r.roleRefused(c, roles.Current(r.w.Book, c.now, d.Role), err)
	}
	r.flash(parts.Success, done)
	if to == "" {
		to = rolePath(d.Role)
	}
	return r.done(to)
}

func (w *web) orgRoleNameSave(r *req) error {
	return r.ownRole("roles.done.name", "", func(tx *tenants.Tx, code string, f form) error {
		return roles.Rename(r.ctx, tx, code, f.naming())
	})
}

func (w *web) orgRoleRetirementCreate(r *req) error {
	return r.ownRole("roles.done.retired", rolesPath, func(tx *tenants.Tx, code string, _ form) error {
		return roles.Retire(r.ctx, tx, code)
	})
}
