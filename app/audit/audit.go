// Package audit is the append-only, hash-chained record of who did what in an
// organization: every act and every sensitive read, in the act's transaction.
package audit

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Entry is one line of the record. Each line carries the hash of the one before
// it, made with a key that the database does not have, so that a line that was
// changed, forged or taken away shows.
type Entry struct {
	tenants.BaseModel `bun:"table:audit_entries,alias:entry"`
	tenants.Owned
	Seq        int64 `bun:",pk"`
	At         time.Time
	ActorKind  tenants.ActorKind
	ActorID    int64
	Act        string // the permission or event: complaint:close, session:create
	ObjectKind string
	ObjectID   int64
	Detail     string // no personal data
	KeyID      string // of the key that made Hash; empty: of before there was one
	Previous   string
	Hash       string
}

// head is the end of an organization's chain.
type head struct {
	tenants.BaseModel `bun:"table:audit_heads,alias:head"`
	tenants.Owned
	Seq  int64
	Hash string
}

// Record adds one line in the transaction of the act. The lines of a transaction
// are written together at its very end, because that locks the end of the
// organization's chain until the commit.
func Record(_ context.Context, tx *tenants.Tx, act, objectKind string, objectID int64, detail string) error {
	add(tx, act, objectKind, objectID, detail)
	return nil
}

// RecordEach is Record for each object.
func RecordEach(_ context.Context, tx *tenants.Tx, act, objectKind string, objects []int64) error {
	for _, id := range objects {
		add(tx, act, objectKind, id, "")
	}
	return nil
}

// linesOf is the key of a transaction's lines.
type linesOf struct{}

func add(tx *tenants.Tx, act, objectKind string, objectID int64, detail string) {
	lines := tx.Keep(linesOf{}, func() any {
		lines := new([]Entry)
		tx.AtEnd(func(ctx context.Context) error { return fault.Wrap(link(ctx, tx, *lines), "audit.Record") })
		return lines
	}).(*[]Entry) //nolint:forcetypeassert // the key is ours
	*lines = append(*lines, Entry{
		At: tx.Now(), ActorKind: tx.Actor().Kind, ActorID: tx.Actor().ID,
		Act: act, ObjectKind: objectKind, ObjectID: objectID, Detail: detail,
	})
}

// together is how many lines one statement writes.
const together = 500

// link makes the lines the new end of the chain.
func link(ctx context.Context, tx *tenants.Tx, list []Entry) error {
	k, err := keyOf(tx)
	if err != nil {
		return err
	}
	h, err := lockHead(ctx, tx)
	if err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		e.Seq, e.Previous, e.KeyID = h.Seq+1, h.Hash, k.id
		e.Hash = k.sum(e)
		h.Seq, h.Hash = e.Seq, e.Hash
	}
	for from := 0; from < len(list); from += together {
		part := list[from:min(from+together, len(list))]
		if err := tx.Insert(ctx, &part); err != nil {
			return err
		}
	}
	return tx.Update(ctx, h, "seq", "hash")
}

// lockHead locks the end of the chain, which the first line of all makes.
func lockHead(ctx context.Context, tx *tenants.Tx) (*head, error) {
	h := new(head)
	err := tx.Lock(ctx, h, "TRUE")
	if !fault.Is(err, fault.NotFound) {
		return h, err
	}
	if _, err := tx.InsertNew(ctx, new(head)); err != nil {
		return nil, err
	}
	return h, tx.Lock(ctx, h, "TRUE")
}

// Verify is Walk in short: the number of lines that hold, and the seq of the first
// that does not (0 when all do); Conflict when the end is not where it was noted.
func Verify(ctx context.Context, r tenants.Reader) (good, broken int64, err error) {
	c, err := Walk(ctx, r, nil)
	if err != nil {
		return 0, 0, err
	}
	if c.Why == HeadOff {
		return c.Good, 0, fault.New(fault.Conflict, "audit.tail_cut")
	}
	return c.Good, c.Broken, nil
}

// Of lists the last lines about one thing, newest first.
func Of(ctx context.Context, r tenants.Reader, objectKind string, objectID int64, limit int) ([]Entry, error) {
	var list []Entry
	err := r.Select(&list).Where("entry.object_kind = ? AND entry.object_id = ?", objectKind, objectID).
		Order("entry.seq DESC").Limit(int64(limit)).Scan(ctx)
	return list, fault.Wrap(err, "audit.Of")
}

// End is where the chain ends: the last line's number and hash; 0 of an empty one.
func End(ctx context.Context, r tenants.Reader) (seq int64, hash string, err error) {
	h := new(head)
	err = tenants.Err(r.Select(h).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return h.Seq, h.Hash, fault.Wrap(err, "audit.End")
}
