package handover

import (
	"context"
	"errors"
	"os"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// KindAsked is the task that makes a package.
const KindAsked = "organization.export"

// Who asked for a package.
const (
	ByOrganization = "organization" // one of its own admins
	ByPlatform     = "platform"     // who never gets it
	ByCommand      = "command"      // the operator, who has it as a file
)

// States of an order.
const (
	Waiting = "waiting"
	Running = "running"
	Ready   = "ready"
	Failed  = "failed"
	Removed = "removed"
)

// KeepFor is how long a package that is ready can be fetched, once: everything that
// an organization has lies in it.
const KeepFor = 24 * time.Hour

// takenFor is how long a package that is being fetched stays.
const takenFor = time.Hour

// Order is one package that was asked for.
type Order struct {
	tenants.BaseModel `bun:"table:tenant_exports,alias:export"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	State       string
	Origin      string
	StaffID     *int64 // who of the organization asked; nil: not one of its own
	AskedAt     time.Time
	DoneRows    int64
	TotalRows   int64
	Files       int64
	Bytes       int64
	SHA256      string     `bun:"sha256"`
	TakenMoment *time.Time // that the rows show
	ReadyAt     *time.Time
	ExpiresAt   *time.Time
	FetchedAt   *time.Time
	ConfirmedAt *time.Time // somebody of the organization said that they hold it
	ConfirmedBy *int64
	Problem     string
}

// Working tells whether the package is being made, or will be.
func (o *Order) Working() bool { return o.State == Waiting || o.State == Running }

// Fetchable tells whether the person may fetch it now, which nobody has done yet:
// who asked, or when the platform did, any admin of the organization.
func (o *Order) Fetchable(staff int64, now time.Time) bool {
	return o.State == Ready && o.FetchedAt == nil && (o.StaffID == nil || *o.StaffID == staff) && o.ExpiresAt != nil && now.Before(*o.ExpiresAt)
}

// Confirmable tells whether somebody may still say that they hold it.
func (o *Order) Confirmable() bool {
	return o.ConfirmedAt == nil && o.FetchedAt != nil
}

// Ask orders a package; Conflict while another one is being made.
func Ask(ctx context.Context, tx *tenants.Tx, origin string) (*Order, error) {
	busy, err := tx.Select((*Order)(nil)).Where("export.state IN (?)", tenants.In([]string{Waiting, Running})).Exists(ctx)
	if err != nil {
		return nil, fault.Wrap(tenants.Err(err), "handover.Ask")
	}
	if busy {
		return nil, fault.New(fault.Conflict, "handover.error.busy")
	}
	o := &Order{ID: tenants.NewID(), State: Waiting, Origin: origin, AskedAt: tx.Now()}
	if a := tx.Actor(); origin == ByOrganization && a.Kind == tenants.Staff {
		o.StaffID = &a.ID
	}
	if err := tx.Insert(ctx, o); err != nil {
		return nil, fault.Wrap(err, "handover.Ask")
	}
	if err := audit.Record(ctx, tx, "organization:export", "organization", o.ID, origin); err != nil {
		return nil, err
	}
	return o, tx.Enqueue(ctx, KindAsked, OrderRef{o.ID})
}

// OrderRef names an order in a task.
type OrderRef struct {
	ExportID int64 `json:"export_id"`
}

// Orders lists the last ones, the newest first.
func Orders(ctx context.Context, r tenants.Reader) ([]Order, error) {
	var list []Order
	err := r.Select(&list).Order("export.id DESC").Limit(20).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "handover.Orders")
}

// OrderByID reads one.
func OrderByID(ctx context.Context, r tenants.Reader, id int64) (*Order, error) {
	o := new(Order)
	return o, fault.Wrap(tenants.Err(r.Select(o).Where("export.id = ?", id).Scan(ctx)), "handover.OrderByID")
}

// Fetched notes that the person takes the package, before the first byte leaves.
// NotFound when it is not theirs or is gone.
func Fetched(ctx context.Context, tx *tenants.Tx, id int64) (*Order, error) {
	o := new(Order)
	if err := tx.Lock(ctx, o, "export.id = ?", id); err != nil {
		return nil, err
	}
	if !o.Fetchable(tx.Actor().ID, tx.Now()) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	now := tx.Now()
	o.FetchedAt = &now
	if err := tx.Update(ctx, o, "fetched_at"); err != nil {
		return nil, err
	}
	return o, audit.Record(ctx, tx, "organization:export_fetched", "organization", o.ID, o.SHA256)
}

// Confirm says for the organization that it holds the package and has looked at
// it: without this, nothing of it is ever deleted.
func Confirm(ctx context.Context, tx *tenants.Tx, id int64) error {
	o := new(Order)
	if err := tx.Lock(ctx, o, "export.id = ?", id); err != nil {
		return err
	}
	if !o.Confirmable() {
		return fault.New(fault.Conflict, "handover.error.not_fetched")
	}
	now, who := tx.Now(), tx.Actor().ID
	o.ConfirmedAt = &now
	if tx.Actor().Kind == tenants.Staff {
		o.ConfirmedBy = &who
	}
	if err := tx.Update(ctx, o, "confirmed_at", "confirmed_by"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "organization:export_confirmed", "organization", o.ID, o.SHA256)
}

// Make makes the package that was ordered. Begun again after it was stopped, it
// begins anew; what cannot be made is told on the page.
func Make(ctx context.Context, db *tenants.DB, s Source, id int64) (result string, err error) {
	o, err := OrderByID(ctx, db, id)
	if err != nil || !o.Working() {
		return "done before", err
	}
	to, err := s.Files.PackagePath(db.Tenant().ID, id)
	if err != nil {
		return "", err
	}
	if err := s.Files.RemovePackage(db.Tenant().ID, id); err != nil {
		return "", err
	}
	db.Release()
	s.Step = stepInto(ctx, db, o, s.Root.Clock())
	p, failure := Write(ctx, s, to)
	if failure != nil && ctx.Err() != nil {
		return "", failure // stopped: another worker begins anew
	}
	return o.end(ctx, db, p, failure)
}

// end writes down what became of it.
func (o *Order) end(ctx context.Context, db *tenants.DB, p *Package, failure error) (string, error) {
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		now := tx.Now()
		o.ReadyAt = &now
		if failure != nil {
			o.State, o.Problem = Failed, "handover.failed"
			return tx.Update(ctx, o, "state", "problem", "ready_at")
		}
		until := now.Add(KeepFor)
		o.State, o.ExpiresAt, o.Bytes, o.SHA256, o.Files, o.TakenMoment = Ready, &until, p.Size, p.SHA256, p.Manifest.Files, &p.Taken
		o.DoneRows, o.TotalRows = p.Rows(), p.Rows()
		return tx.Update(ctx, o, "state", "ready_at", "expires_at", "bytes", "sha256", "files", "taken_moment", "done_rows", "total_rows")
	})
	return o.State, errors.Join(err, failure)
}

// stepInto notes how far it is, once a second at most.
func stepInto(ctx context.Context, db *tenants.DB, o *Order, clock tenants.Clock) func(done, total int64) {
	var last time.Time
	return func(done, total int64) {
		if now := clock(); now.Sub(last) >= time.Second {
			last = now
			o.State, o.DoneRows, o.TotalRows = Running, done, total
			_ = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { // the next one tells as much
				return tx.Update(ctx, o, "state", "done_rows", "total_rows")
			})
		}
	}
}

// Purge removes the packages whose time is over or that were fetched, and tells how many.
func Purge(ctx context.Context, db *tenants.DB, store *files.Store) (int, error) {
	var list []Order
	err := db.Select(&list).Where("export.state = ?", Ready).Where("export.expires_at <= ? OR export.fetched_at <= ?", db.Now(), db.Now().Add(-takenFor)).Scan(ctx)
	if err != nil || len(list) == 0 {
		return 0, tenants.Err(err)
	}
	for i := range list {
		o := &list[i]
		if err := store.RemovePackage(db.Tenant().ID, o.ID); err != nil {
			return i, err
		}
		o.State = Removed
		if err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Update(ctx, o, "state") }); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// Noted writes down a package that the operator made by command, and that they
// say to have handed over.
func Noted(ctx context.Context, tx *tenants.Tx, p *Package, confirmed bool) error {
	now := tx.Now()
	o := &Order{
		ID: tenants.NewID(), State: Removed, Origin: ByCommand, AskedAt: now, DoneRows: p.Rows(), TotalRows: p.Rows(), Files: p.Manifest.Files, Bytes: p.Size,
		SHA256: p.SHA256, TakenMoment: &p.Taken, ReadyAt: &now, FetchedAt: &now,
	}
	if confirmed {
		o.ConfirmedAt = &now
	}
	if err := tx.Insert(ctx, o); err != nil {
		return fault.Wrap(err, "handover.Noted")
	}
	return audit.Record(ctx, tx, "organization:export", "organization", o.ID, ByCommand+" "+p.SHA256)
}

// OpenPackage reads a package for whoever fetches it.
func OpenPackage(store *files.Store, o *Order) (*os.File, error) {
	f, err := store.OpenPackage(o.TenantID, o.ID)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return f, err
}
