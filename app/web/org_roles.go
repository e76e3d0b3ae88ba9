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
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const rolesPath = "/desk/organization/roles"

// roleList is the way to the roles, for who may read them.
func (r *req) roleList() []parts.LinkOpts {
	if !r.can("policy:read") {
		return nil
	}
	list := []parts.LinkOpts{{Label: r.t("roles.title"), Href: rolesPath}}
	if r.can("policy:edit") {
		list = append(list, parts.LinkOpts{Label: r.t("service.page"), Href: orgSignInPath})
	}
	return list
}

// roleWord is what a role is called, a built-in one or the organization's own.
func (r *req) roleWord(code string) string {
	if !policies.IsOwn(code) {
		return r.t("role." + code)
	}
	if o := r.roleOf(code); o != nil {
		return r.in(o.NameFA, o.NameEN)
	}
	return r.t("roles.unknown") // without the name a page is poorer but not wrong
}

// roleHint says what a role is for.
func (r *req) roleHint(code string) string {
	if !policies.IsOwn(code) {
		return r.t("role." + code + ".about")
	}
	if o := r.roleOf(code); o != nil {
		return o.Description
	}
	return ""
}

// roleOf is one of the organization's own roles, nil when there is none; they
// are read once for a page.
func (r *req) roleOf(code string) *tenants.Role {
	if r.ownRoles == nil {
		list, err := tenants.Roles(r.ctx, r.db)
		if err != nil {
			return nil
		}
		r.ownRoles = list
	}
	if at := slices.IndexFunc(r.ownRoles, func(o tenants.Role) bool { return o.Code == code }); at >= 0 {
		return &r.ownRoles[at]
	}
	return nil
}

// charter is what is in force in the organization, read from its rows: a page
// shows what was just saved, whatever this process decides by yet.
type charter struct {
	now    *policies.Verdicts
	own    []tenants.Role
	rules  map[string]tenants.PolicyRule // by role + " " + permission
	scopes map[string]tenants.RoleScope
	people []staff.Member
	names  map[int64]string // of the people
}

