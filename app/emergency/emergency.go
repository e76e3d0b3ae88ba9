// Package emergency holds the grants by which one person of the platform may
// look at an organization's pages for some hours: asked for with a reason, told
// to the organization at once, recorded page by page, ended by either side.
package emergency

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// EntryTime is how long the word lives that carries the person from the
// platform's host to the organization's.
const EntryTime = time.Minute

// The bounds of what is typed, in letters.
const (
	minReason, maxReason = 15, 500
	minTicket, maxTicket = 3, 60
)

// Hours lists how long a grant may last.
func Hours() []int { return []int{1, 2, 4} }

// KindOpened and KindEnded are the facts that somebody of the platform may look,
// and may no longer.
const (
	KindOpened = "emergency.opened"
	KindEnded  = "emergency.ended"
)

// Fact is the payload of both.
type Fact struct {
	GrantID int64 `json:"grant_id"`
}

// Who ended a grant.
const (
	ByHolder       = "holder"
	ByOrganization = "organization"
)

// Grant lets one person of the platform look at this organization's pages.
type Grant struct {
	tenants.BaseModel `bun:"table:emergency_grants,alias:g"`
	tenants.Owned
	ID          int64  `bun:",pk"`
	HolderID    int64  // the account at the platform
	HolderFA    string `bun:"holder_fa"`
	HolderEN    string `bun:"holder_en"`
	Reason      string
	Ticket      string // of the case or order that it is for
	CreatedAt   time.Time
	ExpiresAt   time.Time
	EndedAt     *time.Time
	EndedBy     string
	EndedByID   *int64
	OverNotedAt *time.Time // when it was put on record that its time ran out
	EntryHash   string     `json:"-"`
	EntryUntil  *time.Time `json:"-"`
	SessionHash string     `json:"-"`
}

// Open tells whether it lets look now.
func (g *Grant) Open(now time.Time) bool { return g.EndedAt == nil && now.Before(g.ExpiresAt) }

// Over is when it ended, or will.
func (g *Grant) Over() time.Time {
	if g.EndedAt != nil {
		return *g.EndedAt
	}
	return g.ExpiresAt
}

// Actor is who looks: nobody of the staff, shown every case that is not
// confidential, known in the record by the grant.
func (g *Grant) Actor() tenants.Actor {
	return tenants.Actor{Kind: tenants.Staff, ID: g.ID, Name: g.HolderFA, SeesAll: true}
}

// Ask is what a grant is asked for with. Holder is the account at the platform.
type Ask struct {
	HolderID           int64
	HolderFA, HolderEN string
	Reason, Ticket     string
	Hours              int
}

func (in *Ask) check() error {
	in.Reason, in.Ticket = persian.Clean(in.Reason), persian.CleanLine(in.Ticket)
	wrong := fault.Fields{}
	if n := len([]rune(in.Reason)); n < minReason || n > maxReason {
		wrong.Add("reason", "emergency.error.reason")
	}
	if n := len([]rune(in.Ticket)); n < minTicket || n > maxTicket {
		wrong.Add("ticket", "emergency.error.ticket")
	}
	if !slices.Contains(Hours(), in.Hours) {
		wrong.Add("hours", "emergency.error.hours")
	}
	return wrong.Err()
}

// Begin opens a grant, which the organization's administrators are told of.
// Field errors: reason, ticket, hours; Conflict while the person has one.
func Begin(ctx context.Context, tx *tenants.Tx, in Ask) (*Grant, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	running, err := Running(ctx, tx)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(running, func(g Grant) bool { return g.HolderID == in.HolderID }) {
		return nil, fault.New(fault.Conflict, "emergency.error.open")
	}
	g := &Grant{
		ID: tenants.NewID(), HolderID: in.HolderID, HolderFA: in.HolderFA, HolderEN: in.HolderEN, Reason: in.Reason, Ticket: in.Ticket,
		CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(time.Duration(in.Hours) * time.Hour),
	}
	if err := tx.Insert(ctx, g); err != nil {
		return nil, fault.Wrap(err, "emergency.Begin")
	}
	if err := audit.Record(ctx, tx, "emergency:begin", "emergency", g.ID, "ticket="+g.Ticket); err != nil {
		return nil, err
	}
	return g, tx.Enqueue(ctx, KindOpened, Fact{g.ID})
}

