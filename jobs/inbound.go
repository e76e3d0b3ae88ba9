package jobs

import (
	"context"

	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// fetchInbound fetches what came in at the gateways and mailboxes whose doors
// are open.
func fetchInbound(ctx context.Context, d *Deps) error {
	if d.Post.Gateways == nil {
		return nil
	}
	f := &inbound.Fetcher{Gateways: d.Post.Gateways}
	return eachWith(ctx, d, tenants.Replies, nil, f.Fetch)
}

// lookForMail reads the mailboxes.
func lookForMail(ctx context.Context, d *Deps) error {
	if d.Post.Gateways == nil {
		return nil
	}
	f := &inbound.Fetcher{Gateways: d.Post.Gateways, Files: d.Files, Learned: d.Post.Learned}
	return eachTenant(ctx, d, f.LookForMail)
}

// inboundArrived finds out what something that came in means.
func inboundArrived(ctx context.Context, _ *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids inbound.Fact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return inbound.Settle(ctx, db, ids.InboundID)
}

// inboundStatus answers who asked how a case stands.
func inboundStatus(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids inbound.Fact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return inbound.TellStatus(ctx, db, d.Post, notify.CauseOf(t), ids.InboundID)
}