func (r *req) charter() (*charter, error) {
	c := &charter{rules: map[string]tenants.PolicyRule{}, scopes: map[string]tenants.RoleScope{}, names: map[int64]string{}}
	force, err := roles.InForce(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	if c.now, err = r.w.Book.Judge(force); err != nil {
		return nil, fault.Wrap(err, "web.charter")
	}
	if c.own, err = tenants.Roles(r.ctx, r.db); err != nil {
		return nil, err
	}
	rules, err := tenants.PolicyRules(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		c.rules[rule.Role+" "+rule.Permission] = rule
	}
	scopes, err := tenants.RoleScopes(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for _, s := range scopes {
		c.scopes[s.Role] = s
	}
	c.people, err = staff.Roster(r.ctx, r.db)
	for i := range c.people {
		c.names[c.people[i].ID] = r.in(c.people[i].NameFA, c.people[i].NameEN)
	}
	return c, err
}

// codes lists the roles of the organization: the platform's are not its own.
func (c *charter) codes() []string {
	return slices.DeleteFunc(c.now.Roles(), roles.OfPlatform)
}

// holders are the names of the active people who hold the role.
func (c *charter) holders(code string) []string {
	var names []string
	for i := range c.people {
		if m := &c.people[i]; m.DisabledAt == nil && slices.Contains(m.Roles, code) {
			names = append(names, c.names[m.ID])
		}
	}
	return names
}

// rolePath is the page of a role: a built-in one by its code, an own one by its
// number.
func rolePath(code string) string {
	return rolesPath + "/" + strings.TrimPrefix(code, policies.OwnPrefix)
}

func (r *req) roleHead(c *charter, code string) views.RoleHead {
	h := views.RoleHead{
		Code: code, Path: rolePath(code), Name: r.roleWord(code), Own: policies.IsOwn(code), Holders: c.holders(code),
		Scope: string(c.now.Scope([]string{code})), ScopeWhy: r.t("roles.why.builtin"),
	}
	if !h.Own {
		h.Text = r.t("role." + code + ".about")
	}
	for i := range c.own {
		if o := &c.own[i]; o.Code == code {
			h.Text, h.FA, h.EN = o.Description, o.NameFA, o.NameEN
			if o.BasedOn != "" {
				h.BasedOn = r.t("role." + o.BasedOn)
			}
		}
	}
	if s, ok := c.scopes[code]; ok {
		h.ScopeWhy, h.ScopeChanged = r.whoChanged(c, s.ChangedBy, messages.ShortDate(r.ctx, s.ChangedAt), s.Reason), true
	}
	return h
}

// whoChanged says who changed something, when and why.
func (r *req) whoChanged(c *charter, by *int64, date, reason string) string {
	who := r.t("roles.program")
	if by != nil && c.names[*by] != "" {
		who = c.names[*by]
	}
	text := r.t("roles.why.changed", "who", who, "date", date)
	if reason != "" {
		text += " — " + reason
	}
	return text
}

// roleCell is one decision and why it is so.
func (r *req) roleCell(c *charter, code, permission string) views.RoleCell {
	cell := views.RoleCell{
		Role: code, Permission: permission, Allow: c.now.Can([]string{code}, permission), Why: r.t("roles.why.builtin"), Kept: roles.Kept(code, permission),
	}
	rule, changed := c.rules[code+" "+permission]
	if permission == roles.ScopePermission {
		if s, ok := c.scopes[code]; ok {
			cell.Why, cell.Changed = r.whoChanged(c, s.ChangedBy, messages.ShortDate(r.ctx, s.ChangedAt), s.Reason), true
		}
		return cell
	}
	if !changed {
		if policies.IsOwn(code) {
			cell.Why = r.t("roles.why.not_given")
		}
		return cell
	}
	date := "—"
	if rule.ChangedAt != nil {
		date = messages.ShortDate(r.ctx, *rule.ChangedAt)
	}
	cell.Why, cell.Changed = r.whoChanged(c, rule.ChangedBy, date, rule.Reason), true
	return cell
}

// orgRoles is the matrix of all roles and permissions; on a phone the list of
// the roles, one page each.
func (w *web) orgRoles(r *req) error {
	c, err := r.charter()
	if err != nil {
		return err
	}
	m := &views.Roles{Edit: r.can("policy:edit"), NewHref: rolesPath + "/new"}
	for _, code := range c.codes() {
		m.Heads = append(m.Heads, r.roleHead(c, code))
	}
	for _, p := range w.Book.Permissions() {
		if policies.IsPlatform(p) {
			continue
		}
		row := views.RoleLine{Permission: p}
		for i := range m.Heads {
			cell := r.roleCell(c, m.Heads[i].Code, p)
			if m.Heads[i].Changed += count(cell.Changed); cell.Allow {
				m.Heads[i].Allowed++
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Add(row)
	}
	for i := range c.own {
		if o := &c.own[i]; o.RetiredAt != nil {
			m.Retired = append(m.Retired, r.in(o.NameFA, o.NameEN)+" · "+messages.ShortDate(r.ctx, *o.RetiredAt))
		}
	}
	p := r.frame("roles.title")
	return r.page(parts.Desk, p, views.RolesPage(p, m))
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (w *web) orgRoleNew(r *req) error { return r.roleNewPage(form{}, nil) }

func (r *req) roleNewPage(f form, cause error) error {
	builtIn := slices.DeleteFunc(r.w.Book.Roles(), roles.OfPlatform)
	m := &views.RoleForm{
		FA: f.text("name_fa"), EN: f.text("name_en"), Text: f.text("description"), Action: rolesPath, Back: rolesPath, Errors: views.ErrorsOf(cause),
		Bases: choose(builtIn, f.text("based_on"), func(code string) (string, string) { return code, r.t("role." + code) }),
	}
	p := r.frame("roles.new")
	if fault.Is(cause, fault.Conflict) {
		r.c.Status(byKind[fault.Conflict].status)
		return r.page(parts.Desk, p, views.RoleNewPage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.RoleNewPage(p, m))
	}
	return r.page(parts.Desk, p, views.RoleNewPage(p, m))
}

func (f form) naming() roles.Naming {
	return roles.Naming{FA: f.text("name_fa"), EN: f.text("name_en"), Description: f.text("description")}
}

func (w *web) orgRoleCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	var made *tenants.Role
	err = r.write(func(tx *tenants.Tx) (err error) {
		made, err = roles.Create(r.ctx, tx, w.Book, f.naming(), f.text("based_on"))
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return r.roleNewPage(f, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "roles.done.new")
	return r.done(rolePath(made.Code))
}
