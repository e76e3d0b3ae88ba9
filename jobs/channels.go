package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/tenants"
)

const (
	// askers is how many organizations' gateways are asked at the same time: one that
	// hangs keeps few of the others waiting.
	askers = 4
	// askFor is how long the rounds go on; the clock comes every minute.
	askFor = 45 * time.Second
)

// checkDeliveries asks the gateways what became of the messages they took: a page
// of every organization, then another of those that have more.
func checkDeliveries(ctx context.Context, d *Deps) error {
	began := d.Root.Clock()()
	list, err := d.Root.UnscopedWith(ctx, tenants.Deliveries, began)
	if err != nil {
		return fault.Wrap(err, "jobs.checkDeliveries")
	}
	var failures []error
	for len(list) > 0 && ctx.Err() == nil && d.Root.Clock()().Sub(began) < askFor {
		var failed error
		list, failed = askRound(ctx, d, list)
		failures = append(failures, failed)
	}
	return errors.Join(append(failures, ctx.Err())...)
}

// askRound asks about one page of each organization; those that have more are
// given back.
func askRound(ctx context.Context, d *Deps, list []tenants.Tenant) (more []tenants.Tenant, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	next := make(chan tenants.Tenant)
	for range min(askers, len(list)) {
		all.Go(func() {
			for t := range next {
				n := 0
				failed := eachOf(ctx, d, []tenants.Tenant{t}, func(ctx context.Context, db *tenants.DB) (err error) {
					n, err = d.Post.CheckDeliveries(ctx, db)
					return err
				})
				mu.Lock()
				if err = errors.Join(err, failed); n >= notify.CheckPage {
					more = append(more, t)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range list {
		next <- t
	}
	close(next)
	all.Wait()
	return more, err
}

// checkCredit asks the gateways what is left on their accounts.
func checkCredit(ctx context.Context, d *Deps) error {
	if d.Post.Gateways == nil {
		return nil
	}
	return eachWith(ctx, d, tenants.Credits, nil, d.Post.Gateways.CheckCredit)
}

// undelivered sends a message that did not arrive by another channel.
func undelivered(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.MessageFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Undelivered(ctx, db, ids.MessageID)
}

// staffDigest tells a member of the staff in the morning what has collected.
func staffDigest(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.DigestFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.StaffDigest(ctx, db, notify.CauseOf(t), ids.StaffID)
}

// creditLow warns those who look after the gateways.
func creditLow(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.CreditLow
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.CreditLow(ctx, db, notify.CauseOf(t), ids.GatewayID)
}

// resent carries a message that somebody sends again.
func resent(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.MessageFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Resent(ctx, db, ids.MessageID)
}
