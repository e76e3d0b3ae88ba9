package roles_test

import (
	"slices"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/roles"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

// house is a world with the staff of the gas sector and a book of its own.
type house struct {
	*dbtest.World
	t    *testing.T
	book *policies.Book
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{World: dbtest.New(t), t: t}
	var err error
	if h.book, err = policies.Load(); err != nil {
		t.Fatal(err)
	}
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	h.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return staff.Seed(t.Context(), tx, staff.Cheap(), spec.Staff, func(user string) string { return "secret of " + user })
	})
	return h
}

func (h *house) as(user string) tenants.Actor {
	h.t.Helper()
	db := h.Root.For(h.A)
	defer db.Release()
	s, err := staff.ByUserName(h.t.Context(), db, user)
	if err != nil {
		h.t.Fatal(err)
	}
	held, err := staff.Roles(h.t.Context(), db, s.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, Roles: held}
}

// verdicts is what the rows say now.
func (h *house) verdicts() *policies.Verdicts {
	h.t.Helper()
	db := h.Root.For(h.A)
	defer db.Release()
	own, err := roles.InForce(h.t.Context(), db)
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := h.book.Judge(own)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// change gives and takes permissions of a role: "+complaint:close".
func (h *house) change(a tenants.Actor, role string, scope policies.Scope, changes ...string) (plan *roles.Plan, err error) {
	h.t.Helper()
	d := roles.Current(h.book, h.verdicts(), role)
	d.Reason = "به درخواست مدیر سازمان"
	if scope != "" {
		d.Scope = scope
	}
	for _, c := range changes {
		d.Allow[c[1:]] = c[0] == '+'
	}
	err = h.Try(h.t, a, func(tx *tenants.Tx) error {
		plan, err = roles.Save(h.t.Context(), tx, h.book, d)
		return err
	})
	return plan, err
}

func (h *house) refused(a tenants.Actor, role, field, key string, changes ...string) {
	h.t.Helper()
	_, err := h.change(a, role, "", changes...)
	if got := fault.As(err).Fields[field]; err == nil || got != key {
		h.t.Errorf("%s %v: %v, want %s beside %q", role, changes, err, key, field)
	}
}

func (h *house) create(a tenants.Actor, name, basedOn string) (role *tenants.Role, err error) {
	h.t.Helper()
	err = h.Try(h.t, a, func(tx *tenants.Tx) error {
		role, err = roles.Create(h.t.Context(), tx, h.book, roles.Naming{FA: name, EN: "Own " + name, Description: "برای آزمون"}, basedOn)
		return err
	})
	return role, err
}

func TestGrantRules(t *testing.T) {
	h := open(t)
	admin, manager := h.as("admin"), h.as("manager")
	h.refused(admin, "operator", "platform:operate", "roles.error.platform", "+platform:operate")
	h.refused(admin, "tenant_admin", "policy:edit", "roles.error.kept", "-policy:edit")
	h.refused(manager, "operator", "complaint:visit", "roles.error.lack", "+complaint:visit")
	if _, err := h.change(manager, "operator", "", "+complaint:triage"); err != nil {
		t.Errorf("what the manager holds: %v", err)
	}
	if _, err := h.change(h.as("expert"), "unit_head", policies.ScopeTenant); fault.As(err).Fields["scope"] != "roles.error.scope_lack" {
		t.Errorf("a scope wider than the own: %v", err)
	}
	h.refused(admin, "", "", "", "+complaint:read") // no such role
	h.refused(admin, "tenant_admin", "complaint:inspect", "roles.error.own", "+complaint:inspect")
	if _, err := h.change(admin, "tenant_admin", policies.ScopeTenant); fault.As(err).Fields["scope"] != "roles.error.scope_lack" {
		t.Errorf("a wider scope for oneself: %v", err)
	}
	for _, change := range []string{"-audit:read", "+audit:read"} { // what the role has by default comes back
		if _, err := h.change(admin, "tenant_admin", "", change); err != nil {
			t.Errorf("%s: %v", change, err)
		}
	}
	for _, role := range []string{"platform_admin", "nobody", "o:1"} {
		if _, err := h.change(admin, role, "", "+complaint:read"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", role, err)
		}
	}
	d := roles.Current(h.book, h.verdicts(), "operator")
	d.Allow["complaint:note"], d.Reason = false, "کوتاه"
	err := h.Try(t, admin, func(tx *tenants.Tx) error { _, err := roles.Save(t.Context(), tx, h.book, d); return err })
	if fault.As(err).Fields["reason"] != "roles.error.reason" {
		t.Errorf("a short reason: %v", err)
	}
}

// Who answers does not judge: not in one role, not in one person's roles.
func TestDutiesStayApart(t *testing.T) {
	h := open(t)
	admin := h.as("admin")
	for _, p := range []string{"complaint:feedback", "complaint:close", "complaint:sign_off"} {
		h.refused(admin, "unit_expert", p, "roles.error.answers", "+"+p)
	}
	for _, p := range []string{"complaint:take", "complaint:answer"} {
		h.refused(admin, "feedback_agent", p, "roles.error.judges", "+"+p)
	}
	// The exceptions keep what they have, and get no more.
	h.refused(admin, "inspector", "complaint:sign_off", "roles.error.answers", "+complaint:sign_off")
	h.refused(admin, "pr_manager", "complaint:feedback", "roles.error.answers", "+complaint:feedback")
	for _, role := range []string{"inspector", "pr_manager"} {
		if _, err := h.change(admin, role, "", "-complaint:note"); err != nil {
			t.Errorf("%s loses something else: %v", role, err)
		}
	}
	expert := h.as("expert")
	role, err := h.create(admin, "ناظر تماس", "")
	if err != nil {
		t.Fatal(err)
	}
	h.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Insert(t.Context(), &staff.Membership{StaffID: expert.ID, Role: role.Code, GrantedAt: tx.Now()})
	})
	h.refused(admin, role.Code, "", "roles.error.person", "+complaint:feedback")
}

