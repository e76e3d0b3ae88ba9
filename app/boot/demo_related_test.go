package boot_test

import (
	"io"
	"testing"

	"pasokh/app/boot"
	"pasokh/app/complaints"
)

// The related cases of the demonstration, at both organizations.
func TestDemonstrationHasRelatedCases(t *testing.T) {
	a := opened(t, configured(t))
	if err := a.LoadDemo(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := boot.WriteRelated(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	all := map[string][]complaints.Complaint{}
	for _, slug := range []string{"gas", "water"} {
		tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		db := a.Root.For(tenant)
		var list []complaints.Complaint
		err = db.Select(&list).Order("c.id").Scan(t.Context())
		db.Release()
		if err != nil {
			t.Fatal(err)
		}
		all[slug] = list
	}
	members, children, sent := 0, 0, 0
	for _, c := range all["gas"] {
		if c.Follows() {
			members++
		}
		if c.ParentID != nil {
			children++
		}
		if c.Fact == complaints.Transferred {
			sent++
		}
	}
	if len(all["gas"]) != boot.RelatedCases || members != 3 || children != 2 || sent != 1 || len(all["water"]) != 1 {
		t.Errorf("%d cases, %d members, %d children, %d sent, %d at the water company", len(all["gas"]), members, children, sent, len(all["water"]))
	}
}
