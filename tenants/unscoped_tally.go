package tenants

import (
	"context"
	"strings"
	"time"

	"pasokh/app/fault"
)

// Tally is what an organization used in one month, as the clock counted it last:
// numbers, and nothing of what they count.
type Tally struct {
	BaseModel `bun:"table:tallies,alias:tally"`
	Owned
	Month        string `bun:",pk"` // Solar Hijri, 1405-09
	Cases        int64  // registered in the month
	OpenCases    int64  // now
	Messages     int64  // of the month, by every channel
	StorageBytes int64  // of all files now
	LastAt       *time.Time
	Warned       string // limits that people were warned of: cases,messages
	CountedAt    time.Time
	// Lines of the set-up checklist: done, all, and the keys of those that are
	// missing, by comma.
	SetupDone    int
	SetupAll     int
	SetupMissing string
}

// NoteSetup keeps with the tally of a month how far the set-up is.
func (tx *Tx) NoteSetup(ctx context.Context, month string, done, all int, missing []string) error {
	_, err := tx.Set(ctx, (*Tally)(nil), "setup_done = ?, setup_all = ?, setup_missing = ?", []any{done, all, strings.Join(missing, ",")}, "month = ?", month)
	return fault.Wrap(err, "tenants.NoteSetup")
}

// CountUse counts what the organization used in the month that lies between the
// instants, and keeps it.
func (tx *Tx) CountUse(ctx context.Context, month string, from, until time.Time) (*Tally, error) {
	t := &Tally{Month: month}
	id := tx.tenant.ID
	err := tx.root.write.NewRaw("SELECT"+
		" (SELECT COUNT(*) FROM complaints WHERE tenant_id = ? AND registered_at >= ? AND registered_at < ?) AS cases,"+
		" (SELECT COUNT(*) FROM complaints WHERE tenant_id = ? AND state <> 'closed') AS open_cases,"+
		" (SELECT COUNT(*) FROM messages WHERE tenant_id = ? AND created_at >= ? AND created_at < ?) AS messages,"+
		" (SELECT COALESCE(SUM(size), 0) FROM files WHERE tenant_id = ?) AS storage_bytes",
		id, from, until, id, id, from, until, id).Conn(tx.conn).Scan(ctx, &t.Cases, &t.OpenCases, &t.Messages, &t.StorageBytes)
	if err != nil {
		return nil, fault.Wrap(Err(err), "tenants.CountUse")
	}
	if t.LastAt, err = tx.lastAct(ctx); err != nil {
		return nil, err
	}
	t.CountedAt = tx.now
	if fresh, err := tx.InsertNew(ctx, t); err != nil || fresh {
		return t, err
	}
	return t, tx.Update(ctx, t, "cases", "open_cases", "messages", "storage_bytes", "last_at", "counted_at")
}

// lastAct is when somebody last did something here; nil is never.
func (tx *Tx) lastAct(ctx context.Context) (*time.Time, error) {
	var list []time.Time
	err := tx.root.write.NewRaw("SELECT at FROM audit_entries WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1", tx.tenant.ID).Conn(tx.conn).Scan(ctx, &list)
	if err != nil || len(list) == 0 {
		return nil, Err(err)
	}
	return &list[0], nil
}

// Use reads the tally of a month; an empty one when nothing was counted yet.
func Use(ctx context.Context, r Reader, month string) (*Tally, error) {
	t := new(Tally)
	err := Err(r.Select(t).Where("tally.month = ?", month).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return &Tally{Month: month}, nil
	}
	return t, fault.Wrap(err, "tenants.Use")
}

// Uses lists the last months that were counted, the newest first.
func Uses(ctx context.Context, r Reader, atMost int) ([]Tally, error) {
	var list []Tally
	err := r.Select(&list).Order("tally.month DESC").Limit(int64(atMost)).Scan(ctx)
	return list, fault.Wrap(Err(err), "tenants.Uses")
}

// UnscopedTallies gives the tallies of a month by organization.
func (r *Root) UnscopedTallies(ctx context.Context, month string) (map[int64]Tally, error) {
	var list []Tally
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Where("month = ?", month).Scan(ctx)
	})
	byID := make(map[int64]Tally, len(list))
	for _, t := range list {
		byID[t.TenantID] = t
	}
	return byID, err
}
