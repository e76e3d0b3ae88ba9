package notify

import (
	"context"
	"time"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// opens is when a message of these hours may go: now or later.
func opens(ctx context.Context, r tenants.Reader, h Hours, unit int64) (time.Time, error) {
	switch h {
	case Daytime:
		return daytime(r.Tenant().Settings.Messages, r.Now()), nil
	case Office:
		w, err := tenants.WorkingTimeOf(ctx, r)
		if unit != 0 {
			w = w.Of(unit)
		}
		return w.Next(r.Now()), err
	}
	return r.Now(), nil
}

// daytime is the first moment from at on that is not in the quiet hours, which
// may reach over midnight.
func daytime(m tenants.Messaging, at time.Time) time.Time {
	from, until, any := m.Quiet()
	if !any {
		return at
	}
	local := at.In(persian.Tehran)
	y, mo, d := local.Date()
	on := func(days, minute int) time.Time {
		return time.Date(y, mo, d+days, 0, minute, 0, 0, persian.Tehran)
	}
	for day := -1; day <= 0; day++ {
		start, end := on(day, from), on(day, until)
		if until <= from {
			end = on(day+1, until)
		}
		if !local.Before(start) && local.Before(end) {
			return end.In(at.Location())
		}
	}
	return at
}
