package directives

import (
	"context"

	"pasokh/tenants"
)

// held says which case waits for a directive that was issued elsewhere.
type held struct {
	tenants.BaseModel `bun:"table:directive_cases,alias:held"`
	tenants.Owned
	DirectiveID int64 `bun:",pk"`
	ComplaintID int64
}

// hold keeps a case open until the directive is done.
func (d *Directive) hold(ctx context.Context, tx *tenants.Tx, complaintID *int64) error {
	if complaintID == nil {
		return nil
	}
	return tx.Insert(ctx, &held{DirectiveID: d.ID, ComplaintID: *complaintID})
}

// CaseOf is the case that a directive from elsewhere holds open; 0 when there is
// none.
func CaseOf(ctx context.Context, r tenants.Reader, id int64) (int64, error) {
	var list []held
	err := r.Select(&list).Where("held.directive_id = ?", id).Scan(ctx)
	if err != nil || len(list) == 0 {
		return 0, tenants.Err(err)
	}
	return list[0].ComplaintID, nil
}

// Holding is a query that finds a row where a directive from elsewhere holds,
// or held, the case of the query around it (alias c).
func Holding(r tenants.Reader) *tenants.Query {
	return r.Select((*held)(nil)).ColumnExpr("1").Where("held.complaint_id = c.id")
}