func TestAChangeTellsWhomItTouchesAndIsRecorded(t *testing.T) {
	h := open(t)
	admin := h.as("admin")
	plan, err := h.change(admin, "unit_expert", "", "+score:read")
	if err != nil || len(plan.Effects) != 1 || len(plan.Holders) != 4 {
		t.Fatalf("%+v, %v", plan, err)
	}
	// Three of the experts are heads, too, and could read scores already.
	if people := plan.Effects[0].People; len(people) != 1 || people[0].UserName != "expert" {
		t.Errorf("it touches %+v", people)
	}
	rules, err := tenants.PolicyRules(t.Context(), h.DB(t))
	if err != nil || len(rules) != 1 || rules[0].ChangedBy == nil || *rules[0].ChangedBy != admin.ID || rules[0].ChangedAt == nil || rules[0].Reason == "" {
		t.Errorf("rules %+v, %v", rules, err)
	}
	var lines []audit.Entry
	if err := h.DB(t).Select(&lines).Where("entry.act = 'policy:allow'").Scan(t.Context()); err != nil || len(lines) != 1 {
		t.Errorf("audit %+v, %v", lines, err)
	}
	if _, err := h.change(admin, "unit_expert", "", "-score:read"); err != nil {
		t.Fatal(err)
	}
	if rules, err = tenants.PolicyRules(t.Context(), h.DB(t)); err != nil || len(rules) != 0 {
		t.Errorf("back to the default leaves %+v, %v", rules, err)
	}
	if _, err := h.change(admin, "unit_expert", ""); fault.As(err).Key != "roles.conflict.nothing" {
		t.Errorf("nothing: %v", err)
	}
	stale := roles.Current(h.book, h.verdicts(), "unit_expert")
	stale.Allow["complaint:note"], stale.Reason = false, "به درخواست مدیر سازمان"
	if _, err := h.change(admin, "unit_expert", "", "-file:read"); err != nil {
		t.Fatal(err)
	}
	err = h.Try(t, admin, func(tx *tenants.Tx) error { _, err := roles.Save(t.Context(), tx, h.book, stale); return err })
	if fault.As(err).Key != "roles.conflict.moved" {
		t.Errorf("somebody else's change: %v", err)
	}
}

