package tenants

import (
	"time"

	"github.com/uptrace/bun"
)

// Kind is the sector of an organization.
type Kind string

// The sectors of product.md, the platform itself, and any other body.
const (
	Platform     Kind = "platform"
	Gas          Kind = "gas"
	Water        Kind = "water"
	Metro        Kind = "metro"
	Municipality Kind = "municipality"
	FreeZone     Kind = "free_zone"
	Other        Kind = "other"
)

// Status is how far an organization is on its way.
type Status string

// The statuses; see standing.go for what each means and what may follow it.
const (
	StatusDraft     Status = "draft"
	StatusPilot     Status = "pilot"
	StatusLive      Status = "live"
	StatusSuspended Status = "suspended"
	StatusClosing   Status = "closing"
	// StatusDeleted is told by DeletedAt; the row stays closing.
	StatusDeleted Status = "deleted"
)

// PlatformSlug names the tenant that is the platform's own: its staff are the
// platform admins and its host is the bare base domain.
const PlatformSlug = "platform"

// Tenant is one organization served by this deployment.
type Tenant struct {
	bun.BaseModel `bun:"table:tenants,alias:tenant"`
	ID            int64 `bun:",pk"`
	Slug          string
	Kind          Kind
	Status        Status
	NameFA        string `bun:"name_fa"`
	NameEN        string `bun:"name_en"`
	Accent        string
	Settings      Settings `bun:"type:jsonb"`
	PolicyVersion int64
	// ParentID is the organization above it, which sees its figures.
	ParentID *int64
	// Host is the verified host of its own that links are made from; empty is
	// the name below the platform's domain.
	Host string
	// StaffOnly shows citizens nothing but the contacts.
	StaffOnly bool
	StatusAt  *time.Time // of the last move
	DeletedAt *time.Time
	// ClosesAt is from when on a closing organization is only read, and may be
	// deleted; see handover.
	ClosesAt *time.Time
	// HeldAt is since when a legal hold lies on everything it has.
	HeldAt     *time.Time
	HoldReason string
	Quotas     Quotas `bun:"type:jsonb"`
	CreatedAt  time.Time
	// Children is how many organizations are below it, where it was found by its
	// address.
	Children int64 `bun:",scanonly"`
}

// IsPlatform tells whether this is the platform's own tenant.
func (t *Tenant) IsPlatform() bool { return t.Slug == PlatformSlug }

// Serves tells whether citizens may begin something here.
func (t *Tenant) Serves() bool { return t.Status == StatusPilot || t.Status == StatusLive }

// TakesTransfers tells whether other organizations may send cases here.
func (t *Tenant) TakesTransfers() bool {
	return t.Serves() && !t.IsPlatform() && !t.Settings.RefuseTransfers
}
