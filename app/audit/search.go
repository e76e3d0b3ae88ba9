package audit

import (
	"context"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Denied begins the act of every line that tells of something tried without the
// permission, which follows it.
const Denied = "denied:"

// PageSize is how many lines a page of the list holds.
const PageSize = 50

// Filter narrows the list; zero values do not.
type Filter struct {
	Kind       tenants.ActorKind
	ActorID    int64
	Act        string // Denied alone stands for all that was denied
	ObjectKind string
	ObjectID   int64
	From       time.Time // included
	Until      time.Time // not included
	Before     Cursor    // lines before it in time
}

// Cursor is the place of a line in the list, newest first.
type Cursor struct {
	At  time.Time
	Seq int64
}

// Cursor is the line's place in the list.
func (e *Entry) Cursor() Cursor { return Cursor{e.At, e.Seq} }

// Search gives one page of the lines, newest first, and whether there are more.
func Search(ctx context.Context, r tenants.Reader, f Filter) ([]Entry, bool, error) {
	list, err := page(ctx, r, f, PageSize+1)
	if len(list) > PageSize {
		return list[:PageSize], true, err
	}
	return list, false, err
}

// Each hands all lines of the filter to fn, newest first, a thousand at a time,
// so that a file of a year needs the room of a page.
func Each(ctx context.Context, r tenants.Reader, f Filter, fn func([]Entry) error) error {
	for {
		list, err := page(ctx, r, f, 1000)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := fn(list); err != nil {
			return err
		}
		f.Before = list[len(list)-1].Cursor()
	}
}

func page(ctx context.Context, r tenants.Reader, f Filter, limit int) ([]Entry, error) {
	var list []Entry
	q := r.Select(&list)
	if f.Kind != "" {
		q = q.Where("entry.actor_kind = ?", f.Kind)
	}
	if f.ActorID != 0 {
		q = q.Where("entry.actor_id = ?", f.ActorID)
	}
	switch {
	case f.Act == Denied:
		q = q.Where("entry.act >= 'denied:' AND entry.act < 'denied;'") // written out, as the index has it
	case f.Act != "":
		q = q.Where("entry.act = ?", f.Act)
	}
	if f.ObjectKind != "" {
		q = q.Where("entry.object_kind = ?", f.ObjectKind)
	}
	if f.ObjectID != 0 {
		q = q.Where("entry.object_id = ?", f.ObjectID)
	}
	if !f.From.IsZero() {
		q = q.Where("entry.at >= ?", f.From)
	}
	if !f.Until.IsZero() {
		q = q.Where("entry.at < ?", f.Until)
	}
	if f.Before.Seq != 0 {
		q = q.Where("(entry.at, entry.seq) < (?, ?)", f.Before.At, f.Before.Seq)
	}
	err := q.Order("entry.at DESC", "entry.seq DESC").Limit(int64(limit)).Scan(ctx)
	return list, fault.Wrap(err, "audit.Search")
}

// The bounds of what one person can make the record say of reading and of being
// refused, so that nobody fills it.
const (
	deniedPerMinute = 10
	readAgain       = 10 * time.Minute
)

// Refused notes that the actor tried what the permission guards and does not
// have it: ten lines per person and minute at most.
func Refused(ctx context.Context, tx *tenants.Tx, permission, detail string) error {
	n, err := mine(tx, tx.Now().Add(-time.Minute)).
		Where("entry.act >= ? AND entry.act < ?", Denied, strings.TrimSuffix(Denied, ":")+";").Limit(deniedPerMinute).Count(ctx)
	if err != nil || n >= deniedPerMinute {
		return fault.Wrap(err, "audit.Refused")
	}
	return Record(ctx, tx, Denied+permission, "route", 0, detail)
}

// Opened notes that the actor saw something sensitive; seeing the same thing
// again within ten minutes is the same visit.
func Opened(ctx context.Context, tx *tenants.Tx, act, objectKind string, objectID int64, detail string) error {
	return opened(ctx, tx, readAgain, act, objectKind, objectID, detail)
}

// daily is how long a reading that happens all day long is one reading.
const daily = 24 * time.Hour

// OpenedDaily is Opened, once a day.
func OpenedDaily(ctx context.Context, tx *tenants.Tx, act, objectKind string, objectID int64) error {
	return opened(ctx, tx, daily, act, objectKind, objectID, "")
}

// Today finds, for an object whose id is the column, that OpenedDaily has a line of
// the actor: part of the query that reads the object, so that looking again costs
// no write.
func Today(r tenants.Reader, actor tenants.Actor, act, objectKind, column string) *tenants.Query {
	return r.Select((*Entry)(nil)).ColumnExpr("1").
		Where("entry.object_kind = ? AND entry.object_id = "+column+" AND entry.act = ?", objectKind, act).
		Where("entry.actor_kind = ? AND entry.actor_id = ? AND entry.at > ?", actor.Kind, actor.ID, r.Now().Add(-daily))
}

func opened(ctx context.Context, tx *tenants.Tx, again time.Duration, act, objectKind string, objectID int64, detail string) error {
	n, err := mine(tx, tx.Now().Add(-again)).
		Where("entry.act = ? AND entry.object_kind = ? AND entry.object_id = ? AND entry.detail = ?", act, objectKind, objectID, detail).Limit(1).Count(ctx)
	if err != nil || n > 0 {
		return fault.Wrap(err, "audit.Opened")
	}
	return Record(ctx, tx, act, objectKind, objectID, detail)
}

// mine are the actor's own lines since an instant.
func mine(tx *tenants.Tx, since time.Time) *tenants.Query {
	return tx.Select((*Entry)(nil)).Where("entry.actor_kind = ? AND entry.actor_id = ? AND entry.at > ?", tx.Actor().Kind, tx.Actor().ID, since)
}
