package policies_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pasokh/policies"
)

var update = flag.Bool("update", false, "write the golden files")

func load(t testing.TB) *policies.Book {
	t.Helper()
	b, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The whole built-in policy as a table that reviewers read: one line for each
// role and permission, refusals included.
func TestBuiltInRolesAreAsAgreed(t *testing.T) {
	b := load(t)
	roles := b.Roles()
	slices.Sort(roles)
	var out strings.Builder
	for _, role := range roles {
		fmt.Fprintf(&out, "%s\n", role)
		for _, perm := range b.Permissions() {
			verdict := "  deny "
			if b.Can(1, []string{role}, perm) {
				verdict = "  ALLOW"
			}
			fmt.Fprintf(&out, "%-7s  %s\n", verdict, perm)
		}
	}
	const file = "testdata/roles.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil { //nolint:gosec // a file of the tree
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != string(want) {
		t.Errorf("the policy is not the one in %s; when the change is meant, run with -update and review the difference", file)
	}
}

func TestNothingIsAllowedWithoutRoleOrganizationOrPermission(t *testing.T) {
	b := load(t)
	for _, perm := range append(b.Permissions(), "", "complaint:", ":read", "complaint:*", "no:such") {
		if b.Can(1, nil, perm) || b.Can(1, []string{""}, perm) || b.Can(0, b.Roles(), perm) {
			t.Errorf("%q is allowed to nobody", perm)
		}
	}
	if b.Can(1, b.Roles(), "complaint:destroy") || b.Known("complaint:destroy") {
		t.Error("an unknown permission is allowed or known")
	}
}

func TestEveryPromisedRoleExists(t *testing.T) {
	roles := load(t).Roles()
	for _, role := range []string{
		"operator", "pr_officer", "pr_manager", "unit_expert", "unit_head", "feedback_agent", "special_followup", "executive",
		"executive_office", "inspector", "committee_secretary", "overseer", "tenant_admin", "platform_admin",
	} {
		if !slices.Contains(roles, role) {
			t.Errorf("%s is missing", role)
		}
	}
}

func TestAnOrganizationsRulesStayItsOwn(t *testing.T) {
	b, builtin := load(t), load(t)
	roles, perms := b.Roles(), b.Permissions()
	rapid.Check(t, func(t *rapid.T) {
		var own []policies.Rule
		for range rapid.IntRange(0, 5).Draw(t, "rules") {
			own = append(own, policies.Rule{
				Role: rapid.SampledFrom(roles).Draw(t, "role"), Permission: rapid.SampledFrom(perms).Draw(t, "permission"),
				Allow: rapid.Bool().Draw(t, "allow"),
			})
		}
		if err := b.Swap(7, own); err != nil {
			t.Fatal(err)
		}
		for _, role := range roles {
			for _, perm := range perms {
				want := builtin.Can(8, []string{role}, perm)
				if b.Can(8, []string{role}, perm) != want {
					t.Errorf("another organization's decision on %s %s changed", role, perm)
				}
				ruled := slices.ContainsFunc(own, func(r policies.Rule) bool { return r.Role == role && r.Permission == perm })
				if !ruled && b.Can(7, []string{role}, perm) != want {
					t.Errorf("%s %s changed without a rule", role, perm)
				}
			}
		}
		for _, rule := range own {
			if !rule.Allow && b.Can(7, []string{rule.Role}, rule.Permission) {
				t.Errorf("%+v does not hold", rule)
			}
		}
	})
}

func TestRevokedRulesAreGoneAtOnce(t *testing.T) {
	b := load(t)
	grant := []policies.Rule{{Role: "overseer", Permission: "complaint:read", Allow: true}}
	if err := b.Swap(7, grant); err != nil || !b.Can(7, []string{"overseer"}, "complaint:read") {
		t.Fatal("the grant does not hold", err)
	}
	if err := b.Swap(7, nil); err != nil || b.Can(7, []string{"overseer"}, "complaint:read") {
		t.Error("the grant survived its end", err)
	}
}

func BenchmarkCan(b *testing.B) {
	book := load(b)
	roles := []string{"unit_expert", "unit_head"}
	for b.Loop() {
		book.Can(7, roles, "complaint:answer")
	}
}
