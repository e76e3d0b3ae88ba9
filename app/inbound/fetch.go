package inbound

import (
	"context"
	"errors"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// Fetcher asks the other sides what came in.
type Fetcher struct {
	Gateways *notify.Opener
	Files    *files.Store // for what mails bring; nil keeps none of it
	// Learned is told of mails that came back; see notify.Post.
	Learned func(provider, result string)
}

// fetchLimit is how long one look may take.
const fetchLimit = 30 * time.Second

// Fetch looks through every open door of an organization that must be looked
// through. One that does not work keeps none of the others from its turn.
func (f *Fetcher) Fetch(ctx context.Context, db *tenants.DB) error {
	list, err := Doors(ctx, db)
	if err != nil {
		return err
	}
	db.Release()
	var failures []error
	for i := range list {
		d := &list[i]
		if !d.Enabled {
			continue
		}
		if d.Kind != SMS {
			continue
		}
		err := f.fetchTexts(ctx, db, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failures = append(failures, err)
	}
	return fault.Wrap(errors.Join(failures...), "inbound.Fetch")
}

func (f *Fetcher) fetchTexts(ctx context.Context, db *tenants.DB, d *Door) error {
	g, err := notify.GatewayByID(ctx, db, *d.GatewayID)
	db.Release()
	if err != nil || !g.Enabled {
		return err
	}
	receiver, ok := f.Gateways.Receiver(g)
	if !ok {
		return nil
	}
	again, err := d.beginLook(ctx, db)
	if err != nil {
		return err
	}
	slow, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	list, askErr := receiver.Receive(slow, again)
	var failures []error
	for _, in := range list { // each by itself: one that cannot be kept costs no other
		failures = append(failures, db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := Take(ctx, tx, d, in)
			return err
		}))
	}
	reason, _ := carriers.Why(askErr)
	kept := errors.Join(failures...)
	return errors.Join(kept, db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := tx.Lock(ctx, d, "door.id = ?", d.ID); err != nil {
			return err
		}
		if askErr == nil && kept == nil {
			d.Place = ""
			if err := tx.Update(ctx, d, "place"); err != nil {
				return err
			}
		}
		return d.noteLook(ctx, tx, reason)
	}))
}

// looking is the place of a door of text messages while a look is under way. Who
// finds it there asks again for what the provider counts as handed over: the look
// before did not end.
const looking = "looking"

// beginLook marks that a look begins, and tells whether the one before it ended
// otherwise than well.
func (d *Door) beginLook(ctx context.Context, db *tenants.DB) (again bool, err error) {
	if d.Place == looking {
		return true, nil
	}
	return false, db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := tx.Lock(ctx, d, "door.id = ?", d.ID); err != nil {
			return err
		}
		d.Place = looking
		return tx.Update(ctx, d, "place")
	})
}
