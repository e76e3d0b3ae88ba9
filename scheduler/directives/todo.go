package directives

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// Todo is what a unit has to do: a directive that it leads, or its part of one.
type Todo struct {
	ID          int64 // of the directive or part
	DirectiveID int64
	Part        bool
	Text        string
	DueAt       time.Time
	PostFA      string `bun:"post_fa"`
	PostEN      string `bun:"post_en"`
	Priority    Priority
}

// TodosOfUnit lists what waits for a unit after a place in the order of due time
// and ID, as far as the actor may see it.
func TodosOfUnit(ctx context.Context, r tenants.Reader, a tenants.Actor, unitID int64, after time.Time, afterID int64, limit int) ([]Todo, error) {
	var list, parts []Todo
	q := discreet(r, r.Select((*Directive)(nil)), a).Where("directive.unit_id = ? AND directive.state NOT IN (?, ?)", unitID, Done, Reported).
		ColumnExpr("directive.id AS id, directive.id AS directive_id, directive.text AS text, directive.due_at AS due_at, directive.priority AS priority").
		ColumnExpr("executive.post_fa AS post_fa, executive.post_en AS post_en").
		Join("JOIN ? ON executive.id = directive.executive_id", r.From((*Executive)(nil)))
	if !after.IsZero() {
		q.Where("(directive.due_at, directive.id) > (?, ?)", after, afterID)
	}
	if err := q.Order("directive.due_at", "directive.id").Limit(int64(limit)).Scan(ctx, &list); err != nil {
		return nil, tenants.Err(err)
	}
	q = discreet(r, r.Select((*Part)(nil)).Join("JOIN ? ON directive.id = part.directive_id", r.From((*Directive)(nil))), a).
		Where("part.unit_id = ? AND part.state IN ('notified', 'in_progress', 'returned') AND directive.state <> ?", unitID, Done).
		ColumnExpr("part.id AS id, directive.id AS directive_id, part.text AS text, part.due_at AS due_at, directive.priority AS priority").
		ColumnExpr("executive.post_fa AS post_fa, executive.post_en AS post_en").
		Join("JOIN ? ON executive.id = directive.executive_id", r.From((*Executive)(nil)))
	if !after.IsZero() {
		q.Where("(part.due_at, part.id) > (?, ?)", after, afterID)
	}
	if err := q.Order("part.due_at", "part.id").Limit(int64(limit)).Scan(ctx, &parts); err != nil {
		return nil, tenants.Err(err)
	}
	for i := range parts {
		parts[i].Part = true
	}
	list = append(list, parts...)
	slices.SortFunc(list, func(a, b Todo) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return list[:min(len(list), limit)], nil
}
