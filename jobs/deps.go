package jobs

import (
	"log/slog"

	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// Deps is what reactions and clocks work with.
type Deps struct {
	Root *tenants.Root
	Post *notify.Post
	Log  *slog.Logger
	// Files is swept of what no row names; nil leaves it alone.
	Files *files.Store
	// Kinds and Clocks replace the tables of this package; tests bring their own.
	Kinds  map[string]Kind
	Clocks []Clock
}

func (d *Deps) kind(name string) (Kind, bool) {
	if d.Kinds != nil {
		k, ok := d.Kinds[name]
		return k, ok
	}
	k, ok := kinds[name]
	return k, ok
}

func (d *Deps) clocks() []Clock {
	if d.Clocks != nil {
		return d.Clocks
	}
	return clocks
}
