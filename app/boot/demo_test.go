package boot_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pasokh/app/boot"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

func TestDemonstrationIsLoadedOnce(t *testing.T) {
	a := opened(t, configured(t))
	var first, second bytes.Buffer
	if err := a.LoadDemo(t.Context(), &first); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"1/5 gas", "5/5 free", boot.DemoPassword} {
		if !strings.Contains(first.String(), word) {
			t.Fatalf("progress does not say %q:\n%s", word, first.String())
		}
	}
	var statements atomic.Int64
	a.Root.OnStatement = func(string) { statements.Add(1) }
	if err := a.LoadDemo(t.Context(), &second); err != nil {
		t.Fatal(err)
	}
	a.Root.OnStatement = nil
	if n := statements.Load(); n > 2 || second.Len() > 0 {
		t.Fatalf("the second start took %d statements and said %q", n, second.String())
	}
	list, err := a.Root.UnscopedTenants(t.Context())
	if err != nil || len(list) != 6 {
		t.Fatalf("%d organizations, %v", len(list), err)
	}
}

func TestDemonstrationAccountsOpen(t *testing.T) {
	a := opened(t, configured(t))
	if err := a.LoadDemo(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	list, err := boot.DemoAccounts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, account := range list {
		if seen[account.Tenant] {
			continue
		}
		seen[account.Tenant] = true
		tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), account.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		db := a.Root.For(tenant)
		in, err := staff.SignIn(t.Context(), db, staff.Cheap(), staff.Credentials{User: account.User, Password: account.Password})
		db.Release()
		if err != nil || !in.Actor.Has(account.Role) {
			t.Fatalf("%+v: %v", account, err)
		}
	}
}

func TestDemonstrationHasEveryRoleInEverySector(t *testing.T) {
	book, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	list, err := boot.DemoAccounts()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string][]string{}
	for _, a := range list {
		roles[a.Tenant] = append(roles[a.Tenant], a.Role)
	}
	if len(roles) != 6 {
		t.Fatalf("%d organizations", len(roles))
	}
	for tenant, held := range roles {
		for _, role := range book.Roles() {
			if (role == "platform_admin") == (tenant == tenants.PlatformSlug) && !slices.Contains(held, role) {
				t.Errorf("nobody at %s is %s", tenant, role)
			}
		}
	}
}
