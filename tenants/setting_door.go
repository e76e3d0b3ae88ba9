package tenants

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/uptrace/bun/schema"
)

// What the door does beside each way of writing, where the rows are settings.

// laid notes rows that were inserted.
func (tx *Tx) laid(model any) {
	table, ok := tx.settingOf(model)
	if !ok {
		return
	}
	for _, row := range rowsOf(model) {
		s := about(table, row)
		tx.note(table.Name, s, nil, factsOf(table, row, s.Hidden, nil))
	}
}

// Replaces notes what a thing was until now whose next version is about to be
// inserted as a row of its own, beside the one given.
func (tx *Tx) Replaces(model any) {
	table, ok := tx.settingOf(model)
	if !ok {
		return
	}
	for _, row := range rowsOf(model) {
		s := about(table, row)
		tx.note(table.Name, s, factsOf(table, row, s.Hidden, nil), nil)
	}
}

// updating reads what rows are before the columns are written, and gives what is
// to be done once they are.
func (tx *Tx) updating(ctx context.Context, model any, columns []string) (func(), error) {
	table, ok := tx.settingOf(model)
	if !ok {
		return func() {}, nil
	}
	hidden := reflect.New(table.Type).Interface().(Setting).Setting().Hidden //nolint:forcetypeassert // settingOf has looked
	if len(columns) > 0 && !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(hidden, c) && !slices.Contains(unsaid, c) }) {
		return func() {}, nil
	}
	type state struct {
		row    reflect.Value
		before facts
	}
	var list []state
	for _, row := range rowsOf(model) {
		old := reflect.New(table.Type)
		if err := sameRow(tx.Select(old.Interface()), table, row).Scan(ctx); err != nil {
			return func() {}, Err(err) // a row that is gone is told by the write
		}
		list = append(list, state{row, factsOf(table, old.Elem(), hidden, nil)})
	}
	return func() {
		for _, s := range list {
			after := facts{}
			for name, raw := range s.before {
				after[name] = raw
			}
			for name, raw := range factsOf(table, s.row, hidden, columns) {
				after[name] = raw
			}
			tx.note(table.Name, about(table, s.row), s.before, after)
		}
	}, nil
}

// matching reads the rows that a condition is about to change.
func (tx *Tx) matching(ctx context.Context, table *schema.Table, where string, args []any) ([]reflect.Value, error) {
	list := reflect.New(reflect.SliceOf(table.Type))
	if err := tx.Select(list.Interface()).Where(where, args...).Scan(ctx); err != nil {
		return nil, Err(err)
	}
	return rowsOf(list.Interface()), nil
}

// setting is updating for a condition: set is the statement's, which locks and
// changes nothing when it sets a column to itself.
func (tx *Tx) setting(ctx context.Context, model any, set, where string, args []any) (func() error, error) {
	nothing := func() error { return nil }
	table, ok := tx.settingOf(model)
	if to, from, _ := strings.Cut(set, " = "); !ok || to == from {
		return nothing, nil
	}
	was, err := tx.matching(ctx, table, where, args)
	if err != nil {
		return nothing, err
	}
	return func() error {
		for _, old := range was {
			fresh := reflect.New(table.Type)
			if err := sameRow(tx.Select(fresh.Interface()), table, old).Scan(ctx); err != nil {
				return Err(err)
			}
			s := about(table, fresh.Elem())
			tx.note(table.Name, s, factsOf(table, old, s.Hidden, nil), factsOf(table, fresh.Elem(), s.Hidden, nil))
		}
		return nil
	}, nil
}

// removing notes the rows that a condition is about to delete.
func (tx *Tx) removing(ctx context.Context, model any, where string, args []any) error {
	table, ok := tx.settingOf(model)
	if !ok {
		return nil
	}
	was, err := tx.matching(ctx, table, where, args)
	for _, old := range was {
		s := about(table, old)
		tx.note(table.Name, s, factsOf(table, old, s.Hidden, nil), nil)
	}
	return err
}
