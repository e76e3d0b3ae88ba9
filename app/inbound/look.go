package inbound

import (
	"bytes"
	"context"
	"errors"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// LookForMail reads what is new in the mailbox of an organization, when one is
// set up and its time has come.
func (f *Fetcher) LookForMail(ctx context.Context, db *tenants.DB) error {
	d, err := MailDoor(ctx, db)
	db.Release()
	if err != nil || !d.Polls() {
		return err
	}
	if d.Problem != "" && d.LookedAt != nil && db.Now().Sub(*d.LookedAt) < lookAgain {
		return nil
	}
	slow, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var ours error // what went wrong on this side of the wire
	place := d.Place
	box, lookErr := f.box(d)
	if lookErr == nil {
		place, lookErr = box.Look(slow, d.Place, MaxMail, func(b carriers.Brought) error {
			ours = f.takeBrought(slow, db, d, b)
			return ours
		})
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	reason, _ := carriers.Why(lookErr)
	return fault.Wrap(errors.Join(ours, d.looked(ctx, db, place, reason)), "inbound.LookForMail")
}

// looked keeps how far the mailbox was read, unless it was set up anew meanwhile.
func (d *Door) looked(ctx context.Context, db *tenants.DB, place, problem string) error {
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		now := new(Door)
		if err := tx.Lock(ctx, now, "door.id = ?", d.ID); err != nil {
			return err
		}
		if !now.UpdatedAt.Equal(d.UpdatedAt) {
			return nil
		}
		at := tx.Now()
		now.Place, now.LookedAt = place, &at
		if err := tx.Update(ctx, now, "place", "looked_at"); err != nil {
			return err
		}
		return now.noteLook(ctx, tx, problem)
	})
}

// takeBrought keeps one mail of the mailbox. One that is too large or cannot be
// read is kept by its envelope, for somebody to look at in the mailbox.
func (f *Fetcher) takeBrought(ctx context.Context, db *tenants.DB, d *Door, b carriers.Brought) error {
	bare := &Message{Kind: Mail, Key: b.Name, Sender: cut(b.From, longestSender), Title: b.Subject, State: Waiting, Outcome: "large"}
	if b.Raw != nil {
		l, err := ReadLetter(b.Raw)
		if err == nil {
			return f.takeLetter(ctx, db, d, l)
		}
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		bare.Outcome = "unread"
	}
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		one := *bare
		_, err := keep(ctx, tx, d, &one)
		return err
	})
}

func (f *Fetcher) takeLetter(ctx context.Context, db *tenants.DB, d *Door, l *Letter) error {
	got, err := l.Receive(db, f.Files)
	if err != nil {
		return err
	}
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return takeLetter(ctx, tx, d, l, got, f.Learned) })
}

// Receive checks and stores the files of a mail; what may not be kept is left
// out. No connection to the database is held meanwhile.
func (l *Letter) Receive(db *tenants.DB, store *files.Store) ([]*files.Received, error) {
	var got []*files.Received
	if store == nil {
		return nil, nil
	}
	for _, a := range l.Files {
		one, err := store.Receive(db, files.Upload{Name: a.Name, Body: bytes.NewReader(a.Body)})
		if fault.Is(err, fault.Invalid) && !files.Unscanned(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		got = append(got, one)
	}
	return got, nil
}
