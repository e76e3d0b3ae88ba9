package committees

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Reason is why something is on an agenda.
type Reason string

// The reasons, in the order in which they are proposed.
const (
	Overdue   Reason = "overdue"   // a case past its due time
	Reopened  Reason = "reopened"  // a case in its second cycle or later
	Repeated  Reason = "repeated"  // one more about the same
	Source    Reason = "source"    // a case that came from elsewhere
	Directive Reason = "directive" // a directive past its due time
	Free      Reason = "free"      // whatever the secretary adds
)

// Reasons lists the reasons for which something is proposed.
func Reasons() []Reason { return []Reason{Overdue, Reopened, Repeated, Source, Directive} }

// Item is one line of an agenda: a case, a directive, or words.
type Item struct {
	tenants.BaseModel `bun:"table:committee_items,alias:item"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	SittingID   int64
	Position    int
	Reason      Reason
	ComplaintID *int64
	DirectiveID *int64
	Title       string // of what is neither
}

// Agenda lists the items of a sitting in their order. What the reader may not
// see of the cases behind them is for their own room to say.
func Agenda(ctx context.Context, r tenants.Reader, sittingID int64) ([]Item, error) {
	var list []Item
	err := r.Select(&list).Where("item.sitting_id = ?", sittingID).Order("item.position", "item.id").Scan(ctx)
	return list, tenants.Err(err)
}

// maxItems is how long an agenda may be.
const maxItems = 60

// Add puts cases, directives or words at the end of an agenda; what stands on
// it already is left out. Field errors: items, title.
func Add(ctx context.Context, tx *tenants.Tx, sittingID int64, list []Item) error {
	s, err := lockOpen(ctx, tx, sittingID)
	if err != nil {
		return err
	}
	known, err := Agenda(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.Field("items", "committee.error.items")
	}
	if len(known)+len(list) > maxItems {
		return fault.Field("items", "committee.error.too_many")
	}
	next := 1
	if len(known) > 0 {
		next = known[len(known)-1].Position + 1
	}
	for i := range list {
		item := &list[i]
		if item.Reason == Free {
			if item.Title, err = words(item.Title, "title", "committee.error.title", MaxText); err != nil {
				return err
			}
		} else if !slices.Contains(Reasons(), item.Reason) || (item.ComplaintID == nil) == (item.DirectiveID == nil) {
			return fault.Field("items", "committee.error.items")
		}
		item.ID, item.SittingID, item.Position = tenants.NewID(), s.ID, next+i
		if _, err := tx.InsertNew(ctx, item); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "committee:agenda_add", "sitting", s.ID, "")
}

// itemOf reads a sitting that is open with one of its items.
func itemOf(ctx context.Context, tx *tenants.Tx, sittingID, itemID int64) (*Sitting, []Item, int, error) {
	s, err := lockOpen(ctx, tx, sittingID)
	if err != nil {
		return nil, nil, 0, err
	}
	list, err := Agenda(ctx, tx, s.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	at := slices.IndexFunc(list, func(i Item) bool { return i.ID == itemID })
	if at < 0 {
		return nil, nil, 0, fault.New(fault.NotFound, "error.not_found")
	}
	return s, list, at, nil
}

// Remove takes an item off the agenda.
func Remove(ctx context.Context, tx *tenants.Tx, sittingID, itemID int64) error {
	s, list, at, err := itemOf(ctx, tx, sittingID, itemID)
	if err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*Item)(nil), "id = ?", list[at].ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "committee:agenda_remove", "sitting", s.ID, "")
}

// Move puts an item one place up or down; at the end of the list nothing moves.
func Move(ctx context.Context, tx *tenants.Tx, sittingID, itemID int64, up bool) error {
	s, list, at, err := itemOf(ctx, tx, sittingID, itemID)
	if err != nil {
		return err
	}
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(list) {
		return nil
	}
	list[at], list[to] = list[to], list[at]
	for i := range list {
		if list[i].Position == i+1 {
			continue
		}
		list[i].Position = i + 1
		if err := tx.Update(ctx, &list[i], "position"); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "committee:agenda_order", "sitting", s.ID, "")
}
