package jobs

import (
	"context"
	"log/slog"

	"pasokh/app/notify"
	"pasokh/tenants"
)

// Deps is what reactions and clocks work with.
type Deps struct {
	Root *tenants.Root
	Post *notify.Post
	Log  *slog.Logger
	// Blobs removes stored files whose rows are gone; nil keeps them.
	Blobs Blobs
	// Kinds and Clocks replace the tables of this package; tests bring their own.
	Kinds  map[string]Kind
	Clocks []Clock
}

// Blobs is the store of file contents, as far as the purge needs it.
type Blobs interface {
	Remove(ctx context.Context, name string) error
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
