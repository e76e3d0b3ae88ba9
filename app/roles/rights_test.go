package roles_test

import (
	"slices"
	"testing"

	"pasokh/app/fault"
	"pasokh/app/roles"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

// asked are the permissions by which rooms look for people.
var asked = []string{
	"unit:lead", "directive:office", "complaint:arbitrate", "complaint:inspect", "inspection:visit", "inspection:answer", "warning:read",
	"complaint:take_over", "staff:edit", "emergency:end", "organization:edit", "box:open",
}

// own makes a role of the organization's own, with the permissions of a built-in
// one and some more.
func (h *house) own(name, basedOn string, more ...string) string {
	h.t.Helper()
	var code string
	h.Write(h.t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		role, err := roles.Create(h.t.Context(), tx, h.book, roles.Naming{FA: name, EN: name}, basedOn)
		if err != nil {
			return err
		}
		yes := true
		for _, p := range more {
			if err := tx.SetPolicyRule(h.t.Context(), role.Code, p, &yes, ""); err != nil {
				return err
			}
		}
		code = role.Code
		return nil
	})
	return code
}

// What rooms read of the rows is what the book decides, whatever was changed.
func TestRightsSayWhatTheBookSays(t *testing.T) {
	h := open(t)
	blank, shift, gone := h.own("تازه", "", "complaint:read_all", "warning:read"), h.own("سرشیفت", "unit_head", "unit:lead"), h.own("بازنشسته", "inspector")
	h.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		yes, no := true, false
		for _, err := range []error{
			tx.SetPolicyRule(t.Context(), "unit_head", "unit:lead", &no, ""), tx.SetPolicyRule(t.Context(), "operator", "unit:lead", &yes, ""),
			tx.SetPolicyRule(t.Context(), "operator", "platform:operate", &yes, ""), tx.SetRoleScope(t.Context(), "operator", "unit", ""),
			tx.SetRoleScope(t.Context(), shift, "tenant", ""), roles.Retire(t.Context(), tx, gone),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	db, v := h.DB(t), h.verdicts()
	rights, err := staff.RightsTo(t.Context(), db, h.book.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range h.book.Permissions() {
		for _, role := range append(h.book.Roles(), blank, shift, gone, "", "o:1") {
			if got, want := rights.Can([]string{role}, p), v.Can([]string{role}, p); got != want {
				t.Errorf("%s %s: %v, the book says %v", role, p, got, want)
			}
		}
	}
	if !rights.Can([]string{shift}, "unit:lead") || rights.Can([]string{"unit_head"}, "unit:lead") {
		t.Error("a change is not seen")
	}
}

// Where everybody holds own roles only, the same people are found.
func TestOwnRolesAreFoundLikeBuiltInOnes(t *testing.T) {
	h := open(t)
	found := func() map[string][]string {
		db := h.Root.For(h.A)
		defer db.Release()
		users := map[string][]string{}
		for _, p := range asked {
			list, err := staff.Able(t.Context(), db, nil, p)
			if err != nil {
				t.Fatal(err)
			}
			for i := range list {
				users[p] = append(users[p], list[i].UserName)
			}
		}
		return users
	}
	before := found()
	own := map[string]string{}
	for _, role := range h.book.Roles() {
		if !roles.OfPlatform(role) {
			own[role] = h.own("نقش "+role, role)
		}
	}
	h.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for role, code := range own {
			if _, err := tx.Set(t.Context(), (*staff.Membership)(nil), "role = ?", []any{code}, "role = ?", role); err != nil {
				return err
			}
		}
		return nil
	})
	after := found()
	for _, p := range asked {
		if len(before[p]) == 0 && p != "directive:office" || !slices.Equal(before[p], after[p]) {
			t.Errorf("%s: %v, with own roles %v", p, before[p], after[p])
		}
	}
}

// Duties that must be apart are apart in own roles, too, and a factor is asked of
// who can do most harm whatever the role is called.
func TestOwnRolesKeepTheRules(t *testing.T) {
	h := open(t)
	answers, judges := h.own("پاسخ‌گو", "", "complaint:read", "complaint:answer"), h.own("داور", "", "complaint:read", "complaint:feedback")
	rules := h.own("مدیر ما", "tenant_admin")
	gives, hires, secures := h.own("حق‌دهنده", "", "policy:edit"), h.own("کارگزین", "", "staff:edit"), h.own("نگهبان", "", "organization:secure")
	expert := h.as("expert")
	set := func(list ...string) error {
		return h.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.SetRoles(t.Context(), tx, expert.ID, list) })
	}
	for _, pair := range [][]string{{answers, judges}, {answers, "feedback_agent"}, {"unit_expert", judges}} {
		if err := set(pair...); fault.As(err).Fields["roles"] != "staff.error.duties" {
			t.Errorf("%v: %v", pair, err)
		}
	}
	for _, pair := range [][]string{{answers, "unit_expert"}, {judges, "feedback_agent"}, {judges, "inspector"}} {
		if err := set(pair...); err != nil {
			t.Errorf("%v: %v", pair, err)
		}
	}
	v, strict := h.verdicts(), *h.A
	strict.Settings.SecondFactor = "" // as every organization begins
	for role, want := range map[string]bool{
		"tenant_admin": true, "executive": true, "platform_admin": true, rules: true, "pr_manager": false, "inspector": true, "executive_office": false,
		answers: false, "overseer": false, "operator": false,
		gives: true, hires: true, secures: true,
	} {
		if got := staff.NeedsFactor(&strict, func(p string) bool { return v.Can([]string{role}, p) }); got != want {
			t.Errorf("%s: a factor is asked for: %v", role, got)
		}
	}
}

// A rung of the ladder may tell an own role, which then cannot be retired.
func TestARungTellsAnOwnRole(t *testing.T) {
	h := open(t)
	duty := h.own("کشیک", "operator")
	revise := func(role string) error {
		return h.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			list, err := tenants.SLAClasses(t.Context(), tx)
			if err != nil {
				return err
			}
			next := list[0]
			next.Rungs = []tenants.Rung{{Role: role, Points: 1}}
			_, err = tenants.Revise(t.Context(), tx, list[0].ID, next)
			return err
		})
	}
	if err := revise("o:1"); fault.As(err).Fields["rungs"] != "class.error.rung_role" {
		t.Errorf("a role that is not there: %v", err)
	}
	if err := revise(duty); err != nil {
		t.Fatal(err)
	}
	retire := func(tx *tenants.Tx) error { return roles.Retire(t.Context(), tx, duty) }
	if err := h.Try(t, tenants.SystemActor(), retire); fault.As(err).Key != "roles.conflict.told" {
		t.Errorf("retired: %v", err)
	}
	if err := revise("pr_manager"); err != nil {
		t.Fatal(err)
	}
	h.Write(t, tenants.SystemActor(), retire)
	if !policies.IsOwn(duty) {
		t.Error(duty)
	}
}
