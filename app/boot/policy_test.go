package boot_test

import (
	"testing"
	"time"

	"pasokh/app/boot"
)

// What one process changes, another decides by, without a restart, and only
// for the organization that changed it.
func TestPolicyChangeReachesOtherProcesses(t *testing.T) {
	c := configured(t)
	one, other := opened(t, c), opened(t, c)
	if err := one.LoadDemo(t.Context(), t.Output()); err != nil {
		t.Fatal(err)
	}
	stop, err := other.FollowPolicies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	gas, water := tenantID(t, one, "gas"), tenantID(t, one, "water")
	can := func(tenant int64) bool { return other.Book.Can(tenant, []string{"operator"}, "complaint:close") }
	if can(gas) || can(water) {
		t.Fatal("the built-in policy lets operators close")
	}
	for _, step := range []struct {
		effect string
		want   bool
	}{{"allow", true}, {"deny", false}, {"allow", true}, {"default", false}} {
		change := boot.PolicyChange{Tenant: "gas", Role: "operator", Permission: "complaint:close", Effect: step.effect}
		if err := one.ChangePolicy(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		limit := time.After(20 * time.Second)
		for can(gas) != step.want {
			select {
			case <-limit:
				t.Fatalf("%s does not reach the other process", step.effect)
			case <-time.After(5 * time.Millisecond):
			}
		}
		if can(water) {
			t.Fatal("another organization's decision changed")
		}
	}
}

// Words between processes can be lost: what nobody was told of is found by the
// version, within the second that each process waits.
func TestPolicyChangeArrivesWithoutAWord(t *testing.T) {
	c := configured(t)
	one, other := opened(t, c), opened(t, c)
	if err := one.LoadDemo(t.Context(), t.Output()); err != nil {
		t.Fatal(err)
	}
	stop, err := other.FollowPolicies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	gas := tenantID(t, one, "gas")
	one.Root.OnPolicy = nil // nobody says a word
	change := boot.PolicyChange{Tenant: "gas", Role: "operator", Permission: "complaint:close", Effect: "allow"}
	if err := one.ChangePolicy(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	limit := time.After(20 * time.Second)
	for !other.Book.Can(gas, []string{"operator"}, "complaint:close") {
		select {
		case <-limit:
			t.Fatal("the version was not polled")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestUnknownPolicyIsRefused(t *testing.T) {
	a := opened(t, configured(t))
	for _, c := range []boot.PolicyChange{
		{Tenant: "gas", Role: "operator", Permission: "complaint:vanish", Effect: "allow"},
		{Tenant: "gas", Role: "emperor", Permission: "complaint:close", Effect: "allow"},
		{Tenant: "nobody", Role: "operator", Permission: "complaint:close", Effect: "allow"},
	} {
		if err := a.ChangePolicy(t.Context(), c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

func tenantID(t testing.TB, a *boot.App, slug string) int64 {
	t.Helper()
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return tenant.ID
}
