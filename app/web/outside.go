package web

import (
	"context"
	"time"

	"pasokh/app/fetch"
)

// outsideTime bounds a request that waits for somebody else's server.
const outsideTime = 25 * time.Second

// outside reads an address that somebody typed. No connection to the database is
// kept meanwhile, and the request gets the time that a slow server needs. Errors:
// see fetch.Client.
func (r *req) outside(field, address string, atMost int64) ([]byte, error) {
	r.db.Release()
	before := r.cancel
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.ctx), outsideTime)
	r.ctx, r.cancel = ctx, func() { stop(); before() }
	client := r.w.Fetch
	if client == nil {
		client = new(fetch.Client)
	}
	return client.Get(ctx, field, address, atMost)
}