// errNothing is the one answer for a grant that is over, another's, of another
// organization, or never was.
func errNothing() error { return fault.New(fault.NotFound, "error.not_found") }

// End ends a grant at once; by says which side does. Doing it twice, or too
// late, changes nothing. holder limits it to that account; 0 is anybody's.
func End(ctx context.Context, tx *tenants.Tx, id int64, by string, holder int64) error {
	g := new(Grant)
	if err := tx.Lock(ctx, g, "g.id = ?", id); err != nil {
		return fault.Wrap(err, "emergency.End")
	}
	if holder != 0 && g.HolderID != holder {
		return errNothing()
	}
	if !g.Open(tx.Now()) {
		return nil
	}
	now, who := tx.Now(), tx.Actor().ID
	g.EndedAt, g.EndedBy, g.EntryHash, g.SessionHash = &now, by, "", ""
	if by == ByOrganization {
		g.EndedByID = &who
	}
	if err := tx.Update(ctx, g, "ended_at", "ended_by", "ended_by_id", "entry_hash", "session_hash"); err != nil {
		return fault.Wrap(err, "emergency.End")
	}
	if err := audit.Record(ctx, tx, "emergency:end", "emergency", id, by); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindEnded, Fact{id})
}

// RunOut puts on record which grants' time has run out, once each, and has the
// organization told as of every other end. It gives how many there were.
func RunOut(ctx context.Context, tx *tenants.Tx) (int, error) {
	var list []Grant
	if err := tx.LockAll(ctx, &list, "g.expires_at <= ? AND g.ended_at IS NULL AND g.over_noted_at IS NULL", tx.Now()); err != nil {
		return 0, fault.Wrap(err, "emergency.RunOut")
	}
	for i := range list {
		g, now := &list[i], tx.Now()
		g.OverNotedAt, g.EntryHash, g.SessionHash = &now, "", ""
		if err := tx.Update(ctx, g, "over_noted_at", "entry_hash", "session_hash"); err != nil {
			return i, fault.Wrap(err, "emergency.RunOut")
		}
		if err := audit.Record(ctx, tx, "emergency:over", "emergency", g.ID, g.ExpiresAt.UTC().Format(time.RFC3339)); err != nil {
			return i, err
		}
		if err := tx.Enqueue(ctx, KindEnded, Fact{g.ID}); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// pageSize is how many grants a page of the list holds.
const pageSize = 20

// List gives one page of the grants, newest first, and whether there are more.
func List(ctx context.Context, r tenants.Reader, before int64) ([]Grant, bool, error) {
	var list []Grant
	q := r.Select(&list).Order("g.id DESC").Limit(pageSize + 1)
	if before > 0 {
		q = q.Where("g.id < ?", before)
	}
	err := fault.Wrap(tenants.Err(q.Scan(ctx)), "emergency.List")
	if len(list) > pageSize {
		return list[:pageSize], true, err
	}
	return list, false, err
}

// Running lists the grants that let somebody look now.
func Running(ctx context.Context, r tenants.Reader) ([]Grant, error) {
	var list []Grant
	err := r.Select(&list).Where("g.expires_at > ? AND g.ended_at IS NULL", r.Now()).Order("g.expires_at").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "emergency.Running")
}

// ByID reads one grant.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Grant, error) {
	g := new(Grant)
	return g, fault.Wrap(tenants.Err(r.Select(g).Where("g.id = ?", id).Scan(ctx)), "emergency.ByID")
}
