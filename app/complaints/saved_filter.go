package complaints

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// SavedFilter is a list of cases that a member of staff comes back to, by a
// name of their own.
type SavedFilter struct {
	tenants.BaseModel `bun:"table:saved_filters,alias:saved"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	StaffID   int64
	Name      string
	Query     string // of the inbox's address, "tab=open&topic=…"
	CreatedAt time.Time
}

const (
	maxFilterName  = 60
	maxFilterQuery = 500
	// maxFilters is how many a person keeps; more would not be found again.
	maxFilters = 20
)

// SavedFilters lists those of one person by name.
func SavedFilters(ctx context.Context, r tenants.Reader, staffID int64) ([]SavedFilter, error) {
	var list []SavedFilter
	return list, tenants.Err(r.Select(&list).Where("saved.staff_id = ?", staffID).Order("saved.name").Scan(ctx))
}

// SaveFilter keeps a query under a name of the actor's; the same name again
// takes the new query.
func SaveFilter(ctx context.Context, tx *tenants.Tx, name, query string) (*SavedFilter, error) {
	name = persian.CleanLine(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return nil, fault.Field("name", "filter.error.name")
	case n > maxFilterName:
		return nil, fault.Field("name", "filter.error.name_long")
	case query == "" || len(query) > maxFilterQuery:
		return nil, fault.Field("name", "filter.error.query")
	}
	who := tx.Actor().ID
	f := new(SavedFilter)
	err := tx.Lock(ctx, f, "saved.staff_id = ? AND saved.name = ?", who, name)
	if err == nil {
		f.Query = query
		return f, tx.Update(ctx, f, "query")
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	kept, err := SavedFilters(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	if len(kept) >= maxFilters {
		return nil, fault.Field("name", "filter.error.many")
	}
	f = &SavedFilter{ID: tenants.NewID(), StaffID: who, Name: name, Query: query, CreatedAt: tx.Now()}
	return f, fault.Wrap(tx.Insert(ctx, f), "complaints.SaveFilter")
}

// DropFilter removes one of the actor's own.
func DropFilter(ctx context.Context, tx *tenants.Tx, id int64) error {
	n, err := tx.Delete(ctx, (*SavedFilter)(nil), "id = ? AND staff_id = ?", id, tx.Actor().ID)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return fault.Wrap(err, "complaints.DropFilter")
}
