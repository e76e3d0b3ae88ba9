package boot_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/boot"
	"pasokh/tenants"
)

// readAudit runs what the pages of the audit read.
func readAudit(t *testing.T, db *tenants.DB) {
	t.Helper()
	before := audit.Cursor{At: time.Now(), Seq: 1 << 40}
	for _, f := range []audit.Filter{
		{Before: before}, {Kind: tenants.Staff, ActorID: 1, Before: before}, {Act: "complaint.closed", Before: before}, {Act: audit.Denied},
		{ObjectKind: "complaint", ObjectID: 1}, {From: time.Now().AddDate(-1, 0, 0), Until: time.Now()},
	} {
		if _, _, err := audit.Search(t.Context(), db, f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := audit.StateOf(t.Context(), db); err != nil {
		t.Fatal(err)
	}
}

// The command tells of every chain, and fails when one does not hold.
func TestVerifyTellsOfABrokenChain(t *testing.T) {
	a := opened(t, configured(t))
	made, err := tenants.Onboard(t.Context(), a.Root, gasSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	err = a.Root.For(made).Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		return audit.Record(t.Context(), tx, "demo:load", "tenant", made.ID, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := a.VerifyAudits(t.Context(), boot.AuditOrder{}, &out); err != nil || !strings.Contains(out.String(), "gas\t") || strings.Contains(out.String(), "BROKEN") {
		t.Fatal(err, out.String())
	}
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "gas")
	if err != nil {
		t.Fatal(err)
	}
	err = a.Root.For(tenant).Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(context.Background(), (*auditHead)(nil), "seq = seq + 1", nil, "seq > 0")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := a.VerifyAudits(t.Context(), boot.AuditOrder{Tenant: "gas"}, &out); err == nil || !strings.Contains(out.String(), "BROKEN") {
		t.Error(err, out.String())
	}
}

type auditHead struct {
	tenants.BaseModel `bun:"table:audit_heads,alias:head"`
	tenants.Owned
	Seq int64
}

func gasSpec(t *testing.T) *tenants.Spec {
	t.Helper()
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	spec.Slug = "gas"
	return spec
}
