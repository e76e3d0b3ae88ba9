package complaints

import (
	"context"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// The directions of a transfer.
const (
	TransferOut = "out"
	TransferIn  = "in"
)

// The states of a transfer.
const (
	TransferSent    = "sent"    // on its way
	TransferArrived = "arrived" // the other organization has it
	TransferRefused = "refused" // it came back
)

// Transfer is a case that went to another organization or came from one. Both
// organizations keep one, with the same ID: the sender's is its read-only trail.
type Transfer struct {
	tenants.BaseModel `bun:"table:transfers,alias:transfer"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Direction   string
	OtherSlug   string
	OtherFA     string `bun:"other_fa"` // the other organization's name
	OtherEN     string `bun:"other_en"`
	OtherCode   string // of the case there
	OtherState  State  // of the case there; kept up to date at the sender
	Reason      string // that the citizen is told
	State       string
	At          time.Time
	ChangedAt   *time.Time
}

// Kinds of the tasks that carry a case between two organizations; see
// transferred. Each is run by the organization where it begins.
const (
	KindTransferSent     = "complaint.transfer_sent"     // register it there
	KindTransferMoved    = "complaint.transfer_moved"    // tell the sender where it stands
	KindTransferRefused  = "complaint.transfer_refused"  // give it back
	KindTransferReturned = "complaint.transfer_returned" // it is back: tell
)

// transferred is the payload of the tasks between organizations.
type transferred struct {
	TransferID int64 `json:"transfer_id"`
}

// sourcePrefix begins the source of a case that came from another organization
// of the deployment; its slug follows.
const sourcePrefix = "org-"

// CameFromAfar tells whether another organization sent the case.
func (c *Complaint) CameFromAfar() bool {
	return c.Channel == "api" && strings.HasPrefix(c.Source, sourcePrefix)
}

// Send gives a case that the PR office has not referred to another organization,
// with the reason the citizen is told. Here it ends and leaves a trail; the task
// that follows registers it there. Confidential cases stay.
func Send(ctx context.Context, tx *tenants.Tx, id ID, to *tenants.Tenant, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Registered, Triage); err != nil {
		return nil, err
	}
	if err := c.mayGo(ctx, tx, to); err != nil {
		return nil, err
	}
	if reason, err = needText("reason", reason, "relations.error.reason"); err != nil {
		return nil, err
	}
	row := &Transfer{
		ID: tenants.NewID(), ComplaintID: c.ID, Direction: TransferOut, OtherSlug: to.Slug, OtherFA: to.NameFA, OtherEN: to.NameEN,
		Reason: reason, State: TransferSent, At: tx.Now(),
	}
	if err := tx.Insert(ctx, row); err != nil {
		return nil, fault.Wrap(err, "complaints.Send")
	}
	if err := tx.Enqueue(ctx, KindTransferSent, transferred{row.ID}); err != nil {
		return nil, err
	}
	return finish(ctx, tx, c, Transferred, reason)
}

// mayGo checks what keeps a case here.
func (c *Complaint) mayGo(ctx context.Context, tx *tenants.Tx, to *tenants.Tenant) error {
	if to == nil || to.ID == tx.Tenant().ID || !to.TakesTransfers() {
		return fault.Field("to", "relations.error.organization")
	}
	if c.Confidential {
		return fault.New(fault.Conflict, "relations.conflict.confidential_stays")
	}
	if err := c.standsAlone(); err != nil {
		return err
	}
	members, err := followers(ctx, tx, c.ID)
	if err == nil && len(members) > 0 {
		err = fault.New(fault.Conflict, "relations.conflict.has_members")
	}
	return err
}

// Transfers lists where a case went and came from, oldest first.
func Transfers(ctx context.Context, r tenants.Reader, id ID) ([]Transfer, error) {
	var list []Transfer
	return list, tenants.Err(r.Select(&list).Where("transfer.complaint_id = ?", id).Order("transfer.id").Scan(ctx))
}

// TransferByID reads one.
func TransferByID(ctx context.Context, r tenants.Reader, id int64) (*Transfer, error) {
	t := new(Transfer)
	return t, tenants.Err(r.Select(t).Where("transfer.id = ?", id).Scan(ctx))
}

// arrival is the transfer by which a case came, nil when there is none.
func arrival(ctx context.Context, r tenants.Reader, id ID) (*Transfer, error) {
	t := new(Transfer)
	err := tenants.Err(r.Select(t).Where("transfer.complaint_id = ? AND transfer.direction = 'in'", id).Order("transfer.id DESC").Limit(1).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // filed here
	}
	return t, err
}

// Arrived notes at the sender under which code the case stands there. Run again,
// or after it came back, it changes nothing.
func Arrived(ctx context.Context, tx *tenants.Tx, id int64, code string, state State) error {
	t, c, err := lockTransfer(ctx, tx, id)
	if err != nil || t.State != TransferSent || t.Direction != TransferOut {
		return err
	}
	now := tx.Now()
	t.State, t.OtherCode, t.OtherState, t.ChangedAt = TransferArrived, code, state, &now
	if err := tx.Update(ctx, t, "state", "other_code", "other_state", "changed_at"); err != nil {
		return fault.Wrap(err, "complaints.Arrived")
	}
	e := c.event("transfer_arrived", "", true)
	e.RefID = &t.ID
	_, err = record(ctx, tx, c, e, false)
	return err
}

// lockTransfer locks the case of a transfer and the transfer, in this order.
func lockTransfer(ctx context.Context, tx *tenants.Tx, id int64) (*Transfer, *Complaint, error) {
	t, err := TransferByID(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", t.ComplaintID); err != nil {
		return nil, nil, err
	}
	t = new(Transfer)
	return t, c, tx.Lock(ctx, t, "transfer.id = ?", id)
}

// Trace keeps the sender's trail up to date. now is asked while the row is locked,
// so that of two traces the later one knows the later state; it says nothing of a
// case that is kept from the sender.
func Trace(ctx context.Context, tx *tenants.Tx, id int64, now func() (State, error)) error {
	t := new(Transfer)
	if err := tx.Lock(ctx, t, "transfer.id = ?", id); err != nil || t.State != TransferArrived {
		return err
	}
	state, err := now()
	if err != nil || state == "" || state == t.OtherState {
		return err
	}
	at := tx.Now()
	t.OtherState, t.ChangedAt = state, &at
	return fault.Wrap(tx.Update(ctx, t, "other_state", "changed_at"), "complaints.Trace")
}

// Told tells whether the sender of a case may know where it stands: what has
// become confidential here is kept from it until it ends.
func (c *Complaint) Told() bool { return !c.Confidential || !c.Open() }

// tellSender notes that the sender of a case is to learn of its new state.
func (c *Complaint) tellSender(ctx context.Context, tx *tenants.Tx, e *timeline.Event) error {
	if !c.CameFromAfar() || !c.Told() || e.FromState == "" || e.FromState == e.ToState {
		return nil
	}
	t, err := arrival(ctx, tx, c.ID)
	if err != nil || t == nil {
		return err
	}
	return tx.Schedule(ctx, KindTransferMoved, "transfer:"+c.Code, tx.Now(), transferred{t.ID})
}

// Back opens the sender's case again: the other organization did not take it. It
// is the PR office's, in a new cycle. Run again it changes nothing.
func Back(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	t, c, err := lockTransfer(ctx, tx, id)
	if err != nil || t.Direction != TransferOut || t.State == TransferRefused {
		return err
	}
	now := tx.Now()
	t.State, t.ChangedAt = TransferRefused, &now
	if err := tx.Update(ctx, t, "state", "changed_at"); err != nil {
		return fault.Wrap(err, "complaints.Back")
	}
	if c.Open() || c.Fact != Transferred {
		return nil
	}
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return err
	}
	e := c.event("transfer_refused", reason, true)
	e.RefID = &t.ID
	if e, err = record(ctx, tx, c, e, false); err != nil {
		return err
	}
	again := c.event("reopened", "", false)
	c.Cycle++
	c.State, c.UnitID, c.HolderID = Triage, office.ID, nil
	c.Fact, c.Result, c.Outcome, c.ClosedAt, c.Interims = "", "", "", nil, 0
	if _, err := record(ctx, tx, c, again, false); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindTransferReturned, fact{ComplaintID: c.ID, EventID: e.ID})
}

// Stranded lists transfers that left before a time and have not arrived: their
// task was given up.
func Stranded(ctx context.Context, r tenants.Reader, before time.Time) ([]Transfer, error) {
	var list []Transfer
	err := r.Select(&list).Where("transfer.state = 'sent' AND transfer.at < ?", before).Order("transfer.at").Limit(100).Scan(ctx)
	return list, tenants.Err(err)
}

// SendAgain notes the task of a stranded transfer once more.
func SendAgain(ctx context.Context, tx *tenants.Tx, t *Transfer) error {
	if err := audit.Record(ctx, tx, KindTransferSent, "complaint", t.ComplaintID, "again"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindTransferSent, transferred{t.ID})
}
