package boot_test

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"pasokh/app/boot"
	"pasokh/app/citizens"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// An organization that was deleted after the backup was made is deleted again.
func TestTheDeletedStayDeleted(t *testing.T) {
	from := installed(t)
	a := opened(t, from)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "gas")
	if err != nil {
		t.Fatal(err)
	}
	archive := backedUp(t, from)
	ledger := filepath.Join(t.TempDir(), "erasures.log")
	gone := citizens.Erasure{At: time.Now()}
	gone.TenantID = tenant.ID
	if err := privacy.NewLedger(ledger).Append([]citizens.Erasure{gone}); err != nil {
		t.Fatal(err)
	}
	to := elsewhere(t, from)
	if err := boot.RestoreBackup(t.Context(), to, boot.Restore{From: archive, Erasures: ledger}, io.Discard); err != nil {
		t.Fatal(err)
	}
	b := opened(t, to)
	again, err := b.Root.UnscopedTenantByID(t.Context(), tenant.ID)
	if err != nil || again.Standing() != tenants.StatusDeleted {
		t.Error("the organization came back", err)
	}
	if m, err := b.Root.UnscopedRemoval(t.Context(), tenant.ID); err != nil || m.FinishedAt == nil || m.TotalRows == 0 {
		t.Errorf("%+v, %v", m, err)
	}
}
