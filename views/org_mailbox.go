package views

import (
	"context"

	"pasokh/views/messages"
)

// passwordHint says that an empty field leaves what is kept.
func (m *OrgMailbox) passwordHint(ctx context.Context) string {
	if !m.Sealed {
		return ""
	}
	return messages.T(ctx, "gateway.secret_set")
}
