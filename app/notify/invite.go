package notify

import (
	"context"

	"pasokh/app/carriers"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// invite makes the calendar part of a mail to an address.
type invite func(ctx context.Context, r tenants.Reader, l messages.Lang, to string) (*carriers.Calendar, error)

// entry is the calendar entry of a citizen's meeting, with the UID and SEQUENCE
// of the feeds; one that was called off takes it away again.
func (p *Post) entry(m *meetings.Listed) invite {
	return func(_ context.Context, r tenants.Reader, l messages.Lang, _ string) (*carriers.Calendar, error) {
		f, err := meetings.Calendar(r, m, p.Links.Track(r.Tenant(), m.Code), l)
		if err != nil {
			return nil, err
		}
		return &carriers.Calendar{Method: f.Method, Body: f.Body}, nil
	}
}
