package policies_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pasokh/policies"
)

// draw makes any changes an organization could have in its rows, sense or not.
func draw(t *rapid.T, b *policies.Book) policies.Own {
	all := append(b.Roles(), "o:1", "o:2", "o:", "nobody")
	perms := append(b.Permissions(), "no:such", "complaint:*", "")
	own := policies.Own{Roles: rapid.SliceOfN(rapid.SampledFrom([]string{"o:1", "o:2", "o:", "operator", "5"}), 0, 3).Draw(t, "roles"), Scopes: map[string]policies.Scope{}}
	for range rapid.IntRange(0, 6).Draw(t, "rules") {
		own.Rules = append(own.Rules, policies.Rule{
			Role: rapid.SampledFrom(all).Draw(t, "role"), Permission: rapid.SampledFrom(perms).Draw(t, "permission"), Allow: rapid.Bool().Draw(t, "allow"),
		})
	}
	if rapid.Bool().Draw(t, "scoped") {
		own.Scopes[rapid.SampledFrom(all).Draw(t, "role")] = rapid.SampledFrom([]policies.Scope{"unit", "subtree", "tenant", "world"}).Draw(t, "scope")
	}
	return own
}

// No sequence of grants, own roles and scopes in one organization moves a
// decision of another; nobody unknown is ever allowed anything; the platform's
// permissions are given to nobody.
func TestNoSequenceOfGrantsReachesAnotherOrganization(t *testing.T) {
	b, fresh := load(t), load(t)
	builtIn := fresh.BuiltIn()
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			own := draw(t, b)
			if err := b.Replace(7, own); err != nil {
				t.Fatal(err)
			}
			for _, perm := range append(b.Permissions(), "no:such", "") {
				for _, role := range append(b.Roles(), "o:1", "o:2") {
					if b.Can(8, []string{role}, perm) != builtIn.Can([]string{role}, perm) {
						t.Fatalf("another organization's %s %s changed", role, perm)
					}
					if !b.Known(perm) && b.Can(7, []string{role}, perm) {
						t.Fatalf("%s may do the unknown %q", role, perm)
					}
					if policies.IsPlatform(perm) && b.Can(7, []string{role}, perm) && !builtIn.Can([]string{role}, perm) {
						t.Fatalf("%s was given %s", role, perm)
					}
					if policies.IsOwn(role) && !slices.Contains(own.Roles, role) && b.Can(7, []string{role}, perm) {
						t.Fatalf("%s is no role here and may do %s", role, perm)
					}
				}
				if b.Can(7, []string{"nobody", "o:", "5", ""}, perm) {
					t.Fatalf("an unknown role may do %s", perm)
				}
			}
			if b.Scope(8, []string{"unit_head"}) != policies.ScopeUnit || b.Scope(0, []string{"pr_manager"}) != policies.ScopeUnit {
				t.Fatal("a scope reached another organization")
			}
		}
	})
}

func TestAnOwnRoleMayDoWhatItWasGiven(t *testing.T) {
	b := load(t)
	own := policies.Own{Roles: []string{"o:9"}, Rules: []policies.Rule{{Role: "o:9", Permission: "score:read", Allow: true}}, Scopes: map[string]policies.Scope{"unit_head": policies.ScopeSubtree, "operator": policies.ScopeUnit}}
	if err := b.Replace(7, own); err != nil {
		t.Fatal(err)
	}
	if !b.Can(7, []string{"o:9"}, "score:read") || b.Can(7, []string{"o:9"}, "score:reverse") || b.Can(8, []string{"o:9"}, "score:read") {
		t.Error("an own role may do something else than it was given")
	}
	if s := b.Scope(7, []string{"unit_head", "unit_expert"}); s != policies.ScopeSubtree {
		t.Errorf("the widest scope is %s", s)
	}
	if b.Can(7, []string{"operator"}, "complaint:read_all") || b.Scope(7, []string{"operator"}) != policies.ScopeUnit {
		t.Error("the scope and its permission say different things")
	}
}

// Whoever cannot be judged is denied.
func TestABrokenEnforcerDenies(t *testing.T) {
	b := load(t)
	b.Break()
	if err := b.Replace(7, policies.Own{Rules: []policies.Rule{{Role: "operator", Permission: "complaint:close", Allow: true}}}); err == nil {
		t.Fatal("a broken enforcer judged")
	}
	for _, perm := range b.Permissions() {
		if b.Can(7, b.Roles(), perm) {
			t.Errorf("%s is allowed", perm)
		}
	}
	if !b.Can(8, []string{"operator"}, "complaint:read") {
		t.Error("another organization is denied, too")
	}
}
