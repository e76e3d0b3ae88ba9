package jobs

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/fetch"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// rereadBusy reads the other calendars of executives again, those that have an
// address.
func rereadBusy(ctx context.Context, d *Deps) error {
	client := d.Fetch
	if client == nil {
		client = new(fetch.Client)
	}
	return eachWith(ctx, d, tenants.BusyAddresses, nil, func(ctx context.Context, db *tenants.DB) error {
		list, err := meetings.BusyAddresses(ctx, db)
		if err != nil {
			return err
		}
		for i := range list {
			db.Release() // nobody's connection waits for a stranger's server
			if err := rereadOne(ctx, db, client, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// rereadOne reads one of them; what is wrong with it is kept for the office to
// see and is no failure of the clock.
func rereadOne(ctx context.Context, db *tenants.DB, client *fetch.Client, c *meetings.BusyCalendar) error {
	var times []meetings.Span
	raw, err := client.Get(ctx, "url", c.URL, meetings.MaxCalendarFile)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		times, err = meetings.ReadBusy("url", raw, db.Now())
	}
	problem := ""
	if err != nil {
		if problem = fault.As(err).Fields["url"]; problem == "" {
			return err
		}
	}
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return c.Reread(ctx, tx, times, problem) })
}
