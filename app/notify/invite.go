package notify

import (
	"context"

	"pasokh/app/carriers"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// invite makes the calendar part of a mail to an address.
type invite func(ctx context.Context, r tenants.Reader, l messages.Lang, to string) (*carriers.Calendar, error)
