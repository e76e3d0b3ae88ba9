package tenants

import (
	"context"
	"reflect"
	"slices"
	"time"
)

// What nearly every page names (topics, units, ways of contact, classes) is
// little and changes rarely, so readers share each list for a moment. A
// transaction reads the rows themselves.

// directoryKey names one list of one organization.
type directoryKey struct {
	tenant int64
	row    reflect.Type
}

type directoryList struct {
	rows  any // of the key's row type
	until time.Time
}

// directoryRows are the row types that are shared.
var directoryRows = []reflect.Type{
	reflect.TypeFor[Topic](), reflect.TypeFor[Unit](), reflect.TypeFor[Contact](), reflect.TypeFor[SLAClass](), reflect.TypeFor[Role](),
}

// listed reads a whole list, or gives a copy of what was read a moment ago.
func listed[T any](ctx context.Context, r Reader, narrow func(*Query) *Query) ([]T, error) {
	s := r.self()
	key := directoryKey{s.tenant.ID, reflect.TypeFor[T]()}
	if hit, ok := s.root.directory.Load(key); ok && !s.writes {
		if known := hit.(directoryList); fresh(known.until, s.now) {
			return slices.Clone(known.rows.([]T)), nil
		}
	}
	var rows []T
	if err := narrow(s.Select(&rows)).Scan(ctx); err != nil {
		return nil, Err(err)
	}
	if !s.writes {
		s.root.directory.Store(key, directoryList{slices.Clone(rows), s.now.Add(cacheFor)})
	}
	return rows, nil
}

// fresh tells whether what was read until then may still be shown; a clock that
// was set back makes nothing last.
func fresh(until, now time.Time) bool {
	return now.Before(until) && now.After(until.Add(-2*cacheFor))
}

// wrote notes that rows were changed, so that readers see it after the commit.
func (tx *Tx) wrote(model any) {
	t := reflect.TypeOf(model)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	tx.conn.directory = tx.conn.directory || slices.Contains(directoryRows, t)
}

// forget has readers read the lists again.
func (r *Root) forget(tenant int64) {
	for _, row := range directoryRows {
		r.directory.Delete(directoryKey{tenant, row})
	}
}
