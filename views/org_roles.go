package views

import (
	"context"
	"strings"

	"pasokh/policies"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// RoleHead is one role as pages name it.
type RoleHead struct {
	Code, Path   string
	Name, Text   string
	FA, EN       string // of an own role
	BasedOn      string // the name of the built-in role it began with
	Own          bool
	Holders      []string
	Allowed      int
	Changed      int
	Scope        string
	ScopeWhy     string
	ScopeChanged bool
}

// RoleCell is one decision, and why it is so.
type RoleCell struct {
	Role, Permission string
	Allow, Changed   bool
	Kept             bool // the role cannot lose it
	Why              string
}

// RoleLine is one permission: its cells in the order of the roles, or the pages
// and acts that it opens.
type RoleLine struct {
	Permission  string
	Cells       []RoleCell
	Pages, Acts []string
}

// RoleGroup is one area of permissions.
type RoleGroup struct {
	Area string
	Rows []RoleLine
}

// roleAreas are the areas in their order, with the objects of each.
var roleAreas = []struct {
	area    string
	objects []string
}{
	{"case", []string{"complaint"}}, {"citizen", []string{"citizen"}}, {"meeting", []string{"meeting"}}, {"directive", []string{"directive"}},
	{"committee", []string{"committee"}}, {"reach", []string{"delivery", "inbound", "notification", "template"}},
	{"quality", []string{"score", "inspection", "quality", "warning", "report"}}, {"paper", []string{"box", "file", "import", "notice"}},
	{"people", []string{"staff", "account", "security", "policy", "audit", "privacy", "emergency"}}, {"organization", []string{"organization", "unit", "routing", "children"}},
}

// areaOf is where a permission stands; what is not known yet stands last.
func areaOf(permission string) (string, int) {
	object, _, _ := strings.Cut(permission, ":")
	for i, a := range roleAreas {
		for _, o := range a.objects {
			if o == object {
				return a.area, i
			}
		}
	}
	return "other", len(roleAreas)
}

// RoleGroups are lines by area.
type RoleGroups []RoleGroup

// Add puts a line into its area.
func (g *RoleGroups) Add(line RoleLine) {
	area, rank := areaOf(line.Permission)
	at := 0
	for ; at < len(*g); at++ {
		if (*g)[at].Area == area {
			(*g)[at].Rows = append((*g)[at].Rows, line)
			return
		}
		if _, r := areaOf((*g)[at].Rows[0].Permission); r > rank {
			break
		}
	}
	*g = append((*g)[:at:at], append([]RoleGroup{{Area: area, Rows: []RoleLine{line}}}, (*g)[at:]...)...)
}

// Roles is the matrix.
type Roles struct {
	RoleGroups
	Heads   []RoleHead
	Retired []string
	Edit    bool
	NewHref string
}

// RoleForm names a role.
type RoleForm struct {
	FA, EN, Text string
	Bases        []parts.Option
	Action, Back string
	Errors       Errors
}

// RolePage is one role with what it may do.
type RolePage struct {
	RoleGroups
	Head    RoleHead
	Scope   string // as ticked
	Seen    string
	Preview string
	Edit    bool
	Changed bool // something is not as the built-in role has it
	Errors  Errors
}

// RoleEffect is one change and whom it touches.
type RoleEffect struct {
	Permission string
	Allow      bool
	People     string
}

// RoleReview is a change before it is made.
type RoleReview struct {
	Head    RoleHead
	Effects []RoleEffect
	From    string // the scope that ends; empty when it stays
	Moved   string // to whom the scope changes something
	Scope   string
	Seen    string
	Allow   []string
	Reason  string
	Errors  Errors
}

// RoleGlance is what somebody with the role is offered.
type RoleGlance struct {
	RoleGroups
	Head RoleHead
	Nav  []parts.NavItem
}

// permissionKey is the message that names a permission; with ".about" behind it
// the sentence that explains it.
func permissionKey(permission string) string {
	return "permission." + strings.ReplaceAll(permission, ":", ".")
}

func permissionName(ctx context.Context, permission string) string {
	return messages.T(ctx, permissionKey(permission))
}

func permissionAbout(ctx context.Context, permission string) string {
	return messages.T(ctx, permissionKey(permission)+".about")
}

// summary lists the errors in the order of the page.
func (m *RolePage) summary(ctx context.Context) parts.ErrorSummaryOpts {
	var fields []string
	for _, g := range m.RoleGroups {
		for _, line := range g.Rows {
			fields = append(fields, line.Permission)
		}
	}
	return m.Errors.Summary(ctx, append(fields, "scope", "name_fa", "name_en", "description")...)
}

func (m *RolePage) scopes(ctx context.Context) []parts.Choice {
	var list []parts.Choice
	for _, s := range policies.Scopes() {
		key := "roles.scope." + string(s)
		list = append(list, parts.Choice{Value: string(s), Label: messages.T(ctx, key), Hint: messages.T(ctx, key+"_text"), Checked: m.Scope == string(s), Disabled: !m.Edit})
	}
	return list
}

// spoken is a decision in words.
func (c RoleCell) spoken(ctx context.Context) string {
	key := "roles.deny"
	if c.Allow {
		key = "roles.allow"
	}
	return messages.T(ctx, key) + " — " + c.Why
}

func (m *RoleReview) some(allow bool) bool {
	for _, e := range m.Effects {
		if e.Allow == allow {
			return true
		}
	}
	return false
}

func roleEffectKey(allow bool) string {
	if allow {
		return "roles.gives"
	}
	return "roles.takes"
}

func roleEffectIcon(allow bool) string {
	if allow {
		return "check"
	}
	return "minus"
}

// rolePeople names whom a change touches.
func rolePeople(ctx context.Context, names string) string {
	if names == "" {
		return messages.T(ctx, "roles.touches_nobody")
	}
	return messages.T(ctx, "roles.touches", "names", names)
}
