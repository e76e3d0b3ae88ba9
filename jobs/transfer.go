package jobs

import (
	"context"
	"errors"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// A case between two organizations. Each half is a transaction of its own at one
// end, and each may run again: what has happened already is found there.

type transferIDs struct {
	TransferID int64 `json:"transfer_id"`
}

// transferSent registers the case at the other organization and notes at the
// sender under which code.
func transferSent(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids transferIDs
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	p, err := complaints.ParcelOf(ctx, db, ids.TransferID)
	db.Release()
	if err != nil {
		return "", err
	}
	if p.Transfer.State != complaints.TransferSent {
		return "moved on", nil
	}
	other, err := d.Root.UnscopedDoor(ctx, p.Transfer.OtherSlug)
	if fault.Is(err, fault.NotFound) || err == nil && !other.Tenant().TakesTransfers() {
		return "not taken", back(ctx, db, ids.TransferID, messages.In(messages.FA, "relations.not_taken"))
	}
	if err != nil {
		return "", err
	}
	defer other.Release()
	c, err := deliver(ctx, d, other, p)
	if unfit(err) {
		return "unfit", back(ctx, db, ids.TransferID, messages.In(messages.FA, "relations.not_taken"))
	}
	if err != nil {
		return "", err
	}
	return "arrived", db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return complaints.Arrived(ctx, tx, ids.TransferID, c.Code, c.State)
	})
}

// unfit tells whether the other organization's own lists keep the case from being
// registered there; to try again would change nothing.
func unfit(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) && fault.As(err).Key == "relations.conflict.no_topic"
}

func back(ctx context.Context, db *tenants.DB, transferID int64, reason string) error {
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return complaints.Back(ctx, tx, transferID, reason)
	})
}

// deliver writes the case at the receiver, with copies of its files.
func deliver(ctx context.Context, d *Deps, other *tenants.DB, p *complaints.Parcel) (c *complaints.Complaint, err error) {
	t, err := complaints.TransferByID(ctx, other, p.Transfer.ID)
	if err == nil { // delivered before
		return complaints.Plain(ctx, other, t.ComplaintID)
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	got, err := copies(d, other, p.Files)
	if err != nil {
		return nil, err
	}
	err = other.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		c, err = complaints.Arrive(ctx, tx, p, func(c *complaints.Complaint) error {
			for _, one := range got {
				if _, err := files.Save(ctx, tx, one, files.Place{Subject: files.Subject{Kind: "complaint", ID: c.ID}, Public: true}); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
	return c, err
}

// copies stores the bytes of the files at the receiver.
func copies(d *Deps, other *tenants.DB, list []files.File) ([]*files.Received, error) {
	var got []*files.Received
	for i := range list {
		if d.Files == nil {
			return nil, errors.New("no store of files")
		}
		one, err := copied(d.Files, other, &list[i])
		if err != nil {
			return nil, err
		}
		got = append(got, one)
	}
	return got, nil
}

func copied(store *files.Store, other *tenants.DB, f *files.File) (*files.Received, error) {
	body, err := store.Open(f)
	if err != nil {
		return nil, err
	}
	defer body.Close() //nolint:errcheck // read only
	return store.Receive(other, files.Upload{Name: f.Name, Body: body})
}

// transferMoved tells the sender in which state the case is now.
func transferMoved(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	return atSender(ctx, d, db, t, func(sender *tenants.DB, in *complaints.Transfer) error {
		return sender.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return complaints.Trace(ctx, tx, in.ID, func() (complaints.State, error) {
				db.Release() // as it is now, not as it was when the task began
				c, err := complaints.Plain(ctx, db, in.ComplaintID)
				if err != nil || !c.Told() {
					return "", err
				}
				return c.State, nil
			})
		})
	})
}

// transferRefused opens the sender's case again.
func transferRefused(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	return atSender(ctx, d, db, t, func(sender *tenants.DB, in *complaints.Transfer) error {
		c, err := complaints.Plain(ctx, db, in.ComplaintID)
		db.Release()
		if err != nil {
			return err
		}
		return back(ctx, sender, in.ID, c.Result)
	})
}

// atSender opens the door of the organization that a case came from.
func atSender(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task, do func(*tenants.DB, *complaints.Transfer) error) (string, error) {
	var ids transferIDs
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	in, err := complaints.TransferByID(ctx, db, ids.TransferID)
	if err != nil {
		return "", err
	}
	sender, err := d.Root.UnscopedDoor(ctx, in.OtherSlug)
	if fault.Is(err, fault.NotFound) {
		return "gone", nil
	}
	if err != nil {
		return "", err
	}
	defer sender.Release()
	return "told", do(sender, in)
}

// strandedAfter is after how long a transfer that has not arrived is sent again.
const strandedAfter = 12 * time.Hour

// sendStranded gives transfers whose task was given up another one, so that no
// case is lost between two organizations.
func sendStranded(ctx context.Context, db *tenants.DB) error {
	list, err := complaints.Stranded(ctx, db, db.Now().Add(-strandedAfter))
	db.Release()
	if err != nil || len(list) == 0 {
		return err
	}
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for i := range list {
			if err := complaints.SendAgain(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