func TestOwnRoles(t *testing.T) {
	h := open(t)
	admin := h.as("admin")
	empty, err := h.create(admin, "کارآموز", "")
	if err != nil || !policies.IsOwn(empty.Code) {
		t.Fatal(empty, err)
	}
	if _, err := h.create(admin, "کارآموز", ""); fault.As(err).Fields["name_fa"] != "roles.error.taken" {
		t.Errorf("the same name: %v", err)
	}
	if _, err := h.create(admin, "مدیر همه", "platform_admin"); fault.As(err).Fields["based_on"] == "" {
		t.Errorf("the platform's role: %v", err)
	}
	based, err := h.create(admin, "مدیر شیفت", "pr_manager")
	if err != nil {
		t.Fatal(err)
	}
	v := h.verdicts()
	for _, p := range h.book.Permissions() {
		if v.Can([]string{empty.Code}, p) {
			t.Errorf("the empty role may %s", p)
		}
		want := v.Can([]string{"pr_manager"}, p) && p != "complaint:take" && p != "complaint:answer"
		if v.Can([]string{based.Code}, p) != want {
			t.Errorf("the role of the manager's kind: %s is not %v", p, want)
		}
	}
	h.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Insert(t.Context(), &staff.Membership{StaffID: admin.ID, Role: based.Code, GrantedAt: tx.Now()})
	})
	retire := func(code string) error {
		return h.Try(t, admin, func(tx *tenants.Tx) error { return roles.Retire(t.Context(), tx, code) })
	}
	if err := retire(based.Code); fault.As(err).Key != "roles.conflict.held" {
		t.Errorf("held: %v", err)
	}
	if err := retire(empty.Code); err != nil {
		t.Error(err)
	}
	if slices.Contains(h.verdicts().Roles(), empty.Code) {
		t.Error("a retired role is still one")
	}
	db := h.For(t, h.B)
	if _, err := roles.ByCode(t.Context(), db, based.Code); !fault.Is(err, fault.NotFound) {
		t.Errorf("another organization's role: %v", err)
	}
	own, err := roles.InForce(t.Context(), db)
	if err != nil || len(own.Roles)+len(own.Rules) != 0 {
		t.Errorf("at the other organization %+v, %v", own, err)
	}
}

func TestTheCommandLineKeepsTheRules(t *testing.T) {
	h := open(t)
	decide := func(role, permission, effect string) error {
		return h.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return roles.Decide(t.Context(), tx, h.book, role, permission, effect)
		})
	}
	for _, step := range []struct {
		effect string
		want   bool
	}{{"allow", true}, {"allow", true}, {"deny", false}, {"default", false}, {"allow", true}, {"default", false}} {
		if err := decide("operator", "complaint:close", step.effect); err != nil || h.verdicts().Can([]string{"operator"}, "complaint:close") != step.want {
			t.Errorf("%s: %v", step.effect, err)
		}
	}
	if err := decide("unit_head", "complaint:close", "allow"); fault.As(err).Fields["complaint:close"] == "" {
		t.Errorf("duties: %v", err)
	}
	if err := decide("operator", "platform:read", "allow"); err == nil {
		t.Error("the platform's permission was given")
	}
	if err := decide("unit_head", "complaint:read_all", "allow"); err != nil || h.verdicts().Scope([]string{"unit_head"}) != policies.ScopeTenant {
		t.Errorf("the scope: %v", err)
	}
}
