package views

import (
	"context"
	"slices"

	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// In chooses between the Persian and the English form of a name.
func In(ctx context.Context, fa, en string) string {
	if messages.Of(ctx) == messages.EN && en != "" {
		return en
	}
	return fa
}

// UnitsByID makes a page's units ready for looking up.
func UnitsByID(list []tenants.Unit) map[int64]tenants.Unit {
	byID := make(map[int64]tenants.Unit, len(list))
	for _, u := range list {
		byID[u.ID] = u
	}
	return byID
}

// UnitName is a unit's name; empty when there is no such unit.
func UnitName(ctx context.Context, units map[int64]tenants.Unit, id int64) string {
	u := units[id]
	return In(ctx, u.NameFA, u.NameEN)
}

// Merged joins two stories into one, in the order things happened.
func Merged(a, b []timeline.Event) []timeline.Event {
	all := append(slices.Clip(a), b...)
	slices.SortStableFunc(all, func(x, y timeline.Event) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return int(min(max(x.ID-y.ID, -1), 1))
	})
	return all
}

// FileItems lists files for showing; base is the address they are below. A
// stripped copy stands for its original.
func FileItems(base string, list []files.File) []parts.FileItem {
	items := make([]parts.FileItem, 0, len(list))
	for i := range list {
		f := &list[i]
		item := parts.FileItem{ID: itoa(f.ID), Name: f.Name, Size: f.Size, Href: base + itoa(f.ID)}
		if f.IsImage() {
			item.Thumb = item.Href
		}
		items = append(items, item)
	}
	return items
}

// filesOfEvent are the files that one event brought.
func filesOfEvent(list []files.File, event int64) []files.File {
	return slices.Collect(func(yield func(files.File) bool) {
		for _, f := range list {
			if f.EventID != nil && *f.EventID == event && !yield(f) {
				return
			}
		}
	})
}
