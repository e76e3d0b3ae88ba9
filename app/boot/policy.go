package boot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pasokh/app/roles"
	"pasokh/policies"
	"pasokh/tenants"
)

const (
	// policyChannel is where a process tells the others that a policy changed.
	policyChannel = "pasokh:policies"
	// policyEvery is how often a process looks by itself: words can be lost.
	policyEvery = time.Second
)

// follower keeps the book of decisions in step with the organizations' rules:
// the version in the database says what is new, Redis says when to look.
type follower struct {
	root *tenants.Root
	book *policies.Book
	seen map[int64]int64 // version in the book, by organization
}

// catchUp reads the rules of every organization whose version is not the one
// in the book.
func (f *follower) catchUp(ctx context.Context) error {
	versions, err := f.root.UnscopedPolicyVersions(ctx)
	if err != nil {
		return err
	}
	var failed error
	for id, version := range versions {
		if seen, ok := f.seen[id]; ok && seen == version {
			continue
		}
		if err := f.read(ctx, id); err != nil {
			failed = errors.Join(failed, err) // the other organizations do not wait for this one
			continue
		}
		f.seen[id] = version
	}
	return failed
}

// read takes over what one organization changed.
func (f *follower) read(ctx context.Context, tenant int64) error {
	db := f.root.For(&tenants.Tenant{ID: tenant})
	defer db.Release()
	own, err := roles.InForce(ctx, db)
	if err != nil {
		return err
	}
	return f.book.Replace(tenant, own)
}

// followPolicies loads all rules before the first decision, then follows
// changes, its own process's and others', until the function it gives is called.
func (a *App) followPolicies(ctx context.Context) (stop func(), err error) {
	f := &follower{root: a.Root, book: a.Book, seen: map[int64]int64{}}
	if err := f.catchUp(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	a.Root.OnPolicy = func() { a.Redis.Publish(ctx, policyChannel, "") }
	var loop sync.WaitGroup
	loop.Go(func() { a.follow(ctx, f) })
	return func() { cancel(); loop.Wait() }, nil
}

func (a *App) follow(ctx context.Context, f *follower) {
	word := a.Redis.Subscribe(ctx, policyChannel)
	defer word.Close() //nolint:errcheck // nothing is lost with it
	ticker := time.NewTicker(policyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-word.Channel():
		case <-ticker.C:
		}
		if err := f.catchUp(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "the policies cannot be read; decisions stay as they were", "error", err)
		}
	}
}

// PolicyChange is what `pasokh tenant policy` changes.
type PolicyChange struct {
	Tenant, Role, Permission string
	Effect                   string // allow, deny, or default: as the built-in policy says
}

// ChangePolicy changes what a role may do in one organization, by the rules of
// the roles' own room.
func (a *App) ChangePolicy(ctx context.Context, c PolicyChange) error {
	if !a.Book.Known(c.Permission) {
		return fmt.Errorf("there is no permission %q", c.Permission)
	}
	t, err := a.Root.UnscopedTenantBySlug(ctx, c.Tenant)
	if err != nil {
		return err
	}
	db := a.Root.For(t)
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return roles.Decide(ctx, tx, a.Book, c.Role, c.Permission, c.Effect)
	})
}
